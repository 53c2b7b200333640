package dev.workflow.travel;

import dev.workflow.travel.place.Place;
import dev.workflow.travel.protocol.ToolAnswer;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code geocode}: where a named place is. */
record Geocode(World world) implements Tool {
  static final String SOURCE =
      "shipped gazetteer; coordinates from common geographic knowledge, rounded to 0.01 degree";

  @Override
  public String name() {
    return "geocode";
  }

  @Override
  public Set<String> arguments() {
    return Set.of("place");
  }

  @Override
  public ToolAnswer.Result answer(Arguments arguments) {
    Place place = world.gazetteer().find(arguments.text("place"));
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .put("name", place.name())
        .put("country", place.country().name())
        .put("country_code", place.country().code())
        .put("region", place.region())
        .put("latitude", place.point().latitude())
        .put("longitude", place.point().longitude())
        .put("elevation_m", place.elevationM())
        .put("timezone", place.zone().getId())
        .put("kind", place.kind())
        .put("population", place.population());
    ArrayNode aliases = result.putArray("aliases");
    place.aliases().forEach(aliases::add);
    result.put("source", SOURCE);
    return new ToolAnswer.Result(
        result,
        String.format(
            Locale.ROOT,
            "%s is a %s at latitude %.2f, longitude %.2f; time zone %s.",
            place.label(),
            place.kind(),
            place.point().latitude(),
            place.point().longitude(),
            place.zone()));
  }
}
