package dev.workflow.cases;

import dev.workflow.run.RunStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One case: what a run is given, and what must come of it.
 *
 * @param name a sentence
 * @param inputs of the run
 * @param started when the run begins; absent: when that of the cassette did, else a day of ours
 * @param answers scripted answers written in the file; absent: those of {@code answersFile}
 * @param answersFile as written, relative to the file of cases; absent: those the workflow names
 * @param mocks by name
 * @param people answers of people by step path
 * @param cassette as written, relative to the file of cases: it answers what is not mocked; absent:
 *     nothing does
 * @param status that the run must end with; absent: that of the cassette, else succeeded
 * @param outputs that must come out, by name; others may, too; absent: those of the cassette, else
 *     any
 * @param steps the status that steps must end with, by step path
 * @param assertions conditions on all that came of it
 * @param pointer into the file of cases
 */
public record Case(
    String name,
    JsonNode inputs,
    @Nullable Instant started,
    @Nullable JsonNode answers,
    @Nullable String answersFile,
    Map<String, Mock> mocks,
    Map<String, JsonNode> people,
    @Nullable String cassette,
    @Nullable RunStatus status,
    @Nullable Map<String, JsonNode> outputs,
    Map<String, String> steps,
    List<String> assertions,
    String pointer) {

  public Case {
    assertions = List.copyOf(assertions);
  }

  /** A case that says nothing but what people answer. */
  public static Case alone(Map<String, JsonNode> people) {
    return new Case(
        "replay",
        JsonNodeFactory.instance.objectNode(),
        null,
        null,
        null,
        Map.of(),
        people,
        null,
        null,
        null,
        Map.of(),
        List.of(),
        "");
  }
}
