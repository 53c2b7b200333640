package dev.workflow.trace;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Money;
import dev.workflow.engine.ContentBlocks;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run as one JSON object: what {@code -o json} prints at the end. Its keys are {@code run
 * workflow status simulated outputs steps pending errors warnings replans usage started ended};
 * times are RFC 3339 in UTC, and in the place of binary data stand its {@code bytes} and {@code
 * sha256}. The cost is a number beside its {@code currency}; {@code "unknown"} while some price is,
 * and {@code "none"} where no model answered.
 */
public final class RunReport {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private RunReport() {}

  /** The report of a run as it stands. */
  public static ObjectNode of(RunState run) {
    ObjectNode report = JSON.objectNode();
    report.put("run", run.start().run());
    report.put("workflow", run.start().workflow());
    report.put("status", run.status().word());
    report.put("simulated", run.start().simulated());
    ObjectNode outputs = report.putObject("outputs");
    run.outputs().forEach((name, output) -> outputs.set(name, ContentBlocks.shown(output)));
    ObjectNode steps = report.putObject("steps");
    run.all().forEach(step -> steps.set(step.path().toString(), step(run, step)));
    report.set("pending", pending(run));
    report.set("errors", errors(run));
    ArrayNode warnings = report.putArray("warnings");
    run.warnings().forEach(warnings::add);
    report.put(
        "replans",
        run.planChanges().stream()
            .filter(change -> change.reason() == Event.Reason.REPLANNED)
            .count());
    report.set("usage", usage(run));
    Event.Origin origin = run.origin();
    if (origin != null) {
      report.putObject("forked_from").put("run", origin.run()).put("at", origin.at().toString());
    }
    report.put("started", run.startedAt().toString());
    report.put("ended", run.lastEventAt().toString());
    return report;
  }

  private static ObjectNode step(RunState run, StepInfo step) {
    ObjectNode node = JSON.objectNode();
    node.put("status", step.status().word());
    node.put("attempts", step.attempts());
    if (step.injected()) {
      node.put("injected", true);
    }
    if (step.prepared() instanceof Prepared.Cached cached) {
      node.putObject("cached")
          .put("run", cached.run())
          .put("step", cached.step().toString())
          .put("at", cached.at().toString());
    }
    if (step.output() != null) {
      node.set("output", ContentBlocks.shown(step.output()));
      JsonNode content = run.contentBeside(step.path());
      if (content != null) {
        node.set("content", ContentBlocks.shown(content));
      }
    } else if (step.error() != null && step.status() != StepStatus.SUCCEEDED) {
      node.set("error", error(step.error()));
    }
    if (step.reason() != null) {
      node.put("reason", step.reason());
    }
    return node;
  }

  /** An error as scripts see it: {@code {kind, message, details?}}. */
  public static ObjectNode error(StepError error) {
    ObjectNode node = JSON.objectNode();
    node.put("kind", error.kind().word());
    node.put("message", error.message());
    if (!error.details().isEmpty()) {
      ArrayNode details = node.putArray("details");
      error.details().forEach(details::add);
    }
    return node;
  }

  /** What waits for a person: questions, failures, and calls in doubt. */
  private static String kind(StepError error) {
    return error.kind() == ErrorKind.TOOL_CHANGED ? error.kind().word() : "failure";
  }

  private static ArrayNode pending(RunState run) {
    ArrayNode pending = JSON.arrayNode();
    for (Map.Entry<StepPath, Prepared.Question> question : run.questions().entrySet()) {
      ObjectNode node = pending.addObject();
      node.put("step", question.getKey().toString());
      node.put("kind", question.getValue().form() == null ? "approval" : "form");
      node.put("text", question.getValue().text());
      JsonNode form = question.getValue().form();
      if (form != null) {
        node.set("form", form);
      }
    }
    run.failuresAsked()
        .forEach(
            (step, error) ->
                pending
                    .addObject()
                    .put("step", step.toString())
                    .put("kind", kind(error))
                    .put("text", error.message())
                    .set("error", error(error)));
    for (RunState.Wanted wanted : run.wanted()) {
      pending
          .addObject()
          .put("step", wanted.asked().step().toString())
          .put("kind", "elicitation")
          .put("server", wanted.call().server())
          .put("text", wanted.asked().message())
          .put("called_again", wanted.givenUp())
          .set("form", wanted.asked().form());
    }
    for (Event.StepInDoubt doubt : run.doubts()) {
      ObjectNode node = pending.addObject();
      node.put("step", doubt.step().toString());
      node.put("kind", "in-doubt");
      node.put("text", doubt.reason());
    }
    return pending;
  }

  private static ArrayNode errors(RunState run) {
    ArrayNode errors = JSON.arrayNode();
    for (StepInfo step : failures(run)) {
      StepError error = step.error();
      if (error != null) {
        errors.add(error(error).put("step", step.path().toString()));
      }
    }
    return errors;
  }

  /**
   * The failed steps that fail the run: not those that it got over, be it with a later revision,
   * nor what failed inside them; and what could not be undone.
   */
  public static List<StepInfo> failures(RunState run) {
    return run.all().stream()
        .filter(step -> step.status() == StepStatus.FAILED && step.error() != null)
        .filter(step -> undoes(step) || run.isNewest(step.path()))
        .filter(StepInfo::failsOthers)
        .toList();
  }

  private static boolean undoes(StepInfo step) {
    return step.path().last().undoes();
  }

  private static ObjectNode usage(RunState run) {
    Usage tokens = run.usage();
    ObjectNode usage = JSON.objectNode();
    usage.put("tool_calls", run.toolCalls());
    usage.put("model_calls", run.modelCalls());
    usage.put("input_tokens", tokens.inputTokens());
    usage.put("output_tokens", tokens.outputTokens());
    Money cost = run.cost();
    if (run.start().simulated() || run.modelCalls() == 0) {
      usage.put("cost", "none");
    } else if (cost == null) {
      usage.put("cost", "unknown");
    } else {
      usage.put("cost", cost.dollars()).put("currency", "USD");
    }
    return usage;
  }
}
