package dev.workflow.travel.tide;

import java.time.Instant;
import java.util.Map;

/**
 * The tide of a port through one day of universal time: f and u are those of its noon, V runs on
 * from its midnight at the constituents' mean speeds. From day to day f·cos(V + u) moves by less
 * than 0.1 %, so the curves of neighbouring days meet.
 */
final class DayCurve {
  static final long SECONDS = 86_400;

  private final double meanLevelM;
  private final double[] amplitudes; // metres
  private final double[] phases; // radians at midnight
  private final double[] speeds; // radians per hour

  private DayCurve(double meanLevelM, int waves) {
    this.meanLevelM = meanLevelM;
    this.amplitudes = new double[waves];
    this.phases = new double[waves];
    this.speeds = new double[waves];
  }

  /** The curve of {@code port} on the day of universal time that begins at {@code midnight}. */
  static DayCurve of(TidePort port, Instant midnight) {
    Astronomy atMidnight = Astronomy.at(midnight);
    Nodal atNoon = Nodal.of(Astronomy.at(midnight.plusSeconds(SECONDS / 2)));
    var curve = new DayCurve(port.meanLevelM(), port.waves().size());
    int i = 0;
    for (Map.Entry<Constituent, TidePort.Wave> entry : port.waves().entrySet()) {
      Constituent constituent = entry.getKey();
      NodalRule rule = constituent.nodal();
      double degrees = constituent.argument(atMidnight) + atNoon.u(rule) - entry.getValue().lag();
      curve.amplitudes[i] = atNoon.f(rule) * entry.getValue().amplitude();
      curve.phases[i] = Math.toRadians(Math.IEEEremainder(degrees, 360));
      curve.speeds[i] = Math.toRadians(constituent.speed());
      i++;
    }
    return curve;
  }

  /** Water level above the port's datum, in metres. */
  double height(double hours) {
    double height = meanLevelM;
    for (int i = 0; i < amplitudes.length; i++) {
      height += amplitudes[i] * Math.cos(phases[i] + speeds[i] * hours);
    }
    return height;
  }

  /** How fast the water rises, in metres per hour. */
  double slope(double hours) {
    double slope = 0;
    for (int i = 0; i < amplitudes.length; i++) {
      slope -= amplitudes[i] * speeds[i] * Math.sin(phases[i] + speeds[i] * hours);
    }
    return slope;
  }
}
