package dev.workflow.travel.tide;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The tide of a port at any instant:
 *
 * <pre>h(t) = meanLevel + Σ f·H·cos(V(t) + u − g)</pre>
 *
 * A function of absolute time alone, whatever local day one asks for.
 */
final class TideCurve {
  private final TidePort port;
  private final Map<Long, DayCurve> days = new HashMap<>();

  TideCurve(TidePort port) {
    this.port = port;
  }

  /** Water level above the port's datum at {@code second} of the epoch, in metres. */
  double height(long second) {
    return day(second).height(hours(second));
  }

  /** How fast the water rises at {@code second} of the epoch, in metres per hour. */
  double slope(long second) {
    return day(second).slope(hours(second));
  }

  private DayCurve day(long second) {
    long day = Math.floorDiv(second, DayCurve.SECONDS);
    return days.computeIfAbsent(
        day, d -> DayCurve.of(port, Instant.ofEpochSecond(d * DayCurve.SECONDS)));
  }

  private static double hours(long second) {
    return Math.floorMod(second, DayCurve.SECONDS) / 3600.0;
  }
}
