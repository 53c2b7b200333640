package dev.workflow.engine;

import dev.workflow.definition.Rule;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;

/**
 * What is wrong with a JSON Schema that its meta-schema allows: bounds that no value meets, listed
 * values, defaults and examples that do not fit. Only what is certain is told, each part of the
 * schema by itself.
 */
public final class SchemaFlaws {
  private static final Set<String> NOTES =
      Set.of("type", "enum", "const", "default", "examples", "title", "description");

  private final JsonNode root;
  private final Validator validator;
  private final List<Flaw> flaws = new ArrayList<>();

  private SchemaFlaws(JsonNode root, Validator validator) {
    this.root = root;
    this.validator = validator;
  }

  /**
   * One flaw.
   *
   * @param pointer JSON pointer into the schema
   * @param message what was expected and what was found
   */
  public record Flaw(Rule rule, String pointer, String message) {}

  /** The flaws of a schema that is known to be a JSON Schema, those inside it included. */
  public static List<Flaw> of(JsonNode schema, Validator validator) {
    SchemaFlaws found = new SchemaFlaws(schema, validator);
    SchemaWords.each(schema, "", found::part);
    return found.flaws;
  }

  private void part(JsonNode schema, String at) {
    bounds(schema, at, "minimum", "maximum", order -> order > 0);
    bounds(schema, at, "exclusiveMinimum", "maximum", order -> order >= 0);
    bounds(schema, at, "minimum", "exclusiveMaximum", order -> order >= 0);
    bounds(schema, at, "exclusiveMinimum", "exclusiveMaximum", order -> order >= 0);
    bounds(schema, at, "minLength", "maxLength", order -> order > 0);
    bounds(schema, at, "minItems", "maxItems", order -> order > 0);
    bounds(schema, at, "minContains", "maxContains", order -> order > 0);
    bounds(schema, at, "minProperties", "maxProperties", order -> order > 0);
    required(schema, at);
    kinds(schema, at);
    values(schema, at);
  }

  private void bounds(JsonNode schema, String at, String low, String high, IntPredicate crossed) {
    JsonNode least = schema.path(low);
    JsonNode most = schema.path(high);
    if (least.isNumber()
        && most.isNumber()
        && crossed.test(least.decimalValue().compareTo(most.decimalValue()))) {
      impossible(
          at + "/" + low,
          "Expected bounds that some value meets, found %s %s and %s %s."
              .formatted(low, least, high, most));
    }
  }

  /** A property that must be there and cannot be. */
  private void required(JsonNode schema, String at) {
    JsonNode required = schema.path("required");
    JsonNode most = schema.path("maxProperties");
    if (most.isNumber() && required.size() > most.asDouble()) {
      impossible(
          at + "/required",
          "Expected at most %s required properties, as maxProperties says, found %d."
              .formatted(most, required.size()));
    }
    for (int i = 0; i < required.size(); i++) {
      String name = required.path(i).asString("");
      JsonNode property = schema.path("properties").path(name);
      boolean closed =
          isFalse(schema.path("additionalProperties")) && !schema.has("patternProperties");
      if (isFalse(property) || (property.isMissingNode() && closed)) {
        impossible(
            at + "/required/" + i,
            "Expected a property that may be there, found `%s`, which `%s` refuses."
                .formatted(name, property.isMissingNode() ? "additionalProperties" : "properties"));
      }
    }
  }

  /** The types of a schema against those of its {@code allOf}. */
  private void kinds(JsonNode schema, String at) {
    Set<String> left = types(schema);
    JsonNode all = schema.path("allOf");
    for (int i = 0; i < all.size(); i++) {
      Set<String> more = types(all.path(i));
      if (!left.isEmpty() && !more.isEmpty()) {
        left.removeIf(type -> !allows(more, type));
        if (left.isEmpty()) {
          impossible(at + "/allOf/" + i, "Expected a type that the other parts allow, found none.");
          return;
        }
      }
      left = left.isEmpty() ? more : left;
    }
  }

  private static Set<String> types(JsonNode schema) {
    Set<String> types = new HashSet<>();
    JsonNode type = schema.path("type");
    if (type.isString()) {
      types.add(type.stringValue());
    }
    type.forEach(each -> types.add(each.asString("")));
    return types;
  }

  private static boolean allows(Set<String> types, String type) {
    return types.contains(type)
        || (type.equals("integer") && types.contains("number"))
        || (type.equals("number") && types.contains("integer"));
  }

  private void values(JsonNode schema, String at) {
    JsonNode listed = schema.path("enum");
    for (int i = 0; i < listed.size(); i++) {
      value(schema, listed.path(i), Rule.IMPOSSIBLE_SCHEMA, at + "/enum/" + i, "a listed value");
    }
    if (schema.has("const")) {
      value(schema, schema.get("const"), Rule.IMPOSSIBLE_SCHEMA, at + "/const", "a value");
    }
    if (schema.has("default")) {
      value(schema, schema.get("default"), Rule.BAD_DEFAULT, at + "/default", "a default");
    }
    JsonNode examples = schema.path("examples");
    for (int i = 0; i < examples.size(); i++) {
      value(schema, examples.path(i), Rule.BAD_EXAMPLE, at + "/examples/" + i, "an example");
    }
  }

  private void value(JsonNode schema, JsonNode value, Rule rule, String at, String what) {
    if (isPlain(schema, value)) {
      return;
    }
    JsonNode own = schema.equals(root) ? root : Schemas.part(root, schema);
    if (!validator.checkSchema(own).isEmpty()) {
      return; // By itself, out of its dialect, it may be none.
    }
    for (Violation violation : validator.validate(own, value)) {
      flaws.add(
          new Flaw(
              rule,
              at,
              "Expected %s that fits its own schema: %s."
                  .formatted(what, withoutStop(violation.message()))));
      return;
    }
  }

  /** Whether a text is listed in a schema of texts: what nearly all are needs no validator. */
  private static boolean isPlain(JsonNode schema, JsonNode value) {
    return value.isString()
        && (schema.path("type").isMissingNode() || types(schema).equals(Set.of("string")))
        && NOTES.containsAll(schema.propertyNames())
        && !schema.has("const")
        && (!schema.has("enum") || schema.path("enum").valueStream().anyMatch(value::equals));
  }

  private void impossible(String pointer, String message) {
    flaws.add(new Flaw(Rule.IMPOSSIBLE_SCHEMA, pointer, message));
  }

  private static String withoutStop(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static boolean isFalse(JsonNode schema) {
    return schema.isBoolean() && !schema.booleanValue();
  }
}
