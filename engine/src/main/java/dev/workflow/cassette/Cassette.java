package dev.workflow.cassette;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Price;
import dev.workflow.engine.ToolSpec;
import dev.workflow.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one run was given, asked and got.
 *
 * @param run its id, from which keys of calls are made
 * @param workflow the name of what ran
 * @param simulated whether scripted answers stood in for models
 * @param previous what the last succeeded run before it gave, where the workflow reads that
 * @param models alias to the models that served it
 * @param chosen aliases that were served by others than the workflow says
 * @param prices of the models, by name
 * @param bindings capability to {@code server/tool}
 * @param tools every tool that could be called, by {@code server/tool}
 * @param calls in the order in which they were made
 * @param people what they were asked, in order
 * @param status that it ended with
 * @param outputs it gave
 */
public record Cassette(
    String run,
    String workflow,
    Instant started,
    boolean simulated,
    ObjectNode inputs,
    @Nullable Previous previous,
    Map<String, List<ModelRef>> models,
    Set<String> chosen,
    Map<String, Price> prices,
    Map<String, String> bindings,
    Map<String, ToolSpec> tools,
    List<Call> calls,
    List<Asked> people,
    RunStatus status,
    ObjectNode outputs) {

  public Cassette {
    calls = List.copyOf(calls);
    people = List.copyOf(people);
  }

  /** The newest version of the format, and the only one so far. */
  static final int VERSION = 1;

  /** What an earlier run gave, and when that began. */
  public record Previous(Instant started, ObjectNode outputs) {}

  /** What was called. */
  enum Kind {
    TOOL,
    MODEL
  }

  /**
   * A call.
   *
   * @param id step and number, such as {@code days[0]/plan#2}: calls are numbered in their step,
   *     without those that were lost and made again
   * @param request all that counts of it
   * @param answer as {@link RecordedAnswers} reads it
   * @param after how long the run had worked when the answer came
   */
  record Call(String id, Kind kind, ObjectNode request, ObjectNode answer, Duration after) {
    /** The path of the step that made it. */
    String step() {
      return id.substring(0, id.lastIndexOf('#'));
    }
  }

  /**
   * A question to a person.
   *
   * @param kind what it was about, as {@code pending} of a result has it
   * @param form of the answer; absent: none
   * @param answer absent: nobody gave one
   * @param expired whether the time to answer was over
   * @param after how long the run had worked when the answer came
   */
  record Asked(
      String step,
      String kind,
      String text,
      @Nullable JsonNode form,
      @Nullable JsonNode answer,
      boolean expired,
      Duration after) {}
}
