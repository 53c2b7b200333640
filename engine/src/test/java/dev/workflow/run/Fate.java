package dev.workflow.run;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import java.util.List;

/**
 * What happens to every step of a run, whenever it is asked: a function of a seed and of the path,
 * so that the order in which things happen cannot matter. Answers are counted from 1 in what they
 * answer: those of a tool in its call, those of a model in the attempt.
 */
record Fate(long seed) {

  /** What comes of calling a tool. */
  enum Answer {
    GOOD,
    /** It breaks its schema. */
    BROKEN,
    REFUSED,
    /** The server was not reached. */
    UNREACHED,
    /** The server is gone, and perhaps the call took effect. */
    LOST,
    /** No answer in time, and perhaps the call took effect. */
    LATE,
    NEVER
  }

  /** What comes of asking a model. */
  enum Reply {
    ANSWER,
    /** An answer that breaks the schema. */
    BROKEN,
    /** It wants tools called. */
    CALLS,
    /** It wants a tool called that no policy allows. */
    FORBIDDEN,
    /** It wants a tool called that never answers. */
    HANGS,
    /** The provider fails. */
    ERROR,
    NEVER
  }

  /** What comes of asking what became of a lost call. */
  enum Found {
    DONE,
    NOT_DONE,
    /** The probe was made, and nothing can be told from it. */
    UNCLEAR,
    /** No probe could be made. */
    UNASKED
  }

  /** Whether some calls, questions and waits of this run never end by themselves. */
  boolean hasSilence() {
    return seed % 2 != 0;
  }

  boolean skips(StepPath path) {
    return draw(10, "skip", path) == 0;
  }

  /** Whether an expression of the step cannot do without a source that gave nothing. */
  boolean needs(StepPath path, String source) {
    return draw(2, "needs " + source, path) == 0;
  }

  /** Whether an expression of the step cannot be evaluated. */
  boolean isInvalid(StepPath path) {
    return draw(20, "invalid", path) == 0;
  }

  int elements(StepPath each) {
    return draw(4, "elements", each);
  }

  Effect effect(StepPath path, int turn, int call) {
    return List.of(Effect.values()).get(draw(4, "effect", path, turn, call));
  }

  /**
   * What comes of a tool call.
   *
   * @param turn of the agent, counted from 1; 0: the step itself is the call
   * @param call counted from 0 in the turn
   * @param number of the answer
   */
  Answer answer(StepPath path, int attempt, int turn, int call, int number) {
    int drawn = draw(100, "answer", path, attempt, turn, call, number);
    if (turn == 0 && drawn % 3 == 0 && isSilent(path)) {
      return Answer.NEVER;
    } else if (drawn < 60) {
      return Answer.GOOD;
    } else if (drawn < 67) {
      return Answer.BROKEN;
    } else if (drawn < 74) {
      return Answer.REFUSED;
    } else if (drawn < 82) {
      return Answer.UNREACHED;
    } else if (drawn < 91 && call == 0) {
      return Answer.LOST; // Calls of a turn share how often a lost server is forgiven.
    }
    return Answer.LATE;
  }

  Reply reply(StepPath path, int attempt, int number) {
    int drawn = draw(100, "reply", path, attempt, number);
    if (drawn % 3 == 0 && isSilent(path)) {
      return drawn % 2 == 0 ? Reply.HANGS : Reply.NEVER;
    } else if (drawn < 52) {
      return Reply.ANSWER;
    } else if (drawn < 66) {
      return Reply.BROKEN;
    } else if (drawn < 86) {
      return Reply.CALLS;
    } else if (drawn < 90) {
      return Reply.FORBIDDEN;
    }
    return Reply.ERROR;
  }

  /** How many calls a reply wants that wants some. */
  int calls(StepPath path, int attempt, int number) {
    return 1 + draw(3, "calls", path, attempt, number);
  }

  /** Which of two tools a call is for. */
  int tool(StepPath path, int attempt, int turn, int call) {
    return draw(2, "tool", path, attempt, turn, call);
  }

  /** How many models may be tried. */
  int models(StepPath path) {
    return 1 + draw(2, "models", path);
  }

  ErrorKind modelError(StepPath path, int attempt, int number) {
    return draw(2, "model error", path, attempt, number) == 0
        ? ErrorKind.RATE_LIMITED
        : ErrorKind.MODEL_ERROR;
  }

  Found found(StepPath path, int attempt, int number) {
    return List.of(Found.values()).get(draw(4, "found", path, attempt, number));
  }

  /** What a person decides about a call in doubt. */
  Event.Resolution resolution(StepPath path, int attempt, int turn, int call, int number) {
    int drawn = draw(3, "resolution", path, attempt, turn, call, number);
    return List.of(Event.Resolution.values()).get(drawn);
  }

  /** Whether a question or a wait has no end of its own, or some calls of a step have no answer. */
  boolean isSilent(StepPath path) {
    return hasSilence() && !undoes(path) && draw(8, "silent", path) == 0;
  }

  /** Whether a question has a form, so that no answer is a rejection. */
  boolean hasForm(StepPath path) {
    return draw(3, "form", path) == 0;
  }

  boolean rejects(StepPath path) {
    return draw(4, "rejects", path) == 0;
  }

  boolean again(StepPath path, Command.Condition condition) {
    return draw(2, condition.name(), path) == 0;
  }

  /** What a person decides about a failure, where it is the so manieth question of the path. */
  Event.WayOut wayOut(StepPath path, int number) {
    return List.of(Event.WayOut.values()).get(draw(4, "way out", path, number));
  }

  /** Whether the outputs of a container break its schema. */
  boolean breaks(StepPath container) {
    return draw(8, "breaks", container) == 0;
  }

  /** Which of the plans that were written a step runs. */
  int plan(StepPath container) {
    return draw(3, "plan", container);
  }

  /** Whether the time of a container may be up before all that can end inside has. */
  boolean isHurried(StepPath container) {
    return !undoes(container) && draw(3, "hurried", container) == 0;
  }

  /** Whether a run that nothing brings forward is cancelled with its effects taken back. */
  boolean undoesWhenCancelled() {
    return draw(2, "cancel", StepPath.of("run")) == 0;
  }

  static boolean undoes(StepPath path) {
    return path.segments().stream().anyMatch(StepPath.Segment::undoes);
  }

  private int draw(int bound, String what, StepPath path, int... numbers) {
    long mixed = seed * 0x9E3779B97F4A7C15L + (what + " " + path).hashCode();
    for (int number : numbers) {
      mixed = mix(mixed) + number;
    }
    return (int) Long.remainderUnsigned(mix(mixed), bound);
  }

  private static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 31)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
