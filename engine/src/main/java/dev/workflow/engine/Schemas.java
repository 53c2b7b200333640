package dev.workflow.engine;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Builds and takes apart the JSON Schemas that serve as types. A schema that moves to another root
 * takes its {@code $defs} along; one whose references cannot move becomes {@link #ANY}.
 */
final class Schemas {

  /** A value of any type. */
  static final JsonNode ANY = JsonNodeFactory.instance.objectNode();

  /** A text. */
  static final JsonNode TEXT = type("string");

  /** The answer to a question without a form. */
  static final JsonNode DECISION = decision("approve", "reject");

  /** The decision about a call in doubt; with {@code done} its output may be given. */
  static final JsonNode RESOLUTION = withOutput("retry", "done", "fail");

  /** The decision about a failure; with {@code output} the step's output is given. */
  static final JsonNode WAY_OUT = withOutput("retry", "output", "continue", "fail");

  /** The decision about a call of a tool that has changed. */
  static final JsonNode AGAIN = decision("retry", "fail");

  private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");
  private static final Set<String> ROOT_ONLY = Set.of("$schema", "$id", "$defs", "definitions");

  private Schemas() {}

  /** A list of values of a type. */
  static JsonNode listOf(JsonNode element) {
    return wrap(element, "array", "items");
  }

  /** A map from text to values of a type. */
  static JsonNode mapOf(JsonNode value) {
    return wrap(value, "object", "additionalProperties");
  }

  /** An object of fields of types, each of which may be missing. */
  static JsonNode objectOf(Map<String, JsonNode> fields) {
    ObjectNode object = type("object");
    ObjectNode properties = object.putObject("properties");
    fields.forEach(
        (name, field) -> {
          boolean moves = movable(field) && DEFINITIONS.stream().noneMatch(field::has);
          properties.set(name, moves ? bare(field) : ANY);
        });
    return object.put("additionalProperties", false);
  }

  /** The type of the elements of a list, or of the values of a map. */
  static JsonNode elementOf(JsonNode collection) {
    String type = collection.path("type").asString("");
    return switch (type) {
      case "array" -> part(collection, collection.get("items"));
      case "object" ->
          collection.has("properties")
              ? ANY
              : part(collection, collection.get("additionalProperties"));
      default -> ANY;
    };
  }

  /** A schema inside another one, as a root of its own. */
  static JsonNode part(JsonNode root, @Nullable JsonNode inner) {
    if (inner == null || !inner.isObject()) {
      return ANY;
    }
    if (!movable(inner)) {
      return ANY;
    }
    ObjectNode part = bare(inner);
    carry(root, part);
    carry(inner, part);
    return part;
  }

  private static JsonNode wrap(JsonNode inner, String type, String keyword) {
    ObjectNode outer = type(type);
    if (inner.isObject() && movable(inner)) {
      outer.set(keyword, bare(inner));
      carry(inner, outer);
    }
    return outer;
  }

  private static ObjectNode bare(JsonNode schema) {
    ObjectNode bare = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      if (!ROOT_ONLY.contains(entry.getKey())) {
        bare.set(entry.getKey(), entry.getValue());
      }
    }
    return bare;
  }

  private static void carry(JsonNode from, ObjectNode to) {
    for (String keyword : DEFINITIONS) {
      JsonNode definitions = from.get(keyword);
      if (definitions != null) {
        to.set(keyword, definitions);
      }
    }
  }

  /** Whether every reference goes to the definitions that {@link #carry} takes along. */
  private static boolean movable(JsonNode schema) {
    JsonNode reference = schema.isObject() ? schema.get("$ref") : null;
    if (reference != null && reference.isString()) {
      String target = reference.stringValue();
      if (!target.startsWith("#/$defs/") && !target.startsWith("#/definitions/")) {
        return false;
      }
    }
    for (JsonNode child : schema) {
      if (child.isContainer() && !movable(child)) {
        return false;
      }
    }
    return true;
  }

  private static ObjectNode type(String name) {
    return JsonNodeFactory.instance.objectNode().put("type", name);
  }

  private static ObjectNode decision(String... choices) {
    ObjectNode schema = type("object");
    ObjectNode decision = schema.putObject("properties").putObject("decision");
    decision.put("type", "string");
    var options = decision.putArray("enum");
    for (String choice : choices) {
      options.add(choice);
    }
    schema.withObject("/properties").set("note", type("string"));
    schema.putArray("required").add("decision");
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode withOutput(String... choices) {
    ObjectNode schema = decision(choices);
    schema.withObject("/properties").putObject("output");
    return schema;
  }
}
