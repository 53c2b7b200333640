package dev.workflow.travel;

/** How results are rounded: no more digits than the data bear. */
final class Numbers {
  private Numbers() {}

  static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  static double hundredths(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
