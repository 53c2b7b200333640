package dev.workflow.travel.tide;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A high or a low water.
 *
 * @param heightM above the port's datum, in metres
 */
public record TideTurn(Instant time, double heightM, boolean high) {
  /** Turns lie farther apart than this; a pair within one step is no tide one could see. */
  private static final long STEP_SECONDS = 600;

  /**
   * All turns of {@code port} in {@code [start, end)}, in time order. The search steps on a grid of
   * absolute time, so neighbouring days neither share nor lose a turn.
   */
  static List<TideTurn> between(TidePort port, Instant start, Instant end) {
    var curve = new TideCurve(port);
    var turns = new ArrayList<TideTurn>();
    long left = Math.floorDiv(start.getEpochSecond(), STEP_SECONDS) * STEP_SECONDS;
    boolean rising = curve.slope(left) > 0;
    while (left < end.getEpochSecond()) {
      long right = left + STEP_SECONDS;
      boolean risesNext = curve.slope(right) > 0;
      if (rising != risesNext) {
        long second = crossing(curve, left, right, rising);
        if (second >= start.getEpochSecond() && second < end.getEpochSecond()) {
          turns.add(new TideTurn(Instant.ofEpochSecond(second), curve.height(second), rising));
        }
      }
      left = right;
      rising = risesNext;
    }
    return List.copyOf(turns);
  }

  /** Where the slope changes its sign, to the second. */
  private static long crossing(TideCurve curve, long from, long to, boolean rising) {
    long left = from;
    long right = to;
    while (right - left > 1) {
      long middle = (left + right) / 2;
      if (curve.slope(middle) > 0 == rising) {
        left = middle;
      } else {
        right = middle;
      }
    }
    return left;
  }
}
