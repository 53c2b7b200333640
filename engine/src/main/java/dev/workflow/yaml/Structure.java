package dev.workflow.yaml;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks a tree against a shipped schema and says in the author's words where it does not fit. */
final class Structure {

  /** Keywords that only join or choose schemas: what is wrong is said by their parts. */
  private static final Set<String> JOINTS =
      Set.of("oneOf", "anyOf", "allOf", "not", "if", "then", "else", "$ref", "dependentSchemas");

  private final JsonNode schema;
  private final SchemaGuide guide;
  private final Validator validator;

  Structure(JsonNode schema, Validator validator) {
    this.schema = schema;
    this.guide = new SchemaGuide(schema);
    this.validator = validator;
  }

  /**
   * Reports what does not fit.
   *
   * @param elsewhere the violations that code reports more clearly
   * @return the pointers of the values that cannot be used
   */
  List<String> check(JsonNode tree, Findings findings, Predicate<Violation> elsewhere) {
    List<Violation> violations = validator.validateByShipped(schema, tree);
    List<Violation> unsaid = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (Violation violation : violations) {
      if (elsewhere.test(violation) || JOINTS.contains(violation.keyword())) {
        unsaid.add(violation);
      } else {
        broken.add(report(violation, tree, findings));
      }
    }
    if (broken.isEmpty()) {
      unsaid.removeIf(elsewhere);
      unsaid.stream().findFirst().ifPresent(v -> broken.add(report(v, tree, findings)));
    }
    return broken;
  }

  private String report(Violation violation, JsonNode tree, Findings findings) {
    String pointer = violation.pointer();
    return switch (violation.keyword()) {
      case "additionalProperties", "unevaluatedProperties" -> {
        String unknown = Pointers.child(pointer, violation.property());
        unknownKey(pointer, violation.property(), unknown, findings);
        yield unknown;
      }
      case "required" -> {
        findings.key(
            Rule.MISSING_KEY,
            pointer,
            "Expected the key `%s`%s, found none.".formatted(violation.property(), in(pointer)),
            example(violation.property(), guide.at(Pointers.child(pointer, violation.property()))));
        yield pointer;
      }
      default -> {
        wrongValue(violation, tree.at(pointer), findings);
        yield pointer;
      }
    };
  }

  private void unknownKey(String pointer, String key, String unknown, Findings findings) {
    String hint =
        key.equals("<<")
            ? "Merge keys are not part of YAML 1.2: write the entries out."
            : Nearest.hint(key, guide.keys(pointer));
    findings.key(
        Rule.UNKNOWN_KEY,
        unknown,
        "Expected a known key%s, found `%s`.".formatted(in(pointer), key),
        hint);
  }

  private static String in(String pointer) {
    return pointer.isEmpty() ? "" : " in `" + Pointers.dotted(pointer) + "`";
  }

  /** The schema's own example of an entry; absent: it has none, or the value has no key. */
  private static @Nullable String example(String key, JsonNode schema) {
    JsonNode example = schema.path("examples").path(0);
    boolean element = key.chars().allMatch(c -> c >= '0' && c <= '9');
    return example.isMissingNode() || element
        ? null
        : "Such as `" + key + ": " + Quoting.flow(example) + "`.";
  }

  /** A number is shown as it was written: 1.10 is 1.1 to YAML. */
  private static String found(JsonNode value, String written) {
    return value.isNumber() && !written.isEmpty() && !written.equals(value.toString())
        ? "the number " + written + ", which YAML reads as " + value
        : Described.value(value);
  }

  private void wrongValue(Violation violation, JsonNode value, Findings findings) {
    String pointer = violation.pointer();
    JsonNode expected = guide.at(pointer);
    String name = pointer.isEmpty() ? "the file" : "`" + Pointers.dotted(pointer) + "`";
    switch (violation.keyword()) {
      case "type" ->
          findings.value(
              value.isNumber() && isPlainText(expected) ? Rule.YAML_NUMBER : Rule.WRONG_TYPE,
              pointer,
              "Expected %s for %s, found %s."
                  .formatted(
                      SchemaGuide.expected(expected),
                      name,
                      found(value, findings.source().written(pointer))),
              typeHint(pointer, expected, value, findings));
      case "pattern", "enum", "const" ->
          findings.value(
              Rule.WRONG_VALUE,
              pointer,
              "Expected %s for %s, found %s."
                  .formatted(SchemaGuide.expected(expected), name, Described.value(value)),
              near(pointer, expected, value));
      case "propertyNames" ->
          findings.value(Rule.WRONG_NAME, pointer, named(violation, pointer), null);
      case "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum" ->
          findings.value(
              Rule.WRONG_VALUE,
              pointer,
              "Expected %s for %s, found %s."
                  .formatted(range(expected), name, Described.value(value)),
              null);
      case "minLength", "minItems", "minProperties" ->
          findings.value(
              Rule.EMPTY_VALUE,
              pointer,
              "Expected at least %s for %s, found %s."
                  .formatted(atLeast(violation.keyword(), expected), name, Described.value(value)),
              null);
      default ->
          findings.value(
              Rule.WRONG_VALUE,
              pointer,
              "%s: %s.".formatted(name, plain(violation.message())),
              null);
    }
  }

  private static String named(Violation violation, String pointer) {
    return "Expected other names in `%s`: %s."
        .formatted(Pointers.dotted(pointer), plain(violation.message()));
  }

  private static String plain(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String range(JsonNode schema) {
    if (schema.has("minimum")
        && schema.path("maximum").asInt(Integer.MAX_VALUE) != Integer.MAX_VALUE) {
      return "a number from " + schema.get("minimum") + " to " + schema.get("maximum");
    }
    return schema.has("minimum")
        ? "a number of at least " + schema.get("minimum")
        : "a number of at most " + schema.path("maximum");
  }

  private static String atLeast(String keyword, JsonNode schema) {
    int least = schema.path(keyword).asInt(1);
    String what =
        switch (keyword) {
          case "minLength" -> "character";
          case "minItems" -> "element";
          default -> "entry";
        };
    String many = what.equals("entry") ? "entries" : what + "s";
    return least == 1 ? "one " + what : least + " " + many;
  }

  private static @Nullable String near(String pointer, JsonNode schema, JsonNode value) {
    List<String> words = new ArrayList<>();
    schema.path("enum").forEach(word -> words.add(word.asString("")));
    if (words.isEmpty()) {
      return example(Pointers.last(pointer), schema);
    }
    return value.isString()
        ? Nearest.to(value.stringValue(), words).map(w -> "Did you mean `" + w + "`?").orElse(null)
        : null;
  }

  private static @Nullable String typeHint(
      String pointer, JsonNode schema, JsonNode value, Findings findings) {
    String key = Pointers.last(pointer);
    String written = findings.source().written(pointer);
    boolean scalar = value.isNumber() || value.isBoolean();
    if (scalar && isPlainText(schema) && !written.isEmpty()) {
      return "Write %s: \"%s\".".formatted(key, written);
    }
    if (allows(schema, "array") && value.isString()) {
      return "Write %s: [%s].".formatted(key, Quoting.shown(value.stringValue()));
    }
    if (isPlainText(schema) && value.isObject()) {
      return "Quote the text, or write it below `" + key + ": |`.";
    }
    return example(key, schema);
  }

  /** Whether any text is fine. */
  private static boolean isPlainText(JsonNode schema) {
    return allows(schema, "string") && !schema.has("patternErrorMessage");
  }

  private static boolean allows(JsonNode schema, String type) {
    JsonNode allowed = schema.path("type");
    if (allowed.isString()) {
      return allowed.stringValue().equals(type);
    }
    for (JsonNode each : allowed) {
      if (each.stringValue().equals(type)) {
        return true;
      }
    }
    return false;
  }
}
