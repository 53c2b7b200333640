package dev.workflow.engine;

import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.People.Answer;
import dev.workflow.engine.People.Kind;
import dev.workflow.engine.People.Question;
import dev.workflow.run.Event;
import dev.workflow.run.Event.Reaction;
import dev.workflow.run.RunState.Wanted;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a server wants of a person: the question, and what its answer means. */
final class ServerQuestion {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ServerQuestion() {}

  /** The question that a person sees. */
  static Question of(Wanted wanted) {
    Event.ElicitationAsked asked = wanted.asked();
    StringBuilder text = new StringBuilder();
    text.append("server ").append(wanted.call().server());
    text.append(" (tool ").append(wanted.call().tool()).append(") asks: ").append(asked.message());
    if (wanted.givenUp()) {
      text.append("\nIts call was given up, as nobody was there.");
      if (!wanted.call().effect().repeatable()) {
        text.append(" It may have had a part of its effect (");
        text.append(wanted.call().effect().word()).append(").");
      }
      text.append(" Your answer has it made again, unless you cancel.");
    }
    return new Question(asked.step(), Kind.ELICITATION, text.toString(), asked.form(), null, null);
  }

  /** JSON Schema of the answers: {@code {action, content?}}, in the words of MCP. */
  static JsonNode answerSchema(@Nullable JsonNode form) {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ObjectNode action = properties.putObject("action").put("type", "string");
    for (Reaction reaction : Reaction.values()) {
      action.withArray("/enum").add(word(reaction));
    }
    properties.set("content", form == null ? JSON.objectNode().put("type", "object") : form);
    schema.putArray("required").add("action");
    return schema.put("additionalProperties", false);
  }

  /**
   * An answer as it is held against the schema: what an accepted form leaves out gets its default.
   */
  static JsonNode completed(@Nullable JsonNode form, JsonNode answer) {
    if (!isAccepted(answer) || form == null) {
      return answer;
    }
    JsonNode given = answer.path("content");
    if (!given.isObject() && !given.isMissingNode()) {
      return answer;
    }
    ObjectNode content = new Elicitation("", form).completed(given);
    return ((ObjectNode) answer.deepCopy()).set("content", content);
  }

  /** Why an answer of the right shape cannot be taken; null: it can. */
  static @Nullable String complaint(JsonNode answer) {
    return answer.has("content") && !isAccepted(answer)
        ? "/content: expected none with the action \"" + answer.path("action").asString("") + "\""
        : null;
  }

  private static boolean isAccepted(JsonNode answer) {
    return answer.path("action").asString("").equals(word(Reaction.ACCEPT));
  }

  /** The event that an answer makes that can be taken. */
  static Event.ElicitationAnswered answered(Wanted wanted, Answer answer) {
    Event.ElicitationAsked asked = wanted.asked();
    JsonNode completed = completed(asked.form(), answer.value());
    String action = completed.path("action").asString("");
    return new Event.ElicitationAnswered(
        asked.step(),
        asked.call(),
        asked.number(),
        Reaction.valueOf(action.toUpperCase(Locale.ROOT)),
        completed.get("content"),
        answer.by());
  }

  private static String word(Reaction reaction) {
    return reaction.name().toLowerCase(Locale.ROOT);
  }
}
