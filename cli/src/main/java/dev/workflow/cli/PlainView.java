package dev.workflow.cli;

import dev.workflow.engine.RunObserver;
import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One line for each thing that happens, for pipes and logs. */
final class PlainView implements RunObserver {
  private static final int WIDTH = 160;
  private final Terminal terminal;
  private final Map<StepPath, Instant> started = new ConcurrentHashMap<>();

  PlainView(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void recorded(Recorded recorded) {
    String line = line(recorded);
    if (line != null) {
      terminal.say(Printable.line(line, WIDTH));
    }
  }

  private @Nullable String line(Recorded recorded) {
    return switch (recorded.event()) {
      case Event.StepPrepared e -> {
        if (e.prepared() instanceof Prepared.Items items) {
          started.put(e.step(), recorded.time());
          yield "◉ " + e.step() + "  " + items.items().size() + " elements";
        }
        started.putIfAbsent(e.step(), recorded.time());
        yield null;
      }
      case Event.StepStarted e -> {
        started.put(e.step(), recorded.time());
        yield "◉ " + e.step() + (e.attempt() == 1 ? "" : "  attempt " + e.attempt());
      }
      case Event.ToolCalled e -> "    " + e.step() + "  calls " + e.server() + "/" + e.tool();
      case Event.ToolFailed e -> "    " + e.step() + "  " + e.error().message();
      case Event.ModelFailed e -> "    " + e.step() + "  " + e.error().message();
      case Event.QuestionAsked e -> "◎ " + e.step() + "  asks: " + e.text();
      case Event.QuestionAnswered e -> "    " + e.step() + "  answered by " + e.by();
      case Event.RetryScheduled e -> "    " + e.step() + "  will be tried again";
      case Event.StepSucceeded e -> "● " + e.step() + elapsed(e.step(), recorded.time());
      case Event.StepFailed e -> "✗ " + e.step() + "  " + e.error().message();
      case Event.StepSkipped e -> "– " + e.step() + "  skipped: " + e.reason();
      case Event.StepBlocked e ->
          "– " + e.step() + "  blocked: needs " + String.join(", ", e.by());
      case Event.StepCancelled e -> "– " + e.step() + "  cancelled";
      case Event.StepInDoubt e -> "? " + e.step() + "  in doubt: " + e.reason();
      case Event.RevisionStarted e -> "↻ " + e.step() + "  asks for revision " + e.number();
      case Event.LimitReached e -> "! " + e.message();
      case Event.RunStarted e -> null;
      case Event.RunResumed e -> null;
      case Event.ToolReturned e -> null;
      case Event.ModelCalled e -> null;
      case Event.ModelReplied e -> null;
      case Event.DoubtResolved e -> null;
      case Event.WaitStarted e -> null;
      case Event.TimerFired e -> null;
      case Event.AttemptFailed e -> null;
      case Event.VerdictGiven e -> null;
      case Event.RevisionsUsedUp e -> null;
      case Event.CancelRequested e -> null;
      case Event.RunPaused e -> null;
      case Event.RunFinished e -> null;
    };
  }

  private String elapsed(StepPath step, Instant now) {
    Instant since = started.get(step);
    return since == null
        ? ""
        : String.format(Locale.ROOT, "  %.1f s", Duration.between(since, now).toMillis() / 1000.0);
  }
}
