package dev.workflow.run;

import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The graph the kernel runs: what it must know of each step and nothing more. Nodes stand in the
 * author's order; edges point to earlier-ending nodes by their index. The check guarantees that
 * there is no cycle.
 */
public record Plan(List<Node> nodes) {
  public Plan {
    nodes = List.copyOf(nodes);
  }

  /** What kind of work a node is. */
  public enum Kind {
    AGENT,
    TOOL,
    ASK,
    SET,
    WAIT,
    FAIL
  }

  /**
   * One step.
   *
   * @param each whether the node fans out over elements
   * @param concurrency of the fan-out: most elements at a time; 0: only the run's limit
   * @param perElementWhen whether the condition is asked for each element, as it reads the element
   * @param timeout bound on one attempt (of {@code ask}: on the answer); absent: none
   * @param toolCalls most tool calls of one attempt of an agent
   * @param estimate expected duration, for the order of ready steps
   */
  public record Node(
      String id,
      Kind kind,
      List<Edge> edges,
      boolean each,
      int concurrency,
      boolean perElementWhen,
      @Nullable Revise revise,
      Retry retry,
      @Nullable Duration timeout,
      OnError onError,
      int toolCalls,
      Duration estimate) {
    public Node {
      edges = List.copyOf(edges);
    }
  }

  /** One dependency: this node waits until {@code source} has ended. */
  public record Edge(int source, EdgeKind kind) {}

  /** What the end of the source means. */
  public enum EdgeKind {
    /** {@code needs: [id]}: without its success the node is skipped or blocked. */
    NEED,
    /** {@code needs: [id?]} and {@code context}: a skipped source is accepted. */
    OPTIONAL_NEED,
    /** An expression reads its output; the expression decides whether it can do without. */
    VALUE,
    /** Only the order counts: {@code steps.id.status} and the final verdict of a revision. */
    ENDED
  }

  /**
   * The feedback loop that a judge closes.
   *
   * @param region indexes of the nodes to run again: the target first, the judge last
   * @param max most revisions
   */
  public record Revise(List<Integer> region, int max, boolean continueWhenUsedUp) {
    public Revise {
      region = List.copyOf(region);
    }

    /** The node that gets the feedback. */
    public int target() {
      return region.get(0);
    }
  }
}
