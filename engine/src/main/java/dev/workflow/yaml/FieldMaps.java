package dev.workflow.yaml;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.engine.SchemaFlaws;
import dev.workflow.engine.SchemaWords;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns field maps ({@code score: number}, {@code tags: [string]}, {@code note?: string}) into JSON
 * Schema. What is wrong with a field is reported; the field is then of any type.
 */
final class FieldMaps {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> TYPES =
      List.of("string", "number", "integer", "boolean", "object", "array", "any");

  /** What other languages call a type. */
  private static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry("str", "string"),
          Map.entry("text", "string"),
          Map.entry("int", "integer"),
          Map.entry("long", "integer"),
          Map.entry("float", "number"),
          Map.entry("double", "number"),
          Map.entry("decimal", "number"),
          Map.entry("bool", "boolean"),
          Map.entry("list", "array"),
          Map.entry("map", "object"),
          Map.entry("dict", "object"),
          Map.entry("null", "any"),
          Map.entry("date", "{type: string, format: date}"),
          Map.entry("datetime", "{type: string, format: date-time}"));

  private final Findings findings;
  private final Validator validator;

  FieldMaps(Findings findings, Validator validator) {
    this.findings = findings;
    this.validator = validator;
  }

  /**
   * The schema of an {@code output}: a JSON Schema as it is, a field map as an object.
   *
   * @param closed whether fields that the map does not name are refused
   */
  JsonNode output(JsonNode output, String pointer, boolean closed) {
    return SchemaWords.tells(output) ? schema(output, pointer) : object(output, pointer, closed);
  }

  /**
   * The schema of an object with the fields of a map.
   *
   * @param closed whether fields that the map does not name are refused
   */
  ObjectNode object(JsonNode fields, String pointer, boolean closed) {
    ObjectNode properties = NODES.objectNode();
    List<String> required = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String at = Pointers.child(pointer, field.getKey());
      boolean optional = field.getKey().endsWith("?");
      String name =
          optional ? field.getKey().substring(0, field.getKey().length() - 1) : field.getKey();
      JsonNode type = field(field.getValue(), name, at, closed);
      if (properties.has(name) || name.isBlank()) {
        findings.key(
            Rule.DUPLICATE_KEY,
            at,
            "Expected another name for the field, found `%s`.".formatted(field.getKey()),
            "A field is either `%s` or `%s?`.".formatted(name, name));
      }
      properties.set(name, type);
      if (!optional && !type.has("default")) {
        required.add(name);
      }
    }
    ObjectNode schema = NODES.objectNode().put("type", "object");
    schema.set("properties", properties);
    if (!required.isEmpty()) {
      required.forEach(schema.putArray("required")::add);
    }
    return closed ? schema.put("additionalProperties", false) : schema;
  }

  private JsonNode field(JsonNode type, String name, String pointer, boolean closed) {
    if (type.isString()) {
      return named(type.stringValue(), name, pointer);
    }
    if (type.isArray() && type.size() == 1) {
      ObjectNode list = NODES.objectNode().put("type", "array");
      list.set("items", field(type.get(0), name, pointer + "/0", closed));
      return list;
    }
    if (type.isObject() && !type.isEmpty()) {
      boolean nested = !SchemaWords.tells(type) && (!SchemaWords.only(type) || namesTypes(type));
      return nested ? object(type, pointer, closed) : schema(type, pointer);
    }
    if (type.isObject()) {
      return NODES.objectNode();
    }
    wrongType(
        name,
        pointer,
        Described.value(type),
        type.isArray() ? "Write [TYPE], such as [string]." : null);
    return NODES.objectNode();
  }

  /** Whether every value is written as a type: {@code {title: string}} is a field map. */
  private static boolean namesTypes(JsonNode map) {
    return map.properties().stream()
        .map(Map.Entry::getValue)
        .allMatch(
            value ->
                (value.isString() && TYPES.contains(value.stringValue()))
                    || (value.isArray() && value.size() == 1));
  }

  private JsonNode named(String type, String name, String pointer) {
    if (TYPES.contains(type)) {
      ObjectNode schema = NODES.objectNode();
      return type.equals("any") ? schema : schema.put("type", type);
    }
    String foreign = FOREIGN.get(type);
    wrongType(
        name,
        pointer,
        Described.value(NODES.stringNode(type)),
        foreign != null ? "Write " + foreign + "." : nearType(name, type));
    return NODES.objectNode();
  }

  private static String nearType(String name, String type) {
    if (type.endsWith("[]")) {
      return "Write [" + type.substring(0, type.length() - 2) + "].";
    }
    if (type.endsWith("?")) {
      return "Put the question mark behind the name: `"
          + name
          + "?: "
          + type.substring(0, type.length() - 1)
          + "`.";
    }
    return Nearest.hint(type, TYPES);
  }

  private void wrongType(String name, String pointer, String found, @Nullable String hint) {
    findings.value(
        Rule.UNKNOWN_TYPE,
        pointer,
        "Expected a type for the field `%s`, found %s.".formatted(name, found),
        hint == null ? "Types: " + String.join(", ", TYPES) + "." : hint);
  }

  /** An author's JSON Schema, checked; of any type where it is unsound. */
  private JsonNode schema(JsonNode schema, String pointer) {
    SchemaWords.unknown(schema, pointer, this::unknownKeyword);
    for (Violation violation : validator.checkSchema(schema)) {
      String at = pointer + violation.pointer();
      findings.value(
          Rule.BAD_SCHEMA,
          at,
          "Expected a JSON Schema for `%s`: %s."
              .formatted(Pointers.dotted(at), sentence(violation)),
          null);
    }
    if (findings.spokenAround(pointer)) {
      return NODES.objectNode();
    }
    for (SchemaFlaws.Flaw flaw : SchemaFlaws.of(schema, validator)) {
      findings.value(flaw.rule(), pointer + flaw.pointer(), flaw.message(), null);
    }
    return schema;
  }

  private static String sentence(Violation violation) {
    String message = violation.message();
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private void unknownKeyword(String pointer) {
    String key = Pointers.last(pointer);
    String near =
        Nearest.to(key, SchemaWords.all()).map(n -> "Did you mean `" + n + "`? ").orElse("");
    findings.key(
        Rule.UNKNOWN_KEYWORD,
        pointer,
        "Expected a keyword of JSON Schema, found `%s`.".formatted(key),
        near
            + "A map with `type`, `$ref`, `properties`, `enum` or a combinator is JSON Schema:"
            + " fields go below `properties`.");
  }
}
