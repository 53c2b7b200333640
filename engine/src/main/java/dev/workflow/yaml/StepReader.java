package dev.workflow.yaml;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads one step of the long form. */
final class StepReader {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Stands for a verb that cannot be read; the output is then of any type. */
  private static final Verb UNREADABLE = new Verb.SetValue(NODES.missingNode());

  private final String id;
  private final JsonNode step;
  private final String pointer;
  private final OnError otherwise;
  private final Findings findings;
  private final FieldMaps fields;

  /**
   * A reader.
   *
   * @param otherwise what a failure means where the step does not say it
   */
  StepReader(
      String id,
      JsonNode step,
      String pointer,
      OnError otherwise,
      Findings findings,
      FieldMaps fields) {
    this.otherwise = otherwise;
    this.id = id;
    this.step = step;
    this.pointer = pointer;
    this.findings = findings;
    this.fields = fields;
  }

  /**
   * The step.
   *
   * @param names what the names that it sees are, such as {@code a step}
   * @param inside reads the graph inside it
   */
  Step read(Map<String, String> names, Supplier<GraphReader> inside) {
    StepRules rules = new StepRules(step, pointer, findings);
    rules.check(names);
    Verb verb = verb(rules.verb(), inside);
    return new Step(
        id,
        verb,
        Values.expression(step, "when"),
        needs(),
        each(),
        repeat(),
        revise(),
        output(verb),
        retry(),
        Values.duration(step, "timeout"),
        onError(verb),
        effect(),
        Values.allowance(step.path("limits")),
        verify(),
        undo(names, inside),
        cache(),
        pointer);
  }

  /** The verb; a step that has none that can be read sets null, so that others may refer to it. */
  private Verb verb(String word, Supplier<GraphReader> inside) {
    return switch (word) {
      case "agent" ->
          new Verb.Agent(
              step.path("agent").isObject() ? Step.nameAt(pointer) : Values.text(step, "agent", id),
              Values.text(step, "prompt", ""),
              Values.texts(step, "context"));
      case "skill" -> new Verb.Skill(Values.text(step, "skill", ""), with(), false);
      case "capability" -> new Verb.Capability(Values.text(step, "capability", ""), with());
      case "tool" -> tool(Values.text(step, "tool", ""));
      case "ask" -> new Verb.Ask(Values.text(step, "ask", ""), form());
      case "wait" -> new Verb.Wait(Values.text(step, "wait", "").strip());
      case "fail" -> new Verb.Fail(Values.text(step, "fail", ""));
      case "set" -> new Verb.SetValue(step.path("set"));
      case "steps" ->
          new Verb.Group(inside.get().read(step.path("steps"), pointer + "/steps"), outputs());
      case "workflow" -> workflow(Values.text(step, "workflow", "").strip());
      case "plan" ->
          new Verb.Plan(
              Values.text(step, "plan", ""),
              Values.text(step, "prompt", ""),
              Values.texts(step, "context"),
              Values.texts(step.path("allow"), "agents"),
              step.path("allow").has("tools") ? Values.texts(step.path("allow"), "tools") : null);
      default -> UNREADABLE;
    };
  }

  private Map<String, JsonNode> outputs() {
    Map<String, JsonNode> outputs = new LinkedHashMap<>();
    step.path("outputs").properties().forEach(e -> outputs.put(e.getKey(), e.getValue()));
    return outputs;
  }

  /** A file, a skill, or in {@code ${...}} the step that has written a plan. */
  private Verb workflow(String text) {
    if (text.startsWith("${") && text.endsWith("}")) {
      return new Verb.Planned(text.substring(2, text.length() - 1).strip(), with());
    }
    return Verb.Skill.isNamedBy(text)
        ? new Verb.Skill(text, with(), true)
        : new Verb.Subworkflow(text, with());
  }

  private Verb.Tool tool(String name) {
    return new Verb.Tool(server(name), name.substring(name.indexOf('/') + 1), with());
  }

  private static String server(String tool) {
    int slash = tool.indexOf('/');
    return slash < 0 ? "" : tool.substring(0, slash);
  }

  private JsonNode with() {
    return with(step);
  }

  private static JsonNode with(JsonNode map) {
    JsonNode with = map.path("with");
    return with.isObject() ? with : NODES.objectNode();
  }

  private @Nullable Step undo(Map<String, String> names, Supplier<GraphReader> inside) {
    JsonNode undo = step.path("undo");
    return undo.isObject()
        ? new StepReader(Step.UNDO, undo, pointer + "/undo", otherwise, findings, fields)
            .read(names, inside)
        : null;
  }

  private Step.@Nullable Verify verify() {
    JsonNode verify = step.path("verify");
    String tool = Values.text(verify, "tool");
    String done = Values.expression(verify, "done");
    if (tool == null || done == null) {
      return null;
    }
    return new Step.Verify(
        server(tool),
        tool.substring(tool.indexOf('/') + 1),
        with(verify),
        done,
        verify.get("output"));
  }

  /** A duration, or a map with more to say. */
  private Step.@Nullable Cache cache() {
    JsonNode cache = step.path("cache");
    Duration time =
        cache.isObject() ? Values.duration(cache, "for") : Values.duration(step, "cache");
    return time == null ? null : new Step.Cache(time, Values.flag(cache, "force", false));
  }

  private @Nullable JsonNode form() {
    JsonNode form = step.path("form");
    return form.isObject() ? fields.object(form, pointer + "/form", true) : null;
  }

  private List<Step.Need> needs() {
    List<Step.Need> needs = new ArrayList<>();
    for (String need : Values.texts(step, "needs")) {
      boolean optional = need.endsWith("?");
      needs.add(new Step.Need(optional ? need.substring(0, need.length() - 1) : need, optional));
    }
    return needs;
  }

  private Step.@Nullable Each each() {
    String text = Values.text(step, "each");
    EachText each = text == null ? null : EachText.of(text);
    if (each == null) {
      return null;
    }
    return new Step.Each(
        each.variable(),
        each.expression(),
        Values.count(step, "concurrency", 0),
        Values.expression(step, "key"),
        Values.expression(step, "enough"));
  }

  private Step.@Nullable Repeat repeat() {
    JsonNode repeat = step.path("repeat");
    String until = Values.expression(repeat, "until");
    if (until == null) {
      return null;
    }
    Duration every = Values.duration(repeat, "every");
    return new Step.Repeat(
        until,
        Values.count(repeat, "max", Step.Repeat.DEFAULT_MAX),
        every == null ? Duration.ZERO : every,
        Values.text(repeat, "else", "fail").equals("continue"));
  }

  private Step.@Nullable Revise revise() {
    JsonNode revise = step.path("revise");
    String target = Values.text(revise, "step");
    String when = Values.expression(revise, "when");
    if (target == null || when == null) {
      return null;
    }
    boolean goOn = Values.text(revise, "else", "fail").equals("continue");
    return new Step.Revise(target, when, Values.count(revise, "max"), goOn);
  }

  /** Tools may answer with more than a field map names; models and people may not. */
  private @Nullable JsonNode output(Verb verb) {
    JsonNode output = step.path("output");
    if (isUnreadable(verb) || findings.spokenOf(pointer + "/output")) {
      return NODES.objectNode();
    }
    boolean open = verb instanceof Verb.Tool || verb instanceof Verb.Capability;
    return output.isObject() ? fields.output(output, pointer + "/output", !open) : null;
  }

  private static boolean isUnreadable(Verb verb) {
    return verb instanceof Verb.SetValue set && set.value().isMissingNode();
  }

  private Retry retry() {
    JsonNode retry = step.path("retry");
    Integer max = Values.count(retry, "max");
    if (max == null) {
      return Retry.NONE;
    }
    Set<ErrorKind> on = EnumSet.noneOf(ErrorKind.class);
    Values.texts(retry, "on").forEach(word -> on.add(ErrorKind.of(word)));
    String backoff = Values.text(retry, "backoff", "1s..30s").strip();
    int dots = backoff.indexOf("..");
    Duration first = duration(dots < 0 ? backoff : backoff.substring(0, dots));
    Duration last = dots < 0 ? first : duration(backoff.substring(dots + 2));
    if (last.compareTo(first) < 0) {
      findings.value(
          Rule.WRONG_VALUE,
          pointer + "/retry/backoff",
          "Expected a first wait that is at most the longest one, found %s.".formatted(backoff),
          "Write %s..%s.".formatted(Durations.text(last), Durations.text(first)));
    }
    return new Retry(max, first, last, on);
  }

  private static Duration duration(String text) {
    return Durations.parse(text).orElse(Duration.ofSeconds(1));
  }

  private OnError onError(Verb verb) {
    JsonNode onError = step.path("on_error");
    if (onError.isObject() && onError.has("output")) {
      return new OnError.Output(onError.get("output"));
    }
    return switch (onError.asString("")) {
      case "continue" -> new OnError.Continue();
      case "ask" -> new OnError.Ask();
      case "fail" -> new OnError.Fail();
      default -> {
        OnError replan = replan(onError);
        if (replan != null && undoes()) {
          findings.value(
              Rule.MISPLACED_VALUE,
              pointer + "/on_error",
              "Expected no `replan` in an `undo`, which runs when the plan has failed.",
              "Say `fail`, `continue`, `ask` or {output: VALUE}.");
          yield new OnError.Fail();
        }
        yield replan != null ? replan : worksForOthers(verb) ? otherwise : new OnError.Fail();
      }
    };
  }

  /** What {@code replan} says; null: it is not said. */
  static OnError.@Nullable Replan replan(JsonNode onError) {
    String agent = Values.text(onError, "replan");
    return agent == null && !onError.asString("").equals("replan")
        ? null
        : new OnError.Replan(agent);
  }

  private boolean undoes() {
    return Step.nameAt(pointer).contains(Step.UNDO);
  }

  /**
   * Whether a failure is one of tools and agents, rather than what a person or the author wants.
   */
  private boolean worksForOthers(Verb verb) {
    return !undoes()
        && switch (verb) {
          case Verb.Agent other -> true;
          case Verb.Skill other -> true;
          case Verb.Capability other -> true;
          case Verb.Tool other -> true;
          case Verb.Group other -> true;
          case Verb.Subworkflow other -> true;
          case Verb.Plan other -> true;
          case Verb.Planned other -> true;
          case Verb.Ask other -> false;
          case Verb.SetValue other -> false;
          case Verb.Wait other -> false;
          case Verb.Fail other -> false;
        };
  }

  private @Nullable Effect effect() {
    String word = Values.text(step, "effects");
    return word == null ? null : Effect.of(word);
  }
}
