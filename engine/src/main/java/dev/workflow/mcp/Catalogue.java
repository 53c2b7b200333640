package dev.workflow.mcp;

import dev.workflow.definition.Effect;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.ServerMethods;
import dev.workflow.engine.ToolSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of one server entry: what it does not offer is left out, and each has the effect class
 * that holds for it. Lookup by name costs one step.
 */
final class Catalogue {
  private static final JsonNode ANY_ARGUMENTS =
      JsonNodeFactory.instance.objectNode().put("type", "object");

  private final Map<String, ToolSpec> tools;

  private Catalogue(Map<String, ToolSpec> tools) {
    this.tools = Collections.unmodifiableMap(tools);
  }

  /** How far a server's own claims count. */
  sealed interface Claims {

    /** The user's own server, a builtin, or one approved for this run. */
    record Believed() implements Claims {}

    /** Nobody has approved the server. */
    record Ignored() implements Claims {}

    /** Approved with these claims; others never count. */
    record Bound(Map<String, Effect> approved) implements Claims {
      public Bound {
        approved = Map.copyOf(approved);
      }
    }
  }

  static Catalogue of(ServerEntry entry, List<JsonNode> described, Claims claims) {
    Map<String, ToolSpec> tools = new LinkedHashMap<>();
    for (JsonNode tool : described) {
      String name = tool.path("name").asString("");
      if (!name.isEmpty() && !ServerMethods.isOne(name) && entry.offers(name)) {
        tools.put(name, spec(entry, tool, name, claims));
      }
    }
    return new Catalogue(tools);
  }

  /** What a server claims for each of its tools. */
  static Map<String, Effect> claims(List<JsonNode> described) {
    Map<String, Effect> claims = new TreeMap<>();
    described.forEach(tool -> claims.put(tool.path("name").asString(""), Annotations.effect(tool)));
    return claims;
  }

  private static ToolSpec spec(ServerEntry entry, JsonNode tool, String name, Claims claims) {
    JsonNode input = tool.path("inputSchema");
    JsonNode output = tool.path("outputSchema");
    return new ToolSpec(
        entry.alias(),
        name,
        title(tool, name),
        tool.path("description").asString(""),
        input.isObject() ? input : ANY_ARGUMENTS,
        output.isObject() ? output : null,
        effect(entry, tool, name, claims),
        Annotations.openWorld(tool),
        digest(tool));
  }

  private static String title(JsonNode tool, String name) {
    String title = tool.path("title").asString("");
    String annotated = tool.path("annotations").path("title").asString("");
    return !title.isEmpty() ? title : !annotated.isEmpty() ? annotated : name;
  }

  private static Effect effect(ServerEntry entry, JsonNode tool, String name, Claims claims) {
    Effect own = entry.effects().get(name);
    if (own != null) {
      return own;
    }
    Effect claimed = Annotations.effect(tool);
    return switch (claims) {
      case Claims.Believed b -> claimed;
      case Claims.Ignored i -> Effect.DESTRUCTIVE;
      case Claims.Bound bound -> {
        Effect approved = bound.approved().getOrDefault(name, Effect.DESTRUCTIVE);
        yield claimed.compareTo(approved) > 0 ? claimed : approved;
      }
    };
  }

  /** SHA-256 over everything that tells what the tool is and does. */
  static String digest(JsonNode tool) {
    ObjectNode defined = JsonNodeFactory.instance.objectNode();
    for (String part :
        List.of("name", "description", "inputSchema", "outputSchema", "annotations")) {
      JsonNode value = tool.get(part);
      if (value != null) {
        defined.set(part, value);
      }
    }
    return Canonical.hash(defined);
  }

  Map<String, ToolSpec> byName() {
    return tools;
  }

  List<ToolSpec> all() {
    return new ArrayList<>(tools.values());
  }
}
