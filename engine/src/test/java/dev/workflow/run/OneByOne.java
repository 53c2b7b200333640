package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.OnError;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A second, much simpler engine: it runs a plan one step after the other by recursion, from what
 * the language says and not from how the kernel does it, and gives the outcome of every path.
 */
final class OneByOne {
  private final Plan plan;
  private final Fate fate;

  /** What has given something by itself, with the name of the graph that undoes it. */
  private final Map<StepPath, String> confirmed = new LinkedHashMap<>();

  private final Map<StepPath, Integer> attempts = new HashMap<>();
  private final Map<String, StepStatus> outcomes = new TreeMap<>();

  private OneByOne(Plan plan, Fate fate) {
    this.plan = plan;
    this.fate = fate;
  }

  /** The status of every path that comes to be. */
  static Map<String, StepStatus> outcomes(Plan plan, Fate fate) {
    OneByOne run = new OneByOne(plan, fate);
    List<End> ends = run.graph(plan.nodes(), null);
    if (ends.stream().anyMatch(End::failsOthers)) {
      run.confirmed.forEach(run::undo);
    }
    return run.outcomes;
  }

  /** How one run of a step ended, under its newest path. */
  private record End(
      StepPath path, StepStatus status, @Nullable ErrorKind error, boolean failsOthers) {}

  /** The newest end of each node, and the revisions used so far. */
  private static final class Graph {
    final List<Node> nodes;
    final @Nullable StepPath container;
    final Map<Integer, End> ends = new LinkedHashMap<>();
    final Map<Integer, Integer> revisions = new LinkedHashMap<>();

    Graph(List<Node> nodes, @Nullable StepPath container) {
      this.nodes = nodes;
      this.container = container;
    }

    StepPath path(int index) {
      String id = nodes.get(index).id();
      StepPath path = container == null ? StepPath.of(id) : container.child(id);
      int revision = revisions.getOrDefault(index, 0);
      return revision == 0 ? path : path.revision(revision);
    }

    int next(int index) {
      return revisions.merge(index, 1, Integer::sum);
    }

    void reached(int index, int revision) {
      revisions.merge(index, revision, Math::max);
    }

    End end(int index) {
      return Objects.requireNonNull(ends.get(index), "it comes before");
    }

    StepStatus status(int index) {
      return end(index).status();
    }
  }

  private List<End> graph(List<Node> nodes, @Nullable StepPath container) {
    Graph graph = new Graph(nodes, container);
    for (int i = 0; i < nodes.size(); i++) {
      graph.ends.put(i, step(graph, i));
      judge(graph, i);
    }
    return List.copyOf(graph.ends.values());
  }

  /** Runs the region of a judge again as often as its verdict asks for it. */
  private void judge(Graph graph, int judge) {
    Plan.Revise revise = graph.nodes.get(judge).revise();
    int done = 0;
    int granted = 0;
    while (revise != null && graph.status(judge) == StepStatus.SUCCEEDED) {
      StepPath path = graph.end(judge).path();
      if (!fate.again(path, Command.Condition.REVISE)) {
        return;
      }
      if (done == revise.max() + granted) {
        Node node = graph.nodes.get(judge);
        if (revise.continueWhenUsedUp()) {
          graph.ends.put(judge, end(path, StepStatus.SUCCEEDED, null));
          return;
        }
        int attempt = attempts.getOrDefault(path, 0);
        End end = forGood(node, path, attempt, ErrorKind.REVISIONS_USED_UP);
        if (end != null) {
          graph.ends.put(judge, end);
          return;
        }
        granted++;
      }
      done++;
      List<Integer> region = revise.region().stream().sorted().toList();
      region.forEach(graph::next);
      region.forEach(index -> graph.ends.put(index, step(graph, index)));
    }
  }

  /** How a failure ends that nothing is tried against any more; absent: a person tries again. */
  private @Nullable End forGood(Node node, StepPath path, int attempt, ErrorKind error) {
    return switch (node.onError()) {
      case OnError.Fail fail -> end(path, StepStatus.FAILED, error);
      case OnError.Replan replan -> end(path, StepStatus.FAILED, error);
      case OnError.Continue goOn -> accepted(path, error);
      case OnError.Output output -> end(path, StepStatus.SUCCEEDED, error);
      case OnError.Ask ask ->
          switch (fate.wayOut(path, attempt, error)) {
            case RETRY -> null;
            case OUTPUT -> end(path, StepStatus.SUCCEEDED, error);
            case CONTINUE -> accepted(path, error);
            case FAIL -> end(path, StepStatus.FAILED, error);
          };
    };
  }

  private End accepted(StepPath path, ErrorKind error) {
    outcomes.put(path.toString(), StepStatus.FAILED);
    return new End(path, StepStatus.FAILED, error, false);
  }

  private void undo(StepPath undone, String body) {
    graph(Objects.requireNonNull(plan.bodies().get(body)), undone);
  }

  private End end(StepPath path, StepStatus status, @Nullable ErrorKind error) {
    outcomes.put(path.toString(), status);
    return new End(path, status, error, status == StepStatus.FAILED);
  }

  private End step(Graph graph, int index) {
    Node node = graph.nodes.get(index);
    StepPath path = graph.path(index);
    StepStatus without = sources(graph, node);
    if (without != null) {
      return end(path, without, null);
    }
    if (node.each() == null) {
      return repeated(graph, index, path, null);
    }
    StepStatus unprepared = unprepared(graph, node, path);
    return unprepared == null ? elements(graph, index, path) : end(path, unprepared, null);
  }

  private static @Nullable StepStatus sources(Graph graph, Node node) {
    boolean skipped = false;
    for (Edge edge : node.edges()) {
      StepStatus source = graph.status(edge.source());
      boolean need = edge.kind() == EdgeKind.NEED || edge.kind() == EdgeKind.OPTIONAL_NEED;
      if (need && (source == StepStatus.FAILED || source == StepStatus.BLOCKED)) {
        return StepStatus.BLOCKED;
      }
      skipped |= edge.kind() == EdgeKind.NEED && source == StepStatus.SKIPPED;
    }
    return skipped ? StepStatus.SKIPPED : null;
  }

  /** What a condition or an undecidable expression makes of it; absent: it can be done. */
  private @Nullable StepStatus unprepared(Graph graph, Node node, StepPath path) {
    if (fate.skips(path)) {
      return StepStatus.SKIPPED;
    }
    List<StepStatus> missing = new ArrayList<>();
    for (Edge edge : node.edges()) {
      StepStatus source = graph.status(edge.source());
      String id = graph.nodes.get(edge.source()).id();
      if (edge.kind() == EdgeKind.VALUE && source != StepStatus.SUCCEEDED && fate.needs(path, id)) {
        missing.add(source);
      }
    }
    if (missing.isEmpty()) {
      return null;
    }
    boolean onlySkipped = missing.stream().allMatch(source -> source == StepStatus.SKIPPED);
    return onlySkipped ? StepStatus.SKIPPED : StepStatus.BLOCKED;
  }

  private End elements(Graph graph, int index, StepPath each) {
    boolean failed = false;
    boolean blocked = false;
    for (int i = 0; i < fate.elements(each); i++) {
      StepPath element = each.element(Integer.toString(i));
      End end = repeated(graph, index, element, Integer.toString(i));
      failed |= end.failsOthers();
      blocked |= end.status() == StepStatus.BLOCKED;
    }
    StepStatus status =
        blocked ? StepStatus.BLOCKED : failed ? StepStatus.FAILED : StepStatus.SUCCEEDED;
    return end(each, status, ErrorKind.ELEMENT_FAILED);
  }

  /** A step or element, run until its {@code repeat} is content. */
  private End repeated(Graph graph, int index, StepPath first, @Nullable String element) {
    Node node = graph.nodes.get(index);
    StepPath path = first;
    int granted = 0;
    for (int run = 1; ; run++) {
      End end = attempts(graph, index, path);
      Plan.Repeat repeat = node.repeat();
      if (repeat == null
          || end.status() != StepStatus.SUCCEEDED
          || !fate.again(end.path(), Command.Condition.REPEAT)) {
        return end;
      }
      if (run == repeat.max() + granted) {
        if (repeat.continueWhenUsedUp()) {
          return end(end.path(), StepStatus.SUCCEEDED, null);
        }
        int attempt = attempts.getOrDefault(end.path(), 0);
        End used = forGood(node, end.path(), attempt, ErrorKind.REPETITIONS_USED_UP);
        if (used != null) {
          return used;
        }
        granted++;
      }
      path = once(graph, index, end.path(), element);
    }
  }

  private static StepPath once(Graph graph, int index, StepPath path, @Nullable String element) {
    if (element == null) {
      return path.revision(graph.next(index));
    }
    int revision = path.last().revision() + 1;
    graph.reached(index, revision);
    return path.revision(revision);
  }

  private End attempts(Graph graph, int index, StepPath first) {
    Node node = graph.nodes.get(index);
    StepPath path = first;
    int retries = 0;
    for (int attempt = 1; ; attempt++) {
      StepStatus unprepared = unprepared(graph, node, path);
      if (unprepared != null) {
        return end(path, unprepared, null);
      }
      attempts.put(path, attempt);
      ErrorKind error = attempt(node, path, attempt);
      if (error == null) {
        if (node.undo() != null) {
          confirmed.put(path, node.undo());
        }
        return end(path, StepStatus.SUCCEEDED, null);
      }
      boolean tries =
          node.kind() == Kind.AGENT || node.kind() == Kind.TOOL || node.kind().contains();
      boolean again = tries && retries < node.retry().max() && node.retry().on().contains(error);
      if (!again) {
        End end = forGood(node, path, attempt, error);
        if (end != null) {
          return end;
        }
      } else {
        retries++;
      }
      if (node.kind().contains() || !tries) {
        end(path, StepStatus.FAILED, error);
        path = once(graph, index, path, path.last().key());
      }
      if (!tries) {
        attempt = 0;
      }
    }
  }

  /** Why an attempt fails; absent: it succeeds. */
  private @Nullable ErrorKind attempt(Node node, StepPath path, int attempt) {
    return switch (node.kind()) {
      case AGENT, TOOL -> fate.failure(path, attempt);
      case ASK -> fate.rejects(path) ? ErrorKind.REJECTED : null;
      case SET, WAIT -> null;
      case FAIL -> ErrorKind.FAILED_ON_PURPOSE;
      case GROUP, WORKFLOW -> inside(node, path, attempt);
    };
  }

  private @Nullable ErrorKind inside(Node node, StepPath path, int attempt) {
    List<Node> body = Objects.requireNonNull(plan.bodies().get(String.valueOf(node.body())));
    List<End> ends = graph(body, path);
    for (int i = 0; i < body.size(); i++) {
      if (ends.get(i).failsOthers()) {
        return ends.get(i).error();
      }
    }
    return fate.breaks(path, attempt) ? ErrorKind.INVALID_OUTPUT : null;
  }
}
