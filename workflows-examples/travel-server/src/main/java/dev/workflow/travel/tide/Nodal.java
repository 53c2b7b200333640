package dev.workflow.travel.tide;

/**
 * The slow modulation by the moon's node and perigee: factor f on the amplitude and angle u, in
 * degrees, on the argument of each constituent.
 *
 * <p>Source: P. Schureman, <i>Manual of Harmonic Analysis and Prediction of Tides</i>, U.S. Coast
 * and Geodetic Survey Special Publication 98 (revised 1940, reprinted 1958): I, ν, ξ by spherical
 * trigonometry (paragraphs 22 to 26), f of O1 (75), J1 (76), M2 (78), K1 (227), K2 (235), u of K1
 * (224), K2 (232), and L2 (213 to 215).
 */
final class Nodal {
  /** Obliquity of the ecliptic and inclination of the moon's orbit at 1900, as in Schureman. */
  private static final double OMEGA = Math.toRadians(23.452);

  private static final double INCLINATION = Math.toRadians(5.145);

  private static final double UPPER =
      Math.cos((OMEGA - INCLINATION) / 2) / Math.cos((OMEGA + INCLINATION) / 2);
  private static final double LOWER =
      Math.sin((OMEGA - INCLINATION) / 2) / Math.sin((OMEGA + INCLINATION) / 2);

  private final double orbit; // I: inclination of the moon's orbit to the equator
  private final double nu; // right ascension of the intersection
  private final double xi; // longitude in the orbit of the intersection
  private final double perigee; // P: lunar perigee counted from the intersection

  private Nodal(double orbit, double nu, double xi, double perigee) {
    this.orbit = orbit;
    this.nu = nu;
    this.xi = xi;
    this.perigee = perigee;
  }

  static Nodal of(Astronomy astronomy) {
    double node = Math.toRadians(Math.IEEEremainder(astronomy.node(), 360));
    double orbit =
        Math.acos(
            Math.cos(INCLINATION) * Math.cos(OMEGA)
                - Math.sin(INCLINATION) * Math.sin(OMEGA) * Math.cos(node));
    double half = Math.tan(node / 2);
    double sum = Math.atan(UPPER * half);
    double difference = Math.atan(LOWER * half);
    double nu = sum - difference;
    double xi = node - sum - difference;
    return new Nodal(orbit, nu, xi, Math.toRadians(astronomy.lunarPerigee()) - xi);
  }

  /** Factor on the mean amplitude. */
  double f(NodalRule rule) {
    return switch (rule) {
      case NONE -> 1;
      case M2 -> m2();
      case M2_SQUARED -> m2() * m2();
      case M2_CUBED -> m2() * m2() * m2();
      case K2 -> {
        double sin2 = squared(Math.sin(orbit));
        yield Math.sqrt(19.0444 * sin2 * sin2 + 2.7702 * sin2 * Math.cos(2 * nu) + 0.0981);
      }
      case L2 -> m2() * l2Swing();
      case O1 -> Math.sin(orbit) * squared(Math.cos(orbit / 2)) / 0.3800;
      case K1 -> {
        double sin = Math.sin(2 * orbit);
        yield Math.sqrt(0.8965 * sin * sin + 0.6001 * sin * Math.cos(nu) + 0.1006);
      }
      case J1 -> Math.sin(2 * orbit) / 0.7214;
    };
  }

  /** Angle added to the equilibrium argument, in degrees. */
  double u(NodalRule rule) {
    double m2 = 2 * (xi - nu);
    return Math.toDegrees(
        switch (rule) {
          case NONE -> 0;
          case M2 -> m2;
          case M2_SQUARED -> 2 * m2;
          case M2_CUBED -> 3 * m2;
          case K2 -> {
            double sin2 = squared(Math.sin(orbit));
            yield -Math.atan2(sin2 * Math.sin(2 * nu), sin2 * Math.cos(2 * nu) + 0.0727);
          }
          case L2 -> m2 - l2Turn();
          case O1 -> 2 * xi - nu;
          case K1 -> {
            double sin = Math.sin(2 * orbit);
            yield -Math.atan2(sin * Math.sin(nu), sin * Math.cos(nu) + 0.3347);
          }
          case J1 -> -nu;
        });
  }

  private double m2() {
    return squared(squared(Math.cos(orbit / 2))) / 0.9154;
  }

  /** 1 / Ra: L2 is beset by a neighbour that follows the lunar perigee. */
  private double l2Swing() {
    double tan2 = squared(Math.tan(orbit / 2));
    return Math.sqrt(1 - 12 * tan2 * Math.cos(2 * perigee) + 36 * tan2 * tan2);
  }

  /** R, in radians. */
  private double l2Turn() {
    double tan2 = squared(Math.tan(orbit / 2));
    return Math.atan2(Math.sin(2 * perigee), 1 / (6 * tan2) - Math.cos(2 * perigee));
  }

  private static double squared(double x) {
    return x * x;
  }
}
