package dev.workflow.engine;

import static dev.workflow.engine.JsonFields.array;
import static dev.workflow.engine.JsonFields.count;
import static dev.workflow.engine.JsonFields.list;
import static dev.workflow.engine.JsonFields.map;
import static dev.workflow.engine.JsonFields.object;
import static dev.workflow.engine.JsonFields.optional;
import static dev.workflow.engine.JsonFields.text;
import static dev.workflow.engine.JsonFields.texts;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Money;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import dev.workflow.definition.SkillFile;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a {@link Resolved} as JSON for the journal and reads an equal one again. The workflow is
 * kept as its long form.
 */
public final class ResolvedJson {
  private static final int VERSION = 1;
  private static final String PREVIOUS = "previous";
  private final Documents documents;

  /** Reads long forms through the given port. */
  public ResolvedJson(Documents documents) {
    this.documents = documents;
  }

  /** As JSON. */
  public JsonNode write(Resolved resolved) {
    return written(resolved);
  }

  /** A written definition as another one, with all that is kept beside it. */
  static JsonNode over(JsonNode kept, Resolved resolved) {
    ObjectNode node = kept.deepCopy().asObject();
    node.setAll(written(resolved));
    return node;
  }

  private static ObjectNode written(Resolved resolved) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("version", VERSION);
    node.set("workflow", resolved.workflow().document());
    node.set("agents", object(resolved.agents(), ResolvedJson::agent));
    node.set("skills", object(resolved.skills(), ResolvedJson::skill));
    node.set("tools", object(resolved.tools(), ResolvedJson::tool));
    node.set("outputs", outputs(resolved.workflow().allSteps()));
    ObjectNode contracts = contracts(resolved);
    if (!contracts.isEmpty()) {
      node.set("contracts", contracts);
    }
    node.set("bindings", object(resolved.bindings(), node::stringNode));
    if (!resolved.alternatives().isEmpty()) {
      node.set("alternatives", object(resolved.alternatives(), JsonFields::array));
    }
    node.set("agent_tools", object(resolved.agentTools(), JsonFields::array));
    node.set("models", object(resolved.models(), refs -> array(refs, ResolvedJson::model)));
    JsonFields.put(node, "answers", resolved.answers());
    node.set("servers", resolved.servers());
    if (!resolved.prices().isEmpty()) {
      node.set("prices", object(resolved.prices(), Price::entry));
    }
    if (!resolved.workflows().isEmpty()) {
      node.set("workflows", object(resolved.workflows(), ResolvedJson::written));
    }
    return node;
  }

  /**
   * From JSON.
   *
   * @throws IllegalArgumentException when the JSON is not what {@link #write} gives
   */
  public Resolved read(JsonNode node) {
    int version = node.path("version").asInt(0);
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "This definition was journaled in version "
              + version
              + " of its format; this engine reads version "
              + VERSION
              + ". Resume the run with the engine that started it.");
    }
    return new Resolved(
        documents.restore(JsonFields.required(node, "workflow")),
        map(node, "agents", ResolvedJson::readAgent),
        map(node, "skills", ResolvedJson::readSkill),
        map(node, "tools", ResolvedJson::readTool),
        map(node, "bindings", (name, value) -> value.stringValue()),
        node.has("alternatives")
            ? map(node, "alternatives", (name, value) -> texts(value))
            : Map.of(),
        map(node, "agent_tools", (name, value) -> texts(value)),
        map(node, "models", (name, value) -> list(value, ResolvedJson::readModel)),
        node.get("answers"),
        JsonFields.required(node, "servers"),
        node.has("prices") ? map(node, "prices", ResolvedJson::readPrice) : Map.of(),
        node.has("workflows") ? map(node, "workflows", (name, part) -> read(part)) : Map.of());
  }

  /** Keeps what the last succeeded run of the workflow gave with a written definition. */
  public static void keepPrevious(ObjectNode definition, Instant started, JsonNode outputs) {
    definition.putObject(PREVIOUS).put("started", started.toString()).set("outputs", outputs);
  }

  /**
   * What the last succeeded run of the workflow gave, as of the start of this one; absent: none.
   */
  public static @Nullable JsonNode previousOf(JsonNode definition) {
    return definition.get(PREVIOUS);
  }

  /** The output schema of a tool {@code server/tool} in a written definition; absent: none. */
  static @Nullable JsonNode outputOf(JsonNode definition, String tool) {
    JsonNode spec = definition.path("tools").get(tool);
    if (spec != null) {
      return spec.get("output");
    }
    for (JsonNode other : definition.path("workflows")) {
      JsonNode found = outputOf(other, tool);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * What a tool's step itself asks of its output, in a written definition; absent: nothing, or the
   * step calls no tool of its own.
   */
  static @Nullable JsonNode outputOfStep(JsonNode definition, StepPath path) {
    return namedIn("outputs", definition, path);
  }

  /**
   * What an output that a person gives for a failed step must satisfy, in a written definition;
   * absent: nothing. An {@code each} gives all of its elements, an element one.
   */
  static @Nullable JsonNode contractOf(JsonNode definition, StepPath path) {
    JsonNode contracts = namedIn("contracts", definition, path);
    return contracts == null ? null : contracts.get(path.last().key() == null ? "whole" : "one");
  }

  private static @Nullable JsonNode namedIn(String list, JsonNode definition, StepPath path) {
    JsonNode part = definition;
    String name = "";
    String around = "";
    String asked = "";
    for (StepPath.Segment segment : path.segments()) {
      JsonNode step =
          part.at(
              "/workflow/steps/" + asked.replace("/", "/steps/").replace(StepPath.UNDO, "/undo"));
      String other = asked.isEmpty() ? null : runBy(part, name, asked, step);
      if (segment.undoes()) {
        around = asked;
      } else if (other != null) {
        name = other;
        part = definition.path("workflows").path(name);
        around = "";
      } else if (!asked.isEmpty()) {
        around = asked + "/";
      }
      asked = around + segment.id();
    }
    return part.path(list).get(asked);
  }

  /** As {@link Resolved#runBy}, of a written definition. */
  private static @Nullable String runBy(JsonNode part, String from, String asked, JsonNode step) {
    String file = step.path("workflow").asString("");
    if (!file.isEmpty() && !Verb.Skill.isNamedBy(file)) {
      return Resolved.nameOf(from, file);
    }
    boolean works = !file.isEmpty() || step.has("skill") || step.has("agent");
    String owner = step.path("agent").asString(asked);
    String skill = part.path("agents").path(owner).path("skill").asString("");
    JsonNode workflow = part.path("skills").path(skill).path("workflow");
    return works && workflow.isString()
        ? SkillGraph.nameOf(from, owner, skill, workflow.stringValue())
        : null;
  }

  private static ObjectNode contracts(Resolved resolved) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    StepOutputs outputs = new StepOutputs(resolved);
    for (Step step : resolved.workflow().allSteps()) {
      JsonNode contract = outputs.contract(step);
      if (step.onError() instanceof OnError.Ask && contract != null) {
        node.putObject(step.name())
            .set("one", contract)
            .set("whole", StepOutputs.whole(step, contract));
      }
    }
    return node;
  }

  /** For those who read a journal without reading its workflow again. */
  private static JsonNode outputs(List<Step> steps) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    for (Step step : steps) {
      boolean calls = step.verb() instanceof Verb.Tool || step.verb() instanceof Verb.Capability;
      if (calls && step.output() != null) {
        node.set(step.name(), step.output());
      }
    }
    return node;
  }

  private static JsonNode agent(Agent agent) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    JsonFields.put(node, "model", agent.model());
    JsonFields.put(node, "skill", agent.skill());
    JsonFields.put(node, "instructions", agent.instructions());
    JsonFields.put(node, "instructed_by", agent.instructedBy());
    node.set("servers", array(agent.servers()));
    node.set("tools", array(agent.tools()));
    node.set("policy", policy(agent.policy()));
    Allowance limits = agent.limits();
    JsonFields.put(node, "tokens", limits.tokens());
    JsonFields.put(node, "cost", limits.cost() == null ? null : limits.cost().text());
    JsonFields.put(node, "model_calls", limits.modelCalls());
    JsonFields.put(node, "tool_calls", limits.toolCalls());
    JsonFields.put(node, "time", limits.time() == null ? null : limits.time().toString());
    JsonFields.put(node, "replans", limits.replans());
    if (agent.planTools()) {
      node.put("plan_tools", true);
    }
    return node;
  }

  private static Agent readAgent(String name, JsonNode node) {
    return new Agent(
        name,
        optional(node, "model"),
        optional(node, "skill"),
        optional(node, "instructions"),
        optional(node, "instructed_by"),
        texts(node.get("servers")),
        texts(node.get("tools")),
        readPolicy(node.get("policy")),
        readLimits(node),
        node.path("plan_tools").asBoolean(false));
  }

  private static Allowance readLimits(JsonNode node) {
    String cost = optional(node, "cost");
    String time = optional(node, "time");
    return new Allowance(
        count(node, "tokens"),
        cost == null ? null : Money.read(cost),
        count(node, "model_calls"),
        count(node, "tool_calls"),
        time == null ? null : Duration.parse(time),
        count(node, "replans"));
  }

  private static Price readPrice(String model, JsonNode entry) {
    return Price.of(entry)
        .orElseThrow(
            () -> new IllegalArgumentException("The journaled price of " + model + " is none"));
  }

  /** SHA-256 over what a skill says, wherever its folder is; hexadecimal. */
  public static String digest(Skill skill) {
    return Canonical.hash(skill(skill).without("folder"));
  }

  /** What a skill does, wherever its folder is. */
  static JsonNode skillText(Skill skill) {
    ObjectNode node = skill(skill);
    List.of("folder", "version", "description").forEach(node::remove);
    node.path("files")
        .properties()
        .forEach(
            file -> file.setValue(node.stringNode(Canonical.hash(file.getValue().asString("")))));
    return node;
  }

  private static ObjectNode skill(Skill skill) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("version", skill.version());
    node.put("description", skill.description());
    node.set("inputs", skill.inputSchema());
    node.set("required", array(skill.required()));
    node.set("optional", array(skill.optional()));
    node.put("instructions", skill.instructions());
    JsonFields.put(node, "output", skill.outputSchema());
    node.set("policy", policy(skill.policy()));
    JsonFields.put(node, "workflow", skill.workflow());
    if (!skill.files().isEmpty()) {
      ObjectNode files = node.putObject("files");
      skill.files().forEach(file -> files.put(file.path(), file.text()));
    }
    return node.put("folder", skill.folder());
  }

  private static Skill readSkill(String name, JsonNode node) {
    return new Skill(
        name,
        text(node, "version"),
        text(node, "description"),
        JsonFields.required(node, "inputs"),
        texts(node.get("required")),
        texts(node.get("optional")),
        text(node, "instructions"),
        node.get("output"),
        readPolicy(node.get("policy")),
        optional(node, "workflow"),
        text(node, "folder"),
        node.path("files").properties().stream()
            .map(file -> new SkillFile(file.getKey(), file.getValue().stringValue()))
            .toList());
  }

  private static JsonNode policy(Policy policy) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("allow_web", policy.allowWeb());
    node.put("allow_code_exec", policy.allowCodeExec());
    node.put("deterministic", policy.deterministic());
    JsonFields.put(node, "max_tool_calls", policy.maxToolCalls());
    return node;
  }

  private static Policy readPolicy(JsonNode node) {
    return new Policy(
        JsonFields.required(node, "allow_web").booleanValue(),
        JsonFields.required(node, "allow_code_exec").booleanValue(),
        JsonFields.required(node, "deterministic").booleanValue(),
        count(node, "max_tool_calls"));
  }

  /** A tool as a written definition has it. */
  public static JsonNode tool(ToolSpec tool) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("server", tool.server());
    node.put("name", tool.name());
    node.put("title", tool.title());
    node.put("description", tool.description());
    node.set("input", tool.inputSchema());
    JsonFields.put(node, "output", tool.outputSchema());
    node.put("effect", tool.effect().word());
    node.put("open_world", tool.openWorld());
    return node.put("digest", tool.digest());
  }

  /** Reads what a written definition says of a tool {@code server/tool}. */
  public static ToolSpec readTool(String name, JsonNode node) {
    return new ToolSpec(
        text(node, "server"),
        text(node, "name"),
        text(node, "title"),
        text(node, "description"),
        JsonFields.required(node, "input"),
        node.get("output"),
        Effect.of(text(node, "effect")),
        node.path("open_world").asBoolean(true),
        text(node, "digest"));
  }

  /** A model as a written definition has it. */
  public static JsonNode model(ModelRef model) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("provider", model.provider());
    node.put("model", model.model());
    JsonFields.put(node, "base_url", model.baseUrl());
    if (model.temperature() != null) {
      node.put("temperature", model.temperature());
    }
    JsonFields.put(node, "reasoning", model.reasoning());
    JsonFields.put(node, "max_tokens", model.maxTokens());
    if (model.images()) {
      node.put("images", true);
    }
    return node;
  }

  /** Reads a model of a written definition. */
  public static ModelRef readModel(JsonNode node) {
    JsonNode temperature = node.get("temperature");
    return new ModelRef(
        text(node, "provider"),
        text(node, "model"),
        optional(node, "base_url"),
        temperature == null ? null : temperature.doubleValue(),
        optional(node, "reasoning"),
        count(node, "max_tokens"),
        node.path("images").asBoolean(false));
  }
}
