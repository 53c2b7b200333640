package dev.workflow.journal;

import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long the steps of one run took, from the start of the attempt that succeeded; an {@code each}
 * from the start of its first element to its own end. Steps inside other steps are not counted:
 * their ids are not unique.
 */
final class StepTimes {
  /** How many runs of a workflow are remembered. */
  static final int RUNS_MAX = 9;

  private final Map<StepPath, Instant> started = new HashMap<>();
  private final Map<String, List<Duration>> durations = new HashMap<>();

  void see(Recorded recorded) {
    if (recorded.event() instanceof StepStarted e && e.step().segments().size() == 1) {
      started.put(e.step(), recorded.time());
      if (e.step().last().key() != null) {
        started.putIfAbsent(whole(e.step()), recorded.time());
      }
    }
    if (recorded.event() instanceof StepSucceeded e && e.step().last().key() == null) {
      Instant start = started.get(e.step());
      if (start != null && !recorded.time().isBefore(start)) {
        durations
            .computeIfAbsent(e.step().id(), id -> new ArrayList<>())
            .add(Duration.between(start, recorded.time()));
      }
    }
  }

  /** By step id; of a step that ran several times the median. */
  Map<String, Duration> medians() {
    return medians(durations);
  }

  /** The lower median of each list. */
  static Map<String, Duration> medians(Map<String, List<Duration>> lists) {
    Map<String, Duration> medians = new TreeMap<>();
    lists.forEach(
        (step, list) ->
            medians.put(step, list.stream().sorted().toList().get((list.size() - 1) / 2)));
    return medians;
  }

  private static StepPath whole(StepPath element) {
    return StepPath.of(element.id()).revision(element.last().revision());
  }
}
