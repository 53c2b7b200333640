package dev.workflow.travel;

import dev.workflow.travel.climate.DayNormal;
import dev.workflow.travel.place.Place;
import dev.workflow.travel.protocol.ToolAnswer;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code weather_forecast}: what the climate is like at a place on a day of the year. */
record WeatherForecast(World world) implements Tool {
  static final String KIND = "climate normal, not a forecast";
  private static final String SOURCE =
      "shipped monthly normals of climate stations, rounded, from general knowledge of the published"
          + " 1981-2010 and 1991-2020 normals; weighted by distance, 6.5 °C per km of height";

  @Override
  public String name() {
    return "weather_forecast";
  }

  @Override
  public Set<String> arguments() {
    return Set.of("place", "date");
  }

  @Override
  public ToolAnswer.Result answer(Arguments arguments) {
    Place place = world.gazetteer().find(arguments.text("place"));
    LocalDate date = arguments.date("date");
    DayNormal normal = world.climate().on(place, date);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .put("place", place.name())
        .put("date", date.toString())
        .put("temperature_max_c", Numbers.tenths(normal.temperatureMax()))
        .put("temperature_min_c", Numbers.tenths(normal.temperatureMin()))
        .put("rain_chance", Numbers.hundredths(normal.rainChance()))
        .put("rain_mm", Numbers.tenths(normal.rainMm()))
        .put("wind_kmh", Math.round(normal.windKmh()))
        .put("kind", KIND);
    ArrayNode stations = result.putArray("stations");
    for (DayNormal.StationShare share : normal.stations()) {
      stations
          .addObject()
          .put("name", share.name())
          .put("distance_km", Numbers.tenths(share.distanceKm()))
          .put("elevation_m", share.elevationM())
          .put("weight", Numbers.hundredths(share.weight()));
    }
    result.put("source", SOURCE);
    return new ToolAnswer.Result(result, text(place, date, normal));
  }

  private static String text(Place place, LocalDate date, DayNormal normal) {
    return String.format(
        Locale.ROOT,
        "%s on %s: usually %.1f to %.1f °C, rain on %.0f %% of days (%.1f mm a day on average), wind"
            + " %d km/h. This is a climate normal, not a forecast; nearest station %s, %.1f km.",
        place.name(),
        date,
        normal.temperatureMin(),
        normal.temperatureMax(),
        normal.rainChance() * 100,
        normal.rainMm(),
        Math.round(normal.windKmh()),
        normal.stations().get(0).name(),
        normal.stations().get(0).distanceKm());
  }
}
