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
  /** Turns lie farther apart than this, so that no step holds two. */
  private static final long STEP_SECONDS = 600;

  /**
   * All turns of {@code port} in {@code [start, end)}, in time order. The search steps on a grid of
   * absolute time, so neighbouring days neither share nor lose a turn.
   */
  static List<TideTurn> between(TidePort port, Instant start, Instant end) {
    var turns = new ArrayList<TideTurn>();
    long first = Math.floorDiv(start.getEpochSecond(), STEP_SECONDS) * STEP_SECONDS;
    Instant left = Instant.ofEpochSecond(first);
    double leftSlope = port.slope(left);
    while (left.isBefore(end)) {
      Instant right = left.plusSeconds(STEP_SECONDS);
      double rightSlope = port.slope(right);
      if (leftSlope > 0 != rightSlope > 0) {
        Instant time = crossing(port, left, right, leftSlope > 0);
        if (!time.isBefore(start) && time.isBefore(end)) {
          turns.add(new TideTurn(time, port.height(time), leftSlope > 0));
        }
      }
      left = right;
      leftSlope = rightSlope;
    }
    return List.copyOf(turns);
  }

  /** Where the slope changes its sign, to the second. */
  private static Instant crossing(TidePort port, Instant from, Instant to, boolean rising) {
    long left = from.getEpochSecond();
    long right = to.getEpochSecond();
    while (right - left > 1) {
      long middle = (left + right) / 2;
      if (port.slope(Instant.ofEpochSecond(middle)) > 0 == rising) {
        left = middle;
      } else {
        right = middle;
      }
    }
    return Instant.ofEpochSecond(left);
  }
}
