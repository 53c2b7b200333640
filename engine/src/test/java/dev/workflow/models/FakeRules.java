package dev.workflow.models;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rules of a fake provider, a JSON list: {@code {"contains": TEXT, "turn": N, "calls": [{"tool",
 * "arguments"}], "answer": VALUE, "text": TEXT, "status": CODE}}. The first rule whose {@code
 * contains} occurs in the request, and whose {@code turn} it is, answers; else a value that fits
 * the schema asked for, or a sentence.
 */
record FakeRules(List<JsonNode> rules) {

  /** Answers everything with values that fit. */
  static final FakeRules NONE = new FakeRules(List.of());

  private static final JsonMapper JSON = new JsonMapper();
  private static final String CONTRACT = "JSON Schema, with nothing before or after it:\n";

  static FakeRules read(String text) {
    List<JsonNode> rules = new ArrayList<>();
    JSON.readTree(text).forEach(rules::add);
    return new FakeRules(rules);
  }

  FakeAnswer answer(JsonNode request) {
    String all = request.toString();
    int turn = 1;
    for (JsonNode message : request.path("messages")) {
      turn += message.path("role").asString("").equals("assistant") ? 1 : 0;
    }
    for (JsonNode rule : rules) {
      boolean meant = all.contains(rule.path("contains").asString(""));
      if (meant && rule.path("turn").asInt(turn) == turn) {
        return answer(rule, request);
      }
    }
    return sample(request);
  }

  private static FakeAnswer answer(JsonNode rule, JsonNode request) {
    if (rule.has("status")) {
      return FakeAnswer.Status.of(rule.path("status").asInt(), rule.path("text").asString("no"));
    }
    if (rule.has("calls")) {
      List<FakeAnswer.Call> calls = new ArrayList<>();
      for (JsonNode call : rule.path("calls")) {
        calls.add(
            new FakeAnswer.Call(call.path("tool").asString(""), call.path("arguments").toString()));
      }
      return new FakeAnswer.Calls(rule.path("text").asString(""), calls);
    }
    if (rule.has("answer")) {
      return value(rule.path("answer"), request);
    }
    return rule.has("text") ? new FakeAnswer.Text(rule.path("text").asString("")) : sample(request);
  }

  private static FakeAnswer sample(JsonNode request) {
    JsonNode schema = schema(request);
    return schema.isMissingNode()
        ? new FakeAnswer.Text("This is the answer of a fake provider.")
        : value(SampleValue.of(schema), request);
  }

  /** A value the way it was asked for: through the answer tool, or as text. */
  private static FakeAnswer value(JsonNode value, JsonNode request) {
    for (JsonNode tool : request.path("tools")) {
      if (name(tool).equals(Shape.ANSWER_TOOL)) {
        return FakeAnswer.call(Shape.ANSWER_TOOL, value);
      }
    }
    return new FakeAnswer.Text(value.isString() ? value.stringValue() : value.toString());
  }

  private static JsonNode schema(JsonNode request) {
    JsonNode openai = request.path("response_format").path("json_schema").path("schema");
    JsonNode anthropic = request.path("output_config").path("format").path("schema");
    JsonNode ollama = request.path("format");
    for (JsonNode given : List.of(openai, anthropic, ollama)) {
      if (given.isObject()) {
        return given;
      }
    }
    return promised(request);
  }

  /** The schema that the system prompt states. */
  private static JsonNode promised(JsonNode request) {
    List<String> prompts = new ArrayList<>();
    request.path("system").forEach(part -> prompts.add(part.path("text").asString("")));
    request.path("messages").forEach(message -> prompts.add(message.path("content").asString("")));
    for (String prompt : prompts) {
      int at = prompt.indexOf(CONTRACT);
      if (at >= 0) {
        return JSON.readTree(prompt.substring(at + CONTRACT.length()));
      }
    }
    return JSON.missingNode();
  }

  private static String name(JsonNode tool) {
    return tool.path("function").path("name").asString(tool.path("name").asString(""));
  }
}
