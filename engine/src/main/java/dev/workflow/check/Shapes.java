package dev.workflow.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Compares what two JSON Schemas say of the kind of a value. What is not plain is no conflict. */
final class Shapes {
  private static final int REFERENCES_MAX = 20;
  private static final Set<String> DEFINITIONS = Set.of("$defs", "definitions");

  private Shapes() {}

  /** Two kinds that no value has both. */
  record Conflict(String expected, String found) {}

  /** How no value of one schema can fit the other. */
  static Optional<Conflict> conflict(JsonNode expected, JsonNode found) {
    Set<String> wanted = kinds(resolve(expected, expected));
    Set<String> given = kinds(resolve(found, found));
    if (wanted.isEmpty() || given.isEmpty()) {
      return Optional.empty();
    }
    if (given.stream().anyMatch(kind -> wanted.stream().anyMatch(want -> fits(kind, want)))) {
      return Optional.empty();
    }
    return Optional.of(new Conflict(words(wanted), words(given)));
  }

  /** Whether an object may fit the schema, as far as that can be told. */
  static boolean admitsObject(JsonNode schema) {
    Set<String> kinds = kinds(schema);
    return kinds.isEmpty() || kinds.contains("object");
  }

  /** A number may turn out to be whole, a whole number is one. */
  private static boolean fits(String given, String wanted) {
    return given.equals(wanted)
        || (given.equals("integer") && wanted.equals("number"))
        || (given.equals("number") && wanted.equals("integer"));
  }

  /** The kinds of value that a schema allows; none: it does not say. */
  private static Set<String> kinds(JsonNode schema) {
    Set<String> kinds = new TreeSet<>();
    JsonNode type = schema.path("type");
    if (type.isString()) {
      kinds.add(type.stringValue());
    }
    type.forEach(each -> kinds.add(each.asString("")));
    return kinds;
  }

  /** What a schema asks for, in a word. */
  static String word(JsonNode schema) {
    Set<String> kinds = kinds(schema);
    return kinds.isEmpty() ? "any value" : words(kinds);
  }

  private static String words(Set<String> kinds) {
    List<String> words = new ArrayList<>();
    kinds.forEach(kind -> words.add(kind.equals("array") ? "list" : kind));
    return String.join(" or ", words);
  }

  /** A schema without a reference at its top, where its root knows what is meant. */
  static JsonNode resolve(JsonNode root, JsonNode schema) {
    JsonNode resolved = schema;
    for (int i = 0; i < REFERENCES_MAX && resolved.path("$ref").isString(); i++) {
      String reference = resolved.path("$ref").stringValue();
      if (!reference.startsWith("#/")) {
        return JsonNodeFactory.instance.objectNode();
      }
      resolved = root.at(reference.substring(1));
    }
    return resolved;
  }

  /** A part of a schema with the definitions of its root. */
  static JsonNode rooted(JsonNode root, JsonNode part) {
    if (!part.isObject() || DEFINITIONS.stream().noneMatch(root::has)) {
      return part;
    }
    ObjectNode rooted = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : part.properties()) {
      rooted.set(entry.getKey(), entry.getValue());
    }
    for (String keyword : DEFINITIONS) {
      if (root.has(keyword)) {
        rooted.set(keyword, root.get(keyword));
      }
    }
    return rooted;
  }
}
