package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.yaml.Spot.Span;
import dev.workflow.yaml.Spot.Style;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds what is sound YAML and surely not what the author meant: braces and colons that made a map
 * of a text, and comments that cut one. The tree is repaired, so that the rest can be checked.
 */
final class TreeTraps {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Keys of a step whose value is text. */
  private static final Set<String> TEXTS =
      Set.of("prompt", "criteria", "ask", "fail", "when", "each", "key", "enough", "wait");

  /** Those that are written for people and models, where a number sign is likely. */
  private static final Set<String> PROSE = Set.of("prompt", "criteria", "ask", "fail");

  /** Maps of types: braces there are meant as braces. */
  private static final Set<String> TYPES = Set.of("inputs", "form", "output");

  private final YamlTree tree;
  private final SourceText text;
  private final Findings findings;

  TreeTraps(YamlTree tree) {
    this.tree = tree;
    this.text = tree.source().text();
    this.findings = new Findings(tree.source());
    findings.addAll(tree.problems());
  }

  Findings findings() {
    return findings;
  }

  /** A copy of the tree in which such values are the texts they were meant as. */
  JsonNode repair() {
    JsonNode value = tree.value();
    return value == null ? NODES.nullNode() : repair(value, tree.source().root(), "");
  }

  private JsonNode repair(JsonNode value, Spot spot, String pointer) {
    if (tree.broken().contains(spot.value().start())) {
      findings.silence(pointer);
    }
    List<String> path = Pointers.tokens(pointer);
    if (value.isObject()) {
      return repairMap(value, spot, pointer, path);
    }
    if (value.isArray()) {
      ArrayNode list = NODES.arrayNode();
      for (int i = 0; i < value.size(); i++) {
        list.add(
            repair(value.get(i), child(spot, Integer.toString(i)), Pointers.child(pointer, i)));
      }
      return list;
    }
    if (value.isString() && spot.value().style() == Style.PLAIN && isProse(path)) {
      reportComment(spot.value(), pointer);
    }
    return value;
  }

  private static Spot child(Spot spot, String key) {
    Spot child = spot.children().get(key);
    return child == null ? spot : child;
  }

  private JsonNode repairMap(JsonNode value, Spot spot, String pointer, List<String> path) {
    if (!isTypes(path) && isBare(spot)) {
      return repairBraces(spot, pointer);
    }
    if (isText(path) && value.size() == 1 && spot.value().style() == Style.BLOCK) {
      return repairColon(value, spot, pointer);
    }
    ObjectNode map = NODES.objectNode();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String key = entry.getKey();
      map.set(key, repair(entry.getValue(), child(spot, key), Pointers.child(pointer, key)));
    }
    return map;
  }

  /** {@code {name}}: a flow map whose keys have neither value nor colon. */
  private boolean isBare(Spot spot) {
    return spot.value().style() == Style.FLOW
        && !spot.children().isEmpty()
        && spot.children().values().stream().allMatch(this::isBareEntry);
  }

  private boolean isBareEntry(Spot entry) {
    if (entry.key() == null || entry.value().style() != Style.NOTHING) {
      return false;
    }
    int at = entry.key().end();
    while (text.at(at) == ' ') {
      at++;
    }
    return text.at(at) != ':' && text.at(entry.key().start() - 2) != '?';
  }

  private JsonNode repairBraces(Spot spot, String pointer) {
    String written = text.text().substring(spot.value().start(), spot.value().end());
    String key = spot.key() == null ? "" : spot.key().text() + ": ";
    findings.value(
        Rule.YAML_BRACES,
        pointer,
        "Expected text, found `%s`: unquoted, YAML takes braces as a map."
            .formatted(Quoting.shown(written)),
        "Write %s%s.".formatted(key, Quoting.quoted(written)));
    return NODES.stringNode(written);
  }

  /** {@code prompt:} with {@code find: x} in the next line. */
  private JsonNode repairColon(JsonNode value, Spot spot, String pointer) {
    Map.Entry<String, Spot> only = spot.children().entrySet().iterator().next();
    JsonNode rest = value.path(only.getKey());
    if (!rest.isValueNode() || only.getValue().key() == null) {
      return value;
    }
    String written = tree.source().entry(Pointers.child(pointer, only.getKey()));
    String name = Pointers.last(pointer);
    int at = only.getValue().key().end();
    findings.add(
        only.getKey().contains(" ? ")
            ? SyntaxTraps.question(text, at, name, written)
            : SyntaxTraps.secondColon(text, at, name, written),
        pointer);
    return NODES.stringNode(written);
  }

  /**
   * A comment right behind a prompt. With two spaces or more before it, it is one as people write
   * them; with one space and no space behind the sign, it was meant as text.
   */
  private void reportComment(Span value, String pointer) {
    String rest = text.restOfLine(value.end());
    if (!rest.startsWith(" #") || rest.startsWith(" #!")) {
      return;
    }
    Place place = text.place(value.end() + 1);
    String whole = value.text() + rest.stripTrailing();
    String hint = "Write " + Quoting.quoted(whole) + ".";
    if (rest.length() > 2 && !Character.isWhitespace(rest.charAt(2)) && rest.charAt(2) != '#') {
      findings.add(
          Problem.invalid(
              Rule.YAML_COMMENT,
              place,
              "Expected the rest of the text, found a comment: ` #` ends an unquoted text.",
              hint),
          pointer);
    } else {
      findings.warning(
          Rule.YAML_COMMENT,
          place,
          "The text ends before ` #`; what follows is a comment.",
          "If it is part of the text, quote the whole; if not, put two spaces before `#`.");
    }
  }

  private static boolean isTypes(List<String> path) {
    return path.stream().anyMatch(TYPES::contains);
  }

  private static boolean isText(List<String> path) {
    int size = path.size();
    if (size == 4 && path.get(2).equals("revise")) {
      return path.getFirst().equals("steps") && path.get(3).equals("when");
    }
    return isStepKey(path) && TEXTS.contains(path.getLast());
  }

  private static boolean isProse(List<String> path) {
    if (isStepKey(path) && PROSE.contains(path.getLast())) {
      return true;
    }
    // An item of the short form: agent or user, bare or in a parallel list or below each and if.
    return path.size() >= 3
        && path.size() <= 4
        && path.getFirst().equals("flow")
        && !(path.size() == 4 && TEXTS.contains(path.getLast()));
  }

  /**
   * {@code steps.ID.KEY}, {@code steps.ID.PATTERN.KEY}, or the first in an item of the short form.
   */
  private static boolean isStepKey(List<String> path) {
    return (path.size() == 3 && path.getFirst().equals("steps"))
        || (path.size() == 4
            && path.getFirst().equals("steps")
            && Patterns.WORDS.contains(path.get(2)))
        || (path.size() >= 4 && path.size() <= 5 && path.getFirst().equals("flow"));
  }
}
