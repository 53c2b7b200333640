package dev.workflow.travel.tide;

import dev.workflow.travel.data.Table;
import dev.workflow.travel.place.GeoPoint;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A port with harmonic constants.
 *
 * @param meanLevelM mean sea level above {@code datum}, in metres
 * @param basis {@code gauge}, or {@code interpolated} between the ports that {@code source} names
 */
record TidePort(
    String id,
    String name,
    GeoPoint point,
    double meanLevelM,
    String datum,
    String basis,
    String source,
    Map<Constituent, Wave> waves) {
  private static final Map<String, Constituent> BY_SYMBOL =
      Arrays.stream(Constituent.values())
          .collect(Collectors.toMap(Constituent::symbol, Function.identity()));

  TidePort {
    waves = new EnumMap<>(waves);
  }

  /**
   * Harmonic constants of one constituent.
   *
   * @param amplitude H, in metres
   * @param lag g, the Greenwich phase lag, in degrees
   */
  record Wave(double amplitude, double lag) {}

  static List<TidePort> shipped() {
    return Table.read("tide-ports.tsv", TidePort::of);
  }

  static TidePort of(Table.Row row) {
    return new TidePort(
        row.text("port"),
        row.text("name"),
        new GeoPoint(row.number("latitude"), row.number("longitude")),
        row.number("mean_level_m"),
        row.text("datum"),
        row.text("basis"),
        row.text("source"),
        waves(row));
  }

  /** {@code M2=1.12@294 S2=0.30@327}. */
  private static Map<Constituent, Wave> waves(Table.Row row) {
    var waves = new EnumMap<Constituent, Wave>(Constituent.class);
    for (String part : row.parts("constituents", ' ')) {
      int equals = part.indexOf('=');
      int at = part.indexOf('@');
      Constituent constituent = equals < 0 ? null : BY_SYMBOL.get(part.substring(0, equals));
      if (constituent == null || at < equals) {
        throw row.wrong("constituents", "NAME=METRES@DEGREES of a known constituent", part);
      }
      waves.put(
          constituent,
          new Wave(
              Double.parseDouble(part.substring(equals + 1, at)),
              Double.parseDouble(part.substring(at + 1))));
    }
    return waves;
  }
}
