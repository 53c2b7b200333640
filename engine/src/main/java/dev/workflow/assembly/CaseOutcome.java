package dev.workflow.assembly;

import dev.workflow.cases.Case;
import dev.workflow.definition.Place;
import java.time.Duration;
import java.util.List;

/**
 * What came of a case.
 *
 * @param failures why it failed; empty: it passed
 * @param took how long it took in earnest
 */
public record CaseOutcome(Case tested, List<Failure> failures, Duration took) {
  public CaseOutcome {
    failures = List.copyOf(failures);
  }

  /** Whether all that was expected holds. */
  public boolean passed() {
    return failures.isEmpty();
  }

  /**
   * Something that does not hold.
   *
   * @param place of what was expected
   * @param details what was found, a line each
   */
  public record Failure(Place place, String message, List<String> details) {
    public Failure {
      details = List.copyOf(details);
    }
  }
}
