package dev.workflow.cli;

import dev.workflow.engine.People.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers as examples for people who have to write one. */
final class AnswerSample {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private AnswerSample() {}

  /** An answer of the right shape. */
  static JsonNode of(Question question) {
    return switch (question.kind()) {
      case APPROVAL -> JSON.objectNode().put("decision", "approve");
      case IN_DOUBT, FAILURE, TOOL_CHANGED -> JSON.objectNode().put("decision", "retry");
      case FORM -> of(question.answerSchema());
      case ELICITATION -> accepted(question);
    };
  }

  private static ObjectNode accepted(Question question) {
    ObjectNode answer = JSON.objectNode().put("action", "accept");
    JsonNode form = question.form();
    return form == null ? answer : answer.set("content", required(form));
  }

  /** What a form must have; all of it where it must have nothing. */
  private static ObjectNode required(JsonNode form) {
    ObjectNode sample = object(form);
    if (form.path("required").isEmpty()) {
      return sample;
    }
    List<String> names = new ArrayList<>();
    form.path("required").forEach(name -> names.add(name.asString("")));
    return sample.retain(names);
  }

  /** The decision that a call in doubt took effect, with what it may have given. */
  static JsonNode done(Question question) {
    return withOutput("done", question);
  }

  /** The decision that an output stands in for a failure. */
  static JsonNode output(Question question) {
    JsonNode decision = withOutput("output", question);
    return decision.has("output") ? decision : ((ObjectNode) decision).put("output", "...");
  }

  private static JsonNode withOutput(String word, Question question) {
    ObjectNode decision = JSON.objectNode().put("decision", word);
    JsonNode given = null;
    for (JsonNode schema : Arrays.asList(question.form(), question.output())) {
      if (schema != null) {
        JsonNode sample = of(schema);
        given =
            given instanceof ObjectNode both && sample.isObject()
                ? both.setAll((ObjectNode) sample)
                : sample;
      }
    }
    return given == null ? decision : decision.set("output", given);
  }

  /** What answers are taken, in one line. */
  static String expected(Question question) {
    return switch (question.kind()) {
      case APPROVAL -> "{\"decision\":\"approve\"} or {\"decision\":\"reject\",\"note\":\"...\"}.";
      case IN_DOUBT ->
          "{\"decision\":\"retry\"} (call again), "
              + done(question)
              + " (it took effect) or {\"decision\":\"fail\"}.";
      case TOOL_CHANGED -> "{\"decision\":\"retry\"} or {\"decision\":\"fail\"}.";
      case FAILURE ->
          "{\"decision\":\"retry\"}, "
              + output(question)
              + ", {\"decision\":\"continue\"} or {\"decision\":\"fail\"}.";
      case FORM -> "an answer such as " + of(question) + ".";
      case ELICITATION -> of(question) + ", {\"action\":\"decline\"} or {\"action\":\"cancel\"}.";
    };
  }

  private static JsonNode of(JsonNode schema) {
    for (String given : new String[] {"default", "const"}) {
      if (schema.has(given)) {
        return schema.get(given);
      }
    }
    if (schema.path("enum").size() > 0) {
      return schema.path("enum").get(0);
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? type.path(0).asString("") : type.asString("")) {
      case "boolean" -> JSON.booleanNode(true);
      case "integer", "number" ->
          schema.path("minimum").isNumber() ? schema.get("minimum") : JSON.numberNode(1);
      case "array" -> JSON.arrayNode().add(of(schema.path("items")));
      case "object" -> object(schema);
      default -> JSON.stringNode(text(schema.path("format").asString("")));
    };
  }

  private static String text(String format) {
    return switch (format) {
      case "email" -> "name@example.org";
      case "uri" -> "https://example.org";
      case "date" -> "2026-01-31";
      case "date-time" -> "2026-01-31T12:00:00Z";
      default -> "...";
    };
  }

  private static ObjectNode object(JsonNode schema) {
    ObjectNode sample = JSON.objectNode();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      sample.set(field.getKey(), of(field.getValue()));
    }
    return sample;
  }
}
