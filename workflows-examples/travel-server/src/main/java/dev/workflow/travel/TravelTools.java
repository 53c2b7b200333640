package dev.workflow.travel;

import dev.workflow.travel.data.Refusal;
import dev.workflow.travel.protocol.ToolAnswer;
import dev.workflow.travel.protocol.ToolBox;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The tools of the travel server over one {@link World}. */
final class TravelTools implements ToolBox {
  private final List<Tool> tools;

  TravelTools() {
    var world = new World();
    tools =
        List.of(
            new Geocode(world),
            new WeatherForecast(world),
            new RoutePlanning(world),
            new TideData(world),
            new FindPlaces(world));
  }

  @Override
  public JsonNode definitions() {
    try (InputStream in = TravelTools.class.getResourceAsStream("tools.json")) {
      if (in == null) {
        throw new IllegalStateException("tools.json: expected on the class path, found nothing");
      }
      return new JsonMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("tools.json: cannot be read", e);
    }
  }

  @Override
  public Optional<ToolAnswer> call(String name, ObjectNode arguments) {
    return tools.stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .map(tool -> answer(tool, arguments));
  }

  private static ToolAnswer answer(Tool tool, ObjectNode arguments) {
    try {
      return tool.answer(new Arguments(arguments, tool.arguments()));
    } catch (Refusal e) {
      return new ToolAnswer.Failure(tool.name() + ": " + e.getMessage());
    }
  }

  @Override
  public String names() {
    return tools.stream().map(Tool::name).collect(Collectors.joining(", "));
  }
}
