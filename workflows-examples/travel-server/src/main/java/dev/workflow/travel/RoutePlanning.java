package dev.workflow.travel;

import dev.workflow.travel.place.Place;
import dev.workflow.travel.protocol.ToolAnswer;
import dev.workflow.travel.route.Route;
import dev.workflow.travel.route.TravelMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code route_planning}: how far and how long by road. */
record RoutePlanning(World world) implements Tool {
  static final List<String> MODES =
      Arrays.stream(TravelMode.values()).map(mode -> mode.name().toLowerCase(Locale.ROOT)).toList();
  private static final String SOURCE =
      "estimate: great circle (WGS 84 mean radius) times a road factor by terrain (flat 1.22, hilly"
          + " 1.35, mountain 1.50), speeds by country and terrain; no road map, no traffic";

  @Override
  public String name() {
    return "route_planning";
  }

  @Override
  public Set<String> arguments() {
    return Set.of("from", "to", "mode");
  }

  @Override
  public ToolAnswer.Result answer(Arguments arguments) {
    Place from = world.gazetteer().find(arguments.text("from"));
    Place to = world.gazetteer().find(arguments.text("to"));
    String mode = arguments.has("mode") ? arguments.choice("mode", MODES) : "car";
    Route route = world.routes().plan(from, to, TravelMode.valueOf(mode.toUpperCase(Locale.ROOT)));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .put("available", route instanceof Route.Road)
        .put("from", from.name())
        .put("to", to.name())
        .put("mode", mode)
        .put("great_circle_km", Numbers.tenths(route.greatCircleKm()));
    String text =
        switch (route) {
          case Route.Road road -> road(result, road, from, to, mode);
          case Route.NoRoad none -> noRoad(result, none);
        };
    result.put("source", SOURCE);
    return new ToolAnswer.Result(result, text);
  }

  private static String road(
      ObjectNode result, Route.Road road, Place from, Place to, String mode) {
    result
        .put("distance_km", Numbers.tenths(road.distanceKm()))
        .put("road_factor", Numbers.hundredths(road.roadFactor()))
        .put("duration_minutes", Math.round(road.minutes()))
        .put("duration_min_minutes", Math.round(road.minutesMin()))
        .put("duration_max_minutes", Math.round(road.minutesMax()));
    ArrayNode via = result.putArray("via");
    road.via().forEach(via::add);
    return String.format(
        Locale.ROOT,
        "%s to %s by %s: about %.1f km and %d minutes (%d to %d)%s. An estimate, not a road map.",
        from.name(),
        to.name(),
        mode,
        road.distanceKm(),
        Math.round(road.minutes()),
        Math.round(road.minutesMin()),
        Math.round(road.minutesMax()),
        road.via().isEmpty() ? "" : " via " + String.join(", ", road.via()));
  }

  private static String noRoad(ObjectNode result, Route.NoRoad none) {
    result.put("reason", none.reason());
    result.putArray("via");
    return String.format(
        Locale.ROOT,
        "No road route: %s. The great circle is %.1f km.",
        none.reason(),
        none.greatCircleKm());
  }
}
