package dev.workflow.models;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a fake provider answers one request. */
public sealed interface FakeAnswer {

  /** A text, streamed in small pieces. */
  record Text(String text) implements FakeAnswer {}

  /** Words and tool calls. */
  record Calls(String text, List<Call> calls) implements FakeAnswer {
    public Calls {
      calls = List.copyOf(calls);
    }
  }

  /**
   * One tool call.
   *
   * @param arguments text as it is streamed, be it JSON or not
   */
  record Call(String tool, String arguments) {}

  /** A text that stops at the bound on tokens. */
  record Truncated(String text) implements FakeAnswer {}

  /** A text after a block of thinking with its signature. */
  record Thinking(String thinking, String signature, Calls then) implements FakeAnswer {}

  /** The model will not answer. */
  record Refusal(String text) implements FakeAnswer {}

  /** An HTTP error, in the provider's own wording unless the body says otherwise. */
  record Status(int code, String message, Map<String, String> headers, @Nullable String body)
      implements FakeAnswer {
    public Status {
      headers = Map.copyOf(headers);
    }

    static Status of(int code, String message) {
      return new Status(code, message, Map.of(), null);
    }
  }

  /** An error event after a first piece of text. */
  record StreamError(String type, String message) implements FakeAnswer {}

  /** The connection breaks after a first piece of text. */
  record Cut(String text) implements FakeAnswer {}

  /** The stream ends politely after a first piece of text, but without its last event. */
  record Unfinished(String text) implements FakeAnswer {}

  /** A piece that is no JSON. */
  record Malformed(String text) implements FakeAnswer {}

  /** Another answer after a while. */
  record Slow(Duration delay, FakeAnswer then) implements FakeAnswer {}

  /** A first piece of text, then nothing until the client goes away. */
  record Silent(String text) implements FakeAnswer {}

  /** The same text again and again until the client goes away. */
  record Endless(String text, Duration pause) implements FakeAnswer {}

  /** Calls of one tool with its arguments as a value. */
  static FakeAnswer call(String tool, JsonNode arguments) {
    return new Calls("", List.of(new Call(tool, arguments.toString())));
  }
}
