package dev.workflow.cli;

import dev.workflow.engine.RunObserver.Progress;
import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run is doing right now, as the rows below a live view. */
final class Board {
  private static final int ROWS_MAX = 8;

  private final Map<StepPath, Work> atWork = new LinkedHashMap<>();
  private @Nullable Instant began;
  private int steps;

  /** Ids of the steps of the outermost graph that have ended. */
  private final Set<String> ended = new HashSet<>();

  private int toolCalls;
  private int modelCalls;

  /** A step that is under way. */
  private static final class Work {
    private final String what;
    private final Instant since;
    private String now = "";
    private int characters;
    private int elements;

    /** Keys of the elements that have ended. */
    private final Set<String> elementsEnded = new HashSet<>();

    private Work(String what, Instant since) {
      this.what = what;
      this.since = since;
    }
  }

  /** Takes up a run that was left, with the lines of the steps that go on. */
  void takeUp(RunState run, Map<StepPath, Narration.Line> lines, Instant now) {
    began = now;
    steps = run.plan().nodes().size();
    for (StepInfo step : run.all()) {
      Narration.Line line = lines.get(step.path());
      if (line != null) {
        Work work = new Work(line.text(), now);
        work.elements = step.prepared() instanceof Prepared.Items items ? items.items().size() : 0;
        atWork.put(step.path(), work);
      }
    }
    for (StepInfo step : run.all()) {
      tally(step.path(), step.status().ended());
    }
  }

  /** Takes an event in, with the line that was made of it. */
  void follow(Recorded recorded, Narration.@Nullable Line line) {
    if (began == null) {
      began = recorded.time();
    }
    if (recorded.event() instanceof Event.RunStarted start) {
      steps = start.plan().nodes().size();
    } else if (recorded.event() instanceof Event.PlanChanged change) {
      steps = change.plan().nodes().size();
    } else if (recorded.event() instanceof Event.OfStep event) {
      if (line != null && line.isStart()) {
        Work work = new Work(line.text(), recorded.time());
        work.elements = elements(event);
        atWork.put(event.step(), work);
      }
      if (isEnd(event)) {
        end(event.step());
      } else {
        work(event);
      }
    }
  }

  private static int elements(Event event) {
    return event instanceof Event.StepPrepared prepared
            && prepared.prepared() instanceof Prepared.Items items
        ? items.items().size()
        : 0;
  }

  private static boolean isEnd(Event event) {
    return event instanceof Event.StepSucceeded
        || event instanceof Event.OutputInjected
        || event instanceof Event.StepFailed
        || event instanceof Event.StepSkipped
        || event instanceof Event.StepBlocked
        || event instanceof Event.StepCancelled;
  }

  private void end(StepPath step) {
    atWork.remove(step);
    tally(step, true);
  }

  /** Counts a step of the outermost graph, or an element of a fan-out at work, as ended or not. */
  private void tally(StepPath step, boolean end) {
    String key = step.last().key();
    if (key == null && step.parent() == null) {
      count(ended, step.id(), end);
    } else if (key != null) {
      atWork.forEach(
          (path, work) -> {
            if (work.elements > 0 && isElement(step, path)) {
              count(work.elementsEnded, key, end);
            }
          });
    }
  }

  private static void count(Set<String> counted, String what, boolean end) {
    if (end) {
      counted.add(what);
    } else {
      counted.remove(what);
    }
  }

  /** The revisions of elements begin with that of their fan-out. */
  private static boolean isElement(StepPath step, StepPath fanOut) {
    return fanOut.last().key() == null
        && step.id().equals(fanOut.id())
        && step.last().revision() >= fanOut.last().revision()
        && Objects.equals(step.parent(), fanOut.parent());
  }

  private void work(Event.OfStep event) {
    switch (event) {
      case Event.ToolCalled call -> {
        toolCalls++;
        now(call.step(), call.server() + "/" + call.tool());
      }
      case Event.ModelCalled call -> {
        modelCalls++;
        now(call.step(), "turn " + call.turn());
      }
      case Event.RetryScheduled retry -> atWork.remove(retry.step());
      case Event.RepetitionScheduled repetition -> tally(repetition.step(), false);
      case Event.StepInDoubt doubt -> atWork.remove(doubt.step());
      case Event.OfStep other -> {}
    }
  }

  private void now(StepPath step, String what) {
    Work work = atWork.get(step);
    if (work != null) {
      work.now = what;
      work.characters = 0;
    }
  }

  /** Takes a sign of life in. */
  void progress(StepPath step, Progress progress) {
    Work work = atWork.get(step);
    if (work != null) {
      switch (progress) {
        case Progress.Tool tool -> work.now = tool.text();
        case Progress.Streamed streamed -> work.characters += streamed.characters();
      }
    }
  }

  /** The rows at a moment, each at most so many characters long. */
  List<String> rows(Instant now, int width) {
    List<String> rows = new ArrayList<>();
    for (Work work : atWork.values()) {
      if (rows.size() == ROWS_MAX && atWork.size() > ROWS_MAX) {
        rows.add("  and " + (atWork.size() - ROWS_MAX) + " more at work");
        break;
      }
      rows.add(Printable.indented(row(work, now), width));
    }
    rows.add(Printable.indented(summary(now), width));
    return rows;
  }

  private static String row(Work work, Instant now) {
    StringBuilder row = new StringBuilder(work.what);
    row.append("  ").append(Narration.seconds(Duration.between(work.since, now)));
    if (work.elements > 0) {
      row.append("  ").append(work.elementsEnded.size()).append(" done");
    }
    if (!work.now.isEmpty() && !work.what.endsWith(work.now)) {
      row.append("  ").append(work.now);
    }
    if (work.characters > 0) {
      row.append("  ").append(work.characters).append(" characters");
    }
    return row.toString();
  }

  private String summary(Instant now) {
    Duration since = began == null ? Duration.ZERO : Duration.between(began, now);
    return "  %d of %s, %s, %s, %s. Ctrl-C pauses."
        .formatted(
            ended.size(),
            Narration.counted(steps, "step"),
            Narration.counted(toolCalls, "tool call"),
            Narration.counted(modelCalls, "model call"),
            Narration.seconds(since));
  }
}
