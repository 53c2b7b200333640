package dev.workflow.run;

import dev.workflow.run.Event.AttemptFailed;
import dev.workflow.run.Event.CancelRequested;
import dev.workflow.run.Event.LimitNear;
import dev.workflow.run.Event.LimitReached;
import dev.workflow.run.Event.OfStep;
import dev.workflow.run.Event.PlanChanged;
import dev.workflow.run.Event.PlanChecked;
import dev.workflow.run.Event.ReplanStarted;
import dev.workflow.run.Event.RunFinished;
import dev.workflow.run.Event.RunPaused;
import dev.workflow.run.Event.RunResumed;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Event.StepCancelled;
import dev.workflow.run.Event.StepFailed;
import dev.workflow.run.Event.StepPrepared;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.Event.SubplanEnded;
import dev.workflow.run.Event.TimeMeasured;
import dev.workflow.run.Event.ToolCalled;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of a journal that holds when some steps are to run anew: everything but what they did
 * and what followed from it. An event is left out when it is of such a step, of one that depends on
 * it, of what it stands in after it began, or of a revision that only came to be by it. What is
 * left folds like any journal.
 */
public final class Prefix {
  private final List<Recorded> journal;

  /** The graphs of the run, each from the event on that brought them. */
  private final NavigableMap<Long, Graphs> plans = new TreeMap<>();

  private final Map<StepPath, Long> began = new HashMap<>();

  /** Of each element, which repetitions give revisions of its own, the each it stands in. */
  private final Map<StepPath, StepPath> eachOf = new HashMap<>();

  /** The newest each of every path without its revision. */
  private final Map<StepPath, StepPath> newestEach = new HashMap<>();

  /** Steps that came to anything while the run was being cancelled: that is not a usual end. */
  private final Set<StepPath> late = new LinkedHashSet<>();

  private final Set<StepPath> attempted = new HashSet<>();

  /** Steps whose attempt was stopped, and when. */
  private final Map<StepPath, Long> stopped = new LinkedHashMap<>();

  /** From which event on the step and everything inside it is left out. */
  private final Map<StepPath, Long> anew = new HashMap<>();

  /** From which event on what a container or an each did itself is left out. */
  private final Map<StepPath, Long> reopened = new HashMap<>();

  /** From which event on the nodes of a graph are left out, by plan, the graph's path and node. */
  private final Map<String, Long> downstream = new HashMap<>();

  /**
   * What a fork keeps of a journal, and the calls it leaves out.
   *
   * @param kept from the start of the run on, numbered anew
   * @param leftOut tool calls of steps that run anew
   */
  public record Kept(List<Recorded> kept, List<ToolCalled> leftOut) {
    public Kept {
      kept = List.copyOf(kept);
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * The graphs in force.
   *
   * @param within those that take the place of a container's own, or that only the run knows, by
   *     its path
   */
  private record Graphs(Plan plan, Map<StepPath, Plan> within) {

    Graphs changed(PlanChanged event) {
      Event.Revision revision = event.revision();
      if (revision == null || revision.within() == null) {
        return new Graphs(event.plan(), within);
      }
      return new Graphs(event.plan(), within).running(revision.within(), revision.plan());
    }

    /** The same where a container runs a plan that was written in the run. */
    Graphs running(StepPath container, Plan written) {
      Map<StepPath, Plan> more = new HashMap<>(within);
      more.put(container, written);
      return new Graphs(plan, more);
    }

    /** The graph inside a container; null: it has none. */
    @Nullable List<Node> nodes(@Nullable StepPath container) {
      Inside inside = inside(container);
      return inside == null ? null : inside.nodes;
    }

    private @Nullable Inside inside(@Nullable StepPath container) {
      if (container == null) {
        return new Inside(plan, plan.nodes());
      }
      Plan own = within.get(container);
      if (own != null) {
        return new Inside(own, own.nodes());
      }
      Inside around = inside(container.parent());
      return around == null ? null : around.body(container.id());
    }
  }

  /** A graph, and the plan that knows the graphs inside its nodes. */
  private record Inside(Plan plan, List<Node> nodes) {
    @Nullable Inside body(String id) {
      return nodes.stream()
          .filter(node -> node.id().equals(id) && node.body() != null)
          .map(node -> plan.bodies().get(node.body()))
          .filter(Objects::nonNull)
          .map(body -> new Inside(plan, body))
          .findFirst()
          .orElse(null);
    }
  }

  private Prefix(List<Recorded> journal) {
    this.journal = journal;
    boolean cancelling = false;
    Map<String, Plan> written = new HashMap<>();
    for (Recorded recorded : journal) {
      switch (recorded.event()) {
        case RunStarted e -> plans.put(recorded.seq(), new Graphs(e.plan(), Map.of()));
        case PlanChanged e -> plans.put(recorded.seq(), plans.lastEntry().getValue().changed(e));
        case OfStep e -> {
          if (e instanceof StepPrepared p && p.prepared() instanceof Prepared.Items) {
            newestEach.put(p.step().revision(0), p.step());
          }
          began(e.step(), recorded.seq());
          takeIn(e, recorded.seq(), written);
          boolean stops = e instanceof StepCancelled;
          if (e instanceof StepStarted) {
            attempted.add(e.step());
          } else if (stops && attempted.contains(e.step())) {
            stopped.put(e.step(), recorded.seq());
          }
          if (cancelling && (!stops || attempted.contains(e.step()))) {
            late.add(e.step());
          }
        }
        case RunResumed e -> {}
        case CancelRequested e -> cancelling = true;
        case LimitReached e -> {}
        case LimitNear e -> {}
        case TimeMeasured e -> {}
        case RunPaused e -> {}
        case RunFinished e -> {}
      }
    }
  }

  /** Takes in which plan a step runs that was written in the run. */
  private void takeIn(OfStep event, long seq, Map<String, Plan> written) {
    if (event instanceof PlanChecked checked) {
      written.put(checked.name(), checked.plan());
    } else if (event instanceof StepPrepared prepared
        && prepared.prepared() instanceof Prepared.Body body
        && body.graph() != null) {
      Plan plan = Objects.requireNonNull(written.get(body.graph()), "a plan is checked first");
      plans.put(seq, plans.lastEntry().getValue().running(event.step(), plan));
    }
  }

  /**
   * The events that a run of another id keeps when the steps are to run anew.
   *
   * @param journal a whole journal, from its start
   * @param run id of the other run
   * @param now when that begins; what it takes over keeps its times
   */
  public static Kept of(
      List<Recorded> journal, Collection<StepPath> steps, String run, Instant now) {
    Prefix prefix = new Prefix(List.copyOf(journal));
    new LinkedHashSet<>(steps).forEach(prefix::runAnew);
    prefix.late.forEach(prefix::runAnew);
    prefix.runAnewWhatWasStopped();
    return prefix.keep(run, now);
  }

  /** An attempt that was stopped because of something that goes on now has not ended either. */
  private void runAnewWhatWasStopped() {
    boolean more = true;
    while (more) {
      List<StepPath> next =
          stopped.entrySet().stream()
              .filter(each -> !anew.containsKey(each.getKey()))
              .filter(each -> goesOnAround(each.getKey(), each.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      next.forEach(this::runAnew);
      more = !next.isEmpty();
    }
  }

  /** Whether anything that the step stands in goes on as from before an event. */
  private boolean goesOnAround(StepPath step, long seq) {
    for (StepPath at = step; at != null; at = at.parent()) {
      boolean around = !at.equals(step) && from(reopened, at) <= seq;
      if (around || isOfReopened(at, seq)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is an element of an each that goes on as from before an event. */
  private boolean isOfReopened(StepPath step, long seq) {
    return step.last().key() != null && from(reopened, each(step)) <= seq;
  }

  private StepPath each(StepPath element) {
    return eachOf.computeIfAbsent(
        element, it -> newestEach.getOrDefault(it.each().revision(0), it.each()));
  }

  private void began(StepPath step, long seq) {
    for (StepPath at = step; at != null; at = at.parent()) {
      began.putIfAbsent(at, seq);
      if (at.last().key() != null) {
        began.putIfAbsent(each(at), seq);
      }
    }
  }

  private void runAnew(StepPath step) {
    Long cut = began.get(step);
    if (cut == null) {
      return;
    }
    anew.merge(step, cut, Math::min);
    goOnAround(step, cut);
  }

  /** Has what the step stands in, and what waits for any of that, go on as from an event on. */
  private void goOnAround(StepPath step, long cut) {
    for (StepPath at = step; at != null; at = at.parent()) {
      if (!at.equals(step)) {
        reopened.merge(at, cut, Math::min);
      }
      if (at.last().key() != null) {
        reopened.merge(each(at), cut, Math::min);
      }
      StepPath end = at;
      plans.forEach(
          (since, plan) ->
              dependants(end, plan)
                  .forEach(id -> downstream.merge(node(since, end, id), cut, Math::min)));
    }
  }

  /** What stands for a node of the graph of a step in a plan. */
  private static String node(long since, StepPath path, String id) {
    StepPath parent = path.parent();
    return since + " " + (parent == null ? "" : parent) + "/" + id;
  }

  /** The steps of its own graph that depend on a step, however far, in a plan. */
  private static Set<String> dependants(StepPath path, Graphs plan) {
    List<Node> nodes = plan.nodes(path.parent());
    Set<String> all = nodes == null ? new HashSet<>() : dependants(path.id(), nodes);
    all.remove(path.id());
    return all;
  }

  private static Set<String> dependants(String id, List<Node> nodes) {
    boolean[] depends = new boolean[nodes.size()];
    Set<String> ids = new HashSet<>();
    for (int index : new Graph(nodes).inOrder()) {
      Node node = nodes.get(index);
      depends[index] =
          node.id().equals(id)
              || node.edges().stream().map(Edge::source).anyMatch(source -> depends[source]);
      if (depends[index]) {
        ids.add(node.id());
      }
    }
    return ids;
  }

  /** A change of plan can only be kept where what it ends is left out from its beginning. */
  private Kept keep(String run, Instant now) {
    while (true) {
      try {
        return kept(run, now);
      } catch (Busy busy) {
        busy.steps.forEach(this::runAnew);
        runAnewWhatWasStopped();
      }
    }
  }

  /** Steps that a change of plan would end, and that have not ended in what is kept. */
  private static final class Busy extends Exception {
    private static final long serialVersionUID = 1;
    private final transient List<StepPath> steps;

    Busy(List<StepPath> steps) {
      super("Busy are " + steps, null, false, false);
      this.steps = steps;
    }
  }

  private Kept kept(String run, Instant now) throws Busy {
    List<Recorded> kept = new ArrayList<>();
    List<ToolCalled> leftOut = new ArrayList<>();
    RunState state = null;
    boolean cancelling = false;
    for (Recorded recorded : journal) {
      Event event = recorded.event();
      cancelling |= event instanceof CancelRequested;
      boolean stays =
          switch (event) {
            case RunStarted e -> true;
            case RunResumed e -> true;
            case PlanChanged e -> true;
            case CancelRequested e -> false;
            case LimitReached e -> false;
            case LimitNear e -> false;
            case TimeMeasured e -> true;
            case RunPaused e -> false;
            case RunFinished e -> false;
            case OfStep e ->
                state != null
                    && state.steps.mayHave(e.step())
                    && !isLeftOut(e, recorded.seq())
                    && !(cancelling && e instanceof StepCancelled);
          };
      if (stays && event instanceof OfStep e && isTooEarly(state, e)) {
        reopened.merge(e.step(), recorded.seq(), Math::min);
        goOnAround(e.step(), recorded.seq());
        stays = false;
      }
      if (!stays) {
        if (event instanceof ToolCalled called) {
          leftOut.add(called);
        }
        continue;
      }
      Recorded next =
          event instanceof RunStarted start
              ? new Recorded(1, now, 1, named(start, run))
              : new Recorded(kept.size() + 1, recorded.time(), 1, event);
      kept.add(next);
      if (state == null) {
        state = RunState.begin(next);
        continue;
      }
      List<StepPath> busy =
          event instanceof PlanChanged change ? state.steps.busy(change) : List.of();
      if (!busy.isEmpty()) {
        throw new Busy(busy);
      }
      state.apply(next);
    }
    return new Kept(kept, leftOut);
  }

  /** Whether it tells of the end of something in which, with all that is left out, work is left. */
  private static boolean isTooEarly(@Nullable RunState state, OfStep event) {
    boolean ends =
        event instanceof AttemptFailed
            || event instanceof StepSucceeded
            || event instanceof StepFailed
            || event instanceof StepCancelled
            || event instanceof SubplanEnded
            || event instanceof ReplanStarted;
    StepRun step = ends && state != null ? state.steps.get(event.step()) : null;
    return step != null
        && (Stream.of(step.body, step.delegated())
                .anyMatch(inside -> inside != null && inside.open > 0)
            || (step.fansOut() && step.openElements > 0));
  }

  private static RunStarted named(RunStarted e, String run) {
    return new RunStarted(
        run, e.workflow(), e.plan(), e.definition(), e.inputs(), e.limits(), e.simulated());
  }

  private boolean isLeftOut(OfStep event, long seq) {
    StepPath step = event.step();
    long since = plans.floorKey(seq);
    if (from(reopened, step) <= seq) {
      return true;
    }
    for (StepPath at = step; at != null; at = at.parent()) {
      boolean around = !at.equals(step) && from(reopened, at) <= seq;
      boolean stopped = event instanceof StepCancelled && (around || isOfReopened(at, seq));
      if (stopped
          || from(anew, at) <= seq
          || (at.last().key() != null && from(anew, each(at)) <= seq)
          || from(downstream, node(since, at, at.id())) <= seq) {
        return true;
      }
    }
    return false;
  }

  private static <K> long from(Map<K, Long> cuts, K key) {
    return cuts.getOrDefault(key, Long.MAX_VALUE);
  }
}
