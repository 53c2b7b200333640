package dev.workflow.models;

import dev.workflow.engine.Models.ModelException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Looks at each event of a stream: is it JSON, is it an error, is it the last one. It also puts
 * right what the library reads wrongly.
 */
final class StreamWatch {
  private static final String OPENAI_END = "[DONE]";
  private static final JsonMapper JSON = new JsonMapper();
  private final Endpoint.Dialect dialect;
  private final Failures failures;
  private final StringBuilder refusal = new StringBuilder();
  private boolean complete;
  private int ollamaCalls;

  StreamWatch(Endpoint.Dialect dialect, Failures failures) {
    this.dialect = dialect;
    this.failures = failures;
  }

  /** Whether the end of the reply has been seen. */
  boolean complete() {
    return complete;
  }

  /**
   * The event as the library is to read it; empty: nothing to read.
   *
   * @throws ModelException when there will be no reply
   */
  String see(String data) {
    if (data.isBlank()) {
      return "";
    }
    if (dialect == Endpoint.Dialect.OPENAI && data.strip().equals(OPENAI_END)) {
      complete = true;
      return data;
    }
    JsonNode event = read(data);
    return switch (dialect) {
      case OPENAI -> openai(event, data);
      case ANTHROPIC -> anthropic(event, data);
      case OLLAMA -> ollama(event, data);
    };
  }

  private JsonNode read(String data) {
    try {
      JsonNode event = JSON.readTree(data);
      if (event.isObject()) {
        return event;
      }
    } catch (JacksonException noJson) {
      throw failures.malformed(data);
    }
    throw failures.malformed(data);
  }

  private String openai(JsonNode event, String data) {
    failOn(event.path("error"));
    JsonNode choice = event.path("choices").path(0);
    refusal.append(choice.path("delta").path("refusal").asString(""));
    if (!choice.path("finish_reason").asString("").isEmpty()) {
      complete = true;
      if (!refusal.isEmpty()) {
        throw failures.refused(refusal.toString());
      }
    }
    return data;
  }

  private String anthropic(JsonNode event, String data) {
    String type = event.path("type").asString("");
    if (type.equals("error")) {
      failOn(event.path("error"));
    }
    complete |= type.equals("message_stop");
    return data;
  }

  /** Calls that carry no number of their own are taken for one by the library. */
  private String ollama(JsonNode event, String data) {
    failOn(event.path("error"));
    complete |= event.path("done").asBoolean(false);
    JsonNode calls = event.path("message").path("tool_calls");
    for (JsonNode call : calls) {
      if (call.path("function") instanceof ObjectNode function) {
        function.put("index", ollamaCalls++);
      }
    }
    return calls.isEmpty() ? data : event.toString();
  }

  private void failOn(JsonNode error) {
    if (error.isString()) {
      throw failures.streamed("", error.stringValue());
    }
    if (error.isObject()) {
      String code = error.path("code").asString("");
      throw failures.streamed(
          error.path("type").asString("") + " " + code, error.path("message").asString(""));
    }
  }
}
