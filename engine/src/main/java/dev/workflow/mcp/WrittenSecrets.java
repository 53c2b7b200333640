package dev.workflow.mcp;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Masking;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Secrets that somebody wrote into a server file: a run keeps its entries without them and reads
 * them from that file again when it is resumed.
 */
final class WrittenSecrets {
  private static final List<String> MAPS = List.of("env", "headers");

  private WrittenSecrets() {}

  /** The secrets written into an entry, as JSON and YAML files write them. */
  static Set<String> of(JsonNode entry) {
    Set<String> secrets = new LinkedHashSet<>();
    for (String map : MAPS) {
      for (Map.Entry<String, JsonNode> value : entry.path(map).properties()) {
        for (String secret : Secrets.written(value.getKey(), value.getValue().asString(""))) {
          secrets.add(secret);
          String quoted = JsonNodeFactory.instance.stringNode(secret).toString();
          secrets.add(quoted.substring(1, quoted.length() - 1));
        }
      }
    }
    return secrets;
  }

  /** The entry with a mask in the place of each secret. */
  static JsonNode without(JsonNode entry) {
    JsonNode copy = entry.deepCopy();
    for (String map : MAPS) {
      if (copy.path(map) instanceof ObjectNode values) {
        for (String name : List.copyOf(values.propertyNames())) {
          JsonNode value = values.path(name);
          if (value.isString() && !Secrets.written(name, value.stringValue()).isEmpty()) {
            values.put(name, Masking.MASK);
          }
        }
      }
    }
    if (copy instanceof ObjectNode object
        && Startable.hasUserInfo(object.path("url").asString(""))) {
      object.put("url", Masking.MASK);
    }
    return copy;
  }

  /** The entry with its secrets, as its file has them now; one that is gone is a problem. */
  static JsonNode with(String alias, JsonNode entry, ServerOrigin origin, List<Problem> problems) {
    JsonNode copy = entry.deepCopy();
    JsonNode now = null;
    for (String map : MAPS) {
      if (copy.path(map) instanceof ObjectNode values) {
        for (Map.Entry<String, JsonNode> value : entry.path(map).properties()) {
          if (isMasked(value.getValue())) {
            now = now == null ? current(alias, origin) : now;
            restore(alias, map, value.getKey(), values, now.path(map), origin, problems);
          }
        }
      }
    }
    if (copy instanceof ObjectNode object && isMasked(object.path("url"))) {
      now = now == null ? current(alias, origin) : now;
      restore(alias, "", "url", object, now, origin, problems);
    }
    return copy;
  }

  private static boolean isMasked(JsonNode value) {
    return value.asString("").equals(Masking.MASK);
  }

  private static void restore(
      String alias,
      String map,
      String name,
      ObjectNode into,
      JsonNode now,
      ServerOrigin origin,
      List<Problem> problems) {
    JsonNode value = now.path(name);
    if (value.isString()) {
      into.set(name, value);
      return;
    }
    problems.add(
        Problem.missing(
            Rule.MCP_SECRET,
            Place.file(origin.file()),
            "server '"
                + alias
                + "': the secret "
                + (map.isEmpty() ? name : map + "." + name)
                + " is not kept with a run, and its file no longer has it",
            null));
  }

  private static JsonNode current(String alias, ServerOrigin origin) {
    Path file = origin.folder().resolve(Path.of(origin.file()).getFileName());
    JsonNode root = JsonFile.read(file).value();
    return root == null ? MissingNode.getInstance() : root.path(ServerLayers.SERVERS).path(alias);
  }
}
