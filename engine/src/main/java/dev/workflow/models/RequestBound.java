package dev.workflow.models;

import dev.workflow.engine.Models.Bound;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Request;
import dev.workflow.engine.Models.Wanted;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The most tokens that a request can take. The tokenizers of the providers work on bytes, and a
 * token stands for one byte or more (see the README of OpenAI's tiktoken: reversible, and for
 * arbitrary text), so a text has no more tokens than its UTF-8 has bytes. Texts are counted as JSON
 * writes them, which is never shorter. What providers put around them is allowed for: a few tokens
 * for a message and a tool, and what Anthropic tells its models when there are tools, several
 * hundred tokens by its documentation. Images: see {@link ImageTokens}. What a reply takes is
 * bounded in the request itself.
 */
final class RequestBound {
  private static final long AROUND_REQUEST = 2_048;
  private static final long AROUND_PART = 64;

  private RequestBound() {}

  static Bound of(Request request) {
    long input = AROUND_REQUEST + bytes(request.system()) + ImageTokens.of(request);
    for (Message message : request.messages()) {
      input += AROUND_PART + bytes(message);
    }
    for (Offer offer : request.tools()) {
      input +=
          AROUND_PART
              + bytes(offer.name())
              + bytes(offer.description())
              + bytes(offer.inputSchema());
    }
    JsonNode output = request.outputSchema();
    if (output != null) {
      input += AROUND_PART + 2 * bytes(output);
    }
    return new Bound(
        input,
        ChatModels.mostTokens(request.model(), Endpoint.Dialect.of(request.model().provider())));
  }

  private static long bytes(Message message) {
    return switch (message) {
      case Message.User user -> bytes(user.text());
      case Message.Assistant said -> bytes(said);
      case Message.ToolOutput output ->
          bytes(output.id()) + bytes(output.name()) + bytes(output.text());
    };
  }

  private static long bytes(Message.Assistant said) {
    JsonNode reasoning = said.reasoning();
    long bytes = bytes(said.text()) + (reasoning == null ? 0 : bytes(reasoning));
    for (Wanted call : said.calls()) {
      bytes += AROUND_PART + bytes(call.id()) + bytes(call.name());
      bytes += bytes(call.arguments().toString());
    }
    return bytes;
  }

  private static long bytes(String text) {
    return bytes(JsonNodeFactory.instance.stringNode(text));
  }

  private static long bytes(JsonNode value) {
    return value.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
