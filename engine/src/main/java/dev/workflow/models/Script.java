package dev.workflow.models;

import dev.workflow.definition.Durations;
import dev.workflow.definition.ErrorKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A file of scripted answers. Its shape is the contract of {@code schema/answers.schema.json}; what
 * that schema cannot see is checked here.
 */
record Script(List<Rule> rules) {

  private static final Pattern ELEMENTS =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s+in\\s+(\\S.*)", Pattern.DOTALL);

  Script {
    rules = List.copyOf(rules);
  }

  /**
   * Who is answered and how.
   *
   * @param place JSON pointer, for messages
   * @param agent absent: any; so for {@code step}, {@code model} and {@code turn}
   * @param when condition on the conversation; absent: always
   * @param turns the replies, in order, or the one reply
   * @param sequence whether the turns are counted; else the one reply answers any turn
   */
  record Rule(
      String place,
      @Nullable String agent,
      @Nullable String step,
      @Nullable String model,
      @Nullable Integer turn,
      @Nullable String when,
      List<Scripted> turns,
      boolean sequence) {
    Rule {
      turns = List.copyOf(turns);
    }
  }

  /**
   * One reply.
   *
   * @param text said beside calls, or instead of an answer; absent: nothing
   * @param answer absent: none
   * @param delay before anything is said
   * @param truncated whether it pretends to be cut by the token bound
   * @param failure absent: it answers
   */
  record Scripted(
      String place,
      @Nullable JsonNode text,
      @Nullable JsonNode answer,
      List<ScriptedCall> calls,
      Duration delay,
      boolean truncated,
      @Nullable Failure failure) {
    Scripted {
      calls = List.copyOf(calls);
    }
  }

  /**
   * One tool call, or one for each element.
   *
   * @param tool the name that the model would be shown
   * @param with arguments, whose texts may hold {@code ${...}}
   * @param variable of {@code each}; empty: a single call
   * @param in the elements; empty: a single call
   * @param when absent: always
   */
  record ScriptedCall(
      String place,
      String tool,
      JsonNode with,
      String variable,
      String in,
      @Nullable String when) {}

  /**
   * A request that gives no reply.
   *
   * @param times how often it fails before it answers; 0: always
   */
  record Failure(ErrorKind kind, String message, int times) {}

  /**
   * Reads a file that fits its schema.
   *
   * @throws IllegalArgumentException where the schema could not see a mistake
   */
  static Script read(JsonNode file) {
    List<Rule> rules = new ArrayList<>();
    JsonNode answers = file.path("answers");
    for (int i = 0; i < answers.size(); i++) {
      rules.add(rule(answers.get(i), "/answers/" + i));
    }
    if (rules.isEmpty()) {
      throw new IllegalArgumentException(
          "Scripted answers: expected at least one rule under \"answers\"; found none");
    }
    return new Script(rules);
  }

  private static Rule rule(JsonNode rule, String place) {
    List<Scripted> replies = new ArrayList<>();
    boolean sequence = rule.has("turns");
    if (sequence) {
      JsonNode turns = rule.path("turns");
      for (int i = 0; i < turns.size(); i++) {
        replies.add(reply(turns.get(i), place + "/turns/" + i));
      }
    } else {
      replies.add(reply(rule, place));
    }
    return new Rule(
        place,
        text(rule, "agent"),
        text(rule, "step"),
        text(rule, "model"),
        rule.has("turn") ? Integer.valueOf(rule.path("turn").asInt()) : null,
        text(rule, "when"),
        replies,
        sequence);
  }

  private static Scripted reply(JsonNode reply, String place) {
    List<ScriptedCall> calls = new ArrayList<>();
    JsonNode listed = reply.path("calls");
    for (int i = 0; i < listed.size(); i++) {
      calls.add(call(listed.get(i), place + "/calls/" + i));
    }
    return new Scripted(
        place,
        reply.get("text"),
        reply.get("answer"),
        calls,
        delay(reply, place),
        reply.path("truncated").asBoolean(false),
        reply.has("fail") ? failure(reply.path("fail")) : null);
  }

  private static ScriptedCall call(JsonNode call, String place) {
    String each = text(call, "each");
    String variable = "";
    String in = "";
    if (each != null) {
      Matcher elements = ELEMENTS.matcher(each);
      if (!elements.matches()) {
        throw new IllegalArgumentException(
            "Scripted answers, "
                + place
                + "/each: expected \"name in expression\"; found \""
                + each
                + "\"");
      }
      variable = elements.group(1);
      in = elements.group(2);
    }
    JsonNode with = call.get("with");
    return new ScriptedCall(
        place,
        call.path("tool").asString(""),
        with == null ? JsonNodeFactory.instance.objectNode() : with,
        variable,
        in,
        text(call, "when"));
  }

  private static Failure failure(JsonNode fail) {
    String kind = fail.path("kind").asString("model_error");
    return new Failure(
        ErrorKind.of(kind),
        fail.path("message").asString("The script says that the model fails here."),
        fail.path("times").asInt(0));
  }

  private static Duration delay(JsonNode reply, String place) {
    String text = text(reply, "delay");
    if (text == null) {
      return Duration.ZERO;
    }
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Scripted answers, "
                        + place
                        + "/delay: expected a duration such as 500ms, 2s or 1m; found \""
                        + text
                        + "\""));
  }

  private static @Nullable String text(JsonNode object, String key) {
    JsonNode value = object.get(key);
    return value == null ? null : value.asString("");
  }
}
