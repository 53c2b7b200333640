package dev.workflow.travel.place;

import dev.workflow.travel.data.Table;
import java.util.List;

/**
 * A country of the gazetteer.
 *
 * @param code ISO 3166-1 alpha-2
 * @param openRoadKmh mean driving speed between towns, in km/h
 */
public record Country(String code, String name, List<String> aliases, double openRoadKmh) {
  public Country {
    aliases = List.copyOf(aliases);
  }

  static List<Country> shipped() {
    return Table.read(
        "countries.tsv",
        row ->
            new Country(
                row.text("code"),
                row.text("name"),
                row.parts("aliases", ';'),
                row.number("open_road_kmh")));
  }
}
