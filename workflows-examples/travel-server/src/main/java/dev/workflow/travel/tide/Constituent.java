package dev.workflow.travel.tide;

/**
 * A tidal constituent: a cosine whose argument is a whole-number combination of the mean longitudes
 * (Schureman 1958, table 2).
 */
enum Constituent {
  M2("M2", NodalRule.M2, 0, 2, -2, 2, 0, 0),
  S2("S2", NodalRule.NONE, 0, 2, 0, 0, 0, 0),
  N2("N2", NodalRule.M2, 0, 2, -3, 2, 1, 0),
  K2("K2", NodalRule.K2, 0, 2, 0, 2, 0, 0),
  NU2("NU2", NodalRule.M2, 0, 2, -3, 4, -1, 0),
  MU2("MU2", NodalRule.M2, 0, 2, -4, 4, 0, 0),
  TWO_N2("2N2", NodalRule.M2, 0, 2, -4, 2, 2, 0),
  L2("L2", NodalRule.L2, 180, 2, -1, 2, -1, 0),
  T2("T2", NodalRule.NONE, 0, 2, 0, -1, 0, 1),
  K1("K1", NodalRule.K1, -90, 1, 0, 1, 0, 0),
  O1("O1", NodalRule.O1, 90, 1, -2, 1, 0, 0),
  P1("P1", NodalRule.NONE, 90, 1, 0, -1, 0, 0),
  Q1("Q1", NodalRule.O1, 90, 1, -3, 1, 1, 0),
  J1("J1", NodalRule.J1, -90, 1, 1, 1, -1, 0),
  M4("M4", NodalRule.M2_SQUARED, 0, 4, -4, 4, 0, 0),
  MS4("MS4", NodalRule.M2, 0, 4, -2, 2, 0, 0),
  MN4("MN4", NodalRule.M2_SQUARED, 0, 4, -5, 4, 1, 0),
  M6("M6", NodalRule.M2_CUBED, 0, 6, -6, 6, 0, 0);

  private static final double HOURS_PER_CENTURY = 876_600;

  private final String symbol;
  private final NodalRule nodal;
  private final int constant;
  private final int hours;
  private final int moons;
  private final int suns;
  private final int lunarPerigees;
  private final int solarPerigees;

  Constituent(
      String symbol, NodalRule nodal, int constant, int hours, int s, int h, int p, int p1) {
    this.symbol = symbol;
    this.nodal = nodal;
    this.constant = constant;
    this.hours = hours;
    this.moons = s;
    this.suns = h;
    this.lunarPerigees = p;
    this.solarPerigees = p1;
  }

  String symbol() {
    return symbol;
  }

  NodalRule nodal() {
    return nodal;
  }

  /** Mean speed in degrees per mean solar hour. */
  double speed() {
    return hours * 15
        + (moons * 481267.88123421
                + suns * 36000.76983
                + lunarPerigees * 4069.0137287
                + solarPerigees * 1.71946)
            / HOURS_PER_CENTURY;
  }

  /** Equilibrium argument V at Greenwich, in degrees, unreduced. */
  double argument(Astronomy a) {
    return hours * a.sunHour()
        + moons * a.moon()
        + suns * a.sun()
        + lunarPerigees * a.lunarPerigee()
        + solarPerigees * a.solarPerigee()
        + constant;
  }
}
