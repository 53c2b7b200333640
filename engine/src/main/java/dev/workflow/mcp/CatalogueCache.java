package dev.workflow.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * What each server offered when it was last asked, by launch key, so that a check needs to start
 * nothing. Only a cache: what cannot be read was never there.
 */
final class CatalogueCache {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final Path folder;

  CatalogueCache(Path home) {
    this.folder = home.resolve("cache").resolve("catalogues");
  }

  void keep(String launchKey, List<JsonNode> tools) {
    ArrayNode array = MAPPER.createArrayNode();
    tools.forEach(array::add);
    PrivateFiles.write(file(launchKey), MAPPER.writeValueAsString(array));
  }

  Optional<List<JsonNode>> find(String launchKey) {
    Path file = file(launchKey);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<JsonNode> tools = new ArrayList<>();
      MAPPER.readTree(Files.readString(file)).forEach(tools::add);
      return Optional.of(tools);
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  private Path file(String launchKey) {
    return folder.resolve(launchKey + ".json");
  }
}
