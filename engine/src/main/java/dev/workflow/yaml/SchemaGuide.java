package dev.workflow.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Finds the part of a schema that speaks of a value, for messages. */
final class SchemaGuide {

  private static final int REFS_MAX = 20;
  private final JsonNode root;

  SchemaGuide(JsonNode root) {
    this.root = root;
  }

  /** The schema of the value at a pointer; missing: it says nothing of it. */
  JsonNode at(String pointer) {
    JsonNode schema = resolve(root);
    for (String token : Pointers.tokens(pointer)) {
      schema = resolve(child(schema, token));
    }
    return schema;
  }

  /** The keys that a map at a pointer may have. */
  List<String> keys(String pointer) {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : at(pointer).path("properties").properties()) {
      if (!entry.getKey().startsWith("$")) {
        keys.add(entry.getKey());
      }
    }
    return keys;
  }

  /** What is expected, in words. */
  static String expected(JsonNode schema) {
    JsonNode own = schema.path("patternErrorMessage");
    if (own.isString()) {
      return own.stringValue();
    }
    if (schema.path("enum").isArray()) {
      List<String> values = new ArrayList<>();
      schema
          .path("enum")
          .forEach(value -> values.add(value.isString() ? value.stringValue() : value.toString()));
      return values.size() == 1 ? values.getFirst() : "one of " + String.join(", ", values);
    }
    List<String> types = new ArrayList<>();
    JsonNode type = schema.path("type");
    if (type.isString()) {
      types.add(Described.type(type.stringValue()));
    }
    type.forEach(each -> types.add(Described.type(each.stringValue())));
    return types.isEmpty() ? "another value" : String.join(" or ", types);
  }

  private JsonNode child(JsonNode schema, String token) {
    JsonNode property = schema.path("properties").path(token);
    if (!property.isMissingNode()) {
      return property;
    }
    for (Map.Entry<String, JsonNode> entry : schema.path("patternProperties").properties()) {
      if (matches(entry.getKey(), token)) {
        return entry.getValue();
      }
    }
    if (schema.path("additionalProperties").isObject()) {
      return schema.path("additionalProperties");
    }
    return schema.path("items");
  }

  private static boolean matches(String pattern, String token) {
    try {
      return Pattern.compile(pattern).matcher(token).find();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private JsonNode resolve(JsonNode schema) {
    JsonNode found = schema;
    for (int i = 0; i < REFS_MAX && found.path("$ref").isString(); i++) {
      String ref = found.path("$ref").stringValue();
      found = ref.startsWith("#") ? root.at(ref.substring(1)) : MissingNode.getInstance();
    }
    return found;
  }
}
