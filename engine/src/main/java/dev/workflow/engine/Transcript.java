package dev.workflow.engine;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.run.ModelReply;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The conversation so far as the messages of the next request: bounded, newest turns first to stay,
 * a tool call never without its result.
 */
final class Transcript {
  private static final int SHORTEST_VIEW = 1_000;
  private final ModelRef model;
  private final ConversationLimits limits;
  private final List<Exchange> exchanges = new ArrayList<>();

  /**
   * Reads a transcript.
   *
   * @param model that is asked; reasoning of another one does not go back
   */
  Transcript(List<Turn> turns, ModelRef model, ConversationLimits limits) {
    this.model = model;
    this.limits = limits;
    for (Turn turn : turns) {
      switch (turn) {
        case Turn.Replied replied ->
            exchanges.add(new Exchange(replied.reply(), new LinkedHashMap<>()));
        case Turn.ToolEnded ended -> last().results().put(ended.id(), ended);
      }
    }
  }

  /** The prompt, a notice of what is left out, and the newest exchanges that fit. */
  List<Message> messages(String prompt) {
    String shown = ModelView.of(prompt, limits.windowChars() / 2);
    int room = limits.windowChars() - shown.length();
    int from = firstThatFits(room);
    List<Message> messages = new ArrayList<>();
    messages.add(new Message.User(shown + leftOut(from)));
    ShownImages images = ShownImages.to(model);
    for (int i = exchanges.size() - 1; i >= from; i--) {
      boolean newest = i == exchanges.size() - 1;
      int view = newest ? viewOfNewest(room) : limits.resultChars();
      messages.addAll(1, messages(exchanges.get(i), newest, view, images));
    }
    return messages;
  }

  private Exchange last() {
    if (exchanges.isEmpty()) {
      throw new IllegalStateException("Transcript: expected a reply before the first tool result");
    }
    return exchanges.get(exchanges.size() - 1);
  }

  /** The newest exchange always stays, however long it is. */
  private int firstThatFits(int room) {
    int left = room;
    int from = exchanges.size();
    while (from > 0) {
      left -= size(exchanges.get(from - 1));
      if (left < 0 && from < exchanges.size()) {
        return from;
      }
      from--;
    }
    return from;
  }

  /** Many long results of one turn share the room there is. */
  private int viewOfNewest(int room) {
    Exchange newest = last();
    int parts = newest.reply().calls().size() + 1;
    boolean fits = size(newest) <= room;
    return fits ? limits.resultChars() : Math.max(SHORTEST_VIEW, room / parts);
  }

  private List<Message> messages(Exchange exchange, boolean newest, int view, ShownImages images) {
    ModelReply reply = exchange.reply();
    List<Message> messages = new ArrayList<>();
    List<Wanted> calls =
        reply.calls().stream().map(c -> new Wanted(c.id(), c.name(), c.arguments())).toList();
    JsonNode reasoning = newest && reply.model().equals(model.name()) ? reply.reasoning() : null;
    messages.add(new Message.Assistant(ModelView.of(spoken(reply), view), reasoning, calls));
    for (WantedCall call : reply.calls()) {
      messages.add(result(call, exchange.results().get(call.id()), view, images));
    }
    if (calls.isEmpty()) {
      messages.add(new Message.User(hint(reply.violations())));
    }
    return messages;
  }

  private static String spoken(ModelReply reply) {
    JsonNode output = reply.output();
    boolean silent = reply.text().isBlank() && reply.calls().isEmpty();
    return silent && output != null ? output.toString() : reply.text();
  }

  private static Message result(
      WantedCall call, Turn.@Nullable ToolEnded ended, int view, ShownImages images) {
    if (ended == null || call.answer() != null) {
      return unperformed(call, view);
    }
    JsonNode output = ended.output();
    String error = ended.error();
    return output == null
        ? failed(call, error == null ? "The tool gave no result." : error, view)
        : new Message.ToolOutput(
            call.id(),
            call.name(),
            ModelView.of(told(output, ended.content()), view),
            output,
            false,
            images.of(ended));
  }

  /** The output, and what blocks there are beside it. */
  private static String told(JsonNode output, @Nullable JsonNode content) {
    ArrayNode beside = output.isArray() ? null : ContentBlocks.beside(content);
    String text = ModelView.text(output);
    return beside == null || beside.isEmpty() ? text : text + "\n" + beside;
  }

  private static Message unperformed(WantedCall call, int view) {
    String problem = call.problem();
    String answer = call.answer();
    if (problem != null) {
      return failed(call, problem, view);
    }
    if (answer == null) {
      return failed(call, "The call was not made.", view);
    }
    JsonNode value =
        JsonText.parse(answer).orElseGet(() -> JsonNodeFactory.instance.stringNode(answer));
    return new Message.ToolOutput(call.id(), call.name(), ModelView.of(answer, view), value, false);
  }

  private static Message failed(WantedCall call, String error, int view) {
    return new Message.ToolOutput(call.id(), call.name(), ModelView.of(error, view), null, true);
  }

  /** What a model is told about an answer that was not taken. */
  private static String hint(List<String> violations) {
    StringBuilder hint = new StringBuilder("Your answer was not accepted:");
    violations.forEach(violation -> hint.append("\n- ").append(violation));
    return hint.append("\nAnswer again, complete and corrected, with the answer alone.").toString();
  }

  private String leftOut(int from) {
    if (from == 0) {
      return "";
    }
    Map<String, Integer> tools = new LinkedHashMap<>();
    for (Exchange exchange : exchanges.subList(0, from)) {
      exchange.reply().calls().forEach(call -> tools.merge(call.name(), 1, Integer::sum));
    }
    List<String> names = new ArrayList<>();
    tools.forEach((name, count) -> names.add(count == 1 ? name : name + " (" + count + " times)"));
    return "\n\n[Your first "
        + (from == 1 ? "turn is" : from + " turns are")
        + " left out here, because the conversation has grown too long."
        + (names.isEmpty() ? "" : " You called: " + String.join(", ", names) + ".")
        + "]";
  }

  /** Images are bounded on their own. */
  private int size(Exchange exchange) {
    int size = 0;
    for (Message message : messages(exchange, false, limits.resultChars(), ShownImages.none())) {
      size +=
          switch (message) {
            case Message.User user -> user.text().length();
            case Message.Assistant said -> size(said);
            case Message.ToolOutput output -> output.text().length();
          };
    }
    return size;
  }

  private static int size(Message.Assistant said) {
    int size = said.text().length();
    for (Wanted call : said.calls()) {
      size += call.name().length() + call.arguments().toString().length();
    }
    return size;
  }

  private record Exchange(ModelReply reply, Map<String, Turn.ToolEnded> results) {}
}
