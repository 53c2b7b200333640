package dev.workflow.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The difference of two runs for people: {@code -} stands before what the first has, {@code +} the
 * second.
 */
final class DiffText {
  private static final int WIDTH = 160;

  private final List<String> lines = new ArrayList<>();

  private DiffText() {}

  static List<String> of(JsonNode diff) {
    DiffText text = new DiffText();
    String a = diff.path("a").asString("");
    String b = diff.path("b").asString("");
    if (diff.path("same").asBoolean()) {
      return List.of("Runs " + a + " and " + b + " do not differ.");
    }
    text.lines.add("- run " + a);
    text.lines.add("+ run " + b);
    text.pair("status", diff.path("status"));
    text.values("inputs", diff.path("inputs"));
    for (Map.Entry<String, JsonNode> step : diff.path("steps").properties()) {
      text.step(step.getKey(), step.getValue());
    }
    text.values("outputs", diff.path("outputs"));
    for (Map.Entry<String, JsonNode> resource : diff.path("usage").properties()) {
      text.pair("usage " + resource.getKey(), resource.getValue());
    }
    return text.lines;
  }

  private void step(String path, JsonNode step) {
    if (step.has("only")) {
      String mark = step.get("only").asString("").equals("a") ? "- " : "+ ";
      add(mark + "step " + path + "  " + step.path("status").asString(""));
      return;
    }
    for (String key : List.of("status", "attempts", "injected", "error")) {
      pair("step " + path + " " + key, step.path(key));
    }
    values("step " + path + " output", step.path("output"));
  }

  private void values(String what, JsonNode differences) {
    for (JsonNode one : differences) {
      String pointer = one.path("pointer").asString("");
      pair(what + (pointer.isEmpty() ? "" : " " + pointer), one);
    }
  }

  private void pair(String what, JsonNode pair) {
    if (pair.has("a")) {
      add("- " + what + ": " + pair.get("a"));
    }
    if (pair.has("b")) {
      add("+ " + what + ": " + pair.get("b"));
    }
  }

  private void add(String line) {
    lines.add(Printable.indented(line, WIDTH));
  }
}
