package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to every step of a run, whenever it is asked: a function of a seed and of the path,
 * so that the order in which things happen cannot matter.
 */
record Fate(long seed) {

  boolean skips(StepPath path) {
    return draw(10, "skip", path, 0) == 0;
  }

  /** Whether an expression of the step cannot do without a source that gave nothing. */
  boolean needs(StepPath path, String source) {
    return draw(2, "needs " + source, path, 0) == 0;
  }

  int elements(StepPath each) {
    return draw(4, "elements", each, 0);
  }

  /** Why the attempt fails; absent: it succeeds. */
  @Nullable ErrorKind failure(StepPath path, int attempt) {
    List<ErrorKind> kinds =
        List.of(ErrorKind.TOOL_ERROR, ErrorKind.UNAVAILABLE, ErrorKind.INVALID_OUTPUT);
    return draw(3, "fails", path, attempt) == 0
        ? kinds.get(draw(kinds.size(), "kind", path, attempt))
        : null;
  }

  boolean rejects(StepPath path) {
    return draw(4, "rejects", path, 0) == 0;
  }

  boolean again(StepPath path, Command.Condition condition) {
    return draw(2, condition.name(), path, 0) == 0;
  }

  /** What a person decides about the failure of an attempt. */
  Event.WayOut wayOut(StepPath path, int attempt, ErrorKind error) {
    int drawn = draw(Event.WayOut.values().length, "way out of " + error, path, attempt);
    return List.of(Event.WayOut.values()).get(drawn);
  }

  /** Whether the outputs of a container break its schema. */
  boolean breaks(StepPath container, int attempt) {
    return draw(8, "breaks", container, attempt) == 0;
  }

  private int draw(int bound, String what, StepPath path, int attempt) {
    long mixed = seed * 0x9E3779B97F4A7C15L + (what + " " + path + "#" + attempt).hashCode();
    mixed = (mixed ^ (mixed >>> 31)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 31), bound);
  }
}
