package dev.workflow.yaml;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Validator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the long form, whose structure was checked, into a {@link Workflow}. What is wrong is
 * reported; the rest is read all the same, so that one pass finds as much as possible.
 */
final class LongForm {

  private final ObjectNode document;
  private final Findings findings;
  private final FieldMaps fields;
  private final Map<String, Agent> agents = new LinkedHashMap<>();

  LongForm(ObjectNode document, Findings findings, Validator validator) {
    this.document = document;
    this.findings = findings;
    this.fields = new FieldMaps(findings, validator);
  }

  Workflow read() {
    document.path("agents").properties().forEach(e -> agents.put(e.getKey(), agent(e)));
    List<Step> steps =
        new GraphReader(inputNames(), onError(), findings, fields, this::addInline)
            .read(document.path("steps"), "/steps");
    return new Workflow(
        Values.text(document, "name", "workflow"),
        Values.text(document, "version"),
        Values.text(document, "description"),
        fields.object(document.path("inputs"), "/inputs", true),
        models(),
        Values.text(document, "simulate"),
        entries("mcp"),
        agents,
        bindings(),
        limits(),
        steps,
        entries("outputs"),
        document);
  }

  /** What a failure means of steps that do not say it. */
  private OnError onError() {
    OnError replan = StepReader.replan(document.path("on_error"));
    return replan == null ? new OnError.Fail() : replan;
  }

  private Map<String, String> inputNames() {
    Map<String, String> names = new HashMap<>();
    for (String input : document.path("inputs").propertyNames()) {
      String name = input.endsWith("?") ? input.substring(0, input.length() - 1) : input;
      Names.check("an input", name, Pointers.child("/inputs", input), findings);
      names.put(name, "an input");
    }
    return names;
  }

  private Map<String, List<ModelRef>> models() {
    Map<String, List<ModelRef>> models = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> alias : document.path("models").properties()) {
      String pointer = Pointers.child("/models", alias.getKey());
      List<ModelRef> refs = new ArrayList<>();
      if (alias.getValue().isArray()) {
        for (int i = 0; i < alias.getValue().size(); i++) {
          addModel(alias.getValue().get(i), Pointers.child(pointer, i), refs);
        }
      } else {
        addModel(alias.getValue(), pointer, refs);
      }
      models.put(alias.getKey(), List.copyOf(refs));
    }
    return models;
  }

  private void addModel(JsonNode entry, String pointer, List<ModelRef> refs) {
    try {
      refs.add(ModelRef.read(entry));
    } catch (IllegalArgumentException e) {
      findings.value(Rule.BAD_MODEL, pointer, String.valueOf(e.getMessage()), null);
    }
  }

  private Agent agent(Map.Entry<String, JsonNode> entry) {
    return agent(entry.getKey(), entry.getValue());
  }

  private Agent agent(String name, JsonNode agent) {
    return new Agent(
        name,
        Values.text(agent, "model"),
        Values.text(agent, "skill"),
        Values.text(agent, "instructions"),
        Values.text(agent.path("instructions"), "step"),
        Values.texts(agent, "servers"),
        Values.texts(agent, "tools"),
        policy(agent.path("policy")),
        Values.allowance(agent.path("limits")),
        Values.flag(agent, "plan_tools", false));
  }

  private static Policy policy(JsonNode policy) {
    return new Policy(
        Values.flag(policy, "allow_web", true),
        Values.flag(policy, "allow_code_exec", true),
        Values.flag(policy, "deterministic", false),
        Values.count(policy, "max_tool_calls"));
  }

  private Map<String, JsonNode> entries(String key) {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    document.path(key).properties().forEach(e -> entries.put(e.getKey(), e.getValue()));
    return entries;
  }

  private Map<String, String> bindings() {
    Map<String, String> bindings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : document.path("bindings").properties()) {
      bindings.put(entry.getKey(), entry.getValue().asString(""));
    }
    return bindings;
  }

  private Limits limits() {
    JsonNode limits = document.path("limits");
    Limits otherwise = Limits.DEFAULT;
    @Nullable Duration time = Values.duration(limits, "time");
    return new Limits(
        Math.max(1, Values.count(limits, "concurrency", otherwise.concurrency())),
        time == null ? otherwise.time() : time,
        Values.count(limits, "revisions", otherwise.revisions()),
        Values.count(limits, "replans", otherwise.replans()),
        budget(limits, otherwise.budget()));
  }

  private static Allowance budget(JsonNode limits, Allowance otherwise) {
    Allowance said = Values.allowance(limits);
    return new Allowance(
        said.tokens() == null ? otherwise.tokens() : said.tokens(),
        said.cost() == null ? otherwise.cost() : said.cost(),
        said.modelCalls() == null ? otherwise.modelCalls() : said.modelCalls(),
        said.toolCalls() == null ? otherwise.toolCalls() : said.toolCalls(),
        null,
        null);
  }

  /** An agent that is written inside its step goes by the step's name. */
  private void addInline(JsonNode agent, String pointer) {
    String name = Step.nameAt(pointer);
    if (agents.putIfAbsent(name, agent(name, agent)) != null) {
      findings.key(
          Rule.NAME_CLASH,
          pointer,
          "Expected another id for a step with an agent of its own, found `%s`, which is an agent."
              .formatted(name),
          "Rename the step, or refer to the agent: `agent: " + name + "`.");
    }
  }
}
