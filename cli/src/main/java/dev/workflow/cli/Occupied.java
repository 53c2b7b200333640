package dev.workflow.cli;

import dev.workflow.run.StepPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The steps of a run that are under way or have failed. */
final class Occupied {
  /** Those that work, or wait for a time. */
  private final SequencedMap<StepPath, Work> atWork = new LinkedHashMap<>();

  /** Those that only a person brings forward. */
  private final SequencedMap<StepPath, Work> asking = new LinkedHashMap<>();

  /** Those that hold steps or elements. */
  private final SequencedMap<StepPath, Work> open = new LinkedHashMap<>();

  /** Why each has failed; what failed because of something inside it is not among them. */
  private final SequencedMap<StepPath, String> failed = new LinkedHashMap<>();

  /** The same in the order of their texts, so that what stands inside a path is found. */
  private final TreeMap<String, StepPath> failedByText = new TreeMap<>();

  void put(Work work) {
    remove(work.path);
    (work.isOfAPerson() ? asking : atWork).put(work.path, work);
  }

  void open(Work work) {
    open.put(work.path, work);
  }

  /** A step makes a call; one that was waited for goes on with it. */
  void calls(StepPath step, String what, Instant now) {
    Work work = atWork.get(step);
    if (work == null) {
      work = new Work(step, "", now);
      put(work);
    }
    work.now = what;
    work.characters = 0;
  }

  void remove(StepPath step) {
    atWork.remove(step);
    asking.remove(step);
    open.remove(step);
  }

  /** Whatever the step is at; null: it is not under way. */
  @Nullable Work at(StepPath step) {
    Work work = atWork.get(step);
    return work == null ? open.get(step) : work;
  }

  void failed(StepPath step, String why) {
    if (inside(step).isEmpty()) {
      failed.put(step, why);
      failedByText.put(step.toString(), step);
    }
  }

  /** The step begins once more: what came of it before is of no account. */
  void supersede(StepPath again) {
    StepPath before = again.revision(again.last().revision() - 1);
    remove(before);
    forget(before);
  }

  private void forget(StepPath step) {
    List<StepPath> gone = new ArrayList<>(inside(step));
    gone.add(step);
    for (StepPath path : gone) {
      failed.remove(path);
      failedByText.remove(path.toString());
    }
  }

  /** What has failed inside a step, be it in its elements. */
  private List<StepPath> inside(StepPath step) {
    List<StepPath> inside = new ArrayList<>(between(step + "/"));
    if (step.last().key() == null) {
      inside.addAll(between(step.revision(0) + "["));
    }
    return inside;
  }

  private List<StepPath> between(String prefix) {
    return List.copyOf(failedByText.subMap(prefix, prefix + Character.MAX_VALUE).values());
  }

  /**
   * Forgets what is no part of the graph any more.
   *
   * @param goesOn whether a step that is under way still is
   * @param counts whether a failure still counts
   */
  void keep(Predicate<StepPath> goesOn, Predicate<StepPath> counts) {
    for (Map<StepPath, Work> works : List.of(atWork, asking, open)) {
      works.keySet().removeIf(goesOn.negate());
    }
    failed.keySet().removeIf(counts.negate());
    failedByText.values().removeIf(counts.negate());
  }

  /** Those that work or wait for a time, the oldest first. */
  SequencedMap<StepPath, Work> atWork() {
    return atWork;
  }

  SequencedMap<StepPath, Work> asking() {
    return asking;
  }

  SequencedMap<StepPath, Work> open() {
    return open;
  }

  SequencedMap<StepPath, String> failed() {
    return failed;
  }
}
