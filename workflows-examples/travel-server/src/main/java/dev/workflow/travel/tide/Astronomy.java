package dev.workflow.travel.tide;

import java.time.Instant;

/**
 * Mean longitudes that drive the tide, in degrees, unreduced.
 *
 * <p>Polynomials after J. Meeus, <i>Astronomical Algorithms</i>, 2nd edition, chapters 25 (sun) and
 * 47 (moon). They agree with those of Schureman (1958), table 1, to 0.04 degree from 1900 to 2100.
 * Universal time stands for dynamical time: the difference (up to 100 s in the span) moves the moon
 * by 0.015 degree, a second or two of tide.
 *
 * @param sunHour hour angle of the mean sun at Greenwich (T): 180 at midnight
 * @param moon mean longitude of the moon (s)
 * @param sun mean longitude of the sun (h)
 * @param lunarPerigee mean longitude of the lunar perigee (p)
 * @param solarPerigee mean longitude of the solar perigee (p1)
 * @param node mean longitude of the moon's ascending node (N)
 */
record Astronomy(
    double sunHour,
    double moon,
    double sun,
    double lunarPerigee,
    double solarPerigee,
    double node) {
  private static final long J2000_SECONDS = 946_728_000L; // 2000-01-01T12:00Z
  private static final double SECONDS_PER_CENTURY = 36525.0 * 86400;

  static Astronomy at(Instant instant) {
    double seconds = instant.getEpochSecond() + instant.getNano() / 1e9;
    double t = (seconds - J2000_SECONDS) / SECONDS_PER_CENTURY;
    double secondOfDay = Math.floorMod(instant.getEpochSecond(), 86400L) + instant.getNano() / 1e9;
    return new Astronomy(
        180 + secondOfDay / 240,
        polynomial(t, 218.3164477, 481267.88123421, -0.0015786, 1 / 538841.0),
        polynomial(t, 280.46646, 36000.76983, 0.0003032, 0),
        polynomial(t, 83.3532465, 4069.0137287, -0.0103200, -1 / 80053.0),
        polynomial(t, 282.93735, 1.71946, 0.00046, 0),
        polynomial(t, 125.0445479, -1934.1362891, 0.0020754, 1 / 467441.0));
  }

  private static double polynomial(double t, double a, double b, double c, double d) {
    return a + t * (b + t * (c + t * d));
  }
}
