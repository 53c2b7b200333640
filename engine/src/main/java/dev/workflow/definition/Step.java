package dev.workflow.definition;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One step of a workflow in its long form.
 *
 * @param id unique within its graph
 * @param when condition; absent: always
 * @param output JSON Schema 2020-12 that the output must satisfy; absent: anything
 * @param timeout bound on one attempt; for {@code ask} on the answer; absent: the verb's default
 * @param effect overrides the effect class of every call the step makes
 * @param limits what all its attempts, revisions, elements and inner steps may use up together; of
 *     an agent step its tool calls also bound one attempt, in the place of the agent's
 * @param verify how it is found out whether a call without an answer took effect; absent: a person
 *     is asked
 * @param undo what takes its effect back; absent: nothing does
 * @param cache whether its output may be that of an earlier run; absent: it never is
 * @param pointer JSON pointer of the step in the long form, for messages
 */
public record Step(
    String id,
    Verb verb,
    @Nullable String when,
    List<Need> needs,
    @Nullable Each each,
    @Nullable Repeat repeat,
    @Nullable Revise revise,
    @Nullable JsonNode output,
    Retry retry,
    @Nullable Duration timeout,
    OnError onError,
    @Nullable Effect effect,
    Allowance limits,
    @Nullable Verify verify,
    @Nullable Step undo,
    @Nullable Cache cache,
    String pointer) {

  public Step {
    needs = List.copyOf(needs);
  }

  /** The id of what undoes a step, which is behind the step in its name: {@code book.undo}. */
  public static final String UNDO = ".undo";

  /** The id of who looks for another plan after a failure of the step. */
  public static final String REPLAN = ".replan";

  /** The id of the question whether another plan may do what cannot be undone. */
  public static final String APPROVE = ".approve";

  /** The id of a plan that an agent has written and runs; no author can write it. */
  public static final String PLAN = ".plan";

  /** The ids from the outermost graph of its workflow inwards, joined by {@code /}. */
  public String name() {
    return nameAt(pointer);
  }

  /** The name of the step at a JSON pointer of the long form. */
  public static String nameAt(String pointer) {
    StringBuilder name = new StringBuilder();
    boolean id = false;
    for (String token : pointer.substring(1).split("/", -1)) {
      if (id) {
        name.append(name.isEmpty() ? "" : "/").append(token);
      } else if (token.equals("undo")) {
        name.append(UNDO);
      }
      id = !id && token.equals("steps");
    }
    return name.toString();
  }

  /** A step that must end first; an optional one may also have been skipped. */
  public record Need(String id, boolean optional) {}

  /**
   * Runs the verb once for each element.
   *
   * @param variable the name of the element in the body
   * @param in expression that gives a list or a map
   * @param concurrency most elements at a time; 0: only the run's own limit
   * @param key expression that makes the result a map; absent: a list in input order
   * @param enough condition on what the elements have given so far, under which the others are
   *     given up; absent: all run to their end
   */
  public record Each(
      String variable, String in, int concurrency, @Nullable String key, @Nullable String enough) {}

  /**
   * Runs the verb, of an {@code each} for every element by itself, until its output satisfies.
   *
   * @param until condition on the step's own output
   * @param max most runs in all, at least 1
   * @param every the wait before each further run; zero: none
   * @param continueWhenUsedUp whether the step succeeds with its last output when all are used
   */
  public record Repeat(String until, int max, Duration every, boolean continueWhenUsedUp) {

    /** What holds where a {@code repeat} says no {@code max}. */
    public static final int DEFAULT_MAX = 10;
  }

  /**
   * Asks a read-only tool about a call that is in doubt.
   *
   * @param done condition on what the tool gives, which the step's own id stands for here
   * @param output what the call gave, where it is done; absent: what the tool gives
   */
  public record Verify(
      String server, String tool, JsonNode with, String done, @Nullable JsonNode output) {

    /** {@code server/tool}. */
    public String fullName() {
      return server + "/" + tool;
    }
  }

  /**
   * Lets what the step gave before stand in for running it.
   *
   * @param time how old it may be, more than zero
   * @param forced also where tools work on the open world, or change something that a second call
   *     would not change again
   */
  public record Cache(Duration time, boolean forced) {}

  /**
   * Runs an earlier step again, with this step's output as feedback.
   *
   * @param when condition on the verdict
   * @param max most revisions; absent: the workflow's {@code limits.revisions}
   * @param continueWhenUsedUp whether the step succeeds with its last verdict when all are used
   */
  public record Revise(
      String step, String when, @Nullable Integer max, boolean continueWhenUsedUp) {}
}
