package dev.workflow.run;

import java.util.List;
import java.util.Set;

/**
 * What a change of plan does to a run.
 *
 * @param again steps and elements that had begun and begin anew, those inside them not listed
 * @param gone steps that had begun and are in the plan no more
 * @param reopened containers that have ended and go on, because of something inside
 * @param busy steps that begin anew or are gone and whose call is under way or in doubt: while
 *     there is any, the change may not be made
 * @param lost steps whose effects could not be taken back any more, as they or their {@code undo}
 *     are gone; or, where the run takes back what it did and would go on, the one it is at: while
 *     there is any, the change may not be made
 */
public record Impact(
    Set<StepPath> again,
    List<StepPath> gone,
    List<StepPath> reopened,
    List<StepPath> busy,
    List<StepPath> lost) {
  public Impact {
    again = Set.copyOf(again);
    gone = List.copyOf(gone);
    reopened = List.copyOf(reopened);
    busy = List.copyOf(busy);
    lost = List.copyOf(lost);
  }

  /** Whether the step begins anew, by itself or within what it stands in. */
  public boolean repeats(StepPath path) {
    for (StepPath at = path; at != null; at = at.parent()) {
      if (again.contains(at) || (at.last().key() != null && again.contains(at.each()))) {
        return true;
      }
    }
    return false;
  }
}
