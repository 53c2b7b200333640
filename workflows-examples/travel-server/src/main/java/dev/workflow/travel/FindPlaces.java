package dev.workflow.travel;

import dev.workflow.travel.place.Place;
import dev.workflow.travel.place.PointsOfInterest;
import dev.workflow.travel.place.PointsOfInterest.Nearby;
import dev.workflow.travel.protocol.ToolAnswer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code find_places}: things to see and do near a place. */
record FindPlaces(World world) implements Tool {
  static final double RADIUS_KM_DEFAULT = 30;
  static final double RADIUS_KM_MAX = 200;
  static final int LIMIT_DEFAULT = 10;
  static final int LIMIT_MAX = 50;
  private static final String SOURCE =
      "shipped list from common knowledge, rounded to 0.01 degree; check opening and access locally";

  @Override
  public String name() {
    return "find_places";
  }

  @Override
  public Set<String> arguments() {
    return Set.of("place", "kind", "radius_km", "limit");
  }

  @Override
  public ToolAnswer.Result answer(Arguments arguments) {
    Place place = world.gazetteer().find(arguments.text("place"));
    String kind = arguments.has("kind") ? arguments.choice("kind", PointsOfInterest.KINDS) : "any";
    double radius =
        arguments.has("radius_km")
            ? arguments.positive("radius_km", RADIUS_KM_MAX)
            : RADIUS_KM_DEFAULT;
    int limit = arguments.has("limit") ? arguments.count("limit", LIMIT_MAX) : LIMIT_DEFAULT;
    List<Nearby> found =
        world
            .points()
            .within(
                place.point(), radius, point -> kind.equals("any") || point.kind().equals(kind));
    List<Nearby> shown = found.subList(0, Math.min(limit, found.size()));
    return new ToolAnswer.Result(
        structured(place, kind, radius, found.size(), shown),
        text(place, kind, radius, found.size(), shown));
  }

  private static ObjectNode structured(
      Place place, String kind, double radius, int total, List<Nearby> shown) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .put("place", place.name())
        .put("kind", kind)
        .put("radius_km", radius)
        .put("total", total);
    ArrayNode places = result.putArray("places");
    for (Nearby nearby : shown) {
      places
          .addObject()
          .put("name", nearby.point().name())
          .put("kind", nearby.point().kind())
          .put("latitude", nearby.point().point().latitude())
          .put("longitude", nearby.point().point().longitude())
          .put("distance_km", Numbers.tenths(nearby.distanceKm()))
          .put("note", nearby.point().note());
    }
    return result.put("source", SOURCE);
  }

  private static String text(
      Place place, String kind, double radius, int total, List<Nearby> shown) {
    if (shown.isEmpty()) {
      return String.format(
          Locale.ROOT,
          "Nothing of kind %s is known within %.0f km of %s.",
          kind,
          radius,
          place.name());
    }
    return String.format(Locale.ROOT, "%d of %d near %s: ", shown.size(), total, place.name())
        + shown.stream()
            .map(
                nearby ->
                    String.format(
                        Locale.ROOT,
                        "%s (%s, %.1f km)",
                        nearby.point().name(),
                        nearby.point().kind(),
                        nearby.distanceKm()))
            .collect(Collectors.joining("; "))
        + ".";
  }
}
