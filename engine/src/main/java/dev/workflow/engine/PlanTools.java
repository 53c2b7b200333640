package dev.workflow.engine;

import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Planner.Bounds;
import dev.workflow.engine.Planner.Draft;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Turn;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools with which an agent writes plans over its other tools and runs them. The engine answers
 * {@link #CREATE} itself; the other two begin a plan in the run, attached to the agent's step. All
 * that they mean is read from the conversation alone.
 */
final class PlanTools {

  /** Checks a plan; nothing runs. */
  static final String CREATE = "plan_create";

  /** Runs a plan that was checked. */
  static final String EXECUTE = "plan_execute";

  /** Checks a plan and runs it. */
  static final String CREATE_AND_EXECUTE = "plan_create_and_execute";

  /** Asks a person: a plan of one question, which the model does not write itself. */
  static final String ASK = Skills.ASK_PERSON;

  private static final String QUESTION = "question";
  private static final String OPTIONS = "options";
  private static final String ANSWER = "answer";
  private static final String TEXT = "text";
  private static final String PLAN = "plan";
  private static final String INPUTS = "inputs";
  private static final String WITH = "with";

  /** What a model is offered; the schemas stand by themselves, as providers drop shared parts. */
  static final List<Offer> OFFERS =
      List.of(
          new Offer(
              CREATE,
              "Checks a plan of many calls. Gives its id and what it would call, or what is wrong"
                  + " with it; nothing is called.",
              proposal()),
          new Offer(
              EXECUTE,
              "Runs a plan that " + CREATE + " has found sound, and gives its outputs.",
              execution()),
          new Offer(
              CREATE_AND_EXECUTE,
              "Checks a plan of many calls and, where it is sound, runs it and gives its outputs.",
              both()));

  /** What the model of an agent is offered whose skill may ask people. */
  static final Offer ASK_OFFER =
      new Offer(
          ASK,
          "Asks a person and waits for the answer, which may take long. Ask only what nothing else"
              + " can tell you.",
          question());

  private PlanTools() {}

  /** What a plan of an agent may use: its own tools. Agents it may not, so that plans end. */
  static Bounds bounds(String agent, Resolved around) {
    return new Bounds(
        Set.of(), new LinkedHashSet<>(around.agentTools().getOrDefault(agent, List.of())));
  }

  /** The plan that a call is about, to be checked; absent: nobody has written it. */
  static Optional<Draft> draft(
      WantedCall call,
      List<Turn> transcript,
      List<WantedCall> before,
      Bounds bounds,
      Resolved around,
      String name,
      String goal) {
    JsonNode proposal =
        switch (call.tool()) {
          case EXECUTE -> written(call.arguments().path(PLAN).asString(""), transcript, before);
          case ASK -> asking(call.arguments());
          default -> proposal(call.arguments());
        };
    return Optional.ofNullable(proposal)
        .map(written -> new Draft(around, bounds, name, goal, written));
  }

  /** What a plan is given when it runs, its defaults not filled in. */
  static JsonNode given(WantedCall call) {
    if (call.tool().equals(ASK)) {
      return JsonNodeFactory.instance
          .objectNode()
          .put(TEXT, call.arguments().path(QUESTION).asString(""));
    }
    JsonNode given = call.arguments().path(call.tool().equals(EXECUTE) ? INPUTS : WITH);
    return given.isObject() ? given : JsonNodeFactory.instance.objectNode();
  }

  /** The ids of the plans that were found sound so far. */
  static List<String> known(List<Turn> transcript, List<WantedCall> before) {
    return created(transcript, before).stream().map(PlanTools::id).toList();
  }

  private static @Nullable JsonNode written(
      String id, List<Turn> transcript, List<WantedCall> before) {
    return created(transcript, before).stream()
        .filter(call -> id(call).equals(id))
        .map(call -> proposal(call.arguments()))
        .findFirst()
        .orElse(null);
  }

  private static List<WantedCall> created(List<Turn> transcript, List<WantedCall> before) {
    return Stream.concat(
            transcript.stream()
                .filter(Turn.Replied.class::isInstance)
                .flatMap(turn -> ((Turn.Replied) turn).reply().calls().stream()),
            before.stream())
        .filter(call -> call.server().isEmpty() && call.tool().equals(CREATE))
        .filter(call -> call.answer() != null)
        .toList();
  }

  private static String id(WantedCall created) {
    return JsonText.parse(String.valueOf(created.answer()))
        .map(answer -> answer.path(PLAN).asString(""))
        .orElse("");
  }

  /** The plan of one question, which it is given: the words of the model are no template. */
  private static JsonNode asking(JsonNode arguments) {
    ObjectNode proposal = JsonNodeFactory.instance.objectNode();
    proposal.putObject(INPUTS).put(TEXT, "string");
    ObjectNode step = proposal.putObject("steps").putObject(QUESTION);
    step.put("ask", "${" + TEXT + "}");
    ObjectNode answer = step.putObject("form").putObject(ANSWER).put("type", "string");
    if (!arguments.path(OPTIONS).isEmpty()) {
      answer.set("enum", arguments.path(OPTIONS));
    }
    proposal.putObject("outputs").put(ANSWER, "${" + QUESTION + "." + ANSWER + "}");
    return proposal;
  }

  private static JsonNode proposal(JsonNode arguments) {
    ObjectNode proposal = arguments.deepCopy().asObject();
    proposal.remove(WITH);
    return proposal;
  }

  /**
   * What the model gets to know of a plan that was found sound.
   *
   * @param number among the plans of the conversation, from 1
   */
  static String sound(Workflow plan, Resolved around, int number) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put(PLAN, "plan_" + number);
    ObjectNode steps = answer.putObject("steps");
    for (Step step : plan.allSteps()) {
      steps.put(step.name(), described(step, around));
    }
    if (!plan.inputSchema().path("properties").isEmpty()) {
      answer.set(INPUTS, plan.inputSchema());
    }
    return answer.put("note", "Nothing has run yet. Run it with " + EXECUTE + ".").toString();
  }

  private static String described(Step step, Resolved around) {
    ToolSpec tool =
        step.verb() instanceof Verb.Tool verb
            ? around.tools().get(verb.server() + "/" + verb.tool())
            : null;
    return tool == null ? step.verb().word() : tool.fullName() + " (" + tool.effect().word() + ")";
  }

  private static JsonNode proposal() {
    return PlanProposal.OUTLINE;
  }

  private static JsonNode execution() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.put("additionalProperties", false);
    schema.putArray("required").add(PLAN);
    ObjectNode properties = schema.putObject("properties");
    properties
        .putObject(PLAN)
        .put("type", "string")
        .put("description", "The id that " + CREATE + " gave.");
    properties
        .putObject(INPUTS)
        .put("type", "object")
        .put("description", "What the inputs of the plan are given.");
    return schema;
  }

  private static JsonNode question() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.put("additionalProperties", false);
    schema.putArray("required").add(QUESTION);
    ObjectNode properties = schema.putObject("properties");
    properties
        .putObject(QUESTION)
        .put("type", "string")
        .put("minLength", 1)
        .put("maxLength", 4_000);
    properties
        .putObject(OPTIONS)
        .put("type", "array")
        .put("minItems", 2)
        .put("maxItems", 20)
        .put("uniqueItems", true)
        .put("description", "The answers to choose from; without them any text is an answer.")
        .putObject("items")
        .put("type", "string")
        .put("minLength", 1);
    return schema;
  }

  private static JsonNode both() {
    ObjectNode schema = PlanProposal.OUTLINE.deepCopy();
    schema
        .path("properties")
        .asObject()
        .putObject(WITH)
        .put("type", "object")
        .put("description", "What the inputs of the plan are given.");
    return schema;
  }
}
