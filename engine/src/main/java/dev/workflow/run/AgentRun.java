package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Turn.Replied;
import dev.workflow.run.Turn.ToolEnded;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One attempt of an agent: its conversation so far and the guards that bound it. */
final class AgentRun {

  /** Most replies of one attempt. */
  static final int MAX_TURNS = 100;

  /** Most repairs of an answer that breaks its schema. */
  static final int MAX_REPAIRS = 2;

  /**
   * Equal calls, or equal rounds of up to {@link #LONGEST_ROUND} calls, in a row that are refused.
   */
  static final int REPETITIONS = 3;

  static final int LONGEST_ROUND = 4;

  private final List<Turn> transcript = new ArrayList<>();
  private final List<Turn> readOnly = Collections.unmodifiableList(transcript);
  private final Deque<Wish> wanted = new ArrayDeque<>();
  private final Map<String, Integer> callsByTool = new HashMap<>();
  private final List<String> fingerprints = new ArrayList<>();
  private final int maxCalls;
  private int calls;
  private int turns;
  private int badAnswers;
  private int model;
  private boolean refusedBefore;
  private @Nullable StepError guard;

  /**
   * An empty conversation.
   *
   * @param maxCalls most tool calls; of one tool at most half of them, rounded up
   */
  AgentRun(int maxCalls) {
    this.maxCalls = maxCalls;
  }

  List<Turn> transcript() {
    return readOnly;
  }

  /** Number of the next turn, from 1. */
  int nextTurn() {
    return turns + 1;
  }

  /** Index of the model that serves the next turn. */
  int model() {
    return model;
  }

  void useModel(int index) {
    model = index;
  }

  /**
   * A call that the model asks for.
   *
   * @param place turn and number in the attempt, as models do repeat their ids
   */
  record Wish(WantedCall call, String place) {}

  /** The calls to make, in the order in which the model asked for them. */
  List<Wish> wanted() {
    return List.copyOf(wanted);
  }

  /** The first wanted call is being made. */
  Wish called() {
    return wanted.remove();
  }

  /** Why the attempt must end; null: go on. */
  @Nullable StepError guard() {
    return guard;
  }

  /** Takes a reply in: what it asks for is wanted now, unless a guard says no. */
  void replied(ModelReply reply) {
    transcript.add(new Replied(reply));
    turns++;
    badAnswers += reply.calls().isEmpty() && !reply.violations().isEmpty() ? 1 : 0;
    for (int i = 0; i < reply.calls().size(); i++) {
      take(reply.calls().get(i), turns + "." + i);
    }
    if (turns >= MAX_TURNS && !reply.calls().isEmpty() && guard == null) {
      guard =
          StepError.of(ErrorKind.GUARD, "The agent did not answer within " + MAX_TURNS + " turns");
    }
  }

  /** How many more tool calls the attempt may make. */
  int callsLeft() {
    return Math.max(0, maxCalls - calls);
  }

  /** Takes in that a plan of the agent has made calls, which are the attempt's as well. */
  void spent(int more) {
    calls += more;
  }

  void toolEnded(ToolEnded ended) {
    transcript.add(ended);
  }

  /** Wants a call again whose server was lost. */
  void again(Wish wish) {
    wanted.addFirst(wish);
  }

  /** The answer that ends the conversation, fitting or not; null: there is none yet. */
  @Nullable ModelReply answer() {
    return !transcript.isEmpty()
            && transcript.get(transcript.size() - 1) instanceof Replied last
            && last.reply().calls().isEmpty()
        ? last.reply()
        : null;
  }

  /** Whether an answer that breaks its schema may still be repaired. */
  boolean mayRepair() {
    return badAnswers <= MAX_REPAIRS;
  }

  private void take(WantedCall call, String place) {
    if (call.problem() != null || call.answer() != null) {
      end(call, call.problem());
      return;
    }
    String tool = call.runsPlan() ? call.tool() : call.server() + "/" + call.tool();
    fingerprints.add(tool + " " + call.argumentsHash());
    if (repeats()) {
      refuse(call, tool);
      return;
    }
    calls++;
    int ofTool = callsByTool.merge(tool, 1, Integer::sum);
    int maxOfTool = Math.max(1, (maxCalls + 1) / 2);
    if (calls > maxCalls) {
      guard =
          StepError.of(ErrorKind.GUARD, "The agent wants more than " + maxCalls + " tool calls");
    } else if (ofTool > maxOfTool) {
      guard =
          StepError.of(
              ErrorKind.GUARD,
              "The agent wants more than "
                  + maxOfTool
                  + " calls of "
                  + tool
                  + ", half of its limit");
    } else {
      wanted.add(new Wish(call, place));
    }
  }

  private void end(WantedCall call, @Nullable String problem) {
    transcript.add(
        new ToolEnded(
            call.id(),
            call.name(),
            problem == null && call.answer() != null ? Json.text(call.answer()) : null,
            problem));
  }

  /** The first repetition is told to the model, the second ends the attempt. */
  private void refuse(WantedCall call, String tool) {
    if (refusedBefore) {
      guard = StepError.of(ErrorKind.GUARD, "The agent keeps repeating the same calls of " + tool);
      return;
    }
    refusedBefore = true;
    end(
        call,
        "Refused: this call was made before with the same arguments and gave the same kind of"
            + " result. Use what you have, or try something else.");
  }

  /** Sees A,A,A as well as A,B,A,B,A,B. */
  private boolean repeats() {
    for (int round = 1; round <= LONGEST_ROUND; round++) {
      int needed = round * REPETITIONS;
      if (fingerprints.size() >= needed && periodic(round, needed)) {
        return true;
      }
    }
    return false;
  }

  private boolean periodic(int round, int length) {
    int start = fingerprints.size() - length;
    for (int i = start + round; i < fingerprints.size(); i++) {
      if (!fingerprints.get(i).equals(fingerprints.get(i - round))) {
        return false;
      }
    }
    return true;
  }
}
