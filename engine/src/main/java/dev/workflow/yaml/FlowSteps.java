package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import dev.workflow.yaml.FlowItem.Around;
import dev.workflow.yaml.FlowItem.Piece;
import dev.workflow.yaml.FlowItem.Verdict;
import dev.workflow.yaml.FlowItem.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the steps of the long form from the pieces of a flow, and remembers where each part stood.
 */
final class FlowSteps {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private final Origins origins;
  private final Findings findings;
  private final ObjectNode made = NODES.objectNode();

  FlowSteps(Origins origins, Findings findings) {
    this.origins = origins;
    this.findings = findings;
  }

  ObjectNode made() {
    return made;
  }

  /** Gives each piece an id: that of the step, else the name of the agent, numbered from 2. */
  Map<String, List<String>> name(List<FlowItem> items) {
    Set<String> taken = new HashSet<>();
    Set<Piece> claimed = new HashSet<>();
    for (FlowItem item : items) {
      if (item instanceof Work work) {
        work.pieces().stream()
            .filter(Piece::isStep)
            .filter(piece -> claim(piece, taken))
            .forEach(claimed::add);
      }
    }
    Map<String, List<String>> names = new HashMap<>();
    for (FlowItem item : items) {
      if (item instanceof Work work) {
        List<String> ids = new ArrayList<>();
        work.pieces()
            .forEach(piece -> ids.add(claimed.contains(piece) ? piece.name() : free(piece, taken)));
        names.put(work.pointer(), ids);
      }
    }
    return names;
  }

  private boolean claim(Piece piece, Set<String> taken) {
    boolean free = taken.add(piece.name());
    if (!free) {
      findings.key(
          Rule.DUPLICATE_KEY,
          piece.pointer(),
          "Expected another id for the step, found `%s` a second time.".formatted(piece.name()),
          "Give each step its own id.");
    }
    return free;
  }

  private static String free(Piece piece, Set<String> taken) {
    String name = Names.fixed(piece.name());
    String base = name.isEmpty() ? "step" : name;
    String id = base;
    for (int i = 2; !taken.add(id); i++) {
      id = base + "_" + i;
    }
    return id;
  }

  /**
   * Adds a step.
   *
   * @param shown ids of the steps whose outputs a person is to see
   */
  void add(
      String id, Piece piece, List<String> previous, List<String> earlier, List<String> shown) {
    String at = Pointers.child("/steps", id);
    ObjectNode step = NODES.objectNode();
    made.set(id, step);
    if (piece.isStep()) {
      origins.copied(at, piece.pointer());
    } else {
      origins.key(at, piece.pointer(), 0);
    }
    around("when", piece.when(), piece, step, at);
    around("each", piece.each(), piece, step, at);
    if (piece.isStep()) {
      piece.body().properties().forEach(e -> step.set(e.getKey(), e.getValue()));
    } else if (piece.asksPerson()) {
      String text = piece.body().asString("");
      step.put("ask", Mentions.any(text) ? text : text + outputs(shown));
      origins.copied(at + "/ask", piece.pointer());
    } else {
      step.put("agent", piece.name());
      step.set("prompt", piece.body());
      origins.copied(at + "/prompt", piece.pointer());
    }
    if (step.has("agent") && !step.has("context") && !earlier.isEmpty()) {
      step.set("context", ShortForm.list(earlier));
      origins.key(at + "/context", piece.pointer(), 0);
    }
    need(step, previous, piece.pointer(), at);
  }

  private void around(
      String key, @Nullable Around around, Piece piece, ObjectNode step, String at) {
    if (around == null) {
      return;
    }
    if (piece.body().has(key)) {
      findings.key(
          Rule.FLOW_ITEM,
          Pointers.child(piece.pointer(), key),
          "Expected one `%s` for `%s`, found one inside the step too.".formatted(key, piece.name()),
          "Keep one of them.");
      return;
    }
    step.put(key, around.text());
    origins.key(at + "/" + key, around.pointer(), around.at());
  }

  private static String outputs(List<String> shown) {
    StringBuilder out = new StringBuilder();
    for (String id : shown) {
      out.append("\n\n").append(id).append(":\n${coalesce(").append(id).append(", \"(none)\")}");
    }
    return out.toString();
  }

  private void need(ObjectNode step, List<String> previous, String pointer, String at) {
    if (previous.isEmpty()) {
      return;
    }
    JsonNode own = step.path("needs");
    if (!own.isMissingNode() && !own.isArray()) {
      return;
    }
    Set<String> named = new HashSet<>();
    own.forEach(need -> named.add(need.asString("").replace("?", "")));
    ArrayNode needs = NODES.arrayNode();
    own.forEach(needs::add);
    previous.stream()
        .filter(id -> !named.contains(id))
        .forEach(
            id -> {
              origins.key(Pointers.child(at + "/needs", needs.size()), pointer, 0);
              needs.add(id + "?");
            });
    if (own.isMissingNode()) {
      origins.key(at + "/needs", pointer, 0);
    }
    step.set("needs", needs);
  }

  /**
   * Makes a step the judge of a verdict.
   *
   * @return whether it was none before
   */
  boolean revise(String judge, Verdict verdict, boolean personFollows) {
    ObjectNode step = (ObjectNode) made.path(judge);
    if (step.has("revise")) {
      return false;
    }
    String at = Pointers.child("/steps", judge) + "/revise";
    ObjectNode revise = step.putObject("revise");
    revise.put("step", verdict.target()).put("when", verdict.condition());
    if (personFollows) {
      revise.put("else", "continue");
    }
    origins.value(at, verdict.pointer(), 0);
    origins.value(at + "/step", verdict.pointer(), verdict.targetAt());
    origins.value(at + "/when", verdict.pointer(), verdict.at());
    return true;
  }

  /** A judge whose agent has no skill answers what the condition reads. */
  void deriveOutput(String judge, Verdict verdict, JsonNode agents) {
    ObjectNode step = (ObjectNode) made.path(judge);
    JsonNode agent = step.path("agent");
    JsonNode described = agent.isString() ? agents.path(agent.stringValue()) : agent;
    if (agent.isMissingNode() || step.has("output") || described.has("skill")) {
      return;
    }
    ObjectNode output = JudgeOutput.of(verdict.condition(), judge);
    if (output != null) {
      step.set("output", output);
      origins.value(Pointers.child("/steps", judge) + "/output", verdict.pointer(), verdict.at());
    }
  }
}
