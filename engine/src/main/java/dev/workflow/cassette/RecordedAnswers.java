package dev.workflow.cassette;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.ModelException;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.StepError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Answers as JSON, and how they are given again. */
final class RecordedAnswers {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String STRUCTURED = "structured";
  private static final String CONTENT = "content";
  private static final String FAILS = "fails";
  private static final String UNSURE = "unsure";

  private RecordedAnswers() {}

  /** No answer ever came: the run gave the call up. */
  static ObjectNode silence() {
    return JSON.objectNode().put("given_up", true);
  }

  static ObjectNode returned(JsonNode value, boolean structured, @Nullable JsonNode content) {
    ObjectNode answer = JSON.objectNode();
    answer.set("returns", value);
    if (structured) {
      answer.put(STRUCTURED, true);
    }
    if (content != null) {
      answer.set(CONTENT, content);
    }
    return answer;
  }

  /**
   * A failure.
   *
   * @param unsure whether the call may have taken effect, or be charged for, all the same
   */
  static ObjectNode failed(StepError error, boolean unsure) {
    ObjectNode answer = JSON.objectNode();
    ObjectNode fails = answer.putObject(FAILS);
    fails.put("kind", error.kind().word());
    fails.put("message", error.message());
    if (!error.details().isEmpty()) {
      ArrayNode details = fails.putArray("details");
      error.details().forEach(details::add);
    }
    if (unsure) {
      answer.put(UNSURE, true);
    }
    return answer;
  }

  static ObjectNode replied(Reply reply) {
    ObjectNode answer = JSON.objectNode();
    ObjectNode said = answer.putObject("reply");
    said.put("text", reply.text());
    JsonNode reasoning = reply.reasoning();
    if (reasoning != null) {
      said.set("reasoning", reasoning);
    }
    if (!reply.calls().isEmpty()) {
      said.set("calls", Requests.calls(reply.calls()));
    }
    JsonNode structured = reply.structured();
    if (structured != null) {
      said.set(STRUCTURED, structured);
    }
    if (reply.truncated()) {
      said.put("truncated", true);
    }
    Usage usage = reply.usage();
    said.putObject("usage")
        .put("input_tokens", usage.inputTokens())
        .put("output_tokens", usage.outputTokens())
        .put("cached_tokens", usage.cachedTokens())
        .put("written_tokens", usage.writtenTokens())
        .put("reasoning_tokens", usage.reasoningTokens());
    return answer;
  }

  /** Gives the answer of a tool; silence is nothing to give. */
  static void give(ObjectNode answer, MonoSink<Tools.Answer> to) {
    JsonNode value = answer.get("returns");
    if (value != null) {
      to.success(
          new Tools.Answer(value, answer.path(STRUCTURED).asBoolean(false), answer.get(CONTENT)));
    } else if (answer.has(FAILS)) {
      to.error(new ToolException(error(answer), answer.path(UNSURE).asBoolean(false)));
    }
  }

  /** Gives the answer of a model; silence is nothing to give. */
  static void say(ObjectNode answer, MonoSink<Models.Reply> to) {
    JsonNode said = answer.get("reply");
    if (said != null) {
      to.success(reply(said));
    } else if (answer.has(FAILS)) {
      to.error(new ModelException(error(answer), answer.path(UNSURE).asBoolean(false)));
    }
  }

  private static Reply reply(JsonNode said) {
    List<Wanted> calls = new ArrayList<>();
    for (JsonNode call : said.path("calls")) {
      calls.add(
          new Wanted(
              call.path("id").asString(), call.path("tool").asString(), call.path("arguments")));
    }
    JsonNode usage = said.path("usage");
    return new Reply(
        said.path("text").asString(),
        said.get("reasoning"),
        calls,
        said.get(STRUCTURED),
        said.path("truncated").asBoolean(false),
        new Usage(
            usage.path("input_tokens").asLong(0),
            usage.path("output_tokens").asLong(0),
            usage.path("cached_tokens").asLong(0),
            usage.path("written_tokens").asLong(0),
            usage.path("reasoning_tokens").asLong(0)));
  }

  private static StepError error(ObjectNode answer) {
    JsonNode fails = answer.path(FAILS);
    List<String> details = new ArrayList<>();
    fails.path("details").forEach(each -> details.add(each.asString()));
    return new StepError(
        ErrorKind.of(fails.path("kind").asString()), fails.path("message").asString(), details);
  }
}
