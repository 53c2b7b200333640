package dev.workflow.cli;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Money;
import dev.workflow.engine.People;
import dev.workflow.engine.People.Question;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import dev.workflow.trace.RunReport;
import dev.workflow.trace.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The last words about a run: how it ended, why, and the exact lines that go on.
 *
 * @param told steps of whose failure all was said before
 */
record Ending(Context context, RunState run, Set<StepPath> told) {

  void say() {
    failures();
    run.warnings().stream()
        .skip(run.limitWarnings().size())
        .forEach(warning -> context.terminal().say("! " + warning));
    context.terminal().say(summary());
    List<Question> pending = People.pending(run);
    pending.forEach(this::explain);
    if (pending.isEmpty()) {
      wayOn();
    }
  }

  private void failures() {
    for (StepInfo step : RunReport.failures(run)) {
      StepError error = step.error();
      if (error != null && !told.contains(step.path())) {
        String text = "✗ " + step.path() + ": " + error.message().strip();
        context.terminal().say(Narration.rows(text, error.details()));
      }
    }
  }

  /** Such as {@code Run 261121-k3f9qz succeeded in 2.1 s: 7 steps succeeded, 1 skipped.} */
  private String summary() {
    Map<StepStatus, Integer> counts = new EnumMap<>(StepStatus.class);
    for (Plan.Node node : run.plan().nodes()) {
      counts.merge(run.step(node.id()).status(), 1, Integer::sum);
    }
    String steps =
        counts.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey().word())
            .collect(Collectors.joining(", "));
    Duration took = Duration.between(run.startedAt(), run.lastEventAt());
    String simulated = run.start().simulated() ? " (simulated: no AI model answered)" : "";
    return "Run %s %s%s, %s since its start. Steps: %s."
        .formatted(run.start().run(), status(), simulated, Words.seconds(took), steps);
  }

  private String status() {
    return switch (run.status()) {
      case RUNNING -> "was interrupted";
      case WAITING -> "waits for a person";
      case STOPPED -> run.inDoubt() ? "stopped: a call is in doubt" : "was stopped by a limit";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case CANCELLED -> "was cancelled";
    };
  }

  private void explain(Question question) {
    Terminal terminal = context.terminal();
    terminal.say("");
    switch (question.kind()) {
      case APPROVAL -> {
        terminal.say(question.step() + " asks: " + question.text());
        terminal.say("  approve: " + resume(question, decision("approve")));
        terminal.say("  reject:  " + resume(question, decision("reject")));
      }
      case FORM -> {
        terminal.say(question.step() + " asks: " + question.text());
        terminal.say("  answer like this:  " + resume(question, AnswerSample.of(question)));
      }
      case ELICITATION -> {
        terminal.say(question.step() + ": " + question.text());
        terminal.say("  answer like this:  " + resume(question, AnswerSample.of(question)));
        terminal.say("  decline:           " + resume(question, action("decline")));
        terminal.say("  cancel the call:   " + resume(question, action("cancel")));
      }
      case FAILURE -> {
        terminal.say(question.step() + " failed: " + question.text());
        terminal.say("  try again:          " + resume(question, decision("retry")));
        terminal.say("  give its output:    " + resume(question, AnswerSample.output(question)));
        terminal.say("  go on without it:   " + resume(question, decision("continue")));
        terminal.say("  let the run fail:   " + resume(question, decision("fail")));
      }
      case TOOL_CHANGED -> {
        terminal.say(question.step() + " was stopped: " + question.text());
        terminal.say("  if that is meant:   " + context.line("lock", file()));
        terminal.say("  and then:           " + context.line("resume", run.start().run()));
        terminal.say("  let the run fail:   " + resume(question, decision("fail")));
      }
      case IN_DOUBT -> {
        terminal.say(question.step() + " is in doubt: " + question.text());
        calls(question).forEach(call -> terminal.say("  the call: " + call));
        terminal.say("  call again:         " + resume(question, decision("retry")));
        terminal.say("  it took effect:     " + resume(question, AnswerSample.done(question)));
        terminal.say("  count it as failed: " + resume(question, decision("fail")));
      }
    }
  }

  private String file() {
    String file = run.definition().path("source").path("file").asString("");
    return file.isEmpty() ? "FILE" : file;
  }

  private List<String> calls(Question question) {
    List<String> calls = new ArrayList<>();
    for (Event.StepInDoubt doubt : run.doubts()) {
      Event.ToolCalled call = run.openToolCall(doubt.step(), doubt.call());
      if (doubt.step().equals(question.step()) && call != null) {
        calls.add(call.server() + "/" + call.tool() + " " + call.arguments());
      }
    }
    return calls;
  }

  private static JsonNode decision(String word) {
    return JsonNodeFactory.instance.objectNode().put("decision", word);
  }

  private static JsonNode action(String word) {
    return JsonNodeFactory.instance.objectNode().put("action", word);
  }

  private String resume(Question question, JsonNode answer) {
    return context.line("resume", run.start().run(), "--answer", question.step() + "=" + answer);
  }

  private void wayOn() {
    String id = run.start().run();
    if (run.status() == RunStatus.STOPPED && run.limitReached() != null) {
      context
          .terminal()
          .say(
              "Go on with a higher limit:  "
                  + context.line("resume", id, "--limit", run.limitReached() + "=" + higher()));
    } else if (!run.status().ended()) {
      context.terminal().say("Go on:  " + context.line("resume", id));
    }
  }

  private String higher() {
    return switch (String.valueOf(run.limitReached())) {
      case "time" -> Durations.text(run.limits().time().multipliedBy(2));
      case "tokens" -> doubled(run.limits().budget().tokens());
      case "cost" -> doubled(run.limits().budget().cost());
      case "model_calls" -> doubled(run.limits().budget().modelCalls());
      case "tool_calls" -> doubled(run.limits().budget().toolCalls());
      case "revisions" -> Integer.toString(run.limits().revisions() + 1);
      default -> "...";
    };
  }

  private static String doubled(@Nullable Integer limit) {
    return limit == null ? "..." : Integer.toString(Math.max(1, limit * 2));
  }

  /** Quoted: the amount and its currency are one word to the shell. */
  private static String doubled(@Nullable Money limit) {
    return limit == null ? "..." : new Money(Math.max(1, limit.picos() * 2)).text();
  }
}
