package dev.workflow.trace;

import dev.workflow.run.StepStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A graph ready to be written: that of a workflow, or of what a run has run.
 *
 * @param remarks what else is to be told of all of it, such as how the plan changed
 */
public record StepGraph(List<Drawn> steps, List<String> remarks) {
  /** A graph without steps. */
  static final StepGraph EMPTY = new StepGraph(List.of(), List.of());

  public StepGraph {
    steps = List.copyOf(steps);
    remarks = List.copyOf(remarks);
  }

  /**
   * One step; of a run one revision of it, one element, or several that are told together.
   *
   * @param name unique in the whole drawing
   * @param id how it is called in its own graph
   * @param parallel whether other steps can run at the same time
   * @param glyph where it stands, in one sign
   * @param what it does, in a few words
   * @param notes what else is to know: condition, fan-out, repetition, revision
   * @param revises name of the step that it runs again; absent: none
   * @param now where it stands, in words; empty: it has not begun, or no run is shown
   * @param details lines of their own: what it has done
   * @param inside the graph it holds, or its elements; empty: neither
   */
  record Drawn(
      String name,
      String id,
      boolean parallel,
      String glyph,
      String what,
      List<Link> after,
      List<String> notes,
      @Nullable String revises,
      String now,
      List<String> details,
      StepGraph inside) {
    Drawn {
      after = List.copyOf(after);
      notes = List.copyOf(notes);
      details = List.copyOf(details);
    }

    /** Whether it holds steps. */
    boolean holds() {
      return !inside.steps().isEmpty();
    }

    /** The name of the first step in it that holds no other. */
    String first() {
      return holds() ? inside.steps().getFirst().first() : name;
    }

    /** The name of the last step in it that holds no other. */
    String last() {
      return holds() ? inside.steps().getLast().last() : name;
    }
  }

  /**
   * An edge between two steps of one graph.
   *
   * @param source its name
   * @param id how it is called
   * @param soft whether the step can do without the source's output
   */
  record Link(String source, String id, boolean soft) {}

  /** The sign of a status: ○ ◉ ● ✗ ? and for what never ran –. */
  public static String glyph(StepStatus status) {
    return switch (status) {
      case PENDING -> "○";
      case RUNNING, WAITING -> "◉";
      case SUCCEEDED -> "●";
      case FAILED -> "✗";
      case IN_DOUBT -> "?";
      case SKIPPED, BLOCKED, CANCELLED -> "–";
    };
  }

  /** Whether some step holds others. */
  boolean isNested() {
    return steps.stream().anyMatch(Drawn::holds);
  }
}
