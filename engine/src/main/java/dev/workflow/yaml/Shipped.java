package dev.workflow.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published JSON Schemas, which are packed into the engine. */
final class Shipped {

  static final String WORKFLOW = "workflow.schema.json";
  static final String SKILL = "skill.schema.json";
  private static final String FOLDER = "/dev/workflow/schema/";
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final ConcurrentMap<String, JsonNode> SCHEMAS = new ConcurrentHashMap<>();

  private Shipped() {}

  /**
   * A schema by its file name.
   *
   * @throws IllegalArgumentException when there is no such schema
   */
  static JsonNode schema(String name) {
    return SCHEMAS.computeIfAbsent(name, Shipped::load);
  }

  private static JsonNode load(String name) {
    try (InputStream in = Shipped.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalArgumentException("Expected a shipped schema, found `" + name + "`.");
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("The shipped schema " + name + " cannot be read", e);
    }
  }
}
