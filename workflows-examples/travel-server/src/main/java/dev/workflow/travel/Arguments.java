package dev.workflow.travel;

import dev.workflow.travel.data.Refusal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The arguments of one call, read as the tool's input schema says. */
final class Arguments {
  static final int FIRST_YEAR = 1900;
  static final int LAST_YEAR = 2100;

  private final ObjectNode given;

  /**
   * Arguments of a tool that takes those in {@code known}.
   *
   * @throws Refusal if an argument is given that is not in {@code known}
   */
  Arguments(ObjectNode given, Set<String> known) {
    this.given = given;
    for (String name : given.propertyNames()) {
      if (!known.contains(name)) {
        throw new Refusal(
            "unknown argument \"%s\": expected one of %s".formatted(name, sorted(known)));
      }
    }
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  boolean has(String name) {
    JsonNode value = given.path(name);
    return !value.isMissingNode() && !value.isNull();
  }

  String text(String name) {
    JsonNode value = given.path(name);
    if (!value.isString() || value.asString().isBlank()) {
      throw wrong(name, "a text", value);
    }
    return value.asString().strip();
  }

  String choice(String name, List<String> choices) {
    JsonNode value = given.path(name);
    if (!value.isString() || !choices.contains(value.asString())) {
      throw wrong(name, "one of " + String.join(", ", choices), value);
    }
    return value.asString();
  }

  /** A number above 0 and at most {@code max}. */
  double positive(String name, double max) {
    JsonNode value = given.path(name);
    if (!value.isNumber() || !(value.asDouble() > 0) || value.asDouble() > max) {
      throw wrong(name, "a number above 0 and at most %.0f".formatted(max), value);
    }
    return value.asDouble();
  }

  /** A whole number from 1 to {@code max}. */
  int count(String name, int max) {
    JsonNode value = given.path(name);
    boolean whole = value.isNumber() && value.asDouble() == Math.rint(value.asDouble());
    if (!whole || value.asDouble() < 1 || value.asDouble() > max) {
      throw wrong(name, "a whole number from 1 to " + max, value);
    }
    return (int) value.asDouble();
  }

  /** A calendar date from 1900-01-01 to 2100-12-31, written {@code YYYY-MM-DD}. */
  LocalDate date(String name) {
    JsonNode value = given.path(name);
    String expected =
        "a calendar date YYYY-MM-DD from %d-01-01 to %d-12-31".formatted(FIRST_YEAR, LAST_YEAR);
    if (!value.isString() || !value.asString().matches("\\d{4}-\\d{2}-\\d{2}")) {
      throw wrong(name, expected, value);
    }
    try {
      LocalDate date = LocalDate.parse(value.asString());
      if (date.getYear() >= FIRST_YEAR && date.getYear() <= LAST_YEAR) {
        return date;
      }
    } catch (DateTimeException e) {
      throw wrong(name, expected, value);
    }
    throw wrong(name, expected, value);
  }

  private static Refusal wrong(String name, String expected, JsonNode found) {
    String shown = found.isMissingNode() ? "nothing" : found.toString();
    return new Refusal(
        "%s: expected %s, found %s"
            .formatted(name, expected, shown.length() > 80 ? shown.substring(0, 80) + "…" : shown));
  }
}
