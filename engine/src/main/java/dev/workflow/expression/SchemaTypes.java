package dev.workflow.expression;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON Schemas as types and back. What a type cannot say (alternatives, several types, {@code
 * null}) is any.
 */
final class SchemaTypes {
  /** Keywords that may bring in properties of their own. */
  static final List<String> COMBINATORS =
      List.of("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "$ref");

  private static final int REFERENCES_MAX = 32;
  private static final List<String> DEFINITIONS = List.of("$defs", "definitions");

  private SchemaTypes() {}

  static Type of(JsonNode schema) {
    return of(schema, schema);
  }

  static Type of(JsonNode schema, JsonNode root) {
    return of(schema, root, REFERENCES_MAX);
  }

  private static Type of(JsonNode schema, JsonNode root, int budget) {
    if (!schema.isObject() || budget == 0) {
      return Simple.ANY;
    }
    JsonNode reference = schema.path("$ref");
    if (reference.isString() && !schema.has("type")) {
      return of(resolve(reference.stringValue(), root), root, budget - 1);
    }
    return switch (typeOf(schema)) {
      case "string" -> Simple.STRING;
      case "integer" -> Simple.INTEGER;
      case "number" -> Simple.NUMBER;
      case "boolean" -> Simple.BOOLEAN;
      case "null" -> Simple.NULL;
      case "array" -> new Type.ListOf(elements(schema, root, budget - 1));
      case "object" -> object(schema, root, budget - 1);
      default -> Simple.ANY;
    };
  }

  private static String typeOf(JsonNode schema) {
    JsonNode type = schema.path("type");
    if (type.isString()) {
      return type.stringValue();
    }
    if (type.isArray() && type.size() == 1) {
      return type.path(0).asString("");
    }
    if (!type.isMissingNode()) {
      return "";
    }
    if (schema.has("properties") && COMBINATORS.stream().noneMatch(schema::has)) {
      return "object";
    }
    return typeOfValues(schema);
  }

  /** The type that all values of {@code const} or {@code enum} share. */
  private static String typeOfValues(JsonNode schema) {
    JsonNode values = schema.path("enum");
    if (schema.path("const").isString()) {
      return "string";
    }
    boolean texts = !values.isEmpty() && values.values().stream().allMatch(JsonNode::isString);
    return texts ? "string" : "";
  }

  private static Type elements(JsonNode schema, JsonNode root, int budget) {
    JsonNode items = schema.path("items");
    boolean alike = items.isObject() && !schema.has("prefixItems");
    return alike ? of(items, root, budget) : Simple.ANY;
  }

  private static Type object(JsonNode schema, JsonNode root, int budget) {
    if (!schema.path("properties").isEmpty()) {
      return new ObjectType(schema, root);
    }
    JsonNode values = schema.path("additionalProperties");
    boolean alike = values.isObject() && !schema.has("patternProperties");
    return new Type.MapOf(alike ? of(values, root, budget) : Simple.ANY);
  }

  private static JsonNode resolve(String reference, JsonNode root) {
    if (reference.equals("#")) {
      return root;
    }
    if (!reference.startsWith("#/")) {
      return JsonNodeFactory.instance.missingNode();
    }
    return root.at(JsonPointer.compile(reference.substring(1)));
  }

  /** A type as JSON Schema. */
  static JsonNode schemaOf(Type type) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (type) {
      case ObjectType object -> standalone(object);
      case Type.ListOf list -> {
        ObjectNode schema = json.objectNode().put("type", "array");
        yield with(schema, "items", schemaOf(list.element()));
      }
      case Type.MapOf map -> {
        ObjectNode schema = json.objectNode().put("type", "object");
        yield with(schema, "additionalProperties", schemaOf(map.value()));
      }
      case Simple simple -> simple(simple);
    };
  }

  private static JsonNode simple(Simple type) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    return switch (type) {
      case ANY -> schema;
      case NULL -> schema.put("type", "null");
      case BOOLEAN -> schema.put("type", "boolean");
      case INTEGER -> schema.put("type", "integer");
      case NUMBER -> schema.put("type", "number");
      case STRING, DURATION -> schema.put("type", "string");
      case TIMESTAMP -> schema.put("type", "string").put("format", "date-time");
    };
  }

  /** Puts a part in and lifts its definitions to the outer schema, where references look. */
  static ObjectNode with(ObjectNode outer, String keyword, JsonNode part) {
    if (part.isEmpty()) {
      return outer;
    }
    outer.set(keyword, lifted(outer, part));
    return outer;
  }

  /** A part without its definitions, which move to the outer schema; any where they clash. */
  static JsonNode lifted(ObjectNode outer, JsonNode part) {
    ObjectNode bare = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> keyword : part.properties()) {
      if (!DEFINITIONS.contains(keyword.getKey())) {
        bare.set(keyword.getKey(), keyword.getValue());
      }
    }
    for (String definitions : DEFINITIONS) {
      @Nullable JsonNode mine = part.get(definitions);
      @Nullable JsonNode theirs = outer.get(definitions);
      if (mine != null && theirs != null && !mine.equals(theirs)) {
        return JsonNodeFactory.instance.objectNode();
      }
      if (mine != null) {
        outer.set(definitions, mine);
      }
    }
    return bare;
  }

  /** The schema of an object, with the definitions its references need. */
  private static JsonNode standalone(ObjectType object) {
    boolean selfContained = object.schema().findValues("$ref").isEmpty();
    if (selfContained) {
      return object.schema();
    }
    boolean movable =
        object.schema().findValuesAsString("$ref").stream()
            .allMatch(r -> r.startsWith("#/$defs/") || r.startsWith("#/definitions/"));
    if (!movable) {
      return JsonNodeFactory.instance.objectNode().put("type", "object");
    }
    ObjectNode copy = (ObjectNode) object.schema().deepCopy();
    for (String definitions : DEFINITIONS) {
      JsonNode shared = object.root().get(definitions);
      if (shared != null) {
        copy.set(definitions, shared);
      }
    }
    return copy;
  }
}
