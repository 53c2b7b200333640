package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Skill;
import dev.workflow.definition.SkillFile;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.run.Command;
import dev.workflow.run.ModelReply;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.Prepared;
import dev.workflow.run.StepPath;
import dev.workflow.run.Turn;
import dev.workflow.schema.JsonSchemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** One agent step of a run, its transcript written turn by turn as the kernel would keep it. */
final class ConversationWorld {
  private static final JsonMapper JSON = JsonMapper.shared();
  private final Map<String, ToolSpec> tools = new LinkedHashMap<>();
  private final List<Turn> transcript = new ArrayList<>();
  private List<ModelRef> models = List.of(ModelRef.of("openai", "gpt-5"));
  private ConversationLimits limits = ConversationLimits.DEFAULT;
  private @Nullable String instructions;
  private @Nullable Skill skill;
  private @Nullable JsonNode output;
  private @Nullable Effect effect;
  private Policy policy = Policy.OPEN;
  private boolean planTools;
  private String prompt = "find options";
  private int model;

  /** JSON with single quotes. */
  static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  static Wanted wanted(String id, String name, String arguments) {
    return new Wanted(id, name, json(arguments));
  }

  static Models.Reply said(String text) {
    return new Models.Reply(text, null, List.of(), null, false, Usage.NONE);
  }

  static Models.Reply calling(Wanted... calls) {
    return new Models.Reply("", null, List.of(calls), null, false, Usage.NONE);
  }

  ConversationWorld limits(int resultChars, int windowChars, int tools) {
    limits = new ConversationLimits(resultChars, windowChars, tools);
    return this;
  }

  ConversationWorld prompt(String text) {
    prompt = text;
    return this;
  }

  ConversationWorld instructions(String text) {
    instructions = text;
    return this;
  }

  /** The agent may write plans and run them. */
  ConversationWorld planTools() {
    planTools = true;
    return this;
  }

  ConversationWorld policy(Policy allowed) {
    policy = allowed;
    return this;
  }

  ConversationWorld skill(String text, Policy allowed) {
    return skill(text, allowed, List.of());
  }

  /** A skill with files beside it, and capabilities for which no tool is bound. */
  ConversationWorld skill(String text, List<String> optional, SkillFile... files) {
    return skill(text, Policy.OPEN, optional, files);
  }

  private ConversationWorld skill(
      String text, Policy allowed, List<String> optional, SkillFile... files) {
    skill =
        new Skill(
            "plan",
            "1.0.0",
            "Plans.",
            json("{}"),
            List.of(),
            optional,
            text,
            null,
            allowed,
            null,
            "skills/plan",
            List.of(files));
    return this;
  }

  ConversationWorld output(String schema) {
    output = json(schema);
    return this;
  }

  ConversationWorld effect(Effect declared) {
    effect = declared;
    return this;
  }

  ConversationWorld models(ModelRef... refs) {
    models = List.of(refs);
    return this;
  }

  ConversationWorld model(int index) {
    model = index;
    return this;
  }

  ConversationWorld tool(String server, String name) {
    return tool(server, name, "Does " + name + ".", "{'type':'object'}");
  }

  ConversationWorld tool(String server, String name, String description, String schema) {
    ToolSpec spec =
        new ToolSpec(
            server,
            name,
            "",
            description,
            json(schema),
            null,
            Effect.READ,
            true,
            "digest of " + name);
    tools.put(spec.fullName(), spec);
    return this;
  }

  /** The model said this; what came of it is in the transcript from now on. */
  ModelReply replies(Models.Reply reply) {
    ModelReply read = reply(reply);
    transcript.add(new Turn.Replied(read));
    return read;
  }

  ConversationWorld result(String id, String name, JsonNode value) {
    transcript.add(new Turn.ToolEnded(id, name, value, null));
    return this;
  }

  ConversationWorld result(String id, String name, JsonNode value, JsonNode content) {
    transcript.add(new Turn.ToolEnded(id, name, value, content, null));
    return this;
  }

  ConversationWorld error(String id, String name, String error) {
    transcript.add(new Turn.ToolEnded(id, name, null, error));
    return this;
  }

  ModelReply reply(Models.Reply reply) {
    return conversations().reply(command(), step(), reply);
  }

  Models.Request request() {
    return conversations().request(command(), step(), json("{'inputs':{'place':'Raglan'}}"));
  }

  Conversations conversations() {
    return new Conversations(resolved(), new JsonSchemas(), limits);
  }

  private Command.CallModel command() {
    int turn = 1 + (int) transcript.stream().filter(t -> t instanceof Turn.Replied).count();
    return new Command.CallModel(
        StepPath.of("research"),
        "call",
        new Prepared.Conversation("researcher", prompt, models.size(), null),
        transcript,
        turn,
        model);
  }

  private CompiledStep step() {
    Step step =
        new Step(
            "research",
            new Verb.Agent("researcher", prompt, List.of()),
            null,
            List.of(),
            null,
            null,
            null,
            output,
            Retry.NONE,
            null,
            new OnError.Fail(),
            effect,
            Allowance.NONE,
            null,
            null,
            null,
            "/steps/research");
    return new CompiledStep(
        step,
        null,
        null,
        null,
        null,
        new Fixed(),
        null,
        null,
        null,
        null,
        null,
        Map.of(),
        output,
        json("{}"));
  }

  private Resolved resolved() {
    Agent agent =
        new Agent(
            "researcher",
            "some-model",
            skill == null ? null : skill.name(),
            instructions,
            null,
            List.of(),
            List.of(),
            policy,
            Allowance.NONE,
            planTools);
    Resolved bare = new DefinitionWorld().resolved();
    return new Resolved(
        bare.workflow(),
        Map.of("researcher", agent),
        skill == null ? Map.of() : Map.of(skill.name(), skill),
        tools,
        Map.of(),
        Map.of(),
        Map.of("researcher", List.copyOf(tools.keySet())),
        Map.of("some-model", models),
        null,
        JsonNodeFactory.instance.objectNode(),
        Map.of(),
        Map.of());
  }

  /** An expression that nobody evaluates. */
  private static final class Fixed implements Expressions.Expression {
    @Override
    public Set<String> outputs() {
      return Set.of();
    }

    @Override
    public Set<String> endings() {
      return Set.of();
    }

    @Override
    public Set<String> locals() {
      return Set.of();
    }

    @Override
    public JsonNode type() {
      return json("{}");
    }

    @Override
    public List<Expressions.Taken> taken() {
      return List.of();
    }

    @Override
    public Set<String> required() {
      return outputs();
    }

    @Override
    public Set<String> requiredWhenTrue() {
      return outputs();
    }

    @Override
    public Expressions.Outcome evaluate(Expressions.Values values) {
      return new Expressions.Outcome.Failed("nobody evaluates this");
    }
  }
}
