package dev.workflow.engine;

import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The answer in a model's reply, held against the schema it must satisfy.
 *
 * @param output absent where the reply holds no value
 * @param violations empty: the answer is good
 */
record AnswerReading(@Nullable JsonNode output, List<String> violations) {

  private static final String FENCE = "```";
  private static final int MOST_VIOLATIONS = 20;
  private static final int EXCERPT = 120;
  private static final String CUT = "the reply was cut off at the token limit of the model";
  private static final int VIOLATION_CHARS = 500;

  AnswerReading {
    violations = List.copyOf(violations);
  }

  /**
   * Reads the answer.
   *
   * @param schema absent: any text will do
   * @param maxTokens the bound at which a truncated reply was cut, for the message
   */
  static AnswerReading of(
      Reply reply, @Nullable JsonNode schema, Validator validator, int maxTokens) {
    if (schema == null) {
      return text(reply, maxTokens);
    }
    AnswerReading best = null;
    for (JsonNode candidate : candidates(reply)) {
      AnswerReading reading =
          new AnswerReading(candidate, words(validator.validate(schema, candidate)));
      if (reading.violations().isEmpty()) {
        return reading;
      }
      best = best == null ? reading : best;
    }
    if (best == null || onlyText(best, reply)) {
      best = new AnswerReading(null, List.of(noValue(reply.text())));
    }
    return reply.truncated() ? best.cut(maxTokens) : best;
  }

  /** Violations as lines, bounded in number and length. */
  static List<String> words(List<Violation> violations) {
    List<String> lines = new ArrayList<>();
    for (Violation violation :
        violations.subList(0, Math.min(violations.size(), MOST_VIOLATIONS))) {
      lines.add(ModelView.excerpt(violation.text(), VIOLATION_CHARS));
    }
    if (violations.size() > MOST_VIOLATIONS) {
      lines.add("and " + (violations.size() - MOST_VIOLATIONS) + " more");
    }
    return lines;
  }

  private static AnswerReading text(Reply reply, int maxTokens) {
    JsonNode structured = reply.structured();
    JsonNode output =
        structured == null ? JsonNodeFactory.instance.stringNode(reply.text()) : structured;
    AnswerReading reading =
        structured == null && reply.text().isBlank()
            ? new AnswerReading(null, List.of("the reply is empty; expected an answer"))
            : new AnswerReading(output, List.of());
    return reply.truncated() ? reading.cut(maxTokens) : reading;
  }

  /** Whether what a reply was found to break tells that it was cut off. */
  static boolean isCut(List<String> violations) {
    return !violations.isEmpty() && violations.getFirst().startsWith(CUT);
  }

  private AnswerReading cut(int maxTokens) {
    List<String> all = new ArrayList<>();
    all.add(CUT + " (max_tokens: " + maxTokens + "); expected a complete, shorter answer");
    all.addAll(violations);
    return new AnswerReading(output, all);
  }

  /** Every way to read a value from the reply, the likeliest first; the plain text comes last. */
  private static List<JsonNode> candidates(Reply reply) {
    List<JsonNode> found = new ArrayList<>();
    JsonNode structured = reply.structured();
    if (structured != null) {
      found.add(structured);
    }
    String text = reply.text().strip();
    JsonText.parse(text).ifPresent(found::add);
    found.addAll(fenced(text));
    embedded(text, '{', found);
    embedded(text, '[', found);
    if (!text.isEmpty()) {
      found.add(JsonNodeFactory.instance.stringNode(reply.text()));
    }
    return found;
  }

  /** The values in fenced code, the last one first: answers come at the end. */
  private static List<JsonNode> fenced(String text) {
    List<JsonNode> found = new ArrayList<>();
    int opening = text.indexOf(FENCE);
    while (opening >= 0) {
      int body = text.indexOf('\n', opening);
      int closing = body < 0 ? -1 : text.indexOf(FENCE, body);
      if (closing < 0) {
        return found;
      }
      JsonText.parse(text.substring(body, closing)).ifPresent(value -> found.add(0, value));
      opening = text.indexOf(FENCE, closing + FENCE.length());
    }
    return found;
  }

  private static void embedded(String text, char opening, List<JsonNode> found) {
    int at = text.indexOf(opening);
    if (at >= 0) {
      JsonText.parseStart(text.substring(at)).ifPresent(found::add);
    }
  }

  /** Whether all there is to read is the plain text itself. */
  private static boolean onlyText(AnswerReading best, Reply reply) {
    JsonNode output = best.output();
    return reply.structured() == null
        && output != null
        && output.isString()
        && output.stringValue().equals(reply.text());
  }

  private static String noValue(String text) {
    return text.isBlank()
        ? "the reply is empty; expected a JSON value"
        : "expected a JSON value; found text: \"" + ModelView.excerpt(text, EXCERPT) + "\"";
  }
}
