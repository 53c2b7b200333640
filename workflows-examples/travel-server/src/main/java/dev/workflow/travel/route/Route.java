package dev.workflow.travel.route;

import java.util.List;

/** An answer to "how far, how long". */
public sealed interface Route {
  /** Length of the great circle between the ends, in kilometres. */
  double greatCircleKm();

  /**
   * A way by road, estimated.
   *
   * @param roadFactor distance over the great circles along {@code via}
   * @param via gateways passed, in order
   */
  record Road(
      double greatCircleKm,
      double distanceKm,
      double roadFactor,
      double minutes,
      double minutesMin,
      double minutesMax,
      List<String> via)
      implements Route {
    public Road {
      via = List.copyOf(via);
    }
  }

  /** The ends are not joined by road. */
  record NoRoad(double greatCircleKm, String reason) implements Route {}
}
