package dev.workflow.models;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The streaming formats of the three protocols, piece by piece as they go over the wire. */
enum FakeWire {
  OPENAI {
    @Override
    List<String> text(String text) {
      ObjectNode chunk = JSON.createObjectNode().put("id", "chat-1").put("model", "fake");
      chunk.put("object", "chat.completion.chunk");
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta").put("role", "assistant").put("content", text);
      return List.of(data(chunk));
    }

    @Override
    List<String> call(int index, FakeAnswer.Call call) {
      List<String> pieces = new ArrayList<>();
      String arguments = call.arguments();
      int half = arguments.length() / 2;
      pieces.add(openaiCall(index, "call_" + index, call.tool(), arguments.substring(0, half)));
      pieces.add(openaiCall(index, null, null, arguments.substring(half)));
      return pieces;
    }

    @Override
    List<String> thinking(int index, String thinking, String signature) {
      ObjectNode chunk = JSON.createObjectNode().put("id", "chat-1");
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta").put("reasoning_content", thinking);
      return List.of(data(chunk));
    }

    @Override
    List<String> refusal(String text) {
      ObjectNode chunk = JSON.createObjectNode().put("id", "chat-1");
      ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta").put("refusal", text);
      List<String> pieces = new ArrayList<>(List.of(data(chunk)));
      pieces.addAll(end(End.STOP));
      return pieces;
    }

    @Override
    List<String> end(End end) {
      ObjectNode last = JSON.createObjectNode().put("id", "chat-1");
      ObjectNode choice = last.putArray("choices").addObject().put("index", 0);
      choice.putObject("delta");
      choice.put(
          "finish_reason",
          switch (end) {
            case STOP -> "stop";
            case CALLS -> "tool_calls";
            case LENGTH -> "length";
          });
      ObjectNode usage = JSON.createObjectNode().put("id", "chat-1");
      usage.putArray("choices");
      ObjectNode counts = usage.putObject("usage");
      counts.put("prompt_tokens", 100).put("completion_tokens", 20).put("total_tokens", 120);
      counts.putObject("prompt_tokens_details").put("cached_tokens", 40);
      counts.putObject("completion_tokens_details").put("reasoning_tokens", 5);
      return List.of(data(last), data(usage), "data: [DONE]\n\n");
    }

    @Override
    String error(String type, String message) {
      ObjectNode body = JSON.createObjectNode();
      body.putObject("error").put("type", type).put("message", message);
      return body.toString();
    }

    @Override
    String streamError(String type, String message) {
      return "data: " + error(type, message) + "\n\n";
    }

    @Override
    String malformed() {
      return "data: {\"choices\": [{\n\n";
    }
  },

  ANTHROPIC {
    @Override
    List<String> start() {
      ObjectNode message = JSON.createObjectNode().put("type", "message_start");
      ObjectNode usage =
          message.putObject("message").put("id", "msg_1").put("model", "fake").putObject("usage");
      usage.put("input_tokens", 50).put("cache_read_input_tokens", 40);
      usage.put("cache_creation_input_tokens", 10).put("output_tokens", 1);
      return List.of(event(message));
    }

    @Override
    List<String> text(String text) {
      ObjectNode start = block(0).put("type", "content_block_start");
      start.putObject("content_block").put("type", "text").put("text", "");
      ObjectNode delta = block(0).put("type", "content_block_delta");
      delta.putObject("delta").put("type", "text_delta").put("text", text);
      return List.of(event(start), event(delta));
    }

    @Override
    List<String> more(String text) {
      return List.of(text(text).get(1));
    }

    @Override
    List<String> textEnd() {
      return List.of(event(block(0).put("type", "content_block_stop")));
    }

    @Override
    List<String> call(int index, FakeAnswer.Call call) {
      ObjectNode start = block(index + 1).put("type", "content_block_start");
      start
          .putObject("content_block")
          .put("type", "tool_use")
          .put("id", "toolu_" + index)
          .put("name", call.tool())
          .putObject("input");
      List<String> pieces = new ArrayList<>(List.of(event(start)));
      int half = call.arguments().length() / 2;
      for (String part :
          List.of(call.arguments().substring(0, half), call.arguments().substring(half))) {
        ObjectNode delta = block(index + 1).put("type", "content_block_delta");
        delta.putObject("delta").put("type", "input_json_delta").put("partial_json", part);
        pieces.add(event(delta));
      }
      pieces.add(event(block(index + 1).put("type", "content_block_stop")));
      return pieces;
    }

    @Override
    List<String> thinking(int index, String thinking, String signature) {
      ObjectNode start = block(90 + index).put("type", "content_block_start");
      start.putObject("content_block").put("type", "thinking").put("thinking", "");
      ObjectNode delta = block(90 + index).put("type", "content_block_delta");
      delta.putObject("delta").put("type", "thinking_delta").put("thinking", thinking);
      ObjectNode proof = block(90 + index).put("type", "content_block_delta");
      proof.putObject("delta").put("type", "signature_delta").put("signature", signature);
      return List.of(
          event(start),
          event(delta),
          event(proof),
          event(block(90 + index).put("type", "content_block_stop")));
    }

    @Override
    List<String> refusal(String text) {
      return anthropicEnd("refusal");
    }

    @Override
    List<String> end(End end) {
      return anthropicEnd(
          switch (end) {
            case STOP -> "end_turn";
            case CALLS -> "tool_use";
            case LENGTH -> "max_tokens";
          });
    }

    @Override
    String error(String type, String message) {
      ObjectNode body = JSON.createObjectNode().put("type", "error");
      body.putObject("error").put("type", type).put("message", message);
      return body.toString();
    }

    @Override
    String streamError(String type, String message) {
      return "event: error\ndata: " + error(type, message) + "\n\n";
    }

    @Override
    String malformed() {
      return "event: content_block_delta\ndata: {\"type\": \n\n";
    }
  },

  OLLAMA {
    @Override
    List<String> text(String text) {
      ObjectNode line = ollama();
      line.putObject("message").put("role", "assistant").put("content", text);
      return List.of(line.put("done", false) + "\n");
    }

    @Override
    List<String> call(int index, FakeAnswer.Call call) {
      ObjectNode line = ollama();
      ObjectNode message = line.putObject("message").put("role", "assistant").put("content", "");
      ObjectNode function = message.putArray("tool_calls").addObject().putObject("function");
      function.put("name", call.tool()).set("arguments", JSON.readTree(call.arguments()));
      return List.of(line.put("done", false) + "\n");
    }

    @Override
    List<String> thinking(int index, String thinking, String signature) {
      ObjectNode line = ollama();
      line.putObject("message").put("role", "assistant").put("thinking", thinking);
      return List.of(line.put("done", false) + "\n");
    }

    @Override
    List<String> refusal(String text) {
      return text(text);
    }

    @Override
    List<String> end(End end) {
      ObjectNode line = ollama();
      line.putObject("message").put("role", "assistant").put("content", "");
      line.put("done_reason", end == End.LENGTH ? "length" : "stop").put("done", true);
      return List.of(line.put("prompt_eval_count", 100).put("eval_count", 20) + "\n");
    }

    @Override
    String error(String type, String message) {
      return JSON.createObjectNode().put("error", message).toString();
    }

    @Override
    String streamError(String type, String message) {
      return error(type, message) + "\n";
    }

    @Override
    String malformed() {
      return "{\"message\": \n";
    }
  };

  private static final JsonMapper JSON = new JsonMapper();

  /** Why a reply ends. */
  enum End {
    STOP,
    CALLS,
    LENGTH
  }

  /** What stands before everything else. */
  List<String> start() {
    return List.of();
  }

  /** The first piece of a text. */
  abstract List<String> text(String text);

  /** A further piece of the same text. */
  List<String> more(String text) {
    return text(text);
  }

  /** What ends a text. */
  List<String> textEnd() {
    return List.of();
  }

  abstract List<String> call(int index, FakeAnswer.Call call);

  abstract List<String> thinking(int index, String thinking, String signature);

  abstract List<String> refusal(String text);

  abstract List<String> end(End end);

  abstract String error(String type, String message);

  abstract String streamError(String type, String message);

  abstract String malformed();

  /** The protocol that a path belongs to. */
  static FakeWire of(String path) {
    if (path.endsWith("/messages")) {
      return ANTHROPIC;
    }
    return path.endsWith("/api/chat") ? OLLAMA : OPENAI;
  }

  private static String data(JsonNode chunk) {
    return "data: " + chunk + "\n\n";
  }

  private static String event(JsonNode event) {
    return "event: " + event.path("type").asString("") + "\ndata: " + event + "\n\n";
  }

  private static ObjectNode block(int index) {
    return JSON.createObjectNode().put("index", index);
  }

  private static ObjectNode ollama() {
    return JSON.createObjectNode()
        .put("model", "fake")
        .put("created_at", "2026-01-01T00:00:00.000000Z");
  }

  private static String openaiCall(
      int index, @Nullable String id, @Nullable String name, String arguments) {
    ObjectNode chunk = JSON.createObjectNode().put("id", "chat-1");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    ObjectNode call = choice.putObject("delta").putArray("tool_calls").addObject();
    call.put("index", index);
    if (id != null) {
      call.put("id", id).put("type", "function");
    }
    ObjectNode function = call.putObject("function").put("arguments", arguments);
    if (name != null) {
      function.put("name", name);
    }
    return data(chunk);
  }

  private static List<String> anthropicEnd(String reason) {
    ObjectNode delta = JSON.createObjectNode().put("type", "message_delta");
    delta.putObject("delta").put("stop_reason", reason);
    delta.putObject("usage").put("output_tokens", 20);
    return List.of(event(delta), event(JSON.createObjectNode().put("type", "message_stop")));
  }
}
