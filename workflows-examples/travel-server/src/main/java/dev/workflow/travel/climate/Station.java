package dev.workflow.travel.climate;

import dev.workflow.travel.data.Table;
import dev.workflow.travel.place.GeoPoint;
import java.time.LocalDate;
import java.util.List;

/**
 * A climate station and its normals: temperatures in degrees Celsius, rain in millimetres per day,
 * rainy days (1 mm or more) as a share of days, wind in km/h.
 */
record Station(
    String name,
    GeoPoint point,
    double elevationM,
    YearCurve temperatureMax,
    YearCurve temperatureMin,
    YearCurve rainPerDay,
    YearCurve rainyShare,
    YearCurve wind) {
  /** Temperature falls by this much for each metre of height (the standard atmosphere). */
  static final double LAPSE_PER_METRE = 0.0065;

  static List<Station> shipped() {
    return Table.read(
        "climate-normals.tsv",
        row ->
            new Station(
                row.text("station"),
                new GeoPoint(row.number("latitude"), row.number("longitude")),
                row.number("elevation_m"),
                new YearCurve(row.numbers("tmax_c")),
                new YearCurve(row.numbers("tmin_c")),
                new YearCurve(row.numbers("rain_mm")).perDay(),
                new YearCurve(row.numbers("rain_days")).perDay(),
                new YearCurve(row.numbers("wind_kmh"))));
  }

  /** A temperature of this station on {@code date}, brought to {@code elevationM}. */
  double temperatureAt(YearCurve curve, LocalDate date, double elevationM) {
    return curve.at(date) + LAPSE_PER_METRE * (this.elevationM - elevationM);
  }
}
