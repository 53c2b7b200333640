package dev.workflow.cli;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Nearest;
import dev.workflow.engine.People;
import dev.workflow.engine.StandingAnswers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code run} and {@code resume} share. */
final class RunOptions {
  private static final List<String> LIMITS =
      List.of("concurrency", "time", "tool_calls", "revisions");

  @Option(
      names = "--answer",
      paramLabel = "STEP=JSON",
      description = "Answers the question of a step, or decides about its call in doubt.")
  private Map<String, String> answers = new LinkedHashMap<>();

  @Option(
      names = "--limit",
      paramLabel = "K=V",
      description = "Sets a limit: concurrency, time (such as 5m), tool_calls, revisions.")
  private Map<String, String> limits = new LinkedHashMap<>();

  @Option(
      names = "--yes",
      description = "Approves every question without a form; never trust or a call in doubt.")
  private boolean yes;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "What standard output carries: ${COMPLETION-CANDIDATES}. Default: text.")
  private OutputFormat output = OutputFormat.text;

  @Option(
      names = "--progress",
      paramLabel = "KIND",
      description =
          "How progress is shown: ${COMPLETION-CANDIDATES}. Default: auto, live in a terminal.")
  private Progress progress = Progress.auto;

  /** How progress is shown. */
  enum Progress {
    auto,
    live,
    plain,
    none
  }

  OutputFormat output() {
    return output;
  }

  Progress progress() {
    return progress;
  }

  /** People who answer as the options say, and otherwise ask the next one. */
  People people(People next) {
    return new StandingAnswers(answers(), yes, next);
  }

  Map<String, JsonNode> answers() {
    Map<String, JsonNode> parsed = new LinkedHashMap<>();
    answers.forEach((step, text) -> parsed.put(step, json(step, text)));
    return parsed;
  }

  private static JsonNode json(String step, String text) {
    try {
      return JsonMapper.shared().readTree(text);
    } catch (JacksonException e) {
      throw new UsageException(
          "--answer "
              + step
              + ": expected JSON such as '{\"decision\":\"approve\"}', found '"
              + text
              + "'. Quote the whole argument for the shell.");
    }
  }

  /** The given limits with those of the options in their place. */
  Limits limits(Limits given) {
    Limits result = given;
    for (Map.Entry<String, String> limit : limits.entrySet()) {
      result = with(result, limit.getKey(), limit.getValue());
    }
    return result;
  }

  private static Limits with(Limits limits, String name, String value) {
    return switch (name) {
      case "concurrency" ->
          new Limits(count(name, value), limits.time(), limits.toolCalls(), limits.revisions());
      case "time" ->
          new Limits(
              limits.concurrency(), duration(value), limits.toolCalls(), limits.revisions());
      case "tool_calls" ->
          new Limits(limits.concurrency(), limits.time(), count(name, value), limits.revisions());
      case "revisions" ->
          new Limits(limits.concurrency(), limits.time(), limits.toolCalls(), count(name, value));
      default ->
          throw new UsageException(
              "--limit "
                  + name
                  + ": expected one of "
                  + String.join(", ", LIMITS)
                  + "."
                  + Nearest.to(name, LIMITS).map(near -> " Did you mean " + near + "?").orElse(""));
    };
  }

  private static Duration duration(String value) {
    return Durations.parse(value)
        .orElseThrow(
            () ->
                new UsageException(
                    "--limit time: expected a duration such as 90s or 5m, found '" + value + "'."));
  }

  private static int count(String name, String value) {
    try {
      int count = Integer.parseInt(value);
      if (count >= 1) {
        return count;
      }
    } catch (NumberFormatException notANumber) {
      // The message below says it.
    }
    throw new UsageException(
        "--limit " + name + ": expected a whole number of 1 or more, found '" + value + "'.");
  }
}
