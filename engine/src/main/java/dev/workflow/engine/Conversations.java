package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Money;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.Feedback;
import dev.workflow.run.ModelReply;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Prepared;
import dev.workflow.run.StepPath;
import dev.workflow.run.Turn;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What agents are told and what is made of their replies. Both are functions of the record alone:
 * the same command gives the same request, in this process and in the one that resumes.
 */
public final class Conversations {

  /** The alias of agents that name no model. */
  public static final String DEFAULT_MODEL = "default";

  /** Bound on the tokens of one reply where a model names none. */
  public static final int DEFAULT_MAX_TOKENS = 8_192;

  private static final String SECTION = "\n\n## ";

  private static final JsonNode NO_SCOPE = JsonNodeFactory.instance.objectNode();

  /** The seed of deterministic policies. */
  private static final long SEED = 1;

  private final Resolved resolved;
  private final Validator validator;
  private final ConversationLimits limits;
  private final Map<String, Toolbox> toolboxes = new ConcurrentHashMap<>();

  /** The conversations of one run. */
  public Conversations(Resolved resolved, Validator validator, ConversationLimits limits) {
    this.resolved = resolved;
    this.validator = validator;
    this.limits = limits;
  }

  /**
   * The prompt as the model reads it: the author's text, then what it is to build on. Every value
   * is cut to the view of {@link ConversationLimits#resultChars}.
   *
   * @param context outputs of earlier steps by id, in the author's order
   * @param feedback why the step runs again; absent: it runs for the first time
   */
  public String prompt(String prompt, Map<String, JsonNode> context, @Nullable Feedback feedback) {
    StringBuilder text = new StringBuilder(prompt);
    context.forEach((step, output) -> section(text, "Output of " + step, output));
    if (feedback != null) {
      JsonNode earlier = feedback.earlier();
      if (earlier != null) {
        section(text, "Your earlier answer", earlier);
      }
      section(text, "Revise it: the verdict of " + feedback.judge(), feedback.verdict());
    }
    return text.toString();
  }

  /** A text with sections, each value cut to the view. */
  String prompt(String text, Map<String, JsonNode> sections) {
    StringBuilder whole = new StringBuilder(text);
    sections.forEach((title, value) -> section(whole, title, value));
    return whole.toString();
  }

  /** The author's text of a prompt, without what it is to build on. */
  static String goal(String prompt) {
    int end = prompt.indexOf(SECTION);
    return (end < 0 ? prompt : prompt.substring(0, end)).strip();
  }

  private void section(StringBuilder text, String title, JsonNode value) {
    text.append(SECTION).append(title).append('\n');
    text.append(ModelView.of(value, limits.resultChars()));
  }

  /**
   * The next request of a conversation.
   *
   * @param scope what scripted answers may read, see {@link Models.Request#scope}
   */
  public Models.Request request(Command.CallModel command, CompiledStep step, JsonNode scope) {
    return request(
        command.step(),
        command.call(),
        command.conversation(),
        command.transcript(),
        command.turn(),
        model(command),
        step,
        scope);
  }

  /** The request that a bound is wanted for; scripted answers read nothing of it. */
  Models.Request request(Command.BoundTurn command, CompiledStep step) {
    return request(
        command.step(),
        "",
        command.conversation(),
        command.transcript(),
        command.turn(),
        model(command.conversation(), command.model()),
        step,
        NO_SCOPE);
  }

  private Models.Request request(
      StepPath path,
      String call,
      Prepared.Conversation conversation,
      List<Turn> transcript,
      int turn,
      ModelRef model,
      CompiledStep step,
      JsonNode scope) {
    String name = conversation.agent();
    Agent agent = agent(name);
    Skill skill = skill(agent);
    Toolbox toolbox = toolbox(step, name);
    JsonNode answer = answer(step);
    boolean deterministic = policy(agent, skill).deterministic();
    return new Models.Request(
        deterministic ? coldest(model) : model,
        name,
        path,
        call,
        turn,
        SystemPrompt.of(
            agent, skill, toolbox, conversation.instructions(), brief(step, name, toolbox), answer),
        new Transcript(transcript, model, limits).messages(conversation.prompt()),
        toolbox.offers(transcript),
        answer,
        deterministic ? Long.valueOf(SEED) : null,
        scope);
  }

  /** What the kernel gets to see of a reply: tools found, arguments and answer validated. */
  public ModelReply reply(Command.CallModel command, CompiledStep step, Models.Reply reply) {
    ModelRef model = model(command);
    if (!reply.calls().isEmpty()) {
      List<WantedCall> calls =
          new CallReading(
                  toolbox(step, command.conversation().agent()), validator, step.step().effect())
              .read(reply, command.transcript(), command.turn());
      return new ModelReply(
          model.name(),
          reply.text(),
          reply.reasoning(),
          calls,
          null,
          List.of(),
          reply.usage(),
          cost(model, reply));
    }
    AnswerReading answer =
        AnswerReading.of(
            reply,
            step.step().verb() instanceof Verb.Plan ? PlanProposal.SHAPE : step.outputSchema(),
            validator,
            maxTokens(model));
    return new ModelReply(
        model.name(),
        reply.text(),
        reply.reasoning(),
        List.of(),
        answer.output(),
        answer.violations(),
        reply.usage(),
        cost(model, reply));
  }

  private @Nullable Money cost(ModelRef model, Models.Reply reply) {
    Price price = resolved.price(model);
    return price == null ? null : price.cost(reply.usage());
  }

  /** What the next request of a conversation can take at most. */
  Event.TurnBounded bound(Command.BoundTurn command, CompiledStep step, Models models) {
    Models.Request request = request(command, step);
    Models.Bound most = models.bound(request);
    Price price = resolved.price(model(command.conversation(), command.model()));
    return new Event.TurnBounded(
        command.step(),
        request.model().name(),
        most.inputTokens() + most.outputTokens(),
        price == null ? null : price.most(most.inputTokens(), most.outputTokens()));
  }

  /** The model that a command means: an entry of the agent's alias list. */
  public ModelRef model(Command.CallModel command) {
    return model(command.conversation(), command.model());
  }

  private ModelRef model(Prepared.Conversation conversation, int index) {
    String name = conversation.agent();
    String alias = agent(name).model();
    List<ModelRef> models =
        resolved.models().getOrDefault(alias == null ? DEFAULT_MODEL : alias, List.of());
    if (index >= models.size()) {
      throw new IllegalStateException(
          "Agent "
              + name
              + ": expected model number "
              + (index + 1)
              + "; the run has "
              + models.size());
    }
    return models.get(index);
  }

  /** Bound on the tokens of one reply of a model. */
  public static int maxTokens(ModelRef model) {
    Integer most = model.maxTokens();
    return most == null ? DEFAULT_MAX_TOKENS : most;
  }

  private Agent agent(String name) {
    Agent agent = resolved.agents().get(name);
    if (agent == null) {
      throw new IllegalStateException("The run has no agent " + name);
    }
    return agent;
  }

  private @Nullable Skill skill(Agent agent) {
    String name = agent.skill();
    return name == null ? null : resolved.skills().get(name);
  }

  /** What the model is told that its answer must fit. */
  private static @Nullable JsonNode answer(CompiledStep step) {
    if (OtherWay.isLookedFor(step)) {
      return PlanProposal.REVISION;
    }
    return step.step().verb() instanceof Verb.Plan ? PlanProposal.SCHEMA : step.outputSchema();
  }

  private @Nullable String brief(CompiledStep step, String agent, Toolbox toolbox) {
    int most = limits.resultChars();
    if (!(step.step().verb() instanceof Verb.Plan plan)) {
      return toolbox.plans()
          ? PlanningBrief.forTools(resolved, PlanTools.bounds(agent, resolved), most)
          : null;
    }
    Planner.Bounds bounds = Planner.Bounds.of(plan, resolved);
    return OtherWay.isLookedFor(step)
        ? PlanningBrief.ofRevision(resolved, bounds, most)
        : PlanningBrief.of(resolved, bounds, most);
  }

  /** Who plans calls nothing. */
  private Toolbox toolbox(CompiledStep step, String agent) {
    return step.step().verb() instanceof Verb.Plan ? Toolbox.none() : toolbox(agent);
  }

  private Toolbox toolbox(String agent) {
    return toolboxes.computeIfAbsent(agent, name -> Toolbox.of(resolved, name, limits.tools()));
  }

  private static Policy policy(Agent agent, @Nullable Skill skill) {
    return skill == null ? agent.policy() : agent.policy().and(skill.policy());
  }

  private static ModelRef coldest(ModelRef model) {
    return new ModelRef(
        model.provider(),
        model.model(),
        model.baseUrl(),
        0.0,
        model.reasoning(),
        model.maxTokens(),
        model.images());
  }
}
