package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.RunDriver.News;
import dev.workflow.engine.Sampler.RefusedException;
import dev.workflow.engine.Sampler.Sampling;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What servers want models asked while calls of theirs are under way, one request of a call at a
 * time. A request is what the server sends and nothing else: no tools, and nothing of the step.
 */
final class Samplings {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Definitions definitions;
  private final Models models;
  private final Masking masking;
  private final Consumer<News> tell;
  private final Map<String, InTurn<Sampling, JsonNode>> calls = new ConcurrentHashMap<>();

  Samplings(Definitions definitions, Models models, Masking masking, Consumer<News> tell) {
    this.definitions = definitions;
    this.models = models;
    this.masking = masking;
    this.tell = tell;
  }

  /** Asks on behalf of a call. One that only asks about another call asks no model. */
  Sampler of(Command.CallTool call) {
    if (call.verifies()) {
      return Sampler.NONE;
    }
    InTurn<Sampling, JsonNode> wishes =
        new InTurn<>((wanted, number) -> tell.accept(state -> ask(state, call, wanted, number)));
    calls.put(call.call(), wishes);
    return wishes::add;
  }

  /** The reply is on disk: the server is told. */
  void tell(Command.TellReply told) {
    InTurn<Sampling, JsonNode> wishes = calls.get(told.call());
    if (wishes == null) {
      return;
    }
    if (told.result() != null) {
      wishes.answer(told.number(), told.result());
    } else {
      String why = told.error() == null ? "there is no reply" : told.error().message();
      wishes.refuse(told.number(), new RefusedException("no model has answered: " + why));
    }
  }

  /** A call has ended: nobody waits for what was wanted in it. */
  void end(String call) {
    calls.remove(call);
  }

  /** Where no model is there to ask, the server is told at once. */
  private @Nullable Event ask(RunState state, Command.CallTool call, Sampling wanted, int number) {
    Event.ToolCalled by = state.openToolCall(call.step(), call.call());
    if (by == null) {
      return null;
    }
    Resolved resolved = definitions.of(call.step()).resolved();
    Agent agent = agent(resolved, state.step(call.step()));
    String alias = alias(wanted, agent);
    List<ModelRef> all = resolved.models().getOrDefault(alias, List.of());
    if (all.isEmpty()) {
      InTurn<Sampling, JsonNode> wishes = calls.get(call.call());
      if (wishes != null) {
        wishes.refuse(number, new RefusedException(noModel(wanted, agent, alias)));
      }
      return null;
    }
    JsonNode request = masking.value(wanted.request());
    List<Event.SampledModel> bounded = new ArrayList<>();
    for (ModelRef model : all) {
      Models.Bound most =
          models.bound(request(call.step(), "", by, request, number, model, JSON.objectNode()));
      Price price = resolved.price(model);
      bounded.add(
          new Event.SampledModel(
              model.name(),
              most.inputTokens() + most.outputTokens(),
              price == null ? null : price.most(most.inputTokens(), most.outputTokens())));
    }
    return new Event.SamplingAsked(call.step(), call.call(), number, alias, request, bounded);
  }

  private static @Nullable Agent agent(Resolved resolved, @Nullable StepInfo step) {
    return step != null && step.prepared() instanceof Prepared.Conversation conversation
        ? resolved.agents().get(conversation.agent())
        : null;
  }

  private static String alias(Sampling wanted, @Nullable Agent agent) {
    if (wanted.alias() != null) {
      return wanted.alias();
    }
    String own = agent == null ? null : agent.model();
    return own == null ? Conversations.DEFAULT_MODEL : own;
  }

  private static String noModel(Sampling wanted, @Nullable Agent agent, String alias) {
    String why =
        wanted.alias() != null
            ? "the entry of the server names the model `" + alias + "`"
            : agent == null
                ? "the call is made by a step without an agent, which has the model `" + alias + "`"
                : "agent " + agent.name() + " has the model `" + alias + "`";
    return "no model is asked: %s, and this run has none of that name that is usable; define it under"
            .formatted(why)
        + " `models`, set the key of its provider, or name one in the server's entry"
        + " (sampling.model)";
  }

  /** The request that a command means. */
  Models.Request request(Command.Sample command, JsonNode scope) {
    return request(
        command.step(),
        command.call(),
        command.by(),
        command.asked().request(),
        command.asked().number(),
        model(command),
        scope);
  }

  private ModelRef model(Command.Sample command) {
    List<ModelRef> all =
        definitions
            .of(command.step())
            .resolved()
            .models()
            .getOrDefault(command.asked().alias(), List.of());
    if (command.model() >= all.size()) {
      throw new IllegalStateException(
          "Model alias %s: expected model number %d; the run has %d"
              .formatted(command.asked().alias(), command.model() + 1, all.size()));
    }
    return all.get(command.model());
  }

  /** Who asks is the tool, which no agent has the name of. */
  private static Models.Request request(
      StepPath step,
      String call,
      Event.ToolCalled by,
      JsonNode wanted,
      int number,
      ModelRef model,
      JsonNode scope) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : wanted.path("messages")) {
      String text = message.path("text").asString("");
      boolean user = message.path("role").asString("").equals("user");
      messages.add(user ? new Message.User(text) : new Message.Assistant(text, null, List.of()));
    }
    int most = Math.min(wanted.path("max_tokens").asInt(1), Conversations.maxTokens(model));
    return new Models.Request(
        new ModelRef(
            model.provider(),
            model.model(),
            model.baseUrl(),
            model.temperature(),
            model.reasoning(),
            most,
            false),
        by.server() + "/" + by.tool(),
        step,
        call,
        number,
        wanted.path("system").asString(""),
        messages,
        List.of(),
        null,
        null,
        scope);
  }

  /** What the kernel gets to see of a reply; its output is what the server is told. */
  ModelReply reply(Command.Sample command, Models.Reply reply) {
    ModelRef model = model(command);
    String text = reply.text();
    String reason = reply.truncated() ? "maxTokens" : "endTurn";
    for (JsonNode stop : command.asked().request().path("stop")) {
      int at = text.indexOf(stop.asString(""));
      if (at >= 0) {
        text = text.substring(0, at);
        reason = "stopSequence";
      }
    }
    ObjectNode result = JSON.objectNode().put("role", "assistant");
    result.putObject("content").put("type", "text").put("text", text);
    result.put("model", model.name()).put("stopReason", reason);
    Price price = definitions.of(command.step()).resolved().price(model);
    return new ModelReply(
        model.name(),
        reply.text(),
        null,
        List.of(),
        result,
        List.of(),
        reply.usage(),
        price == null ? null : price.cost(reply.usage()));
  }
}
