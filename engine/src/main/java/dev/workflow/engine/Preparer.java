package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Durations;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.run.CallKey;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.Feedback;
import dev.workflow.run.Names;
import dev.workflow.run.Prepared;
import dev.workflow.run.Prepared.Item;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Evaluates what a step says, once; its answer is journaled and never asked for again. */
final class Preparer {
  private final RunState run;
  private final Definitions definitions;
  private final WrittenPlans plans;
  private final Validator validator;
  private final Clock clock;

  Preparer(
      RunState run, Definitions definitions, WrittenPlans plans, Validator validator, Clock clock) {
    this.run = run;
    this.definitions = definitions;
    this.plans = plans;
    this.validator = validator;
    this.clock = clock;
  }

  /** What the step, the element or the {@code each} at the path is to do. */
  Prepared prepare(StepPath path) {
    CompiledStep compiled = step(path);
    if (compiled.step().verb() instanceof Verb.Capability verb
        && !resolved(path).bindings().containsKey(verb.name())) {
      return new Prepared.Skip("nothing offers " + verb.name());
    }
    try {
      boolean element = path.last().key() != null;
      RunValues values = values(path);
      boolean asksHere = compiled.items() == null || element == readsElement(compiled);
      if (asksHere && compiled.when() != null && !holds(compiled.when(), values)) {
        return new Prepared.Skip("when: " + compiled.step().when());
      }
      return compiled.items() != null && !element
          ? items(compiled, compiled.items(), values)
          : verb(path, compiled, values);
    } catch (Undecidable missing) {
      return new Prepared.Missing(missing.steps);
    } catch (Broken broken) {
      return new Prepared.Invalid(broken.error);
    }
  }

  /** Whether the condition of an {@code each} is asked for every element. */
  static boolean readsElement(CompiledStep compiled) {
    Step.Each each = compiled.step().each();
    return each != null
        && compiled.when() != null
        && compiled.when().locals().contains(each.variable());
  }

  /**
   * Whether a step that has succeeded is to run again, or its region is, or more of its elements.
   */
  boolean again(Command.Judge judge) {
    StepPath path = judge.step();
    CompiledStep compiled = step(path);
    return switch (judge.condition()) {
      case REPEAT ->
          compiled.until() != null
              && !holds(compiled.until(), values(path).where(path.id(), info(path)));
      case REVISE -> compiled.reviseWhen() != null && holds(compiled.reviseWhen(), values(path));
      case ENOUGH -> compiled.enough() == null || !isEnough(path, compiled.enough());
    };
  }

  /** What cannot be told of the elements so far, such as what the third gave, is not enough yet. */
  private boolean isEnough(StepPath each, Expression enough) {
    try {
      return holds(enough, values(each).giving(each.id(), run.givenSoFar(each)));
    } catch (Undecidable | Broken tooEarly) {
      return false;
    }
  }

  /** The call that asks about a lost one of the step. */
  Prepared.Call probe(StepPath path) {
    CompiledStep compiled = step(path);
    Step.Verify verify = compiled.step().verify();
    if (verify == null || compiled.probe() == null) {
      throw new IllegalStateException(path + " verifies nothing");
    }
    RunValues values = values(path).withCallKey(CallKey.of(run.start().run(), path));
    JsonNode arguments = value(compiled.probe().with(), values);
    String key = CallKey.ofProbe(run.start().run(), path);
    return call(tool(path, verify.fullName()), arguments, null, key);
  }

  /** Whether the lost call took effect, and what it gave. */
  Event verified(Command.VerifyCall verify) {
    StepPath path = verify.step();
    CompiledStep compiled = step(path);
    CompiledWorkflow.Probe probe = compiled.probe();
    Event.ToolCalled lost = run.openToolCall(path, verify.call());
    if (probe == null || lost == null) {
      throw new IllegalStateException(path + " verifies nothing");
    }
    RunValues values =
        values(path)
            .withCallKey(CallKey.of(run.start().run(), path))
            .giving(path.id(), verify.found());
    if (!holds(probe.done(), values)) {
      return new Event.CallVerified(path, verify.call(), false, null);
    }
    JsonNode output = probe.output() == null ? verify.found() : value(probe.output(), values);
    ToolSpec spec = tool(path, lost.server() + "/" + lost.tool());
    List<String> violations = new ArrayList<>(violations(spec.outputSchema(), output));
    violations.addAll(violations(compiled.step().output(), output));
    if (!violations.isEmpty()) {
      throw new Broken(
          new StepError(
              ErrorKind.INVALID_OUTPUT,
              "the call took effect, but what is known of it is no output of the step",
              violations));
    }
    return new Event.CallVerified(path, verify.call(), true, output);
  }

  /** The output of a container whose steps have ended. */
  JsonNode conclude(StepPath path) {
    CompiledStep compiled = definitions.container(path);
    boolean another = !(compiled.step().verb() instanceof Verb.Group);
    Names inside = run.namesInside(path);
    RunOutputs outputs =
        RunOutputs.of(
            another ? definitions.runBy(path).compiled().outputs() : compiled.outputs(),
            undoing(path, RunValues.of(run, run.inputsInside(path), inside, elements(path))),
            run.nodesInside(path),
            inside);
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    outputs.values().forEach(output::set);
    return fitting(output, compiled, path);
  }

  /** The value of {@code on_error: {output}}. */
  JsonNode recover(StepPath path, StepError error) {
    CompiledStep compiled = step(path);
    if (compiled.recovery() == null) {
      throw new IllegalStateException(path + " recovers from nothing");
    }
    RunValues values = values(path).with("error", RunValues.error(error));
    return fitting(value(compiled.recovery(), values), compiled, path);
  }

  CompiledStep step(StepPath path) {
    return definitions.step(path);
  }

  private RunValues values(StepPath path) {
    return undoing(path, RunValues.of(run, run.inputsAt(path), run.namesAt(path), elements(path)));
  }

  /** What undoes a step sees what the step itself, or its element or revision, gave. */
  private RunValues undoing(StepPath path, RunValues values) {
    RunValues all = values;
    for (StepPath at = path; at != null && !at.last().plans(); at = at.parent()) {
      StepPath undone = at.parent();
      if (at.last().undoes() && undone != null) {
        all = all.giving(undone.id(), run.undone(undone));
      }
    }
    return all;
  }

  /**
   * The element that a step is, and those that the steps around it are, by variable. A workflow or
   * plan inside may use a name again.
   */
  private Map<String, JsonNode> elements(StepPath path) {
    Map<String, JsonNode> elements = new HashMap<>();
    for (StepPath at = path; at != null; at = at.parent()) {
      Step.Each each = step(at).step().each();
      JsonNode item = each == null ? null : info(at).item();
      if (each != null && item != null) {
        elements.putIfAbsent(each.variable(), item);
      }
    }
    return elements;
  }

  private StepInfo info(StepPath path) {
    StepInfo info = run.step(path);
    if (info == null) {
      throw new IllegalStateException("The run has no step " + path);
    }
    return info;
  }

  private Prepared items(CompiledStep compiled, Expression items, RunValues values) {
    JsonNode collection = value(items, values);
    List<String> names = new ArrayList<>();
    List<JsonNode> elements = new ArrayList<>();
    if (collection.isObject()) {
      collection.properties().forEach(entry -> names.add(entry.getKey()));
      collection.properties().forEach(entry -> elements.add(entry.getValue()));
    } else {
      collection.forEach(elements::add);
    }
    Step.Each each = compiled.step().each();
    List<Item> result = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < elements.size(); i++) {
      String key = names.isEmpty() ? Integer.toString(i) : names.get(i);
      if (each != null && compiled.key() != null) {
        JsonNode chosen = value(compiled.key(), values.with(each.variable(), elements.get(i)));
        key = ModelView.text(chosen);
      }
      if (!keys.add(key)) {
        throw new Broken(
            ErrorKind.EXPRESSION,
            "key: expected a different key for each element, found \"" + key + "\" twice");
      }
      result.add(new Item(key, elements.get(i)));
    }
    return new Prepared.Items(result, compiled.key() != null);
  }

  private Prepared verb(StepPath path, CompiledStep compiled, RunValues values) {
    Step step = compiled.step();
    return switch (step.verb()) {
      case Verb.Agent agent ->
          resolved(path).runsWorkflow(step)
              ? prompted(path, compiled, agent, values)
              : converse(path, compiled, agent, values);
      case Verb.Skill skill ->
          resolved(path).runsWorkflow(step)
              ? another(path, compiled, value(compiled.body(), values))
              : useSkill(path, compiled, values);
      case Verb.Capability capability ->
          call(
              path, compiled, tool(path, resolved(path).bindings().get(capability.name())), values);
      case Verb.Tool tool ->
          call(path, compiled, tool(path, tool.server() + "/" + tool.tool()), values);
      case Verb.Ask ask -> new Prepared.Question(text(compiled.body(), values), ask.form());
      case Verb.SetValue set ->
          new Prepared.Value(fitting(value(compiled.body(), values), compiled, path));
      case Verb.Wait wait -> new Prepared.Until(time(value(compiled.body(), values)));
      case Verb.Fail fail -> new Prepared.Failure(text(compiled.body(), values));
      case Verb.Group group -> new Prepared.Body(null, null);
      case Verb.Subworkflow other -> another(path, compiled, value(compiled.body(), values));
      case Verb.Plan plan ->
          conversation(
              path, plan.agent(), text(compiled.body(), values), context(path, plan.context()));
      case Verb.Planned planned -> runPlan(path, compiled, planned, values);
    };
  }

  private Resolved resolved(StepPath path) {
    return definitions.of(path).resolved();
  }

  /** A prompt for the workflow of a skill reads as it does for a model. */
  private Prepared prompted(
      StepPath path, CompiledStep compiled, Verb.Agent verb, RunValues values) {
    String input =
        Optional.ofNullable(resolved(path).skillRunBy(compiled.step()))
            .flatMap(Skill::promptInput)
            .orElseThrow();
    String prompt =
        definitions
            .of(path)
            .conversations()
            .prompt(
                text(compiled.body(), values), context(path, verb.context()), run.feedback(path));
    return another(path, compiled, JsonNodeFactory.instance.objectNode().put(input, prompt));
  }

  private Prepared.Body another(StepPath path, CompiledStep compiled, JsonNode given) {
    Skill skill = resolved(path).skillRunBy(compiled.step());
    return new Prepared.Body(
        inputs(
            path,
            compiled,
            skill == null
                ? given
                : fittingInputs("skill " + skill.name(), skill.inputSchema(), given)),
        null);
  }

  /** The inputs of another workflow, its defaults filled in. */
  private JsonNode inputs(StepPath path, CompiledStep compiled, JsonNode given) {
    Workflow workflow = definitions.runBy(path).resolved().workflow();
    return fittingInputs(
        "workflow " + workflowName(compiled, workflow), workflow.inputSchema(), given);
  }

  private JsonNode fittingInputs(String whose, JsonNode schema, JsonNode given) {
    JsonNode inputs = withDefaults(schema, given);
    List<String> violations = violations(schema, inputs);
    if (!violations.isEmpty()) {
      throw new Broken(
          new StepError(
              ErrorKind.INVALID_ARGUMENTS, "The inputs do not fit those of " + whose, violations));
    }
    return inputs;
  }

  /** The inputs that are given, and the defaults of those that are not. */
  static JsonNode withDefaults(JsonNode schema, JsonNode given) {
    ObjectNode inputs = given.deepCopy().asObject();
    for (Map.Entry<String, JsonNode> input : schema.path("properties").properties()) {
      JsonNode otherwise = input.getValue().get("default");
      if (otherwise != null && !inputs.has(input.getKey())) {
        inputs.set(input.getKey(), otherwise);
      }
    }
    return inputs;
  }

  private static String workflowName(CompiledStep step, Workflow workflow) {
    return step.step().verb() instanceof Verb.Subworkflow other ? other.file() : workflow.name();
  }

  /** The plan passes the check again, or the step fails. */
  private Prepared runPlan(
      StepPath path, CompiledStep compiled, Verb.Planned verb, RunValues values) {
    JsonNode document = run.namesAt(path).output(verb.step());
    if (document == null) {
      throw new Undecidable(List.of(verb.step()));
    }
    String graph = plans.define(path, verb, document);
    return new Prepared.Body(inputs(path, compiled, value(compiled.body(), values)), graph);
  }

  /** The server that the step calls itself; null where it calls none. */
  @Nullable String server(StepPath path) {
    return switch (step(path).step().verb()) {
      case Verb.Tool tool -> tool.server();
      case Verb.Capability capability ->
          tool(path, resolved(path).bindings().get(capability.name())).server();
      case Verb.Agent agent -> null;
      case Verb.Skill skill -> null;
      case Verb.Ask ask -> null;
      case Verb.SetValue set -> null;
      case Verb.Wait wait -> null;
      case Verb.Fail fail -> null;
      case Verb.Group group -> null;
      case Verb.Subworkflow sub -> null;
      case Verb.Plan plan -> null;
      case Verb.Planned planned -> null;
    };
  }

  private ToolSpec tool(StepPath path, @Nullable String fullName) {
    ToolSpec spec = fullName == null ? null : resolved(path).tools().get(fullName);
    if (spec == null) {
      throw new IllegalStateException("The resolved definition has no tool " + fullName);
    }
    return spec;
  }

  private Prepared call(StepPath path, CompiledStep compiled, ToolSpec spec, RunValues values) {
    String key = CallKey.of(run.start().run(), path);
    JsonNode arguments = value(compiled.body(), values.withCallKey(key));
    return call(spec, arguments, effect(path, compiled), key);
  }

  /** What the step says of its call or, in the plan of an agent, the agent's step of all calls. */
  private @Nullable Effect effect(StepPath path, CompiledStep compiled) {
    for (StepPath at = path; at != null; at = at.parent()) {
      if (at.last().plans()) {
        return step(at).step().effect();
      }
    }
    return compiled.step().effect();
  }

  private Prepared.Call call(
      ToolSpec spec, JsonNode arguments, @Nullable Effect override, String key) {
    List<Validator.Violation> violations = validator.validate(spec.inputSchema(), arguments);
    if (!violations.isEmpty()) {
      throw new Broken(
          new StepError(
              ErrorKind.INVALID_ARGUMENTS,
              "The arguments do not fit the input schema of " + spec.fullName(),
              violations.stream().map(Validator.Violation::text).toList()));
    }
    return new Prepared.Call(
        spec.server(),
        spec.name(),
        arguments,
        Canonical.hash(arguments),
        spec.digest(),
        override == null ? spec.effect() : override,
        key);
  }

  private Prepared converse(
      StepPath path, CompiledStep compiled, Verb.Agent verb, RunValues values) {
    String name =
        compiled.agent() == null ? agentName(compiled, verb) : text(compiled.agent(), values);
    Map<String, Agent> agents = resolved(path).agents();
    if (!agents.containsKey(name)) {
      throw new Broken(
          ErrorKind.EXPRESSION,
          "agent: expected one of "
              + String.join(", ", agents.keySet())
              + ", found \""
              + name
              + "\"");
    }
    return conversation(path, name, text(compiled.body(), values), context(path, verb.context()));
  }

  private static String agentName(CompiledStep compiled, Verb.Agent verb) {
    return verb.agent().isEmpty() ? compiled.step().name() : verb.agent();
  }

  /** The agent of a {@code skill} step bears the step's name; its prompt is the skill's inputs. */
  private Prepared useSkill(StepPath path, CompiledStep compiled, RunValues values) {
    JsonNode with = value(compiled.body(), values);
    boolean soleText = with.size() == 1 && with.iterator().next().isString();
    String prompt = soleText ? with.iterator().next().stringValue() : with.toString();
    return conversation(path, compiled.step().name(), prompt, Map.of());
  }

  private Prepared conversation(
      StepPath path, String agent, String prompt, Map<String, JsonNode> context) {
    Resolved resolved = resolved(path);
    Agent used = resolved.agents().get(agent);
    String alias =
        used == null || used.model() == null ? Conversations.DEFAULT_MODEL : used.model();
    int models = Math.max(1, resolved.models().getOrDefault(alias, List.of()).size());
    return new Prepared.Conversation(
        agent,
        definitions.of(path).conversations().prompt(prompt, context, run.feedback(path)),
        models,
        instructions(path, used));
  }

  /** A conversation of who looks for another way, with the instructions that a step gave. */
  Prepared instructed(StepPath path, Prepared prepared) {
    if (!(prepared instanceof Prepared.Conversation conversation)) {
      return prepared;
    }
    Agent agent = resolved(path).agents().get(conversation.agent());
    try {
      return new Prepared.Conversation(
          conversation.agent(),
          conversation.prompt(),
          conversation.models(),
          instructions(path, agent));
    } catch (Broken broken) {
      return new Prepared.Invalid(broken.error);
    }
  }

  /** What a step gave as the instructions of an agent; absent: the agent says its own. */
  private @Nullable String instructions(StepPath path, @Nullable Agent agent) {
    String source = agent == null ? null : agent.instructedBy();
    if (agent == null || source == null) {
      return null;
    }
    StepPath at = inFile(path);
    if (!definitions.of(at).compiled().steps().containsKey(source)) {
      throw GivenInstructions.broken(agent.name(), source, "no such step");
    }
    return GivenInstructions.text(agent.name(), source, run.namesAt(at).output(source));
  }

  /** The step in a file that a step belongs to: of one in a plan that which runs the plan. */
  private StepPath inFile(StepPath path) {
    for (StepPath at = path.parent(); at != null; at = at.parent()) {
      Step around = step(at).step();
      if (around.verb() instanceof Verb.Planned) {
        return at;
      }
      if (around.verb() instanceof Verb.Subworkflow || resolved(at).runsWorkflow(around)) {
        return path;
      }
    }
    return path;
  }

  /** The outputs that an agent step's {@code context} names. */
  Map<String, JsonNode> context(StepPath path) {
    return context(path, step(path).step().verb().context());
  }

  /** What scripted answers may read beside the conversation. */
  JsonNode scope(StepPath step) {
    ObjectNode scope = JsonNodeFactory.instance.objectNode();
    scope.set("inputs", run.inputsAt(step));
    ObjectNode context = scope.putObject("context");
    context(step).forEach(context::set);
    Feedback feedback = run.feedback(step);
    if (feedback != null) {
      scope.set("feedback", feedback.verdict());
    }
    return scope;
  }

  /** A skipped step is left out of the context. */
  private Map<String, JsonNode> context(StepPath path, List<String> steps) {
    Map<String, JsonNode> context = new LinkedHashMap<>();
    Names names = run.namesAt(path);
    for (String step : steps) {
      JsonNode output = names.output(step);
      if (output != null) {
        context.put(step, output);
      }
    }
    return context;
  }

  private Instant time(JsonNode value) {
    if (value.isNumber()) {
      return clock.now().plusMillis(Math.round(value.doubleValue() * 1000));
    }
    String text = value.asString("");
    Optional<Duration> duration = Durations.parse(text);
    if (duration.isPresent()) {
      return clock.now().plus(duration.get());
    }
    try {
      return text.startsWith("PT") ? clock.now().plus(Duration.parse(text)) : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new Broken(
          ErrorKind.EXPRESSION,
          "wait: expected a duration such as 20s or a time such as 2026-01-31T08:00:00Z, found "
              + value);
    }
  }

  /**
   * Checks what the engine itself computed against the step's {@code output}, and against that of
   * the skill whose workflow it ran.
   */
  private JsonNode fitting(JsonNode value, CompiledStep compiled, StepPath path) {
    List<String> violations = new ArrayList<>(violations(compiled.step().output(), value));
    Skill skill = resolved(path).skillRunBy(compiled.step());
    if (skill != null) {
      violations.addAll(violations(skill.outputSchema(), value));
    }
    if (!violations.isEmpty()) {
      throw new Broken(
          new StepError(
              ErrorKind.INVALID_OUTPUT,
              "The output of " + path + " does not fit its schema",
              violations));
    }
    return value;
  }

  List<String> violations(@Nullable JsonNode schema, JsonNode value) {
    return schema == null
        ? List.of()
        : validator.validate(schema, value).stream().map(Validator.Violation::text).toList();
  }

  private static boolean holds(Expression condition, RunValues values) {
    return value(condition, values).asBoolean(false);
  }

  private static String text(Expression expression, RunValues values) {
    return ModelView.text(value(expression, values));
  }

  private static JsonNode value(Expression expression, RunValues values) {
    return switch (expression.evaluate(values)) {
      case Outcome.Value value -> value.value();
      case Outcome.Missing missing -> throw new Undecidable(List.copyOf(missing.steps()));
      case Outcome.Failed failed -> throw new Broken(ErrorKind.EXPRESSION, failed.message());
    };
  }

  /** An expression needs outputs that are not there. */
  static final class Undecidable extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<String> steps;

    Undecidable(List<String> steps) {
      super("Needs " + String.join(", ", steps), null, false, false);
      this.steps = steps;
    }
  }

  /** A value cannot be computed, or does not fit. */
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient StepError error;

    Broken(ErrorKind kind, String message) {
      this(StepError.of(kind, message));
    }

    Broken(StepError error) {
      super(error.message(), null, false, false);
      this.error = error;
    }

    StepError error() {
      return error;
    }
  }
}
