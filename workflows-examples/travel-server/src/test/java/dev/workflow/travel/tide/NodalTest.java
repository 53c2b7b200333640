package dev.workflow.travel.tide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NodalTest {
  /** Extremes of f over the 18.6 years (Schureman 1958, tables 12 and 14), at N = 0 and 180. */
  @ParameterizedTest
  @CsvSource({
    "M2, 0.963, 1.038",
    "O1, 1.183, 0.806",
    "K1, 1.113, 0.882",
    "K2, 1.317, 0.748",
    "J1, 1.165, 0.827",
    "M2_SQUARED, 0.928, 1.077",
    "NONE, 1, 1"
  })
  void factorsReachTheTablesExtremesAtTheNodes(NodalRule rule, double atZero, double atHalf) {
    assertThat(nodal(0, 0).f(rule)).isCloseTo(atZero, within(0.002));
    assertThat(nodal(180, 0).f(rule)).isCloseTo(atHalf, within(0.002));
  }

  @ParameterizedTest
  @EnumSource(value = NodalRule.class, names = "L2", mode = EnumSource.Mode.EXCLUDE)
  void atTheNodesTheAngleVanishesAndItIsOddInBetween(NodalRule rule) {
    assertThat(nodal(0, 0).u(rule)).isCloseTo(0, within(1e-9));
    assertThat(nodal(180, 0).u(rule)).isCloseTo(0, within(1e-9));
    for (double node = 5; node < 180; node += 5) {
      assertThat(nodal(node, 0).u(rule)).isCloseTo(-nodal(-node, 0).u(rule), within(1e-9));
    }
  }

  /** Largest angles in Schureman (1958), table 11: M2 2.1, O1 10.8, K1 8.9, K2 17.7 degrees. */
  @ParameterizedTest
  @CsvSource({"M2, 2.1", "O1, 10.8", "K1, 8.9", "K2, 17.7"})
  void anglesSwingAsFarAsInTheTables(NodalRule rule, double degrees) {
    double largest = 0;
    for (double node = 0; node < 360; node++) {
      largest = Math.max(largest, Math.abs(nodal(node, 0).u(rule)));
    }
    assertThat(largest).isCloseTo(degrees, within(0.15));
  }

  @Test
  void theNodesSignsAreSchuremans() {
    Nodal quarter = nodal(90, 0);
    assertThat(quarter.u(NodalRule.M2)).isCloseTo(-2.1, within(0.1));
    assertThat(quarter.u(NodalRule.O1)).isCloseTo(10.7, within(0.2));
    assertThat(quarter.u(NodalRule.K1)).isCloseTo(-8.7, within(0.3));
  }

  @Test
  void l2SwingsWithThePerigeeAroundM2() {
    double sum = 0;
    double least = 9;
    double most = 0;
    for (double perigee = 0; perigee < 360; perigee++) {
      double f = nodal(90, perigee).f(NodalRule.L2);
      sum += f / 360;
      least = Math.min(least, f);
      most = Math.max(most, f);
    }
    assertThat(sum).isCloseTo(1, within(0.03));
    assertThat(least).isBetween(0.6, 0.8);
    assertThat(most).isBetween(1.2, 1.35);
  }

  private static Nodal nodal(double node, double perigee) {
    return Nodal.of(new Astronomy(180, 0, 0, perigee, 0, node));
  }
}
