package dev.workflow.check;

import dev.workflow.definition.Nearest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Whether a value that is passed on whole supplies what the other side requires, as far as both
 * schemas name their fields. What one of them leaves open fits.
 */
final class Supply {
  private static final int DEPTH_MAX = 10;

  /** Keywords that may bring in fields of their own. */
  private static final List<String> COMBINATORS =
      List.of("allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "$ref");

  private final JsonNode expectedRoot;
  private final JsonNode foundRoot;

  private Supply(JsonNode expectedRoot, JsonNode foundRoot) {
    this.expectedRoot = expectedRoot;
    this.foundRoot = foundRoot;
  }

  /** Why no value of one schema fits the other, and what to do. */
  record Misfit(String text, String hint) {}

  static Optional<Misfit> misfit(JsonNode expected, JsonNode found) {
    return new Supply(expected, found).misfit(expected, found, "", 0);
  }

  private Optional<Misfit> misfit(JsonNode wanted, JsonNode given, String path, int depth) {
    JsonNode expected = Shapes.resolve(expectedRoot, wanted);
    JsonNode found = Shapes.resolve(foundRoot, given);
    if (depth == DEPTH_MAX || !isOne(found, "object", "array")) {
      return Optional.empty();
    }
    if (isOne(found, "array")) {
      JsonNode items = found.path("items");
      return items.isObject() && expected.path("items").isObject()
          ? below(expected.path("items"), items, path + "[]", depth)
          : Optional.empty();
    }
    return fields(expected, found, path, depth);
  }

  private Optional<Misfit> fields(JsonNode expected, JsonNode found, String path, int depth) {
    JsonNode given = found.path("properties");
    for (JsonNode name : expected.path("required")) {
      String field = name.asString("");
      if (!given.has(field) && !given.isEmpty() && namesAll(found)) {
        return Optional.of(
            new Misfit(
                "`%s` is required, and it has only %s"
                    .formatted(at(path, field), String.join(", ", quoted(given))),
                Nearest.to(field, given.propertyNames())
                    .map(near -> "Is `" + near + "` meant? Pass the fields one by one.")
                    .orElse(
                        "Let the step that gives it have such a field, or pass the fields one by"
                            + " one.")));
      }
    }
    Set<String> promised = new HashSet<>();
    found.path("required").forEach(name -> promised.add(name.asString("")));
    for (Map.Entry<String, JsonNode> field : given.properties()) {
      String name = field.getKey();
      JsonNode taken = expected.path("properties").path(name);
      if (taken.isObject()) {
        Optional<Misfit> inside = below(taken, field.getValue(), at(path, name), depth);
        if (inside.isPresent()) {
          return inside;
        }
      } else if (taken.isMissingNode() && promised.contains(name) && isClosed(expected)) {
        return Optional.of(
            new Misfit(
                "it has `%s`, which is refused".formatted(at(path, name)),
                "Pass the fields that are wanted one by one."));
      }
    }
    return Optional.empty();
  }

  private Optional<Misfit> below(JsonNode expected, JsonNode found, String path, int depth) {
    return Shapes.conflict(Shapes.rooted(expectedRoot, expected), Shapes.rooted(foundRoot, found))
        .map(
            conflict ->
                new Misfit(
                    "`%s` is to be %s and is %s"
                        .formatted(path, conflict.expected(), conflict.found()),
                    "Pass the fields one by one, or give the two one type."))
        .or(() -> misfit(expected, found, path, depth + 1));
  }

  /** Whether there are no fields besides those that are named, as expressions take it. */
  private static boolean namesAll(JsonNode schema) {
    JsonNode others = schema.path("additionalProperties");
    return !others.isObject()
        && !others.asBoolean(false)
        && !schema.has("patternProperties")
        && COMBINATORS.stream().noneMatch(schema::has);
  }

  private static boolean isClosed(JsonNode schema) {
    JsonNode others = schema.path("additionalProperties");
    return others.isBoolean() && !others.booleanValue() && namesAll(schema);
  }

  private static boolean isOne(JsonNode schema, String... types) {
    String type = schema.path("type").asString(schema.has("properties") ? "object" : "");
    return List.of(types).contains(type);
  }

  private static List<String> quoted(JsonNode fields) {
    return fields.propertyNames().stream().map(name -> "`" + name + "`").toList();
  }

  private static String at(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
