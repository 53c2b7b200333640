package dev.workflow.trace;

import dev.workflow.definition.Money;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.Prepared;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepStatus;
import dev.workflow.trace.RunGraph.Detail;
import dev.workflow.trace.RunTrace.Call;
import dev.workflow.trace.RunTrace.Failed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one step, element or revision of a run stands and what it has done, in words. */
final class InstanceWords {
  private static final int WIDTH = 120;
  private static final int CALLS_MAX = 20;

  private final RunTrace trace;
  private final Detail detail;

  InstanceWords(RunTrace trace, Detail detail) {
    this.trace = trace;
    this.detail = detail;
  }

  /**
   * In one line; empty: it has not begun.
   *
   * @param elements of an each that has fanned out: where they stand
   */
  String now(StepInfo step, @Nullable Standing elements) {
    if (step.status() == StepStatus.PENDING) {
      return "";
    }
    StringBuilder text = new StringBuilder(elements == null ? "" : elements.text());
    if (text.isEmpty()) {
      text.append(step.status().word());
      text.append(step.prepared() instanceof Prepared.Items ? ", no elements" : "");
    }
    text.append(step.injected() ? ", injected" : "");
    text.append(step.attempts() > 1 ? ", " + step.attempts() + " attempts" : "");
    if (detail == Detail.EXECUTION && step.started() != null) {
      text.append(", at ").append(since(step.started()));
    }
    Instant ended = step.ended() == null ? trace.of(step.path()).endedAt : step.ended();
    if (step.started() != null && step.status().ended() && ended != null) {
      text.append(", ").append(Words.seconds(Duration.between(step.started(), ended)));
    }
    String why = why(step);
    return why == null ? text.toString() : text + ": " + Words.line(why, WIDTH);
  }

  /** Why it does not stand well; absent: it does. */
  private static @Nullable String why(StepInfo step) {
    return switch (step.status()) {
      case FAILED -> step.error() == null ? null : step.error().message();
      case SKIPPED, BLOCKED, IN_DOUBT -> step.reason();
      case PENDING, RUNNING, WAITING, SUCCEEDED, CANCELLED -> null;
    };
  }

  /** What it has done, a line each. */
  List<String> details(StepInfo step) {
    if (detail == Detail.STANDING) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    RunTrace.Deeds deeds = trace.of(step.path());
    for (Failed failed : deeds.failed) {
      if (failed.attempt() < step.attempts() || step.status() != StepStatus.FAILED) {
        lines.add(
            "attempt %d failed at %s: %s"
                .formatted(
                    failed.attempt(),
                    since(failed.at()),
                    Words.line(failed.error().message(), WIDTH)));
      }
    }
    deeds.inOrder.stream().limit(CALLS_MAX).map(this::call).forEach(lines::add);
    if (deeds.inOrder.size() > CALLS_MAX) {
      lines.add("and " + Words.counted(deeds.inOrder.size() - CALLS_MAX, "more call"));
    }
    return lines;
  }

  /** What several have done together. */
  List<String> details(Collection<StepInfo> steps) {
    long calls = steps.stream().mapToLong(step -> trace.of(step.path()).inOrder.size()).sum();
    return detail == Detail.STANDING || calls == 0
        ? List.of()
        : List.of(Words.counted(calls, "call"));
  }

  private String call(Call call) {
    StringBuilder line = new StringBuilder(since(call.at)).append("  ").append(call.what);
    line.append(call.reply == null ? "" : " " + call.reply.model()).append("  ");
    line.append(call.took == null ? "no answer" : Words.seconds(call.took));
    if (call.reply != null && !trace.state().start().simulated()) {
      Usage usage = call.reply.usage();
      line.append(", %d + %d tokens".formatted(usage.inputTokens(), usage.outputTokens()));
      Money cost = call.cost();
      line.append(", ").append(cost == null ? "cost unknown" : cost.text());
    }
    return call.failure == null
        ? line.toString()
        : line + ", failed: " + Words.line(call.failure, WIDTH);
  }

  /** The time since the run began, such as {@code +0.3 s}. */
  String since(Instant time) {
    return "+" + Words.seconds(Duration.between(trace.state().startedAt(), time));
  }
}
