package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Checks values whose texts may hold {@code ${...}} against a schema as far as that can be told
 * before the run: literal parts by validation, computed parts by their types.
 */
final class ValueCheck {
  private static final String CUT = "${";

  private final Validator validator;
  private final Report report;

  ValueCheck(Validator validator, Report report) {
    this.validator = validator;
    this.report = report;
  }

  /**
   * Checks the {@code with} of a step.
   *
   * @param what takes the arguments, for messages
   * @param type JSON Schema of the value with its expressions evaluated, as far as known
   * @param step pointer of the step
   */
  void arguments(String what, JsonNode schema, JsonNode with, JsonNode type, String step) {
    String pointer = step + "/with";
    Set<String> told = new HashSet<>();
    for (JsonNode name : schema.path("required")) {
      if (!with.has(name.asString(""))) {
        told.add(name.asString(""));
        absent(what, name.asString(""), schema, with.isEmpty() ? step : pointer);
      }
    }
    for (Map.Entry<String, JsonNode> argument : with.properties()) {
      if (unknown(what, argument.getKey(), schema, pointer)) {
        told.add(argument.getKey());
      }
    }
    if (told.isEmpty()) {
      fits("the arguments of " + what, schema, with, type, pointer);
    }
  }

  /** Checks a value as a whole where it is literal, else part by part. */
  void fits(String what, JsonNode schema, JsonNode value, JsonNode type, String pointer) {
    if (isLiteral(value)) {
      violations(what, validator.validate(schema, value), pointer);
      return;
    }
    JsonNode expected = Shapes.resolve(schema, schema);
    if (!value.isObject()) {
      if (value.isString()) {
        types(what, expected, type, pointer);
      }
      return;
    }
    for (Map.Entry<String, JsonNode> part : value.properties()) {
      JsonNode partSchema = expected.path("properties").get(part.getKey());
      if (partSchema != null) {
        fits(
            what,
            Shapes.rooted(schema, partSchema),
            part.getValue(),
            Shapes.rooted(type, type.path("properties").path(part.getKey())),
            Pointers.child(pointer, part.getKey()));
      }
    }
  }

  private void types(String what, JsonNode expected, JsonNode found, String pointer) {
    Optional<Shapes.Conflict> conflict = Shapes.conflict(expected, found);
    if (conflict.isPresent()) {
      report.invalid(
          Rule.WRONG_TYPE,
          pointer,
          "Expected %s in %s, found %s."
              .formatted(conflict.get().expected(), what, conflict.get().found()),
          null);
      return;
    }
    Supply.misfit(expected, found)
        .ifPresent(
            misfit ->
                report.invalid(
                    Rule.UNFIT_VALUE,
                    pointer,
                    "The value does not fit %s: %s.".formatted(what, misfit.text()),
                    misfit.hint()));
  }

  private void violations(String what, List<Violation> violations, String pointer) {
    for (Violation violation : violations) {
      report.invalid(
          Rule.WRONG_VALUE,
          pointer + violation.pointer(),
          "A value in " + what + " does not fit: " + violation.text() + ".",
          null);
    }
  }

  private void absent(String what, String name, JsonNode schema, String pointer) {
    JsonNode argument = schema.path("properties").path(name);
    String description = argument.path("description").asString("");
    report.invalidKey(
        Rule.MISSING_ARGUMENT,
        pointer,
        "Argument `%s` (%s) of %s is missing.".formatted(name, Shapes.word(argument), what),
        description.isEmpty() ? null : "`" + name + "`: " + description);
  }

  private boolean unknown(String what, String name, JsonNode schema, String pointer) {
    JsonNode properties = schema.path("properties");
    if (properties.has(name) || properties.isEmpty() || schema.has("patternProperties")) {
      return false;
    }
    List<String> names = new ArrayList<>(properties.propertyNames());
    String message = "There is no argument `%s` of %s.".formatted(name, what);
    String at = Pointers.child(pointer, name);
    if (schema.path("additionalProperties").isBoolean()
        && !schema.path("additionalProperties").booleanValue()) {
      report.invalidKey(Rule.UNKNOWN_ARGUMENT, at, message, Nearest.hint(name, names));
      return true;
    }
    Nearest.to(name, names)
        .ifPresent(
            near ->
                report.warning(Rule.UNKNOWN_ARGUMENT, at, message, "Did you mean `" + near + "`?"));
    return false;
  }

  private static boolean isLiteral(JsonNode value) {
    if (value.isString()) {
      return !value.stringValue().contains(CUT);
    }
    for (JsonNode child : value) {
      if (!isLiteral(child)) {
        return false;
      }
    }
    return true;
  }
}
