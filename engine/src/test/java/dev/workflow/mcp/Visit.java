package dev.workflow.mcp;

import dev.workflow.engine.Tools.ToolException;
import java.util.List;

/**
 * What came of a visit.
 *
 * @param peakMebibytes of the heap during the visit
 * @param left processes that were still there five seconds after the server was let go of
 * @param goneMillis until all of them were gone
 */
record Visit(
    String vice,
    List<Outcome> outcomes,
    Neighbour.Meanwhile meanwhile,
    long peakMebibytes,
    List<Long> left,
    long goneMillis) {

  /**
   * An answer or a failure.
   *
   * @param text {@code done}, or {@code timeout, in doubt: the message}
   * @param details of a failure
   * @param millis between the fault, or the end of the time given, and the failure
   */
  record Outcome(String text, List<String> details, boolean failed, long millis) {
    static Outcome answer(String value) {
      return new Outcome(value, List.of(), false, 0);
    }

    static Outcome failure(ToolException e, long millis) {
      String doubt = e.possiblyExecuted() ? ", in doubt: " : ": ";
      return new Outcome(
          e.error().kind().word() + doubt + e.error().message(), e.error().details(), true, millis);
    }
  }
}
