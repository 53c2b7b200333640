package dev.workflow.engine;

import dev.workflow.definition.OnError;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.engine.WorkflowCompiler.Mistake;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One compilation. In each graph, steps whose type is written down get it at once; those whose type
 * comes from expressions are compiled first, each after the ones it mentions; on a cycle, which the
 * graph check reports, the type is any.
 */
final class Compiling {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final Resolved resolved;
  private final Workflow workflow;
  private final StepOutputs outputs;
  private final Texts texts;
  private final Map<String, JsonNode> inputs;
  private final Map<String, CompiledStep> compiled = new HashMap<>();
  private final Function<Step, JsonNode> others;

  /**
   * A compilation.
   *
   * @param name of the workflow, for the mistakes
   * @param others gives the output type of a step that runs another workflow
   */
  Compiling(
      Expressions expressions, Resolved resolved, String name, Function<Step, JsonNode> others) {
    this.others = others;
    this.resolved = resolved;
    this.workflow = resolved.workflow();
    this.outputs = new StepOutputs(resolved);
    this.texts = new Texts(expressions, name, workflow.document());
    this.inputs = inputTypes(workflow.inputSchema());
  }

  List<Mistake> mistakes() {
    return texts.mistakes();
  }

  CompiledWorkflow run() {
    Graph outermost = new Graph(workflow.steps(), Map.of(), Map.of());
    outermost.compile();
    Map<String, Expression> results = outermost.outputs(workflow.outputs(), "/outputs");
    Map<String, CompiledStep> steps = new LinkedHashMap<>();
    for (Step step : workflow.allSteps()) {
      CompiledStep done = compiled.get(step.name());
      if (done == null) {
        throw new IllegalStateException("Step " + step.name() + " was not compiled");
      }
      steps.put(step.name(), done);
    }
    return new CompiledWorkflow(steps, results, Map.of());
  }

  /** The steps of one graph, which see each other and the names around. */
  private final class Graph {
    private final List<Step> steps;
    private final Map<String, JsonNode> around;
    private final Map<String, JsonNode> variables;
    private final Map<String, JsonNode> own = new HashMap<>();

    /**
     * A graph.
     *
     * @param around types of the steps outside that it sees
     * @param variables types of the element names around it
     */
    Graph(List<Step> steps, Map<String, JsonNode> around, Map<String, JsonNode> variables) {
      this.steps = steps;
      this.around = around;
      this.variables = variables;
    }

    void compile() {
      Map<String, Step> untyped = new LinkedHashMap<>();
      for (Step step : steps) {
        if (typedByExpressions(step)) {
          untyped.put(step.id(), step);
          own.put(step.id(), Schemas.ANY);
        } else {
          own.put(step.id(), StepOutputs.whole(step, declared(step)));
        }
      }
      for (Step step : MentionOrder.of(untyped)) {
        own.put(step.id(), compile(step).resultType());
      }
      for (Step step : steps) {
        if (!untyped.containsKey(step.id())) {
          compile(step);
        }
      }
    }

    private CompiledStep compile(Step step) {
      CompiledStep done = step(step);
      compiled.put(step.name(), done);
      return done;
    }

    Map<String, Expression> outputs(Map<String, JsonNode> values, String pointer) {
      Map<String, Expression> results = new LinkedHashMap<>();
      values.forEach(
          (name, value) ->
              results.put(
                  name,
                  texts.template(value, pointer + "/" + Pointers.escape(name), types(variables))));
      return results;
    }

    private CompiledStep step(Step step) {
      String at = step.pointer();
      Map<String, JsonNode> locals = new LinkedHashMap<>(variables);
      Step.Each each = step.each();
      Expression items = null;
      if (each != null) {
        items = texts.bare(each.in(), at + "/each", types(locals), Wanted.COLLECTION);
        locals.put(each.variable(), Schemas.elementOf(items.type()));
      }
      Types types = types(locals);
      Expression body = body(step, locals);
      Map<String, Expression> results = Map.of();
      if (step.verb() instanceof Verb.Group group) {
        Graph inside = new Graph(group.steps(), visible(), locals);
        inside.compile();
        results = inside.outputs(group.outputs(), at + "/outputs");
      }
      JsonNode one = typedByExpressions(step) ? typeOf(step, body, results) : declared(step);
      if (step.undo() != null) {
        Map<String, JsonNode> itself = Map.of(step.id(), one);
        new Graph(List.of(step.undo()), new Around<>(itself, visible()), locals).compile();
      }
      return new CompiledStep(
          step,
          bare(step.when(), at + "/when", types, Wanted.BOOLEAN),
          items,
          each == null ? null : bare(each.key(), at + "/key", types, Wanted.KEY),
          enough(step, StepOutputs.whole(step, one)),
          body,
          agent(step, types),
          until(step, one, locals),
          step.revise() == null
              ? null
              : bare(step.revise().when(), at + "/revise/when", types(variables), Wanted.BOOLEAN),
          recovery(step, locals),
          probe(step, locals),
          results,
          outputs.contract(step),
          StepOutputs.whole(step, one));
    }

    /** Here the step's own id means what its last run gave, of an {@code each} for one element. */
    private @Nullable Expression until(Step step, JsonNode one, Map<String, JsonNode> locals) {
      return step.repeat() == null
          ? null
          : aboutItself(step, step.repeat().until(), "/repeat/until", one, locals);
    }

    /** Here the step's own id means what its elements have given so far. */
    private @Nullable Expression enough(Step step, JsonNode whole) {
      return step.each() == null || step.each().enough() == null
          ? null
          : aboutItself(step, step.each().enough(), "/enough", whole, variables);
    }

    private Expression aboutItself(
        Step step, String condition, String key, JsonNode meant, Map<String, JsonNode> locals) {
      Map<String, JsonNode> itself = new Around<>(Map.of(step.id(), meant), visible());
      return texts.bare(
          condition,
          step.pointer() + key,
          new Types(inputs, itself, Locals.withRun(locals)),
          Wanted.BOOLEAN);
    }

    private Expression body(Step step, Map<String, JsonNode> locals) {
      String at = step.pointer();
      Types types = types(locals);
      return switch (step.verb()) {
        case Verb.Agent agent -> texts.text(agent.prompt(), at + "/prompt", types);
        case Verb.Skill skill -> texts.template(skill.with(), at + "/with", types);
        case Verb.Capability capability ->
            texts.template(capability.with(), at + "/with", types(Locals.withCall(locals)));
        case Verb.Tool tool ->
            texts.template(tool.with(), at + "/with", types(Locals.withCall(locals)));
        case Verb.Ask ask -> texts.text(ask.text(), at + "/ask", types);
        case Verb.SetValue set -> texts.template(set.value(), at + "/set", types);
        case Verb.Wait wait -> texts.time(wait.until(), at + "/wait", types);
        case Verb.Fail fail -> texts.text(fail.text(), at + "/fail", types);
        case Verb.Group group -> texts.template(NOTHING, at + "/steps", types);
        case Verb.Subworkflow sub -> texts.template(sub.with(), at + "/with", types);
        case Verb.Plan plan -> texts.text(plan.prompt(), at + "/prompt", types);
        case Verb.Planned planned -> texts.template(planned.with(), at + "/with", types);
      };
    }

    private @Nullable Expression agent(Step step, Types types) {
      return step.verb() instanceof Verb.Agent agent && agent.agent().contains("${")
          ? texts.template(
              JsonNodeFactory.instance.stringNode(agent.agent()), step.pointer() + "/agent", types)
          : null;
    }

    private @Nullable Expression recovery(Step step, Map<String, JsonNode> locals) {
      return step.onError() instanceof OnError.Output recovered
          ? texts.template(
              recovered.value(),
              step.pointer() + "/on_error/output",
              types(Locals.withError(locals)))
          : null;
    }

    /** Here the step's own id means what the tool gives that is asked. */
    private CompiledWorkflow.@Nullable Probe probe(Step step, Map<String, JsonNode> locals) {
      Step.Verify verify = step.verify();
      if (verify == null) {
        return null;
      }
      String at = step.pointer() + "/verify";
      Map<String, JsonNode> more = Locals.withCall(locals);
      Types found =
          new Types(
              inputs,
              new Around<>(Map.of(step.id(), outputs.given(verify.fullName())), visible()),
              Locals.withRun(more));
      return new CompiledWorkflow.Probe(
          texts.template(verify.with(), at + "/with", types(more)),
          texts.bare(verify.done(), at + "/done", found, Wanted.BOOLEAN),
          verify.output() == null ? null : texts.template(verify.output(), at + "/output", found));
    }

    private @Nullable Expression bare(
        @Nullable String source, String pointer, Types types, Wanted wanted) {
      return source == null ? null : texts.bare(source, pointer, types, wanted);
    }

    /** A live view: types of steps that come later are seen by those compiled later. */
    private Types types(Map<String, JsonNode> locals) {
      return new Types(inputs, visible(), Locals.withRun(locals));
    }

    private Map<String, JsonNode> visible() {
      return around.isEmpty() ? Collections.unmodifiableMap(own) : new Around<>(own, around);
    }
  }

  private static boolean typedByExpressions(Step step) {
    return step.output() == null
        && (step.verb() instanceof Verb.SetValue || step.verb() instanceof Verb.Group);
  }

  private static JsonNode typeOf(Step step, Expression body, Map<String, Expression> results) {
    if (!(step.verb() instanceof Verb.Group)) {
      return body.type();
    }
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    results.forEach((name, result) -> fields.put(name, result.type()));
    return fields.isEmpty() ? Schemas.ANY : Schemas.objectOf(fields);
  }

  private JsonNode declared(Step step) {
    JsonNode contract = outputs.contract(step);
    if (contract == null && resolved.runsWorkflow(step)) {
      return others.apply(step);
    }
    return contract == null ? outputs.otherwise(step) : contract;
  }

  private static Map<String, JsonNode> inputTypes(JsonNode inputSchema) {
    Map<String, JsonNode> types = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : inputSchema.path("properties").properties()) {
      types.put(entry.getKey(), Schemas.part(inputSchema, entry.getValue()));
    }
    return Collections.unmodifiableMap(types);
  }
}
