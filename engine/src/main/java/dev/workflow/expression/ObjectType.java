package dev.workflow.expression;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An object whose properties a schema names. Types of properties are looked up when asked for, so
 * that a schema may refer to itself.
 */
final class ObjectType implements Type {
  private final JsonNode schema;
  private final JsonNode root;
  private final Map<String, JsonNode> properties;

  ObjectType(JsonNode schema, JsonNode root) {
    this.schema = schema;
    this.root = root;
    Map<String, JsonNode> found = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      found.put(property.getKey(), property.getValue());
    }
    this.properties = Collections.unmodifiableMap(found);
  }

  JsonNode schema() {
    return schema;
  }

  JsonNode root() {
    return root;
  }

  Set<String> names() {
    return properties.keySet();
  }

  /** The type of a property; null: there is none of that name. */
  @Nullable Type property(String name) {
    JsonNode property = properties.get(name);
    if (property != null) {
      return SchemaTypes.of(property, root);
    }
    return isOpen() ? others() : null;
  }

  /** Whether the schema says that there may be more than it names. */
  private boolean isOpen() {
    JsonNode additional = schema.path("additionalProperties");
    return additional.isObject()
        || additional.asBoolean(false)
        || schema.has("patternProperties")
        || SchemaTypes.COMBINATORS.stream().anyMatch(schema::has);
  }

  private Type others() {
    JsonNode additional = schema.path("additionalProperties");
    boolean alone =
        !schema.has("patternProperties") && SchemaTypes.COMBINATORS.stream().noneMatch(schema::has);
    return alone && additional.isObject() ? SchemaTypes.of(additional, root) : Simple.ANY;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ObjectType type && schema.equals(type.schema) && root.equals(type.root);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }
}
