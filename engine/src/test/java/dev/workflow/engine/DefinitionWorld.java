package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Skill;
import dev.workflow.definition.SkillFile;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** A resolved definition put together by hand. */
final class DefinitionWorld {
  private static final JsonMapper JSON = JsonMapper.shared();
  private final List<Step> steps = new ArrayList<>();
  private final Map<String, JsonNode> outputs = new LinkedHashMap<>();
  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final Map<String, Skill> skills = new LinkedHashMap<>();
  private final Map<String, ToolSpec> tools = new LinkedHashMap<>();
  private final Map<String, String> bindings = new LinkedHashMap<>();
  private JsonNode document = JsonNodeFactory.instance.objectNode();
  private JsonNode inputs = json("{'type':'object','properties':{'place':{'type':'string'}}}");

  /** JSON with single quotes. */
  static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  DefinitionWorld inputs(String schema) {
    inputs = json(schema);
    return this;
  }

  DefinitionWorld document(String longForm) {
    document = json(longForm);
    return this;
  }

  DefinitionWorld agent(String name, @Nullable String skill) {
    agents.put(
        name,
        new Agent(
            name,
            null,
            skill,
            null,
            null,
            List.of(),
            List.of(),
            Policy.OPEN,
            Allowance.NONE,
            false));
    return this;
  }

  DefinitionWorld skill(String name, @Nullable String outputSchema, SkillFile... files) {
    skills.put(
        name,
        new Skill(
            name,
            "1.0.0",
            "A skill.",
            json("{'type':'object'}"),
            List.of(),
            List.of(),
            "Do it.",
            outputSchema == null ? null : json(outputSchema),
            Policy.OPEN,
            null,
            "skills/" + name,
            List.of(files)));
    return this;
  }

  DefinitionWorld tool(String server, String name, @Nullable String outputSchema) {
    tools.put(
        server + "/" + name,
        new ToolSpec(
            server,
            name,
            name,
            "A tool.",
            json("{'type':'object'}"),
            outputSchema == null ? null : json(outputSchema),
            Effect.READ,
            true,
            "d1"));
    return this;
  }

  DefinitionWorld binding(String capability, String tool) {
    bindings.put(capability, tool);
    return this;
  }

  DefinitionWorld step(String id, Verb verb) {
    return step(id, verb, null, null, null);
  }

  DefinitionWorld step(
      String id,
      Verb verb,
      @Nullable String when,
      Step.@Nullable Each each,
      @Nullable String output) {
    return step(id, verb, when, each, null, output, new OnError.Fail());
  }

  DefinitionWorld step(
      String id,
      Verb verb,
      @Nullable String when,
      Step.@Nullable Each each,
      Step.@Nullable Revise revise,
      @Nullable String output,
      OnError onError) {
    steps.add(
        new Step(
            id,
            verb,
            when,
            List.of(),
            each,
            null,
            revise,
            output == null ? null : json(output),
            Retry.NONE,
            null,
            onError,
            null,
            Allowance.NONE,
            null,
            null,
            null,
            "/steps/" + id));
    return this;
  }

  DefinitionWorld output(String name, String value) {
    outputs.put(name, json(value));
    return this;
  }

  static Verb.SetValue set(String value) {
    return new Verb.SetValue(json(value));
  }

  Resolved resolved() {
    Workflow workflow =
        new Workflow(
            "test",
            null,
            null,
            inputs,
            Map.of(),
            null,
            Map.of(),
            agents,
            Map.of(),
            Limits.DEFAULT,
            steps,
            outputs,
            document);
    return new Resolved(
        workflow,
        agents,
        skills,
        tools,
        bindings,
        Map.of(),
        Map.of(),
        Map.of(),
        null,
        JsonNodeFactory.instance.objectNode(),
        Map.of(),
        Map.of());
  }
}
