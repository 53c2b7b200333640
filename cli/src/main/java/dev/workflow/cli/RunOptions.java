package dev.workflow.cli;

import dev.workflow.definition.Limits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code run} and {@code resume} share. */
final class RunOptions implements Arguments {
  private final Argument<List<String>> answers =
      Argument.options(
          "--answer=STEP=JSON",
          String.class,
          "Answers the question of a step, or decides about its call in doubt.");
  private final Argument<Boolean> yes =
      Argument.flag(
          "--yes", "Approves every question without a form; never trust or a call in doubt.");
  private final Argument<Map<String, String>> limits =
      Argument.pairs(
          "--limit=K=V",
          "Sets a limit: concurrency, time (such as 5m), tokens (500k), cost ('2.00 USD'),"
              + " model_calls, tool_calls, revisions.");
  private final Argument<OutputFormat> output =
      Argument.option(
          "-o, --output=FORMAT",
          OutputFormat.text,
          "What standard output carries: ${COMPLETION-CANDIDATES} (default text).");
  private final Argument<Progress> progress =
      Argument.option(
          "--progress=KIND",
          Progress.auto,
          "How progress is shown on standard error: ${COMPLETION-CANDIDATES}"
              + " (default auto: live in a terminal, else plain).");

  /** How progress is shown. */
  enum Progress {
    auto,
    live,
    plain,
    none
  }

  @Override
  public List<Argument<?>> each() {
    return List.of(answers, yes, limits, output, progress);
  }

  OutputFormat output() {
    return output.value();
  }

  Progress progress() {
    return progress.value();
  }

  boolean yes() {
    return yes.value();
  }

  /** The given answers by the text of their step's path. */
  Map<String, JsonNode> answers() {
    Map<String, JsonNode> parsed = new LinkedHashMap<>();
    for (String answer : answers.value()) {
      int end = endOfPath(answer);
      String step = answer.substring(0, end);
      if (end == answer.length()) {
        throw new UsageException("--answer " + step + ": expected STEP=JSON, found no '='.");
      }
      parsed.put(step, json(step, answer.substring(end + 1)));
    }
    return parsed;
  }

  /** Where the {@code =} stands; one in the key of an element, in brackets, is part of the path. */
  private static int endOfPath(String answer) {
    boolean inKey = false;
    for (int i = 0; i < answer.length(); i++) {
      char c = answer.charAt(i);
      if (c == '=' && !inKey) {
        return i;
      } else if (c == '\\') {
        i++;
      } else if (c == '[' || c == ']') {
        inKey = c == '[';
      }
    }
    return answer.length();
  }

  private static JsonNode json(String step, String text) {
    try {
      JsonNode value = JsonMapper.shared().readTree(text);
      if (!value.isMissingNode()) {
        return value;
      }
    } catch (JacksonException noJson) {
      // Said below, as for an empty text.
    }
    throw new UsageException(
        "--answer "
            + step
            + ": expected JSON such as '{\"decision\":\"approve\"}', found "
            + (text.isBlank() ? "nothing" : "'" + text + "'")
            + ". Quote the whole argument for the shell.");
  }

  /** The given limits with those of the options in their place. */
  Limits limits(Limits given) {
    Limits result = given;
    for (Map.Entry<String, String> limit : limits.value().entrySet()) {
      try {
        result = result.with(limit.getKey(), limit.getValue());
      } catch (IllegalArgumentException e) {
        throw new UsageException("--limit " + limit.getKey() + ": " + e.getMessage());
      }
    }
    return result;
  }
}
