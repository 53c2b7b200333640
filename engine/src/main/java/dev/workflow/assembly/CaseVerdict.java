package dev.workflow.assembly;

import dev.workflow.assembly.CaseOutcome.Failure;
import dev.workflow.cases.Case;
import dev.workflow.cases.CaseFile;
import dev.workflow.cases.MockTools;
import dev.workflow.cassette.Replay;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Values;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.RunValues;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.trace.RunReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Holds what came of a case against what was expected of it. */
final class CaseVerdict {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonNode ANY = JSON.objectNode();
  private static final int SHOWN_MAX = 300;

  /** The names that a case has beside those of its workflow. */
  private static final List<String> REPORTED =
      List.of("outputs", "status", "usage", "errors", "warnings", "pending", "replans");

  /** A comparison at the outermost level, as far as a look at the text can tell. */
  private static final Pattern COMPARISON =
      Pattern.compile("^([^\"'&|?]+?)\\s*(==|!=|<=|>=|<|>)\\s*([^=].*)$", Pattern.DOTALL);

  /** A path that is asked for something, such as {@code errors} in {@code errors.exists(...)}. */
  private static final Pattern ASKED =
      Pattern.compile(
          "^(?:not\\s+|!)?([A-Za-z_]\\w*(?:\\[\\d+\\]|\\.[A-Za-z_]\\w*(?![\\w(]))*)\\.\\w+\\(");

  private static final Pattern AND = Pattern.compile("\\s+(?:and|&&)\\s+");

  private final CaseFile file;
  private final Case tested;
  private final Expressions expressions;
  private final List<Failure> failures = new ArrayList<>();

  private CaseVerdict(CaseFile file, Case tested, Expressions expressions) {
    this.file = file;
    this.tested = tested;
    this.expressions = expressions;
  }

  /** Everything that does not hold. */
  static List<Failure> of(
      CaseFile file, Case tested, CaseRun.Ended ended, Expressions expressions) {
    CaseVerdict verdict = new CaseVerdict(file, tested, expressions);
    for (Problem problem : ended.problems()) {
      verdict.failures.add(
          new Failure(
              problem.place(),
              problem.message(),
              problem.hint() == null ? List.of() : List.of(problem.hint())));
    }
    if (ended.broken() != null) {
      verdict.fail("", ended.broken(), List.of());
    }
    ended.strays().forEach(stray -> verdict.fail("/tools", stray, List.of()));
    if (ended.replay() != null) {
      ended
          .replay()
          .mismatches()
          .forEach(each -> verdict.fail("/cassette", each.message(), each.details()));
    }
    if (ended.run() != null) {
      verdict.judge(ended.run(), ended);
    }
    return verdict.failures;
  }

  private void fail(String pointer, String message, List<String> details) {
    Place place = file.source().place(tested.pointer() + pointer);
    failures.add(new Failure(place, message, details));
  }

  private void judge(RunState run, CaseRun.Ended ended) {
    RunStatus status = expected(ended);
    if (run.status() != status) {
      fail(
          "/expect/status",
          "Expected the run to end as %s, found %s".formatted(status.word(), run.status().word()),
          reasons(run));
    }
    outputs(run, ended.replay());
    tested.steps().forEach((path, wanted) -> step(path, wanted, run));
    Values values = values(run, report(run, ended));
    for (int i = 0; i < tested.assertions().size(); i++) {
      hold(tested.assertions().get(i), "/assert/" + i, run, values);
    }
  }

  private RunStatus expected(CaseRun.Ended ended) {
    if (tested.status() != null) {
      return tested.status();
    }
    return ended.replay() == null ? RunStatus.SUCCEEDED : ended.replay().cassette().status();
  }

  /** Where a cassette is and nothing is expected, the outputs are those of the cassette. */
  private void outputs(RunState run, @Nullable Replay replay) {
    if (tested.outputs() != null) {
      tested.outputs().forEach((name, value) -> output(name, value, run));
    } else if (replay != null) {
      List<String> differences = replay.differingOutputs(run.outputs());
      if (!differences.isEmpty()) {
        fail("/cassette", "Expected the outputs that were recorded, found others", differences);
      }
    }
  }

  /** Why a run did not succeed: what failed, and what waits. */
  private static List<String> reasons(RunState run) {
    List<String> reasons = new ArrayList<>();
    if (run.limitReached() != null) {
      reasons.add("limits." + run.limitReached() + " is used up");
    }
    ObjectNode report = RunReport.of(run);
    for (JsonNode error : report.path("errors")) {
      reasons.add(
          "step %s failed: %s"
              .formatted(error.path("step").asString(), error.path("message").asString()));
      error.path("details").forEach(detail -> reasons.add("  " + detail.asString()));
    }
    report
        .path("pending")
        .forEach(
            asked ->
                reasons.add(
                    "step %s waits for a person: %s. Answer it in `people`."
                        .formatted(asked.path("step").asString(), asked.path("text").asString())));
    return reasons;
  }

  private void output(String name, JsonNode expected, RunState run) {
    JsonNode found = run.outputs().get(name);
    String pointer = Pointers.child("/expect/outputs", name);
    if (found == null) {
      fail(
          pointer,
          "Expected the output `" + name + "`, found none",
          List.of(Nearest.hint(name, run.outputs().keySet())));
    } else if (!Canonical.json(found).equals(Canonical.json(expected))) {
      fail(
          pointer,
          "Expected another output `" + name + "`",
          List.of("expected " + shown(expected), "found    " + shown(found)));
    }
  }

  private void step(String path, String expected, RunState run) {
    String pointer = Pointers.child("/expect/steps", path);
    StepInfo step = null;
    try {
      step = run.step(StepPath.parse(path));
    } catch (IllegalArgumentException e) {
      fail(pointer, String.valueOf(e.getMessage()), List.of());
      return;
    }
    String found = step == null ? "pending" : step.status().word();
    if (step == null && run.all().stream().noneMatch(each -> each.path().name().equals(path))) {
      List<String> known = run.all().stream().map(each -> each.path().toString()).toList();
      fail(pointer, "There is no step `" + path + "`", List.of(Nearest.hint(path, known)));
    } else if (!found.equals(expected)) {
      List<String> details = new ArrayList<>();
      if (step != null && step.error() != null) {
        details.add(step.error().message());
        step.error().details().forEach(detail -> details.add("  " + detail));
      }
      if (step != null && step.reason() != null) {
        details.add(step.reason());
      }
      fail(
          pointer,
          "Expected step `%s` to be %s, found %s".formatted(path, expected, found),
          details);
    }
  }

  private void hold(String text, String pointer, RunState run, Values values) {
    Expression expression = compiled(text, Wanted.BOOLEAN, run, pointer);
    if (expression == null) {
      return;
    }
    switch (expression.evaluate(values)) {
      case Outcome.Value value -> {
        if (!value.value().asBoolean(false)) {
          fail(pointer, "Does not hold: " + text, why(text.strip(), run, values));
        }
      }
      case Outcome.Missing missing ->
          fail(
              pointer,
              "Cannot be decided: " + text,
              missing.steps().stream()
                  .map(id -> "step " + id + " gave no output: it is " + status(run, id))
                  .toList());
      case Outcome.Failed failed ->
          fail(pointer, "Cannot be decided: " + text, List.of(failed.message()));
    }
  }

  private static String status(RunState run, String id) {
    return run.step(id).status().word();
  }

  private @Nullable Expression compiled(
      String text, Wanted wanted, RunState run, @Nullable String pointer) {
    try {
      return expressions.compile(text, types(run), wanted);
    } catch (ExpressionException e) {
      if (pointer != null) {
        Place place = file.source().inside(tested.pointer() + pointer, e.offset());
        String hint = isCutAtComma(text) ? "A comma ends an entry of `[...]`: quote it." : e.hint();
        failures.add(
            new Failure(
                place, String.valueOf(e.getMessage()), hint == null ? List.of() : List.of(hint)));
      }
      return null;
    }
  }

  /** Whether it is what is left of an expression that YAML took for several entries of a list. */
  private static boolean isCutAtComma(String text) {
    return text.chars().filter(c -> c == '(').count() != text.chars().filter(c -> c == ')').count();
  }

  /** Of what `and` joins the parts that do not hold, each with what was found in its place. */
  private List<String> why(String text, RunState run, Values values) {
    List<String> parts = List.of(AND.split(text));
    if (parts.size() == 1) {
      return sides(text, run, values);
    }
    List<String> why = new ArrayList<>();
    for (String part : parts) {
      Expression expression = compiled(part, Wanted.BOOLEAN, run, null);
      if (expression != null
          && expression.evaluate(values) instanceof Outcome.Value value
          && !value.value().asBoolean(true)) {
        why.add("not: " + part);
        why.addAll(sides(part, run, values));
      }
    }
    return why;
  }

  /** What stands on both sides of a comparison, or what was asked for something. */
  private List<String> sides(String text, RunState run, Values values) {
    Matcher compared = COMPARISON.matcher(text);
    Matcher asked = ASKED.matcher(text);
    List<String> sides = new ArrayList<>();
    if (compared.matches()) {
      side(compared.group(1), run, values, sides);
      side(compared.group(3), run, values, sides);
    }
    if (sides.isEmpty() && asked.find()) {
      side(asked.group(1), run, values, sides);
    }
    return sides;
  }

  private void side(String text, RunState run, Values values, List<String> sides) {
    Expression part = compiled(text, Wanted.ANY, run, null);
    if (part != null && part.evaluate(values) instanceof Outcome.Value value) {
      String found = shown(value.value());
      if (!found.equals(text.strip().replace('\'', '"'))) {
        sides.add(text.strip() + " is " + found);
      }
    }
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
  }

  private static ObjectNode report(RunState run, CaseRun.Ended ended) {
    ObjectNode report = RunReport.of(run);
    report.set("calls", calls(ended.events()));
    report.set("requests", ended.requests());
    return report;
  }

  /** The calls of tools, in the order in which they were made, with what came of them. */
  private static ArrayNode calls(List<Recorded> events) {
    ArrayNode calls = JSON.arrayNode();
    Map<String, ObjectNode> open = new LinkedHashMap<>();
    for (Recorded recorded : events) {
      switch (recorded.event()) {
        case Event.ToolCalled called -> {
          ObjectNode call = calls.addObject();
          call.put("step", called.step().toString());
          call.put("tool", named(called.server(), called.tool()));
          call.set("arguments", called.arguments());
          open.put(called.call(), call);
        }
        case Event.ToolReturned returned -> {
          ObjectNode call = open.get(returned.call());
          if (call != null) {
            call.set("output", returned.output());
          }
        }
        case Event.ToolFailed failed -> {
          ObjectNode call = open.get(failed.call());
          if (call != null) {
            call.set("error", RunReport.error(failed.error()));
          }
        }
        default -> {}
      }
    }
    return calls;
  }

  private static String named(String server, String tool) {
    return server.equals(MockTools.SERVER) ? tool : server + "/" + tool;
  }

  private static Types types(RunState run) {
    Map<String, JsonNode> inputs = new LinkedHashMap<>();
    run.inputs().propertyNames().forEach(name -> inputs.put(name, ANY));
    Map<String, JsonNode> steps = new LinkedHashMap<>();
    for (Plan.Node node : run.plan().nodes()) {
      steps.put(node.id(), ANY);
    }
    Map<String, JsonNode> locals = new LinkedHashMap<>();
    REPORTED.forEach(name -> locals.put(name, ANY));
    locals.put("calls", ANY);
    locals.put("requests", ANY);
    return new Types(inputs, steps, locals);
  }

  /** As at the end of the workflow itself, with what a report tells beside it. */
  private static Values values(RunState run, ObjectNode report) {
    Map<String, JsonNode> reported = new LinkedHashMap<>();
    report.properties().forEach(each -> reported.put(each.getKey(), each.getValue()));
    return RunValues.of(run, run.inputs(), run.names(), reported);
  }
}
