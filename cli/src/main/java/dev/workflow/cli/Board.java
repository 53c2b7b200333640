package dev.workflow.cli;

import dev.workflow.engine.RunObserver.Progress;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import dev.workflow.trace.PlanTurn;
import dev.workflow.trace.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run is doing right now, as the rows below a live view: the part of its graph that is at
 * work or has failed, steps inside others indented below them. An event costs the same however many
 * steps there are, and so does a drawing.
 */
final class Board {
  private final Occupied occupied = new Occupied();

  /** The newest revision of each fan-out, by its first. */
  private final Map<StepPath, StepPath> fanOuts = new HashMap<>();

  private @Nullable Instant began;
  private int steps;

  /** Ids of the steps of the outermost graph that have ended. */
  private final Set<String> ended = new HashSet<>();

  private int toolCalls;
  private int modelCalls;

  /** Takes up a run that was left. */
  void takeUp(RunState run, Narration narration, Instant now) {
    began = now;
    count(run);
    for (StepInfo step : run.all()) {
      if (step.status().ended()) {
        tally(step.path(), true);
      } else if (step.prepared() != null && step.status() != StepStatus.PENDING) {
        goesOn(step, step.prepared(), narration, now);
      }
    }
  }

  private void goesOn(StepInfo step, Prepared prepared, Narration narration, Instant now) {
    switch (prepared) {
      case Prepared.Body body -> occupied.open(new Work(step.path(), "", now));
      case Prepared.Items items -> fansOut(step.path(), items, now);
      case Prepared.Question question -> occupied.put(Work.asks(step.path(), now));
      case Prepared.Until until -> occupied.put(Work.waits(step.path(), "waits", until.due(), now));
      case Prepared other -> {
        if (step.status() == StepStatus.RUNNING) {
          String what = narration.doing(step.path()) + "  goes on";
          occupied.put(new Work(step.path(), what, now));
        }
      }
    }
  }

  private void count(RunState run) {
    steps = run.plan().nodes().size();
    ended.clear();
    for (Plan.Node node : run.plan().nodes()) {
      if (run.step(node.id()).status().ended()) {
        ended.add(node.id());
      }
    }
  }

  /**
   * Takes an event in.
   *
   * @param narration which has told it
   */
  void follow(Recorded recorded, Narration narration) {
    Instant now = recorded.time();
    if (began == null) {
      began = now;
    }
    if (recorded.event() instanceof Event.RunStarted start) {
      steps = start.plan().nodes().size();
    } else if (recorded.event() instanceof Event.OfStep event) {
      follow(event, narration, now);
    }
  }

  /** The plan has changed: what is out of it, or begins anew, is at work no more. */
  void changed(PlanTurn turn, RunState after) {
    count(after);
    occupied.keep(
        path -> {
          StepInfo step = after.step(path);
          return step != null && !step.status().ended();
        },
        path -> after.step(path) != null && !turn.ends(path));
  }

  private void follow(Event.OfStep event, Narration narration, Instant now) {
    StepPath step = event.step();
    switch (event) {
      case Event.StepPrepared e -> prepared(step, e.prepared(), now);
      case Event.StepStarted e -> {
        String attempt = e.attempt() == 1 ? "" : "  attempt " + e.attempt();
        occupied.put(new Work(step, narration.doing(step) + attempt, now));
      }
      case Event.WaitStarted e -> occupied.put(Work.waits(step, "waits", e.due(), now));
      case Event.RetryScheduled e ->
          occupied.put(Work.waits(step, "attempt " + e.attempt() + " in", e.due(), now));
      case Event.RepetitionScheduled e -> {
        tally(step, false);
        if (e.due().isAfter(now)) {
          occupied.put(Work.waits(step, "runs again in", e.due(), now));
        }
      }
      case Event.QuestionAsked e -> occupied.put(Work.asks(step, now));
      case Event.FailureAsked e -> occupied.put(Work.asks(step, now));
      case Event.QuestionAnswered e -> occupied.remove(step);
      case Event.FailureAnswered e -> occupied.remove(step);
      case Event.ElicitationAsked e -> occupied.put(Work.asks(step, now));
      case Event.ElicitationAnswered e -> occupied.remove(step);
      case Event.StepInDoubt e -> occupied.put(new Work(step, "?", "in doubt", null, now));
      case Event.DoubtResolved e -> occupied.remove(step);
      case Event.ToolCalled e -> {
        toolCalls++;
        occupied.calls(step, e.server() + "/" + e.tool(), now);
      }
      case Event.ModelCalled e -> {
        modelCalls++;
        occupied.calls(
            step, e.samples() == null ? "turn " + e.turn() : "model for its server", now);
      }
      case Event.StepFailed e -> {
        end(step);
        occupied.failed(step, e.error().message());
      }
      case Event.StepSucceeded e -> end(step);
      case Event.OutputInjected e -> end(step);
      case Event.StepSkipped e -> end(step);
      case Event.StepBlocked e -> end(step);
      case Event.StepCancelled e -> end(step);
      case Event.OfStep other -> {}
    }
  }

  private void prepared(StepPath step, Prepared prepared, Instant now) {
    if (step.last().revision() > 0) {
      occupied.supersede(step);
      tally(step, false);
    }
    if (prepared instanceof Prepared.Body) {
      occupied.open(new Work(step, "", now));
    } else if (prepared instanceof Prepared.Items items) {
      fansOut(step, items, now);
    }
  }

  private void fansOut(StepPath step, Prepared.Items items, Instant now) {
    Work work = new Work(step, Words.counted(items.items().size(), "element"), now);
    work.fansOut = true;
    occupied.open(work);
    fanOuts.put(step.revision(0), step);
  }

  private void end(StepPath step) {
    occupied.remove(step);
    tally(step, true);
  }

  /** Counts a step of the outermost graph, or an element of a fan-out at work, as ended or not. */
  private void tally(StepPath step, boolean end) {
    String key = step.last().key();
    if (key == null && step.parent() == null) {
      count(ended, step.id(), end);
    } else if (key != null) {
      Work work = occupied.at(fanOut(step));
      if (work != null) {
        count(work.elementsEnded, key, end);
      }
    }
  }

  /** The revisions of elements begin with that of their fan-out. */
  private StepPath fanOut(StepPath element) {
    StepPath each = element.each();
    return fanOuts.getOrDefault(each.revision(0), each);
  }

  private static void count(Set<String> counted, String what, boolean end) {
    if (end) {
      counted.add(what);
    } else {
      counted.remove(what);
    }
  }

  /** Takes a sign of life in. */
  void progress(StepPath step, Progress progress) {
    Work work = occupied.at(step);
    if (work != null) {
      switch (progress) {
        case Progress.Tool tool -> work.now = tool.text();
        case Progress.Streamed streamed -> work.characters += streamed.characters();
      }
    }
  }

  /**
   * The rows at a moment.
   *
   * @param width columns that a row has at most
   * @param most rows, those included that count and sum up what has none
   */
  List<String> rows(Instant now, int width, int most) {
    List<String> rows = new ArrayList<>();
    new BoardTree(occupied, this::fanOut, Math.max(2, most - 2))
        .rows(now)
        .forEach(row -> rows.add(Printable.indented(row, width)));
    rows.add(Printable.indented(summary(now), width));
    return rows;
  }

  private String summary(Instant now) {
    Duration since = began == null ? Duration.ZERO : Duration.between(began, now);
    return "  %d of %s, %s, %s, %s. Ctrl-C pauses."
        .formatted(
            ended.size(),
            Words.counted(steps, "step"),
            Words.counted(toolCalls, "tool call"),
            Words.counted(modelCalls, "model call"),
            Words.seconds(since));
  }
}
