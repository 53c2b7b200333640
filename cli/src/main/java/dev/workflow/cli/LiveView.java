package dev.workflow.cli;

import dev.workflow.engine.RunObserver;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a terminal shows of a run: lines of what has ended scroll up, and below them stand the steps
 * at work with their time, their tool and the text that streams in.
 */
final class LiveView implements RunObserver, AutoCloseable {
  private static final long FRAME_MILLIS = 100;
  private static final long WIDTH_MILLIS = 2_000;
  private static final int ROWS_MAX = 8;
  private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

  private final Terminal terminal;
  private final Narration narration = new Narration();
  private final Map<StepPath, Work> atWork = new LinkedHashMap<>();
  private final long began = System.nanoTime();
  private final ScheduledExecutorService frames =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "workflow-view");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Future<?>> repeated = new ArrayList<>();
  private volatile int width = 80;
  private int steps;
  private int ended;
  private int toolCalls;
  private int modelCalls;
  private int frame;

  /** A step that is under way. */
  private static final class Work {
    private final String what;
    private final long since = System.nanoTime();
    private String now = "";
    private int characters;

    private Work(String what) {
      this.what = what;
    }
  }

  LiveView(Terminal terminal) {
    this.terminal = terminal;
    repeated.add(
        frames.scheduleWithFixedDelay(
            () -> width = Screen.width(), 0, WIDTH_MILLIS, TimeUnit.MILLISECONDS));
    repeated.add(
        frames.scheduleWithFixedDelay(
            this::draw, FRAME_MILLIS, FRAME_MILLIS, TimeUnit.MILLISECONDS));
  }

  @Override
  public synchronized void recorded(Recorded recorded) {
    Narration.Line line = narration.tell(recorded);
    follow(recorded.event(), line);
    if (line != null && !line.isStart()) {
      String text = line.text();
      int indent = text.length() - text.stripLeading().length();
      terminal.say(" ".repeat(indent) + Printable.line(text, Math.max(40, 4 * width)));
    }
  }

  private void follow(Event event, Narration.@Nullable Line line) {
    switch (event) {
      case Event.RunStarted e -> steps = e.plan().nodes().size();
      case Event.ToolCalled e -> {
        toolCalls++;
        now(e.step(), e.server() + "/" + e.tool());
      }
      case Event.ModelCalled e -> {
        modelCalls++;
        now(e.step(), "model, turn " + e.turn());
      }
      case Event.ToolReturned e -> now(e.step(), "");
      case Event.ModelReplied e -> now(e.step(), "");
      case Event.StepSucceeded e -> end(e.step());
      case Event.StepFailed e -> end(e.step());
      case Event.StepSkipped e -> end(e.step());
      case Event.StepBlocked e -> end(e.step());
      case Event.StepCancelled e -> end(e.step());
      case Event.RetryScheduled e -> atWork.remove(e.step());
      case Event.StepInDoubt e -> atWork.remove(e.step());
      case Event.OfStep e when line != null && line.isStart() ->
          atWork.put(e.step(), new Work(line.text().substring(1).strip()));
      case Event e -> {}
    }
  }

  private void now(StepPath step, String what) {
    Work work = atWork.get(step);
    if (work != null) {
      work.now = what;
      work.characters = 0;
    }
  }

  private void end(StepPath step) {
    atWork.remove(step);
    ended += step.last().key() == null ? 1 : 0;
  }

  @Override
  public synchronized void progress(StepPath step, Progress progress) {
    Work work = atWork.get(step);
    if (work != null) {
      switch (progress) {
        case Progress.Tool tool -> work.now = tool.text();
        case Progress.Streamed streamed -> work.characters += streamed.characters();
      }
    }
  }

  private void draw() {
    terminal.pin(lines());
  }

  private synchronized List<String> lines() {
    frame++;
    List<String> lines = new ArrayList<>();
    for (Work work : atWork.values()) {
      if (lines.size() == ROWS_MAX) {
        lines.add("  and " + (atWork.size() - ROWS_MAX) + " more at work");
        break;
      }
      lines.add(fit(row(work)));
    }
    lines.add(fit(status()));
    return lines;
  }

  private String row(Work work) {
    StringBuilder row = new StringBuilder("◉ ").append(work.what);
    row.append("  ").append(Narration.seconds(since(work.since)));
    if (!work.now.isEmpty() && !work.what.contains(work.now)) {
      row.append("  ").append(work.now);
    }
    if (work.characters > 0) {
      row.append("  ").append(work.characters).append(" characters");
    }
    return row.toString();
  }

  private String status() {
    return "%s %d of %s, %s, %s, %s. Ctrl-C pauses."
        .formatted(
            SPINNER.charAt(frame % SPINNER.length()),
            Math.min(ended, steps),
            Narration.counted(steps, "step"),
            Narration.counted(toolCalls, "tool call"),
            Narration.counted(modelCalls, "model call"),
            Narration.seconds(since(began)));
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private String fit(String line) {
    return Printable.line(line, width - 1);
  }

  @Override
  public void close() {
    repeated.forEach(task -> task.cancel(false));
    frames.shutdownNow();
    terminal.pin(List.of());
  }
}
