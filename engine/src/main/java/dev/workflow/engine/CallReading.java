package dev.workflow.engine;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The tool calls in a model's reply: which tool is meant, and whether it may be called so. */
final class CallReading {
  private static final int MOST_NAMES = 20;
  private static final int EXCERPT = 200;
  private final Toolbox toolbox;
  private final Validator validator;
  private final @Nullable Effect effect;

  /**
   * Reads calls of one agent.
   *
   * @param effect what the step says of all its calls; absent: each tool's own class
   */
  CallReading(Toolbox toolbox, Validator validator, @Nullable Effect effect) {
    this.toolbox = toolbox;
    this.validator = validator;
    this.effect = effect;
  }

  /** The calls of a reply, in order, each under an id that is unique in the conversation. */
  List<WantedCall> read(Reply reply, List<Turn> transcript, int turn) {
    Set<String> taken = idsIn(transcript);
    List<WantedCall> calls = new ArrayList<>();
    for (Wanted wanted : reply.calls()) {
      String id = unique(wanted.id(), taken, "call_" + turn + "_", calls.size() + 1);
      calls.add(read(id, wanted, reply.truncated()));
    }
    return calls;
  }

  private static String unique(String id, Set<String> taken, String prefix, int number) {
    String unique = id.isBlank() ? prefix + number : id;
    for (int n = number; !taken.add(unique); n++) {
      unique = prefix + n;
    }
    return unique;
  }

  private static Set<String> idsIn(List<Turn> transcript) {
    Set<String> ids = new HashSet<>();
    for (Turn turn : transcript) {
      if (turn instanceof Turn.Replied replied) {
        replied.reply().calls().forEach(call -> ids.add(call.id()));
      }
    }
    return ids;
  }

  private WantedCall read(String id, Wanted wanted, boolean truncated) {
    JsonNode arguments = object(wanted.arguments());
    if (toolbox.searched() && wanted.name().equals(ToolSearch.NAME)) {
      return search(id, wanted.name(), arguments, truncated);
    }
    Optional<Offer> own =
        toolbox.engineOwn().stream()
            .filter(offer -> offer.name().equals(wanted.name()))
            .findFirst();
    if (own.isPresent()) {
      String problem = problem(wanted.name(), own.get().inputSchema(), arguments, truncated);
      return wanted.name().equals(SkillReading.NAME) && problem == null
          ? skillRead(id, arguments)
          : engineOwn(id, wanted.name(), wanted.name(), arguments, problem, null);
    }
    Optional<ToolSpec> found = toolbox.find(wanted.name());
    if (found.isEmpty()) {
      return engineOwn(id, wanted.name(), "", arguments, unknown(wanted.name()), null);
    }
    ToolSpec spec = found.get();
    return new WantedCall(
        id,
        wanted.name(),
        spec.server(),
        spec.name(),
        arguments,
        Canonical.hash(arguments),
        spec.digest(),
        effect == null ? spec.effect() : effect,
        problem(wanted.name(), spec.inputSchema(), arguments, truncated),
        null);
  }

  private WantedCall skillRead(String id, JsonNode arguments) {
    Skill skill = toolbox.readable().orElseThrow();
    String problem = SkillReading.problem(skill, arguments).orElse(null);
    String answer = problem == null ? SkillReading.answer(skill, arguments) : null;
    return engineOwn(id, SkillReading.NAME, SkillReading.NAME, arguments, problem, answer);
  }

  private WantedCall search(String id, String name, JsonNode arguments, boolean truncated) {
    String problem = problem(name, ToolSearch.OFFER.inputSchema(), arguments, truncated);
    String answer = problem == null ? ToolSearch.answer(toolbox, arguments) : null;
    return engineOwn(id, name, ToolSearch.NAME, arguments, problem, answer);
  }

  private static WantedCall engineOwn(
      String id,
      String name,
      String tool,
      JsonNode arguments,
      @Nullable String problem,
      @Nullable String answer) {
    String hash = Canonical.hash(arguments);
    return new WantedCall(id, name, "", tool, arguments, hash, "", Effect.READ, problem, answer);
  }

  /** Text that holds an object is taken for it, and no text for no arguments. */
  private static JsonNode object(JsonNode arguments) {
    if (arguments.isNull() || arguments.isMissingNode()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!arguments.isString()) {
      return arguments;
    }
    String text = arguments.stringValue();
    return text.isBlank()
        ? JsonNodeFactory.instance.objectNode()
        : JsonText.parse(text).filter(JsonNode::isObject).orElse(arguments);
  }

  private @Nullable String problem(
      String name, JsonNode schema, JsonNode arguments, boolean truncated) {
    if (!arguments.isObject()) {
      return "The arguments of "
          + name
          + " are no JSON object"
          + (truncated ? ", for your reply was cut off at its token limit" : "")
          + ": expected an object that fits its input schema; found: "
          + ModelView.excerpt(ModelView.text(arguments), EXCERPT);
    }
    List<String> violations = AnswerReading.words(validator.validate(schema, arguments));
    return violations.isEmpty()
        ? null
        : "The arguments do not fit the input schema of "
            + name
            + "; nothing was called:\n- "
            + String.join("\n- ", violations)
            + "\nCall it again with corrected arguments.";
  }

  private String unknown(String name) {
    List<String> names = List.copyOf(toolbox.tools().keySet());
    String there =
        names.isEmpty()
            ? "You have no tools."
            : toolbox.searched()
                ? "Find one with " + ToolSearch.NAME + "."
                : "The tools are: "
                    + String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMES)))
                    + ".";
    return "There is no tool " + ModelView.excerpt(name, EXCERPT) + ". " + there;
  }
}
