package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import dev.workflow.yaml.FlowItem.Around;
import dev.workflow.yaml.FlowItem.Piece;
import dev.workflow.yaml.FlowItem.Verdict;
import dev.workflow.yaml.FlowItem.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads the items of a {@code flow}. An item that cannot be read is reported and left out. */
final class FlowReader {

  private static final Rule RULE = Rule.FLOW_ITEM;
  private static final Pattern VERDICT =
      Pattern.compile(
          "\\s*if\\s+(\\S[\\s\\S]*?)\\s+then\\s+([A-Za-z_][A-Za-z0-9_-]*)\\.revise\\s*");
  private static final Pattern IF = Pattern.compile("\\s*if\\s+(\\S[\\s\\S]*)");
  private static final Pattern EACH = Pattern.compile("\\s*each\\s+(\\S[\\s\\S]*)");
  private final Findings findings;

  FlowReader(Findings findings) {
    this.findings = findings;
  }

  List<FlowItem> read(JsonNode flow) {
    List<FlowItem> items = new ArrayList<>();
    if (!flow.isArray() || flow.isEmpty()) {
      findings.value(
          Rule.WRONG_TYPE,
          "/flow",
          "Expected a list of items for `flow`, found %s.".formatted(Described.value(flow)),
          "Write one line `- agent: \"prompt\"` for each item.");
      return items;
    }
    for (int i = 0; i < flow.size(); i++) {
      FlowItem item = item(flow.get(i), Pointers.child("/flow", i));
      if (item != null) {
        items.add(item);
      }
    }
    return items;
  }

  private @Nullable FlowItem item(JsonNode item, String pointer) {
    if (item.isString()) {
      return verdict(item.stringValue(), pointer);
    }
    List<Piece> pieces =
        item.isArray() ? parallel(item, pointer, Around.NONE) : one(item, pointer, Around.NONE);
    return pieces.isEmpty() ? null : new Work(pointer, pieces);
  }

  private @Nullable Verdict verdict(String text, String pointer) {
    Matcher matcher = VERDICT.matcher(text);
    if (matcher.matches()) {
      return new Verdict(
          pointer,
          matcher.group(1),
          matcher.start(1),
          Names.fixed(matcher.group(2)),
          matcher.start(2));
    }
    boolean condition = IF.matcher(text).matches();
    findings.value(
        RULE,
        pointer,
        condition
            ? "Expected `if CONDITION then STEP.revise`, found %s.".formatted(Quoting.quoted(text))
            : "Expected an item such as `agent: \"prompt\"`, found %s."
                .formatted(Described.value(JsonNodeFactory.instance.stringNode(text))),
        condition
            ? "To run an item only on a condition, write `if CONDITION: {agent: \"prompt\"}`."
            : "Say who does it: `agent: " + Quoting.quoted(text) + "`.");
    return null;
  }

  private List<Piece> parallel(JsonNode list, String pointer, Around.Both around) {
    List<Piece> pieces = new ArrayList<>();
    if (list.isEmpty()) {
      findings.value(RULE, pointer, "Expected at least one item in the list, found none.", null);
    }
    for (int i = 0; i < list.size(); i++) {
      JsonNode element = list.get(i);
      String at = Pointers.child(pointer, i);
      if (element.isObject()) {
        pieces.addAll(one(element, at, around));
      } else {
        findings.value(
            RULE,
            at,
            "Expected an item such as `agent: \"prompt\"` in a parallel list, found %s."
                .formatted(Described.value(element)),
            null);
      }
    }
    return pieces;
  }

  /** A map with one entry. */
  private List<Piece> one(JsonNode item, String pointer, Around.Both around) {
    if (!item.isObject() || item.size() != 1) {
      notOne(item, pointer);
      return List.of();
    }
    Map.Entry<String, JsonNode> entry = item.properties().iterator().next();
    String key = entry.getKey();
    JsonNode value = entry.getValue();
    String at = Pointers.child(pointer, key);
    Matcher condition = IF.matcher(key);
    if (condition.matches()) {
      return conditional(value, at, condition, around);
    }
    Matcher loop = EACH.matcher(key);
    if (loop.matches()) {
      return each(value, at, loop, around);
    }
    return piece(key, value, at, around);
  }

  private void notOne(JsonNode item, String pointer) {
    boolean step = StepRules.VERBS.stream().anyMatch(item::has);
    findings.value(
        RULE,
        pointer,
        "Expected an item with one entry, such as `agent: \"prompt\"`, found %s."
            .formatted(item.size() > 1 ? item.size() + " entries" : Described.value(item)),
        step
            ? "Give the step an id: `my_step: {" + String.join(", ", item.propertyNames()) + "}`."
            : item.size() > 1
                ? "Begin each item with `- `, or write [a: \"...\", b: \"...\"] for items at the"
                    + " same time."
                : null);
  }

  private List<Piece> conditional(
      JsonNode value, String at, Matcher condition, Around.Both around) {
    String whole = findings.source().entry(at);
    if (!value.isContainer() && VERDICT.matcher(whole).matches()) {
      findings.key(
          Rule.YAML_COLON,
          at,
          "Expected one text, found a `: ` in it: unquoted, YAML takes it as `key: value`.",
          "Write - " + Quoting.quoted(whole) + ".");
      return List.of();
    }
    if (around.when() != null || around.each() != null) {
      return nested(at, "if");
    }
    String text = condition.group(1).stripTrailing();
    return body(value, at, new Around.Both(new Around(at, text, condition.start(1)), null));
  }

  private List<Piece> each(JsonNode value, String at, Matcher loop, Around.Both around) {
    if (around.each() != null) {
      return nested(at, "each");
    }
    String text = loop.group(1).stripTrailing();
    if (EachText.of(text) == null) {
      findings.key(
          RULE,
          at,
          "Expected `each x in EXPR`, found `each %s`.".formatted(Quoting.shown(text)),
          "Such as `each option in research.options: {planner: \"plan {option}\"}`.");
      return List.of();
    }
    return body(value, at, new Around.Both(around.when(), new Around(at, text, loop.start(1))));
  }

  private List<Piece> nested(String at, String word) {
    findings.key(
        RULE,
        at,
        "Expected an item such as `agent: \"prompt\"`, found another `%s`.".formatted(word),
        word.equals("if")
            ? "Join the conditions with `and`, or put `if` around `each`."
            : "Let one step make the list of all pairs.");
    return List.of();
  }

  private List<Piece> body(JsonNode value, String at, Around.Both around) {
    return value.isArray() ? parallel(value, at, around) : one(value, at, around);
  }

  private List<Piece> piece(String name, JsonNode value, String at, Around.Both around) {
    if (value.isObject() || findings.spokenOf(at) || isText(value)) {
      return value.isObject() || !isVerb(name, at)
          ? List.of(new Piece(at, name, value, around.when(), around.each()))
          : List.of();
    }
    findings.value(
        RULE,
        at,
        "Expected a text or a step for `%s`, found %s."
            .formatted(name, value.isString() ? "an empty text" : Described.value(value)),
        value.isValueNode() && !value.isNull() && !value.isString()
            ? "Write %s: \"%s\".".formatted(name, findings.source().written(at))
            : "Say what it is to do: `" + name + ": \"...\"`.");
    return List.of();
  }

  private static boolean isText(JsonNode value) {
    return value.isString() && !value.stringValue().isBlank();
  }

  /** {@code - tool: x}: a verb without the id of its step. */
  private boolean isVerb(String name, String at) {
    if (!StepRules.VERBS.contains(name)) {
      return false;
    }
    findings.key(
        RULE,
        at,
        "Expected the name of an agent, `user` or the id of a step, found the verb `%s`."
            .formatted(name),
        name.equals("ask")
            ? "Write `user: \"...\"`, or give the step an id: `approve: {ask: \"...\"}`."
            : "Give the step an id: `my_step: {" + name + ": ...}`.");
    return true;
  }
}
