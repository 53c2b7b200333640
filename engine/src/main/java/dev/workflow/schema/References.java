package dev.workflow.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.workflow.engine.Validator.Violation;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Finds the references of a schema that lead nowhere, and the place of each. */
final class References {
  private static final Set<String> KEYWORDS = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  /** Their values are data, not schemas. */
  private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

  private record Reference(String pointer, String keyword, String target) {}

  private References() {}

  /** References by path within a schema that has no other resources inside. */
  static List<Violation> dangling(JsonNode schema) {
    if (!schema.path("$id").isMissingNode() || !schema.findValues("$id").isEmpty()) {
      return List.of();
    }
    List<Violation> found = new ArrayList<>();
    for (Reference reference : all(schema)) {
      if (reference.target().startsWith("#/") && !exists(schema, reference.target().substring(1))) {
        found.add(missing(reference));
      }
    }
    return found;
  }

  /** The reference that a library's complaint is about. */
  static Violation unresolved(JsonNode schema, String complaint) {
    Optional<Reference> culprit =
        all(schema).stream().filter(r -> complaint.contains(bare(r.target()))).findFirst();
    if (culprit.isEmpty()) {
      return new Violation("", "$schema", "", complaint);
    }
    Reference reference = culprit.get();
    return reference.target().startsWith("#") ? missing(reference) : remote(reference);
  }

  private static Violation missing(Reference reference) {
    String message = "expected a part of this schema, found \"" + reference.target() + "\"";
    return new Violation(reference.pointer(), reference.keyword(), "", message);
  }

  private static Violation remote(Reference reference) {
    String message =
        "expected a part of this schema, found \""
            + reference.target()
            + "\", and nothing is fetched; copy it under $defs";
    return new Violation(reference.pointer(), reference.keyword(), "", message);
  }

  private static String bare(String target) {
    return target.startsWith("#") ? target.substring(1) : target;
  }

  private static boolean exists(JsonNode schema, String pointer) {
    try {
      String decoded = URLDecoder.decode(pointer.replace("+", "%2B"), UTF_8);
      return !schema.at(JsonPointer.compile(decoded)).isMissingNode();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<Reference> all(JsonNode schema) {
    List<Reference> found = new ArrayList<>();
    collect(schema, "", found);
    return found;
  }

  private static void collect(JsonNode node, String pointer, List<Reference> found) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      String place = Pointers.child(pointer, name);
      if (KEYWORDS.contains(name) && value.isString()) {
        found.add(new Reference(place, name, value.asString()));
      } else if (!DATA.contains(name)) {
        collect(value, place, found);
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.path(i), pointer + "/" + i, found);
    }
  }
}
