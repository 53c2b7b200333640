package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Skill;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Definitions.Definition;
import dev.workflow.run.Command;
import dev.workflow.run.Feedback;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys under which outputs are kept: everything that decides what a step gives, and who asks.
 * Two keys are equal only where another call could give nothing else than another answer to the
 * same question, of the same principal.
 */
final class CacheKeys {

  /** To be counted up when the same parts begin to mean something else. */
  private static final int FORM = 1;

  private final RunState run;
  private final Definitions definitions;
  private final Preparer preparer;
  private final Tools tools;
  private final Models models;

  CacheKeys(RunState run, Definitions definitions, Preparer preparer, Tools tools, Models models) {
    this.run = run;
    this.definitions = definitions;
    this.preparer = preparer;
    this.tools = tools;
    this.models = models;
  }

  /**
   * The key of a step.
   *
   * @return null for what calls nothing
   * @throws Tools.ToolException where a server cannot be started as it is written
   */
  @Nullable String of(StepPath path, Prepared prepared) {
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    CompiledStep step = preparer.step(path);
    if (prepared instanceof Prepared.Call call) {
      key.put("server", tools.identity(call.server()));
      key.put("tool", call.tool()).put("digest", call.digest());
      key.set("arguments", call.arguments());
    } else if (prepared instanceof Prepared.Conversation conversation) {
      converse(path, step, conversation, key);
    } else {
      return null;
    }
    key.put("form", FORM).put("simulated", run.start().simulated());
    key.put("workflow", definitions.of(path).resolved().workflow().name());
    key.put("step", step.step().name());
    JsonFields.put(key, "output", step.outputSchema());
    lineage(path, key);
    return Canonical.json(key);
  }

  /** What runs once more is another question: it is to replace what the same step gave before. */
  private void lineage(StepPath path, ObjectNode key) {
    ArrayNode revisions = key.putArray("revisions");
    path.segments().stream()
        .mapToInt(StepPath.Segment::revision)
        .dropWhile(revision -> revision == 0)
        .forEach(revisions::add);
    Feedback feedback = run.feedback(path);
    if (feedback != null) {
      ObjectNode node = key.putObject("feedback").put("judge", feedback.judge());
      node.set("verdict", feedback.verdict());
      JsonFields.put(node, "earlier", feedback.earlier());
    }
  }

  private void converse(
      StepPath path, CompiledStep step, Prepared.Conversation conversation, ObjectNode key) {
    Definition definition = definitions.of(path);
    key.put("agent", conversation.agent()).put("prompt", conversation.prompt());
    Agent agent = definition.resolved().agents().get(conversation.agent());
    Skill skill =
        agent == null || agent.skill() == null
            ? null
            : definition.resolved().skills().get(agent.skill());
    if (skill != null) {
      key.put("skill", ResolvedJson.digest(skill));
    }
    key.put("limits", ConversationLimits.DEFAULT.toString());
    ArrayNode asked = key.putArray("models");
    for (int model = 0; model < conversation.models(); model++) {
      Models.Request request =
          definition
              .conversations()
              .request(new Command.BoundTurn(path, conversation, List.of(), 1, model), step);
      ask(request, asked.addObject());
    }
    ArrayNode callable = key.putArray("tools");
    for (String name :
        definition.resolved().agentTools().getOrDefault(conversation.agent(), List.of())) {
      ToolSpec tool = definition.resolved().tools().get(name);
      if (tool != null) {
        callable
            .addObject()
            .put("server", tools.identity(tool.server()))
            .put("tool", name)
            .put("digest", tool.digest());
      }
    }
    if (run.start().simulated()) {
      key.put("path", path.toString()).set("scope", preparer.scope(path));
    }
  }

  private void ask(Models.Request request, ObjectNode asked) {
    ModelRef model = request.model();
    asked.set("model", ResolvedJson.model(model));
    asked.put("identity", models.identity(model)).put("system", request.system());
    JsonFields.put(asked, "answer", request.outputSchema());
    if (request.seed() != null) {
      asked.put("seed", request.seed());
    }
    ArrayNode offers = asked.putArray("tools");
    for (Models.Offer offer : request.tools()) {
      JsonNode schema = offer.inputSchema();
      offers
          .addObject()
          .put("name", offer.name())
          .put("description", offer.description())
          .set("input", schema);
    }
  }
}
