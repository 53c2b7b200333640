package dev.workflow.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a planner answers: the graph of a workflow in its long form, and why it is so. Its schema is
 * cut out of the published one, so that both mean the same by every key. Agents, models and servers
 * are not for a plan to define, nor may it run files or plan in its turn.
 */
public final class PlanProposal {

  /** Why the steps are as they are. */
  public static final String REASONS = "reasons";

  /** The keys of a workflow that a proposal may have. */
  public static final List<String> KEYS =
      List.of("name", "description", "inputs", "steps", "outputs");

  /** Keys of a step that a proposal may not have. */
  public static final Set<String> WITHHELD =
      Set.of("skill", "capability", "workflow", "plan", "allow", "effects", "undo", "cache");

  /** Words for editors. */
  private static final Set<String> FOR_EDITORS =
      Set.of(
          "markdownDescription",
          "patternErrorMessage",
          "defaultSnippets",
          "markdownEnumDescriptions",
          "examples",
          "default");

  private static final String DEFINITIONS = "$defs";
  private static final String REFERENCE = "#/$defs/";

  /** JSON Schema of a proposal. */
  public static final JsonNode SCHEMA = schema(KEYS, WITHHELD);

  /** The keys of a proposal for a part of a plan, beside the reasons. */
  static final List<String> KEYS_OF_REVISION = List.of("steps");

  /**
   * JSON Schema of a proposal for a part of a plan: what a plan may not say, a step of it may go on
   * saying.
   */
  static final JsonNode REVISION = schema(KEYS_OF_REVISION, Set.of("plan", "allow"));

  /** A proposal as the arguments of a tool: the keys, of which the brief tells what is in them. */
  static final ObjectNode OUTLINE =
      JsonMapper.shared()
          .readTree(
              """
              {
                "type": "object",
                "additionalProperties": false,
                "required": ["reasons", "steps"],
                "properties": {
                  "reasons": {
                    "type": "string",
                    "description": "Why these steps lead to the goal, in a few sentences."
                  },
                  "name": {"type": "string", "description": "Letters, digits, - and _."},
                  "description": {"type": "string"},
                  "inputs": {
                    "type": "object",
                    "description": "What the plan must be given, such as {\\"place\\": \\"string\\"}."
                  },
                  "steps": {
                    "type": "object",
                    "description": "The steps by id.",
                    "additionalProperties": {"type": "object"}
                  },
                  "outputs": {
                    "type": "object",
                    "description": "What the plan gives, such as {\\"found\\": \\"${search.hits}\\"}."
                  }
                }
              }
              """)
          .asObject();

  /** What any proposal is; whether it is a good one the check tells in better words. */
  static final JsonNode SHAPE =
      JsonMapper.shared()
          .readTree(
              """
              {"type": "object", "required": ["steps"], "properties": {"steps": {"type": "object"}}}
              """);

  private PlanProposal() {}

  private static JsonNode schema(List<String> keys, Set<String> withheld) {
    ObjectNode published = plain(read()).asObject();
    ObjectNode step = published.at("/$defs/step").asObject();
    step.path("properties").asObject().remove(withheld);
    ObjectNode agent = step.at("/properties/agent").asObject();
    agent.removeAll();
    agent.put("type", "string").put("description", "The name of one of the agents given.");
    step.set("oneOf", allowed(step.path("oneOf"), withheld));
    step.path("dependentRequired").asObject().remove(withheld);
    step.path("dependentSchemas")
        .forEach(part -> part.asObject().set("anyOf", allowed(part.path("anyOf"), withheld)));
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.put("additionalProperties", false);
    schema.putArray("required").add(REASONS).add("steps");
    ObjectNode properties = schema.putObject("properties");
    properties
        .putObject(REASONS)
        .put("type", "string")
        .put("description", "Why these steps in this order lead to the goal, in a few sentences.");
    keys.forEach(key -> properties.set(key, published.at("/properties/" + key)));
    schema.set(DEFINITIONS, reachable(properties, published.path(DEFINITIONS)));
    return schema;
  }

  private static JsonNode read() {
    String resource = "/dev/workflow/schema/workflow.schema.json";
    try (InputStream in = PlanProposal.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks " + resource);
      }
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without what is meant for editors; names of properties are no such words. */
  private static JsonNode plain(JsonNode schema) {
    if (schema.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      schema.forEach(each -> list.add(plain(each)));
      return list;
    }
    if (!schema.isObject()) {
      return schema;
    }
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    schema
        .properties()
        .forEach(
            e -> {
              boolean named = e.getKey().equals("properties") && e.getValue().isObject();
              if (named) {
                ObjectNode properties = map.putObject(e.getKey());
                e.getValue()
                    .properties()
                    .forEach(p -> properties.set(p.getKey(), plain(p.getValue())));
              } else if (!FOR_EDITORS.contains(e.getKey())) {
                map.set(e.getKey(), plain(e.getValue()));
              }
            });
    return map;
  }

  /** Those alternatives of which no key is withheld. */
  private static ArrayNode allowed(JsonNode alternatives, Set<String> keys) {
    ArrayNode allowed = JsonNodeFactory.instance.arrayNode();
    for (JsonNode alternative : alternatives) {
      boolean withheld =
          alternative
              .path("required")
              .valueStream()
              .anyMatch(key -> keys.contains(key.asString("")));
      if (!withheld) {
        allowed.add(alternative);
      }
    }
    return allowed;
  }

  private static ObjectNode reachable(JsonNode from, JsonNode definitions) {
    Set<String> names = new LinkedHashSet<>();
    Deque<JsonNode> open = new ArrayDeque<>(List.of(from));
    while (!open.isEmpty()) {
      JsonNode next = open.pop();
      String reference = next.path("$ref").asString("");
      if (reference.startsWith(REFERENCE)) {
        String name = reference.substring(REFERENCE.length()).split("/", -1)[0];
        if (names.add(name)) {
          open.push(definitions.path(name));
        }
      }
      next.forEach(open::push);
    }
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    names.forEach(name -> kept.set(name, definitions.path(name)));
    return kept;
  }
}
