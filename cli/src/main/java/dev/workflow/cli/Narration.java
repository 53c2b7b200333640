package dev.workflow.cli;

import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the events of one run into lines for people. Remembers what the lines need. */
final class Narration {
  private final Map<StepPath, Instant> started = new HashMap<>();
  private final Map<StepPath, String> work = new HashMap<>();

  /**
   * A line.
   *
   * @param isStart whether it only says that something began
   */
  record Line(String text, boolean isStart) {}

  /** The line of an event; null when there is nothing to say. */
  @Nullable Line tell(Recorded recorded) {
    return switch (recorded.event()) {
      case Event.StepPrepared e -> prepared(e, recorded.time());
      case Event.StepStarted e -> started(e, recorded.time());
      case Event.ToolFailed e -> news("    " + e.step() + "  " + e.error().message());
      case Event.ModelFailed e -> news("    " + e.step() + "  " + e.error().message());
      case Event.QuestionAsked e -> news("◎ " + e.step() + "  asks: " + e.text());
      case Event.QuestionAnswered e -> news("    " + e.step() + "  answered by " + e.by());
      case Event.DoubtResolved e ->
          news("    " + e.step() + "  decided: " + e.resolution().name().toLowerCase(Locale.ROOT));
      case Event.AttemptFailed e ->
          news("    " + e.step() + "  attempt " + e.attempt() + " failed: " + e.error().message());
      case Event.RetryScheduled e ->
          news("    " + e.step() + "  next attempt " + in(recorded.time(), e.due()));
      case Event.WaitStarted e -> news("◉ " + e.step() + "  waits until " + e.due());
      case Event.StepSucceeded e -> news("● " + e.step() + elapsed(e.step(), recorded.time()));
      case Event.StepFailed e ->
          news("✗ " + e.step() + elapsed(e.step(), recorded.time()) + "  " + e.error().message());
      case Event.StepSkipped e -> news("– " + e.step() + "  skipped: " + e.reason());
      case Event.StepBlocked e ->
          news("– " + e.step() + "  blocked: needs " + String.join(", ", e.by()));
      case Event.StepCancelled e -> news("– " + e.step() + "  cancelled");
      case Event.StepInDoubt e -> news("? " + e.step() + "  in doubt: " + e.reason());
      case Event.RevisionStarted e -> news("↻ " + e.step() + "  asks for revision " + e.number());
      case Event.RevisionsUsedUp e -> news("! " + e.step() + "  has used all its revisions");
      case Event.CancelRequested e -> news("! cancelling: " + e.reason());
      case Event.LimitReached e -> news("! " + e.message());
      case Event.RunStarted e -> null;
      case Event.RunResumed e -> null;
      case Event.ToolCalled e -> null;
      case Event.ToolReturned e -> null;
      case Event.ModelCalled e -> null;
      case Event.ModelReplied e -> null;
      case Event.TimerFired e -> null;
      case Event.VerdictGiven e -> null;
      case Event.RunPaused e -> null;
      case Event.RunFinished e -> null;
    };
  }

  private static Line news(String text) {
    return new Line(text, false);
  }

  private @Nullable Line prepared(Event.StepPrepared event, Instant now) {
    StepPath step = event.step();
    switch (event.prepared()) {
      case Prepared.Items items -> {
        started.put(step, now);
        return new Line("◉ " + step + "  " + counted(items.items().size(), "element"), true);
      }
      case Prepared.Call call -> work.put(step, "  " + call.server() + "/" + call.tool());
      case Prepared.Conversation talk -> work.put(step, "  agent " + talk.agent());
      case Prepared.Question question -> {}
      case Prepared.Value value -> {}
      case Prepared.Until until -> {}
      case Prepared.Failure failure -> {}
      case Prepared.Skip skip -> {}
      case Prepared.Missing missing -> {}
      case Prepared.Invalid invalid -> {}
    }
    return null;
  }

  private Line started(Event.StepStarted event, Instant now) {
    started.put(event.step(), now);
    String attempt = event.attempt() == 1 ? "" : "  attempt " + event.attempt();
    return new Line("◉ " + event.step() + work.getOrDefault(event.step(), "") + attempt, true);
  }

  private static String in(Instant now, Instant due) {
    return "in " + seconds(Duration.between(now, due));
  }

  private String elapsed(StepPath step, Instant now) {
    Instant since = started.remove(step);
    work.remove(step);
    return since == null ? "" : "  " + seconds(Duration.between(since, now));
  }

  /** Such as {@code 0.3 s} or {@code 2 min 5 s}. */
  static String seconds(Duration duration) {
    long whole = Math.max(0, duration.toMillis());
    return whole < 60_000
        ? String.format(Locale.ROOT, "%.1f s", whole / 1000.0)
        : whole / 60_000 + " min " + whole / 1000 % 60 + " s";
  }

  /** Such as {@code 1 step} or {@code 3 steps}. */
  static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
