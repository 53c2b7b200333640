package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.OnError;
import dev.workflow.run.Fate.Found;
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
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A second, much simpler engine: it runs a plan one step after the other by recursion, from what
 * the language says and not from how the kernel does it, and gives the outcome of every path. It
 * knows no crash, no clock and no order: none of them may matter. What never ends by itself is
 * stuck, with all that waits for it, until a time-out around it or a cancellation of the run.
 */
final class OneByOne {
  private static final int REPAIRS = 2;

  private final Fate fate;
  private final Map<StepPath, Set<String>> cutShort;
  private final Map<StepPath, Sufficed> sufficed;

  /** What has given something by itself, with the graph that undoes it. */
  private final Map<StepPath, List<Node>> confirmed = new LinkedHashMap<>();

  private final Map<StepPath, Integer> attempts = new HashMap<>();
  private final Map<StepPath, Integer> asked = new HashMap<>();
  private final Map<String, List<Node>> bodies = new HashMap<>();
  private Map<String, String> outcomes = new TreeMap<>();
  private RunStatus status = RunStatus.RUNNING;

  private OneByOne(
      Plan plan, Fate fate, Map<StepPath, Set<String>> cutShort, Map<StepPath, Sufficed> sufficed) {
    this.fate = fate;
    this.cutShort = cutShort;
    this.sufficed = sufficed;
    this.bodies.putAll(plan.bodies());
  }

  /**
   * Runs a plan to its end.
   *
   * @param cutShort containers whose time was up before all inside had ended that would have, and
   *     what had ended by then
   * @param sufficed each that had enough before all its elements had ended
   */
  static OneByOne run(
      Plan plan, Fate fate, Map<StepPath, Set<String>> cutShort, Map<StepPath, Sufficed> sufficed) {
    OneByOne run = new OneByOne(plan, fate, cutShort, sufficed);
    List<End> ends = run.graph(plan.nodes(), null, null);
    boolean failed = ends.stream().anyMatch(End::failsOthers);
    boolean stuck = ends.stream().anyMatch(End::stuck);
    run.status = stuck ? RunStatus.CANCELLED : failed ? RunStatus.FAILED : RunStatus.SUCCEEDED;
    return run;
  }

  /** How the run ends where nobody cancels it before it is stuck. */
  RunStatus status() {
    return status;
  }

  /** The outcome of every path that comes to be, but for what undoes something. */
  Map<String, String> outcomes() {
    return new TreeMap<>(outcomes);
  }

  /** Whether there is something to undo where the step has succeeded. */
  boolean canUndo(StepPath path) {
    return confirmed.containsKey(path);
  }

  /** The outcomes of what undoes a step. */
  Map<String, String> undo(StepPath undone) {
    outcomes = new TreeMap<>();
    graph(Objects.requireNonNull(confirmed.get(undone)), undone, null);
    return outcomes;
  }

  /**
   * What there was of an each when it had enough.
   *
   * @param known paths of its elements and of all inside them
   * @param open those of them that had not ended
   */
  record Sufficed(Set<String> known, Set<String> open) {}

  /** How one run of a step ended, under its newest path. */
  private record End(
      StepPath path,
      StepStatus status,
      @Nullable ErrorKind error,
      boolean failsOthers,
      boolean stuck,
      boolean givenUp) {}

  /**
   * What came of an attempt.
   *
   * @param error absent: it succeeded
   * @param givenUp whether a person let a call in doubt count as failed, so that no retry follows
   */
  private record Result(@Nullable ErrorKind error, boolean stuck, boolean givenUp) {
    static final Result GOOD = new Result(null, false, false);
    static final Result STUCK = new Result(null, true, false);

    static Result of(ErrorKind error) {
      return new Result(error, false, false);
    }
  }

  /** The newest end of each node, the revisions used so far, and the calls of each node. */
  private static final class Graph {
    final List<Node> nodes;
    final @Nullable StepPath container;

    /** The graph around, whose names are seen here; absent: none are. */
    final @Nullable Graph around;

    final @Nullable Node group;
    final Map<Integer, End> ends = new LinkedHashMap<>();
    final Map<Integer, Integer> revisions = new LinkedHashMap<>();
    final Map<Integer, Integer> toolCalls = new HashMap<>();
    final Map<Integer, Integer> modelCalls = new HashMap<>();

    Graph(List<Node> nodes, @Nullable StepPath container, @Nullable Outside outside) {
      this.nodes = nodes;
      this.container = container;
      this.around = outside == null ? null : outside.graph();
      this.group = outside == null ? null : outside.group();
    }

    StepPath path(int index) {
      String id = nodes.get(index).id();
      StepPath path = container == null ? StepPath.of(id) : container.child(id);
      return path.revision(revisions.getOrDefault(index, 0));
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

    boolean mayCallTool(int index) {
      Integer most = nodes.get(index).limits().toolCalls();
      return toolCalls.merge(index, 1, Integer::sum) <= (most == null ? Integer.MAX_VALUE : most);
    }

    boolean mayCallModel(int index) {
      Integer most = nodes.get(index).limits().modelCalls();
      return modelCalls.merge(index, 1, Integer::sum) <= (most == null ? Integer.MAX_VALUE : most);
    }
  }

  /** The group that a graph stands in. */
  private record Outside(Graph graph, Node group) {}

  private List<End> graph(
      List<Node> nodes, @Nullable StepPath container, @Nullable Outside outside) {
    Graph graph = new Graph(nodes, container, outside);
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
        if (revise.continueWhenUsedUp()) {
          graph.ends.put(judge, end(path, StepStatus.SUCCEEDED, null));
          return;
        }
        End end = forGood(graph.nodes.get(judge), path, Result.of(ErrorKind.REVISIONS_USED_UP));
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
  private @Nullable End forGood(Node node, StepPath path, Result result) {
    return switch (node.onError()) {
      case OnError.Fail fail -> failed(path, result);
      case OnError.Replan replan -> failed(path, result);
      case OnError.Continue goOn -> accepted(path, result);
      case OnError.Output output -> end(path, StepStatus.SUCCEEDED, null);
      case OnError.Ask ask ->
          switch (fate.wayOut(path, asked.merge(path, 1, Integer::sum))) {
            case RETRY -> null;
            case OUTPUT -> end(path, StepStatus.SUCCEEDED, null);
            case CONTINUE -> accepted(path, result);
            case FAIL -> failed(path, result);
          };
    };
  }

  private End failed(StepPath path, Result result) {
    End end = end(path, StepStatus.FAILED, result.error());
    return new End(path, end.status(), end.error(), true, false, result.givenUp());
  }

  private End accepted(StepPath path, Result result) {
    return end(path, StepStatus.FAILED, result.error());
  }

  private End stuck(StepPath path) {
    outcomes.put(path.toString(), StepStatus.CANCELLED.word());
    return new End(path, StepStatus.CANCELLED, null, false, true, false);
  }

  private End end(StepPath path, StepStatus status, @Nullable ErrorKind error) {
    String why = status == StepStatus.FAILED && error != null ? " " + error.word() : "";
    String after = attempts.containsKey(path) ? ", attempt " + attempts.get(path) : "";
    outcomes.put(path.toString(), status.word() + why + after);
    return new End(path, status, error, false, false, false);
  }

  private End step(Graph graph, int index) {
    Node node = graph.nodes.get(index);
    StepPath path = graph.path(index);
    if (node.edges().stream().anyMatch(edge -> graph.end(edge.source()).stuck())) {
      return stuck(path);
    }
    StepStatus without = sources(graph, node);
    if (without != null) {
      return end(path, without, null);
    }
    return node.each() == null ? repeated(graph, index, path, null) : each(graph, index, path);
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
      if (edge.kind() == EdgeKind.VALUE) {
        missing.addAll(missing(graph, edge, path));
      }
    }
    for (Graph at = graph; at.around != null && at.group != null; at = at.around) {
      for (Edge edge : at.group.edges()) {
        missing.addAll(missing(at.around, edge, path));
      }
    }
    if (missing.isEmpty()) {
      return null;
    }
    boolean onlySkipped = missing.stream().allMatch(source -> source == StepStatus.SKIPPED);
    return onlySkipped ? StepStatus.SKIPPED : StepStatus.BLOCKED;
  }

  private List<StepStatus> missing(Graph graph, Edge edge, StepPath path) {
    StepStatus source = graph.status(edge.source());
    String id = graph.nodes.get(edge.source()).id();
    return source != StepStatus.SUCCEEDED && fate.needs(path, id) ? List.of(source) : List.of();
  }

  private End each(Graph graph, int index, StepPath first) {
    Node node = graph.nodes.get(index);
    StepPath path = first;
    while (true) {
      StepStatus unprepared = unprepared(graph, node, path);
      if (unprepared != null) {
        return end(path, unprepared, null);
      }
      if (!fate.isInvalid(path)) {
        return elements(graph, index, path);
      }
      End end = forGood(node, path, Result.of(ErrorKind.EXPRESSION));
      if (end != null) {
        return end;
      }
      end(path, StepStatus.FAILED, ErrorKind.EXPRESSION);
      path = path.revision(graph.next(index));
    }
  }

  private End elements(Graph graph, int index, StepPath each) {
    int most = Objects.requireNonNull(graph.nodes.get(index).each()).concurrency();
    int stuck = 0;
    boolean failed = false;
    boolean blocked = false;
    boolean givenUp = false;
    Sufficed enough = sufficed.get(each);
    for (int i = 0; i < fate.elements(each) && (most == 0 || stuck < most); i++) {
      StepPath element = each.element(Integer.toString(i));
      if (enough != null && !enough.known().contains(element.toString())) {
        break;
      }
      End end = repeated(graph, index, element, Integer.toString(i));
      stuck += end.stuck() ? 1 : 0;
      failed |= end.failsOthers();
      givenUp |= end.givenUp();
      blocked |= end.status() == StepStatus.BLOCKED;
    }
    if (enough != null) {
      return end(each, StepStatus.SUCCEEDED, null);
    }
    if (stuck > 0) {
      return stuck(each);
    }
    if (failed && !blocked) {
      return failed(each, new Result(ErrorKind.ELEMENT_FAILED, false, givenUp));
    }
    return end(each, blocked ? StepStatus.BLOCKED : StepStatus.SUCCEEDED, null);
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
        End used = forGood(node, end.path(), Result.of(ErrorKind.REPETITIONS_USED_UP));
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
    while (true) {
      boolean left = isLeft(path);
      StepStatus unprepared = unprepared(graph, node, path);
      if (unprepared != null) {
        return left ? stuck(path) : end(path, unprepared, null);
      }
      boolean invalid = fate.isInvalid(path);
      Result result = invalid ? Result.of(ErrorKind.EXPRESSION) : attempt(graph, index, node, path);
      if (result.stuck()) {
        return stuck(path);
      }
      ErrorKind error = result.error();
      if (error == null) {
        if (node.undo() != null && !Fate.undoes(path)) {
          confirmed.put(path, body(node.undo()));
        }
        return left ? stuck(path) : end(path, StepStatus.SUCCEEDED, null);
      }
      boolean calls = node.kind() == Kind.AGENT || node.kind() == Kind.TOOL;
      boolean again =
          (calls || node.kind().contains())
              && !result.givenUp()
              && retries < node.retry().max()
              && node.retry().on().contains(error);
      if (!again) {
        End end = forGood(node, path, result);
        if (end != null) {
          return left ? stuck(path) : end;
        }
      } else {
        retries++;
      }
      if (!calls || invalid) {
        if (left) {
          return stuck(path);
        }
        end(path, StepStatus.FAILED, error);
        path = once(graph, index, path, path.last().key());
      }
    }
  }

  /** Whether it had not ended when the each around it had enough, and so never ends by itself. */
  private boolean isLeft(StepPath path) {
    return sufficed.values().stream().anyMatch(each -> each.open().contains(path.toString()));
  }

  private Result attempt(Graph graph, int index, Node node, StepPath path) {
    return switch (node.kind()) {
      case AGENT -> converse(graph, index, path, attempts.merge(path, 1, Integer::sum));
      case TOOL -> call(graph, index, path, attempts.merge(path, 1, Integer::sum));
      case ASK -> ask(node, path);
      case WAIT -> fate.isSilent(path) ? Result.STUCK : Result.GOOD;
      case SET -> Result.GOOD;
      case FAIL -> Result.of(ErrorKind.FAILED_ON_PURPOSE);
      case GROUP -> inside(node, path, body(node.body()), new Outside(graph, node));
      case WORKFLOW -> inside(node, path, workflow(node, path), null);
    };
  }

  private Result ask(Node node, StepPath path) {
    if (fate.isSilent(path)) {
      return node.timeout() == null ? Result.STUCK : Result.of(ErrorKind.TIMEOUT);
    }
    boolean rejected = !fate.hasForm(path) && fate.rejects(path);
    return rejected ? Result.of(ErrorKind.REJECTED) : Result.GOOD;
  }

  /** The call of a step: made again where that does no harm, else found out about, or asked. */
  private Result call(Graph graph, int index, StepPath path, int attempt) {
    boolean forgiven = false;
    for (int n = 1; ; n++) {
      if (!graph.mayCallTool(index)) {
        return Result.of(ErrorKind.LIMIT);
      }
      Fate.Answer answer = fate.answer(path, attempt, 0, 0, n);
      Found found =
          switch (answer) {
            case GOOD, NEVER -> Found.DONE;
            case BROKEN, REFUSED, UNREACHED -> Found.NOT_DONE;
            case LOST, LATE -> found(graph, index, path, attempt, n);
          };
      if (answer == Fate.Answer.NEVER) {
        return Result.STUCK;
      } else if (found == Found.DONE) {
        return Result.GOOD;
      } else if (found == Found.NOT_DONE) {
        if (answer != Fate.Answer.LOST || forgiven) {
          return Result.of(error(answer));
        }
        forgiven = true;
      } else {
        switch (fate.resolution(path, attempt, 0, 0, n)) {
          case DONE -> {
            return Result.GOOD;
          }
          case FAIL -> {
            return new Result(ErrorKind.UNAVAILABLE, false, true);
          }
          case RETRY -> {}
        }
      }
    }
  }

  /** What is known of a lost call: of one that may be repeated, that it may. */
  private Found found(Graph graph, int index, StepPath path, int attempt, int number) {
    if (fate.effect(path, 0, 0).repeatable()) {
      return Found.NOT_DONE;
    }
    Found found = fate.found(path, attempt, number);
    if (!graph.nodes.get(index).verifies() || found == Found.UNASKED) {
      return Found.UNASKED;
    }
    return graph.mayCallTool(index) ? found : Found.UNASKED;
  }

  private static ErrorKind error(Fate.Answer answer) {
    return switch (answer) {
      case BROKEN -> ErrorKind.INVALID_OUTPUT;
      case REFUSED -> ErrorKind.TOOL_ERROR;
      case LATE -> ErrorKind.TIMEOUT;
      case UNREACHED, LOST, GOOD, NEVER -> ErrorKind.UNAVAILABLE;
    };
  }

  private Result converse(Graph graph, int index, StepPath path, int attempt) {
    Node node = graph.nodes.get(index);
    int broken = 0;
    int models = fate.models(path);
    int turns = 0;
    int[] wanted = new int[3];
    Forgiven forgiven = new Forgiven();
    for (int n = 1; ; n++) {
      if (!graph.mayCallModel(index)) {
        return Result.of(ErrorKind.LIMIT);
      }
      Fate.Reply reply = fate.reply(path, attempt, n);
      turns += reply == Fate.Reply.ERROR ? 0 : 1;
      switch (reply) {
        case ANSWER -> {
          return Result.GOOD;
        }
        case BROKEN -> {
          if (++broken > REPAIRS) {
            return Result.of(ErrorKind.INVALID_OUTPUT);
          }
        }
        case ERROR -> {
          if (--models == 0) {
            return Result.of(fate.modelError(path, attempt, n));
          }
        }
        case NEVER -> {
          return node.timeout() == null ? Result.STUCK : Result.of(ErrorKind.TIMEOUT);
        }
        case FORBIDDEN, HANGS, CALLS -> {
          int calls = reply == Fate.Reply.CALLS ? fate.calls(path, attempt, n) : 1;
          if (wantsTooMuch(node, path, attempt, turns, calls, wanted)) {
            return Result.of(ErrorKind.GUARD);
          }
          for (int call = 0; call < calls; call++) {
            if (!graph.mayCallTool(index)) {
              return Result.of(ErrorKind.LIMIT);
            }
            boolean goesOn =
                reply != Fate.Reply.CALLS
                    || callOfAgent(graph, index, path, attempt, turns, call, forgiven);
            if (!goesOn) {
              return Result.of(ErrorKind.LIMIT);
            }
          }
          if (reply == Fate.Reply.FORBIDDEN) {
            return Result.of(ErrorKind.FORBIDDEN);
          } else if (reply == Fate.Reply.HANGS) {
            return node.timeout() == null ? Result.STUCK : Result.of(ErrorKind.TIMEOUT);
          }
        }
      }
    }
  }

  /** Whether a lost server was called again in this attempt. */
  private static final class Forgiven {
    boolean once;
  }

  /** Counts what a reply wants: all calls and those of two tools; half of them may be of one. */
  private boolean wantsTooMuch(
      Node node, StepPath path, int attempt, int turn, int calls, int[] wanted) {
    boolean tooMuch = false;
    for (int call = 0; call < calls; call++) {
      int ofTool = ++wanted[fate.tool(path, attempt, turn, call)];
      tooMuch |= ++wanted[2] > node.toolCalls() || ofTool > Math.max(1, (node.toolCalls() + 1) / 2);
    }
    return tooMuch;
  }

  /** What comes of it is told to the model, whatever it is; false: there are too many calls. */
  private boolean callOfAgent(
      Graph graph, int index, StepPath path, int attempt, int turn, int call, Forgiven forgiven) {
    for (int n = 1; ; n++) {
      Fate.Answer answer = fate.answer(path, attempt, turn, call, n);
      boolean again = false;
      if (answer == Fate.Answer.LOST || answer == Fate.Answer.LATE) {
        if (!fate.effect(path, turn, call).repeatable()) {
          again = fate.resolution(path, attempt, turn, call, n) == Event.Resolution.RETRY;
        } else if (answer == Fate.Answer.LOST && !forgiven.once) {
          forgiven.once = true;
          again = true;
        }
      }
      if (!again || !graph.mayCallTool(index)) {
        return !again;
      }
    }
  }

  private List<Node> body(@Nullable String name) {
    return Objects.requireNonNull(bodies.get(String.valueOf(name)), "a graph of the plan");
  }

  /** The graph of another file, or of a plan that was written in the run. */
  private List<Node> workflow(Node node, StepPath path) {
    if (node.body() != null) {
      return body(node.body());
    }
    String name = Plans.writtenName(fate.plan(path));
    Plan written = Plans.written(fate.seed(), fate.plan(path)).inside(name);
    bodies.putAll(written.bodies());
    return written.nodes();
  }

  private Result inside(Node node, StepPath path, List<Node> body, @Nullable Outside outside) {
    List<End> ends = graph(body, path, outside);
    Set<String> ended = cutShort.get(path);
    boolean stuck = ends.stream().anyMatch(End::stuck);
    boolean givenUp =
        ends.stream()
            .filter(end -> ended == null || ended.contains(end.path().toString()))
            .anyMatch(End::givenUp);
    if (ended != null || (stuck && node.timeout() != null)) {
      return new Result(ErrorKind.TIMEOUT, false, givenUp);
    } else if (stuck) {
      return Result.STUCK;
    }
    for (End end : ends) {
      if (end.failsOthers()) {
        return new Result(end.error(), false, givenUp);
      }
    }
    return fate.breaks(path) ? Result.of(ErrorKind.INVALID_OUTPUT) : Result.GOOD;
  }
}
