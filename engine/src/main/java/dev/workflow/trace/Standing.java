package dev.workflow.trace;

import dev.workflow.run.StepInfo;
import dev.workflow.run.StepStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where several steps stand that are told together.
 *
 * @param toCome how many of them have not come up yet
 */
record Standing(Map<StepStatus, Integer> counts, int toCome) {

  static Standing of(Collection<StepInfo> steps, int toCome) {
    Map<StepStatus, Integer> counts = new EnumMap<>(StepStatus.class);
    steps.forEach(step -> counts.merge(step.status(), 1, Integer::sum));
    int pending = counts.getOrDefault(StepStatus.PENDING, 0);
    counts.remove(StepStatus.PENDING);
    return new Standing(counts, pending + Math.max(0, toCome));
  }

  private int total() {
    return toCome + counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The sign that stands for all of them. */
  String glyph() {
    if (counts.isEmpty()) {
      return StepGraph.glyph(StepStatus.PENDING);
    }
    if (counts.containsKey(StepStatus.IN_DOUBT)) {
      return StepGraph.glyph(StepStatus.IN_DOUBT);
    }
    if (toCome > 0 || !counts.keySet().stream().allMatch(StepStatus::ended)) {
      return StepGraph.glyph(StepStatus.RUNNING);
    }
    if (counts.size() == 1) {
      return StepGraph.glyph(counts.keySet().iterator().next());
    }
    boolean failed = counts.containsKey(StepStatus.FAILED);
    return StepGraph.glyph(failed ? StepStatus.FAILED : StepStatus.SUCCEEDED);
  }

  /** Such as {@code 37 of 40 succeeded, 3 failed} or {@code 2 waiting}; empty: none has begun. */
  String text() {
    if (counts.isEmpty()) {
      return "";
    }
    List<String> texts = new ArrayList<>();
    Map<StepStatus, Integer> others = new EnumMap<>(counts);
    Integer succeeded = others.remove(StepStatus.SUCCEEDED);
    if (succeeded != null) {
      texts.add(succeeded + " of " + total() + " succeeded");
    }
    others.forEach((status, count) -> texts.add(count + " " + status.word()));
    if (toCome > 0) {
      texts.add(toCome + " to come");
    }
    return String.join(", ", texts);
  }
}
