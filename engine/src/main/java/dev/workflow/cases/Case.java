package dev.workflow.cases;

import dev.workflow.run.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One case: what a run is given, and what must come of it.
 *
 * @param name a sentence
 * @param inputs of the run
 * @param started when the run begins
 * @param answers scripted answers written in the file; absent: those of {@code answersFile}
 * @param answersFile as written, relative to the file of cases; absent: those the workflow names
 * @param mocks by name
 * @param people answers of people by step path
 * @param status that the run must end with
 * @param outputs that must come out, by name; others may, too
 * @param steps the status that steps must end with, by step path
 * @param assertions conditions on all that came of it
 * @param pointer into the file of cases
 */
public record Case(
    String name,
    JsonNode inputs,
    Instant started,
    @Nullable JsonNode answers,
    @Nullable String answersFile,
    Map<String, Mock> mocks,
    Map<String, JsonNode> people,
    RunStatus status,
    Map<String, JsonNode> outputs,
    Map<String, String> steps,
    List<String> assertions,
    String pointer) {

  public Case {
    assertions = List.copyOf(assertions);
  }
}
