package dev.workflow.check.flow;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * Tells the types in which nothing of a text is left: numbers, booleans, enums, dates, and objects
 * and short lists of these.
 */
final class SmallTypes {
  private static final Set<String> SIMPLE = Set.of("boolean", "integer", "number", "null");
  private static final Set<String> FORMATS = Set.of("date", "time", "date-time", "duration");
  private static final int ELEMENTS_MAX = 100;
  private static final int NESTING_MAX = 20;

  private SmallTypes() {}

  /**
   * Whether that is so of what a path names in a value of a type; what is not known is not small.
   */
  static boolean isSmall(JsonNode type, List<String> path) {
    JsonNode found = resolved(type, type);
    for (String part : path) {
      found = resolved(type, part.startsWith("[") ? element(found) : property(found, part));
    }
    return isSmall(type, found, 0);
  }

  /** The type of whichever element or value there is; missing where several types stand for it. */
  private static JsonNode element(JsonNode type) {
    if (type.path("type").asString("").equals("array")) {
      return type.has("prefixItems") ? MissingNode.getInstance() : type.path("items");
    }
    return type.has("properties") ? MissingNode.getInstance() : unnamed(type);
  }

  private static JsonNode property(JsonNode type, String name) {
    JsonNode own = type.path("properties").path(name);
    return own.isMissingNode() ? unnamed(type) : own;
  }

  private static JsonNode unnamed(JsonNode type) {
    return type.has("patternProperties")
        ? MissingNode.getInstance()
        : type.path("additionalProperties");
  }

  private static boolean isSmall(JsonNode root, JsonNode written, int depth) {
    JsonNode type = resolved(root, written);
    if (!type.isObject() || depth > NESTING_MAX) {
      return false;
    }
    if (type.has("enum") || type.has("const")) {
      return true;
    }
    for (String choice : List.of("anyOf", "oneOf")) {
      if (type.has(choice)) {
        return type.path(choice).valueStream().allMatch(each -> isSmall(root, each, depth + 1));
      }
    }
    JsonNode kinds = type.path("type");
    return kinds.isArray()
        ? kinds.valueStream().allMatch(kind -> isSmall(root, type, kind.asString(""), depth))
        : isSmall(root, type, kinds.asString(""), depth);
  }

  private static boolean isSmall(JsonNode root, JsonNode type, String kind, int depth) {
    return switch (kind) {
      case "string" -> FORMATS.contains(type.path("format").asString(""));
      case "array" ->
          type.path("maxItems").asInt(Integer.MAX_VALUE) <= ELEMENTS_MAX
              && !type.has("prefixItems")
              && isSmall(root, type.path("items"), depth + 1);
      case "object" ->
          type.has("properties")
              && !type.has("patternProperties")
              && !type.path("additionalProperties").asBoolean(true)
              && type.path("properties")
                  .valueStream()
                  .allMatch(each -> isSmall(root, each, depth + 1));
      default -> SIMPLE.contains(kind);
    };
  }

  private static JsonNode resolved(JsonNode root, JsonNode written) {
    JsonNode type = written;
    for (int i = 0; i < NESTING_MAX && type.path("$ref").isString(); i++) {
      String reference = type.path("$ref").stringValue();
      if (!reference.startsWith("#/")) {
        return JsonNodeFactory.instance.objectNode();
      }
      type = root.at(reference.substring(1));
    }
    return type;
  }
}
