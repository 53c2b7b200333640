package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The graphs the kernel runs: the outermost, and by name those that containers run inside. It holds
 * what the kernel must know of each step and nothing more. Nodes stand in the author's order; edges
 * point to earlier-ending nodes of the same graph by their index. The check guarantees that there
 * is no cycle, and that a container waits for everything outside that its inside reads.
 *
 * @param bodies graphs by the name under which nodes refer to them; a graph may contain itself
 * @param agents what each agent may use up in all steps that run it, by its name; those that are
 *     not in it, as much as they like
 */
public record Plan(
    List<Node> nodes, Map<String, List<Node>> bodies, Map<String, Allowance> agents) {
  public Plan {
    nodes = List.copyOf(nodes);
    Map<String, List<Node>> copies = new LinkedHashMap<>();
    bodies.forEach((name, body) -> copies.put(name, List.copyOf(body)));
    bodies = Collections.unmodifiableMap(copies);
    agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
  }

  /** The same graphs for a run that knows other ones: names of bodies begin with the given one. */
  public Plan inside(String name) {
    Map<String, List<Node>> renamed = new LinkedHashMap<>();
    bodies.forEach((body, inner) -> renamed.put(name + "#" + body, renamed(inner, name)));
    return new Plan(renamed(nodes, name), renamed, agents);
  }

  private static List<Node> renamed(List<Node> nodes, String name) {
    return nodes.stream().map(node -> node.inside(name)).toList();
  }

  /** Expected time from the start of a graph to its end, with slots for all. */
  public static Duration duration(List<Node> nodes) {
    Graph graph = new Graph(nodes);
    long longest = 0;
    for (int i = 0; i < nodes.size(); i++) {
      longest = Math.max(longest, graph.remainingMillis(i));
    }
    return Duration.ofMillis(longest);
  }

  /** What kind of work a node is. */
  public enum Kind {
    AGENT,
    TOOL,
    ASK,
    SET,
    WAIT,
    FAIL,
    /** A graph that sees the names around it. */
    GROUP,
    /** A graph of its own, with inputs. */
    WORKFLOW;

    /** Whether a step of this kind runs a graph of steps and does nothing itself. */
    public boolean contains() {
      return this == GROUP || this == WORKFLOW;
    }
  }

  /**
   * One step.
   *
   * @param each how the node fans out over elements; absent: it does not
   * @param timeout bound on one attempt (of {@code ask}: on the answer); absent: none
   * @param toolCalls most tool calls of one attempt of an agent
   * @param estimate expected duration, for the order of ready steps
   * @param body of a container: the name of its graph; absent: the step has none
   * @param verifies whether its lost calls are probed before anybody is asked about them
   * @param undo the name of the graph, of one node, that takes back what the step has done; absent:
   *     none does
   * @param limits what all its attempts, revisions, elements and inner steps may use up together
   */
  public record Node(
      String id,
      Kind kind,
      List<Edge> edges,
      @Nullable Fan each,
      @Nullable Repeat repeat,
      @Nullable Revise revise,
      Retry retry,
      @Nullable Duration timeout,
      OnError onError,
      int toolCalls,
      Duration estimate,
      @Nullable String body,
      boolean verifies,
      @Nullable String undo,
      Allowance limits) {
    public Node {
      edges = List.copyOf(edges);
    }

    /** One that says nothing but what it waits for: it is tried once, and its failure counts. */
    public static Node plain(String id, Kind kind, List<Edge> edges, Duration estimate) {
      return new Node(
          id,
          kind,
          edges,
          null,
          null,
          null,
          Retry.NONE,
          null,
          new OnError.Fail(),
          0,
          estimate,
          null,
          false,
          null,
          Allowance.NONE);
    }

    /** The same where names of bodies begin with the given one. */
    private Node inside(String name) {
      return body == null && undo == null ? this : renamed(name);
    }

    private Node renamed(String name) {
      return new Node(
          id,
          kind,
          edges,
          each,
          repeat,
          revise,
          retry,
          timeout,
          onError,
          toolCalls,
          estimate,
          body == null ? null : name + "#" + body,
          verifies,
          undo == null ? null : name + "#" + undo,
          limits);
    }
  }

  /**
   * A fan-out.
   *
   * @param concurrency most elements at a time; 0: only the run's limit
   * @param perElementWhen whether the condition is asked for each element, as it reads the element
   * @param asksEnough whether it is asked after each success if what succeeded so far is enough
   */
  public record Fan(int concurrency, boolean perElementWhen, boolean asksEnough) {}

  /**
   * Runs of a step until its output satisfies.
   *
   * @param max most runs in all, at least 1
   * @param every the wait before each further run
   */
  public record Repeat(int max, Duration every, boolean continueWhenUsedUp) {}

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
