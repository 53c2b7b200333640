package dev.workflow.yaml;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Rule;
import dev.workflow.engine.ServerMethods;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the prompts of servers out that are the instructions of agents: {@code instructions:
 * {prompt: docs/style}} becomes a step of the outermost graph that gets the prompt, and {@code
 * instructions: {step: ...}}. What runs such an agent waits for that step; in a plan that a model
 * wrote, the step that runs the plan does.
 *
 * <p>The patterns of the document are written out already.
 */
final class ServerPrompts {
  private static final String INSTRUCTIONS = "instructions";
  private static final String PROMPT = "prompt";
  private static final String STEP = "step";

  private final ObjectNode document;
  private final Findings findings;
  private final Origins origins = new Origins();
  private final Set<String> taken;
  private final Map<String, JsonNode> made = new LinkedHashMap<>();

  /** The steps that something in the document waits for. */
  private final Set<String> needed = new HashSet<>();

  ServerPrompts(ObjectNode document, Findings findings) {
    this.document = document;
    this.findings = findings;
    this.taken = Names.takenIn(document);
  }

  /** An agent with instructions that a step gives. */
  private record Instructed(String name, String step, String pointer) {}

  /**
   * Writes them out in the document.
   *
   * @return the findings so far, whose pointers are those of the document as it is now
   */
  Findings writeOut() {
    if (!(document.path("steps") instanceof ObjectNode steps)) {
      return findings;
    }
    List<Instructed> agents = new ArrayList<>();
    document
        .path("agents")
        .properties()
        .forEach(
            e -> read(e.getKey(), e.getValue(), Pointers.child("/agents", e.getKey()), agents));
    for (Map.Entry<String, JsonNode> step : steps.properties()) {
      String at = Pointers.child("/steps", step.getKey());
      List<Instructed> all = new ArrayList<>(agents);
      inline(step.getKey(), step.getValue(), at, all);
      if (step.getValue() instanceof ObjectNode map && !document.has(PlanHeader.KEY)) {
        all.stream()
            .filter(agent -> !agent.step().equals(step.getKey()) && runs(map, agent))
            .forEach(agent -> need(map, at, agent));
      }
    }
    made.keySet().retainAll(needed);
    steps.properties().forEach(e -> made.put(e.getKey(), e.getValue()));
    steps.removeAll();
    steps.setAll(made);
    return findings.over(origins.over(findings.source()));
  }

  /** The agents that are written inside a step, or inside one of its own steps. */
  private void inline(String id, JsonNode step, String at, List<Instructed> agents) {
    read(id, step.path("agent"), at + "/agent", agents);
    if (step.path("undo").isObject()) {
      inline(id, step.path("undo"), at + "/undo", agents);
    }
    for (Map.Entry<String, JsonNode> inner : step.path("steps").properties()) {
      String name = inner.getKey();
      inline(name, inner.getValue(), Pointers.child(at + "/steps", name), agents);
    }
  }

  private void read(String name, JsonNode agent, String at, List<Instructed> agents) {
    if (!(agent.path(INSTRUCTIONS) instanceof ObjectNode instructions)) {
      return;
    }
    String pointer = at + "/" + INSTRUCTIONS;
    boolean one = instructions.has(PROMPT) != instructions.has(STEP);
    if (findings.spokenAround(pointer)) {
      return;
    }
    if (!one || (instructions.has("with") && !instructions.has(PROMPT))) {
      findings.value(
          Rule.WRONG_VALUE,
          pointer,
          "Expected a text, {prompt: SERVER/NAME, with: {...}} or {step: ID}, found a map with %s."
              .formatted(
                  instructions.isEmpty()
                      ? "nothing in it"
                      : String.join(", ", instructions.propertyNames())),
          "Write `instructions: {prompt: docs/style}`, say.");
      return;
    }
    String prompt = Values.text(instructions, PROMPT);
    String written = pointer + "/" + (prompt == null ? STEP : PROMPT);
    if (prompt != null) {
      String step = make(name, prompt, instructions.path("with"), pointer);
      instructions.removeAll();
      instructions.put(STEP, step);
      origins.value(pointer + "/" + STEP, written, 0);
    }
    String step = Values.text(instructions, STEP);
    if (step != null) {
      agents.add(new Instructed(name, step, written));
    }
  }

  /** No planner may write anew what decides what an agent is told. */
  private String make(String agent, String prompt, JsonNode with, String pointer) {
    String id = Names.free(agent + "_" + INSTRUCTIONS, taken);
    String at = Pointers.child("/steps", id);
    String written = pointer + "/" + PROMPT;
    int slash = prompt.indexOf('/');
    ObjectNode step = JsonNodeFactory.instance.objectNode();
    step.put("tool", prompt.substring(0, slash + 1) + ServerMethods.GET_PROMPT);
    ObjectNode arguments = step.putObject("with").put("name", prompt.substring(slash + 1));
    origins.value(at, written, 0);
    origins.value(at + "/with/name", written, slash + 1);
    if (!with.isEmpty()) {
      arguments.set("arguments", with);
      origins.copied(at + "/with/arguments", pointer + "/with");
    }
    step.put("on_error", "fail");
    made.put(id, step);
    return id;
  }

  /** Whether a step, or one inside of it, may run the agent. */
  private boolean runs(JsonNode step, Instructed agent) {
    String named = Values.text(step, "agent", "");
    return named.equals(agent.name())
        || named.contains("${")
        || agent.step().equals(Values.text(step.path("agent").path(INSTRUCTIONS), STEP))
        || Values.text(step, "plan", "").equals(agent.name())
        || Values.texts(step.path("allow"), "agents").contains(agent.name())
        || replans(step.path("on_error"), agent)
        || replans(document.path("on_error"), agent)
        || (step.path("undo").isObject() && runs(step.path("undo"), agent))
        || step.path("steps").valueStream().anyMatch(inner -> runs(inner, agent));
  }

  private static boolean replans(JsonNode onError, Instructed agent) {
    return agent.name().equals(Values.text(onError, "replan"));
  }

  private void need(ObjectNode step, String at, Instructed agent) {
    needed.add(agent.step());
    JsonNode own = step.path("needs");
    if (Values.texts(step, "needs").contains(agent.step())
        || !(own.isMissingNode() || own.isArray())) {
      return;
    }
    ArrayNode needs = JsonNodeFactory.instance.arrayNode();
    own.forEach(needs::add);
    origins.value(Pointers.child(at + "/needs", needs.size()), agent.pointer(), 0);
    if (own.isMissingNode()) {
      origins.value(at + "/needs", agent.pointer(), 0);
    }
    step.set("needs", needs.add(agent.step()));
  }
}
