package dev.workflow.travel.climate;

import java.time.LocalDate;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;

/**
 * Twelve monthly means as a curve through the year: each stands for the middle of its month, and
 * between two middles the curve is straight, December to January included.
 */
record YearCurve(List<Double> months) {
  YearCurve {
    months = List.copyOf(months);
    if (months.size() != 12) {
      throw new IllegalArgumentException("expected 12 monthly means, found " + months.size());
    }
  }

  /** Monthly totals as means per day; February has 28.25 days. */
  YearCurve perDay() {
    var days = new ArrayList<Double>();
    for (int month = 0; month < 12; month++) {
      days.add(months.get(month) / (month == 1 ? 28.25 : Month.of(month + 1).maxLength()));
    }
    return new YearCurve(days);
  }

  /** The value at noon of {@code date}. */
  double at(LocalDate date) {
    double sinceMiddle = date.getDayOfMonth() - 0.5 - date.lengthOfMonth() / 2.0;
    LocalDate other = sinceMiddle < 0 ? date.minusMonths(1) : date.plusMonths(1);
    double middlesApart = (date.lengthOfMonth() + other.lengthOfMonth()) / 2.0;
    double share = Math.abs(sinceMiddle) / middlesApart;
    return (1 - share) * of(date) + share * of(other);
  }

  private double of(LocalDate date) {
    return months.get(date.getMonthValue() - 1);
  }
}
