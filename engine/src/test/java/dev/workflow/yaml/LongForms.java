package dev.workflow.yaml;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random workflows in long form, all of them sound. */
final class LongForms {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private LongForms() {}

  static Arbitrary<ObjectNode> documents() {
    Arbitrary<List<ObjectNode>> steps = step().list().ofMinSize(1).ofMaxSize(6);
    Arbitrary<JsonNode> fields = fields();
    return Combinators.combine(steps, fields, top(), value()).as(LongForms::document);
  }

  private static ObjectNode document(
      List<ObjectNode> steps, JsonNode inputs, ObjectNode top, JsonNode output) {
    ObjectNode document = NODES.objectNode();
    document.setAll(top);
    document.set("inputs", inputs);
    ObjectNode map = document.putObject("steps");
    for (int i = 0; i < steps.size(); i++) {
      map.set("step" + i, steps.get(i));
    }
    document.putObject("outputs").set("all", output);
    return document;
  }

  private static Arbitrary<ObjectNode> top() {
    return some(
        List.of(
            "{\"name\":\"n\"}",
            "{\"version\":\"1.10\"}",
            "{\"description\":\"d\"}",
            "{\"models\":{\"a\":[\"openai/x\",{\"model\":\"anthropic/y\",\"temperature\":0.5}],\"b\":\"ollama/z\"}}",
            "{\"simulate\":\"answers.yaml\"}",
            "{\"mcp\":{\"s\":{\"command\":\"c\",\"args\":[1]}}}",
            "{\"agents\":{\"p\":{\"model\":\"a\",\"servers\":[\"s\"],\"policy\":{\"deterministic\":true}}}}",
            "{\"bindings\":{\"w\":\"s/t\"}}",
            "{\"limits\":{\"concurrency\":3,\"time\":\"5m\",\"tool_calls\":\"5k\"}}"));
  }

  private static Arbitrary<ObjectNode> step() {
    Arbitrary<ObjectNode> verb =
        Combinators.combine(
                Arbitraries.of(
                    "agent", "inline", "skill", "capability", "tool", "ask", "set", "wait", "fail"),
                value(),
                fields())
            .as(LongForms::verb);
    Arbitrary<ObjectNode> keys =
        some(
            List.of(
                "{\"when\":\"x and y\"}",
                "{\"needs\":[\"step0\",\"step1?\"]}",
                "{\"each\":\"e in list\",\"concurrency\":\"2\",\"key\":\"e.id\"}",
                "{\"revise\":{\"step\":\"step0\",\"when\":\"a.b\",\"max\":3,\"else\":\"continue\"}}",
                "{\"output\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}}",
                "{\"output\":{\"a\":\"string\",\"b?\":[\"number\"]}}",
                "{\"retry\":{\"max\":2,\"backoff\":\"100ms..2s\",\"on\":[\"timeout\"]}}",
                "{\"timeout\":\"20s\"}",
                "{\"on_error\":\"continue\"}",
                "{\"on_error\":{\"output\":{\"x\":[1,null]}}}",
                "{\"effects\":\"read\"}"));
    return Combinators.combine(verb, keys)
        .as(
            (first, more) -> {
              ObjectNode step = NODES.objectNode();
              step.setAll(first);
              step.setAll(more);
              return step;
            });
  }

  private static ObjectNode verb(String verb, JsonNode value, JsonNode fields) {
    ObjectNode step = NODES.objectNode();
    ObjectNode with = NODES.objectNode();
    with.set("v", value);
    switch (verb) {
      case "agent" -> step.put("agent", "p").put("prompt", "do {x}: \"it\" # now");
      case "inline" -> {
        step.putObject("agent").put("instructions", "i");
        step.put("prompt", "p").putArray("context").add("step0");
      }
      case "tool" -> step.put("tool", "s/t").set("with", with);
      case "skill", "capability" -> step.put(verb, "name").set("with", with);
      case "ask" -> step.put("ask", "well?").set("form", fields);
      case "set" -> step.set("set", value);
      case "wait" -> step.put("wait", "20s");
      default -> step.put("fail", "no");
    }
    return step;
  }

  private static Arbitrary<JsonNode> fields() {
    return Arbitraries.of(
            "{\"a\":\"string\"}",
            "{\"a\":[\"number\"],\"b?\":\"any\"}",
            "{\"a\":{\"type\":\"integer\",\"default\":3}}",
            "{\"a\":{\"nested\":{\"deep\":\"boolean\"}}}",
            "{\"a\":{\"enum\":[1,\"x\",null]}}")
        .map(Yaml::json);
  }

  private static Arbitrary<JsonNode> value() {
    Arbitrary<JsonNode> leaf =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(12).map(LongForms::printable).map(NODES::stringNode),
            Arbitraries.integers().map(NODES::numberNode),
            Arbitraries.longs().map(l -> Yaml.json(l.toString())),
            Arbitraries.doubles().map(d -> Yaml.json(Double.toString(d))),
            Arbitraries.of("true", "false", "null", "[]", "{}", "\"${a.b}\"", "\"yes\"")
                .map(Yaml::json));
    return Arbitraries.lazyOf(
        () -> leaf,
        () -> leaf,
        () ->
            value()
                .list()
                .ofMaxSize(3)
                .map(
                    list -> {
                      ArrayNode array = NODES.arrayNode();
                      list.forEach(array::add);
                      return array;
                    }),
        () ->
            Combinators.combine(
                    Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(5), value())
                .as((key, value) -> (JsonNode) NODES.objectNode().set(key, value)));
  }

  /** Without what YAML does not allow in a text. */
  private static String printable(String text) {
    return text.codePoints()
        .filter(c -> c >= 0x20 && c < 0xD800 && !(c >= 0x7F && c < 0xA0))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Some of the entries, in their order. */
  private static Arbitrary<ObjectNode> some(List<String> entries) {
    return Arbitraries.subsetOf(entries)
        .map(
            chosen -> {
              ObjectNode map = NODES.objectNode();
              entries.stream()
                  .filter(chosen::contains)
                  .map(Yaml::json)
                  .forEach(e -> map.setAll((ObjectNode) e));
              return map;
            });
  }
}
