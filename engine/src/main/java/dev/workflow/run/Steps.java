package dev.workflow.run;

import dev.workflow.run.Phase.Mover;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** All steps of a run with the counters and queues that make each move cheap. */
final class Steps {
  private Plan plan;
  private final Map<String, Graph> graphs = new HashMap<>();

  /** Of plans that were written in this run; a change of the run's own plan leaves them alone. */
  private final Map<String, Graph> written = new HashMap<>();

  private final WorkClock clock;
  private final Scope outermost;
  private final Map<StepPath, StepRun> byPath = new LinkedHashMap<>();
  private final Deque<StepRun> agenda = new ArrayDeque<>();
  private final PriorityQueue<StepRun> ready =
      new PriorityQueue<>(
          Comparator.comparingLong((StepRun step) -> -step.scope.remainingMillis(step.index))
              .thenComparingLong(step -> step.order));
  private final Map<Mover, Integer> movers = new EnumMap<>(Mover.class);

  /** Steps that can be undone, the newest first. */
  private final Deque<StepRun> confirmed = new ArrayDeque<>();

  /** The newest graph that undoes something; absent: none was begun. */
  private @Nullable Scope undoing;

  private int slotsTaken;

  /** Steps that wait for a slot, and those that hold one while people are asked. */
  private int waiting;

  private int consulting;
  private long created;

  /**
   * The steps of a run at its beginning.
   *
   * @param clock which is told of each step that goes to work, or ceases to be at it
   */
  Steps(Plan plan, WorkClock clock) {
    this.plan = plan;
    this.clock = clock;
    this.outermost = new Scope(new Graph(plan.nodes()), null);
    fill(outermost);
  }

  /**
   * Has what a step has given by itself remembered, to be undone should the run fail. What takes
   * something back is not taken back in its turn.
   */
  void confirm(StepRun step, JsonNode output) {
    boolean canUndo = step.node.undo() != null && !step.fansOut() && !step.scope.undoes();
    if (canUndo && step.confirmed == null) {
      step.confirmed = output;
      confirmed.push(step);
    }
  }

  /** Leaves what was done so far to the run that did it. */
  void disown() {
    confirmed.forEach(step -> step.confirmed = null);
    confirmed.clear();
  }

  /** What is to be undone next: the last that was confirmed; null: nothing is left. */
  @Nullable StepRun nextToUndo() {
    return confirmed.peek();
  }

  /** Begins to undo a step. */
  void undo(StepRun step) {
    String body = step.node.undo();
    if (body == null || !confirmed.remove(step)) {
      throw new IllegalArgumentException("Step " + step.path + " has nothing to undo");
    }
    undoing = Scope.undoing(graphs.computeIfAbsent(body, this::graph), step);
    fill(undoing);
  }

  /** Whether what was done is being taken back, or was. */
  boolean undoes() {
    return undoing != null;
  }

  /** The outermost graph. */
  Scope outermost() {
    return outermost;
  }

  @Nullable StepRun find(StepPath path) {
    return byPath.get(path);
  }

  /** Whether there is the step, or it is an element of an each that can begin now. */
  boolean mayHave(StepPath path) {
    return byPath.containsKey(path) || begin(path) != null;
  }

  /**
   * Lets the element begin that an event is about, and those before it. They begin by themselves as
   * their each has room; in a fork, the room may be taken by one that has yet to run again.
   */
  private @Nullable StepRun begin(StepPath element) {
    StepRun each = element.last().key() == null ? null : byPath.get(element.each());
    if (each == null
        || each.phase != Phase.FANNED_OUT
        || each.items().stream().noneMatch(item -> each.path.element(item.key()).equals(element))) {
      return null;
    }
    while (!byPath.containsKey(element) && each.elements.size() < each.items().size()) {
      beginNext(each);
    }
    return byPath.get(element);
  }

  /** The step of an event. */
  StepRun get(StepPath path) {
    StepRun step = byPath.containsKey(path) ? byPath.get(path) : begin(path);
    if (step == null) {
      throw new IllegalArgumentException(
          "The journal speaks of step " + path + ", which the run has not");
    }
    return step;
  }

  Collection<StepRun> all() {
    return byPath.values();
  }

  int count(Mover mover) {
    return movers.getOrDefault(mover, 0);
  }

  /**
   * Whether the engine makes the next move. Who waits for a slot does not, where people have to
   * answer before one is free.
   *
   * @param slots that there are
   */
  boolean enginesTurn(int slots) {
    return count(Mover.ENGINE) > (consulting < slots ? 0 : waiting);
  }

  boolean needsHelp(int slots) {
    return !enginesTurn(slots) && count(Mover.PEOPLE) + count(Mover.DECISION) > 0;
  }

  int slotsTaken() {
    return slotsTaken;
  }

  boolean allEnded() {
    return outermost.open == 0 && (undoing == null || undoing.open == 0);
  }

  /** Has the step looked at by the next decision. */
  void touch(StepRun step) {
    if (!step.onAgenda) {
      step.onAgenda = true;
      agenda.add(step);
    }
  }

  /** The next step to look at; null: all were. */
  @Nullable StepRun nextTouched() {
    StepRun step = agenda.poll();
    if (step != null) {
      step.onAgenda = false;
    }
    return step;
  }

  /** The ready step with the longest way before it; null: none is ready. */
  @Nullable StepRun nextReady() {
    while (!ready.isEmpty() && ready.element().phase != Phase.READY) {
      ready.remove();
    }
    return ready.peek();
  }

  /** Changes the phase and has the step looked at. */
  void move(StepRun step, Phase phase) {
    movers.merge(step.phase.mover(), -1, Integer::sum);
    movers.merge(phase.mover(), 1, Integer::sum);
    slotsTaken += one(phase.holdsSlot()) - one(step.phase.holdsSlot());
    waiting += one(phase == Phase.READY) - one(step.phase == Phase.READY);
    consulting += one(phase == Phase.CONSULTING) - one(step.phase == Phase.CONSULTING);
    boolean worked = step.phase.takesTime();
    step.phase = phase;
    if (worked != phase.takesTime()) {
      clock.turned(step);
    }
    if (phase == Phase.READY) {
      ready.add(step);
    }
    touch(step);
  }

  private static int one(boolean counted) {
    return counted ? 1 : 0;
  }

  /** Ends the step for good and lets go of what waited for it. */
  void settle(StepRun step, StepStatus outcome, Instant time) {
    end(step, outcome, time);
    if (step.parent != null) {
      step.parent.openElements--;
      touch(step.parent);
      return;
    }
    Scope scope = step.scope;
    scope.open--;
    for (int follower : scope.graph.successors(step.index)) {
      release(scope.current[follower]);
    }
    if (scope.open == 0 && scope.container != null) {
      touch(scope.container);
    }
  }

  private void end(StepRun step, StepStatus outcome, Instant time) {
    step.outcome = outcome;
    step.ended = time;
    step.calls.clear();
    step.agent = null;
    move(step, Phase.ENDED);
  }

  private void release(StepRun follower) {
    follower.behind--;
    if (follower.behind == 0 && follower.phase == Phase.BEHIND) {
      move(follower, Phase.DUE);
    }
  }

  /** Lets as many elements of an {@code each} begin as its own bound allows. */
  void fillWindow(StepRun each) {
    Plan.Fan fan = each.node.each();
    int bound = fan == null || fan.concurrency() == 0 ? Integer.MAX_VALUE : fan.concurrency();
    while (each.openElements < bound && each.wantsMore()) {
      beginNext(each);
    }
  }

  private void beginNext(StepRun each) {
    StepRun element = each.element(each.items().get(each.elements.size()), created++);
    each.elements.add(element);
    each.openElements++;
    add(element);
  }

  /** Begins the graph that looks for another way after a failure. */
  void replan(StepRun failed, Graph graph) {
    Scope scope = Scope.replanning(graph, failed);
    failed.replanning = scope;
    move(failed, Phase.PLANNING);
    fill(scope);
  }

  /** Begins a plan that an agent has called for; the agent's slot is free. */
  void delegate(StepRun agent, Subplan subplan) {
    agent.subplan = subplan;
    move(agent, Phase.DELEGATING);
    fill(subplan.scope());
  }

  /** Begins the graph inside a container. */
  void open(StepRun container, String body) {
    Graph graph = graphs.computeIfAbsent(body, this::graph);
    Scope scope = new Scope(graph, container);
    container.body = scope;
    move(container, Phase.OPEN);
    fill(scope);
  }

  /** Takes in graphs that are known only now. */
  void add(String name, Plan checked) {
    written.putIfAbsent(name, new Graph(checked.nodes()));
    checked.bodies().forEach((body, nodes) -> written.putIfAbsent(body, new Graph(nodes)));
  }

  private Graph graph(String body) {
    Graph known = written.get(body);
    if (known != null) {
      return known;
    }
    List<Node> nodes = plan.bodies().get(body);
    if (nodes == null) {
      throw new IllegalArgumentException("The plan has no graph " + body);
    }
    return new Graph(nodes);
  }

  private void fill(Scope scope) {
    for (int i = 0; i < scope.current.length; i++) {
      Node node = scope.graph.nodes().get(i);
      StepPath path = newPath(scope, node);
      scope.reached(i, path.last().revision());
      place(scope, i, path, node.edges().size());
    }
  }

  /**
   * Has everything inside a container, or in the plan of an agent, stopped.
   *
   * @param step what gives up
   */
  void giveUp(StepRun step) {
    step.givesUp = true;
    Stream.of(step.body, step.delegated())
        .filter(Objects::nonNull)
        .flatMap(Scope::unended)
        .forEach(this::touch);
    touch(step);
  }

  /** Has an {@code each} end with what has succeeded; what is under way is given up. */
  void hasEnough(StepRun each) {
    each.hasEnough = true;
    Scope.withInside(each).forEach(this::touch);
  }

  /**
   * Puts a step or element that has run back to its beginning.
   *
   * @param outcome of the run that is over
   */
  StepRun runAgain(StepRun old, StepStatus outcome, Instant time) {
    end(old, outcome, time);
    int revision =
        old.parent == null ? old.scope.nextRevision(old.index) : old.path.last().revision() + 1;
    old.scope.reached(old.index, revision);
    StepRun again = old.onceMore(revision, created++);
    if (old.parent == null) {
      old.scope.current[old.index] = again;
      again.behind = unended(old.scope, old.node);
      again.phase = again.behind == 0 ? Phase.DUE : Phase.BEHIND;
    } else {
      old.parent.elements.set(old.position, again);
    }
    add(again);
    return again;
  }

  /** Puts every step of a judge's region back to its beginning, one revision further. */
  void revise(StepRun judge) {
    Plan.Revise revise = judge.node.revise();
    if (revise == null || judge.output == null) {
      throw new IllegalArgumentException("Step " + judge.path + " revises nothing");
    }
    Scope scope = judge.scope;
    boolean[] inRegion = new boolean[scope.current.length];
    revise.region().forEach(index -> inRegion[index] = true);
    Feedback feedback =
        new Feedback(judge.node.id(), judge.output, scope.current[revise.target()].output);
    int next = judge.revisions + 1;
    for (int index : revise.region()) {
      StepRun old = scope.current[index];
      if (old.ended()) {
        scope.open++;
        holdFollowers(scope, index, inRegion);
      }
      retire(old);
      StepPath path = old.path.revision(scope.nextRevision(index));
      place(scope, index, path, edgesInside(old.node, inRegion));
    }
    scope.current[revise.target()].feedback = feedback;
    scope.current[judge.index].revisions = next;
    scope.current[judge.index].grantedRevisions = judge.grantedRevisions;
  }

  /** Steps outside that were let go wait for the new revision as well. */
  private static void holdFollowers(Scope scope, int index, boolean[] inRegion) {
    for (int follower : scope.graph.successors(index)) {
      if (!inRegion[follower]) {
        scope.current[follower].behind++;
      }
    }
  }

  private void retire(StepRun old) {
    if (!old.ended()) {
      move(old, Phase.ENDED);
    }
  }

  private static int edgesInside(Node node, boolean[] inRegion) {
    int inside = 0;
    for (Edge edge : node.edges()) {
      inside += inRegion[edge.source()] ? 1 : 0;
    }
    return inside;
  }

  /** What a change of plan would do to the steps. */
  Impact impact(Plan next, Set<String> changed) {
    return planChange(next, changed, outermost).impact();
  }

  /** What a change of the graph inside one container would do to the steps. */
  Impact impact(StepPath within, Plan next, Set<String> changed) {
    Scope body = get(within).body;
    if (body == null) {
      throw new IllegalArgumentException("Step " + within + " has no graph inside");
    }
    return planChange(next, changed, body).impact();
  }

  private PlanChange planChange(Plan next, Set<String> changed, Scope scope) {
    StepRun undone = undoing == null ? null : undoing.container;
    return new PlanChange(next, changed, scope, confirmed, undone == null ? null : undone.path);
  }

  /**
   * Goes over to another plan: steps that are equal and read only what is equal keep what they have
   * done, the others begin anew, under their next revision where they had begun.
   *
   * @param changed names of the steps whose work is not what it was
   * @throws IllegalArgumentException when the call of a step that would begin anew is under way or
   *     in doubt
   */
  void change(Plan next, Set<String> changed, Instant time) {
    PlanChange change = planChange(next, changed, outermost);
    mustBePossible(change.impact());
    plan = next;
    graphs.clear();
    change(outermost, change.outermost(), change, time);
    sortReady();
  }

  /** Steps that a change of plan would end while a call of theirs is under way or in doubt. */
  List<StepPath> busy(Event.PlanChanged change) {
    Set<String> changed = Set.copyOf(change.again());
    Event.Revision revision = change.revision();
    if (revision == null || revision.within() == null) {
      return impact(change.plan(), changed).busy();
    }
    Scope body = openBody(revision.within());
    return body == null ? List.of() : planChange(revision.plan(), changed, body).impact().busy();
  }

  /** The graph inside a container that is open; null: it is not. */
  private @Nullable Scope openBody(StepPath container) {
    StepRun step = byPath.get(container);
    return step == null || step.phase != Phase.OPEN ? null : step.body;
  }

  /**
   * Goes over to another graph inside one container, in this activation of it; nothing, where the
   * container is not open.
   *
   * @param changed names of the steps whose work is not what it was
   */
  void change(StepPath within, Event.Revision revision, Set<String> changed, Instant time) {
    add(revision.name(), revision.plan());
    Scope body = openBody(within);
    if (body == null || body.container == null) {
      return;
    }
    PlanChange change = planChange(revision.plan(), changed, body);
    mustBePossible(change.impact());
    body.container.revised = true;
    change(body, change.outermost(), change, time);
    sortReady();
  }

  private static void mustBePossible(Impact impact) {
    List<StepPath> lost = impact.lost();
    if (!lost.isEmpty()) {
      throw new IllegalArgumentException(
          "The plan may not change while what " + lost + " did could not be taken back any more");
    }
    List<StepPath> busy = impact.busy();
    if (!busy.isEmpty()) {
      throw new IllegalArgumentException(
          "The plan may not change while a call of " + busy + " is under way or in doubt");
    }
  }

  private void sortReady() {
    List<StepRun> queued = new ArrayList<>(ready);
    ready.clear();
    queued.stream().filter(step -> step.phase == Phase.READY).forEach(ready::add);
  }

  private void change(Scope scope, Graph graph, PlanChange change, Instant time) {
    for (StepRun old : scope.current) {
      if (graph.indexOf(old.node.id()) == null) {
        leave(old, time);
      }
    }
    Set<String> before = new HashSet<>();
    scope.graph.nodes().forEach(node -> before.add(node.id()));
    scope.become(graph, clock.now());
    confirmed.stream().filter(step -> step.scope == scope).forEach(step -> become(step, graph));
    scope.open = 0;
    for (int index : graph.inOrder()) {
      Node node = graph.nodes().get(index);
      int behind = unended(scope, node);
      if (before.contains(node.id())) {
        StepRun old = scope.current[index];
        old.become(index, node);
        change(old, behind, change, time);
      } else {
        StepPath path = newPath(scope, node);
        scope.reached(index, path.last().revision());
        place(scope, index, path, behind);
      }
      scope.open += scope.current[index].ended() ? 0 : 1;
    }
    if (scope.container != null) {
      touch(scope.container);
    }
  }

  /** An earlier revision that can be undone is told of its new place, too. */
  private static void become(StepRun step, Graph graph) {
    Integer index = graph.indexOf(step.node.id());
    if (index != null) {
      step.become(index, graph.nodes().get(index));
    }
  }

  /**
   * The path of a step that has not been in the graph. One that was taken out of the plan and is in
   * it again does not go on where it was, nor does a second search for another way.
   */
  private StepPath newPath(Scope scope, Node node) {
    StepPath path =
        scope.container == null ? StepPath.of(node.id()) : scope.container.path.child(node.id());
    if (!byPath.containsKey(path)) {
      return path;
    }
    int revision =
        byPath.keySet().stream()
            .filter(other -> other.each().revision(0).equals(path))
            .mapToInt(other -> other.last().revision() + 1)
            .max()
            .orElse(0);
    return path.revision(revision);
  }

  private static int unended(Scope scope, Node node) {
    int behind = 0;
    for (Edge edge : node.edges()) {
      behind += scope.current[edge.source()].ended() ? 0 : 1;
    }
    return behind;
  }

  private void change(StepRun step, int behind, PlanChange change, Instant time) {
    switch (change.fate(step)) {
      case AGAIN -> beginAnew(step, behind, time);
      case REOPENS -> {
        inside(step, change, time);
        reopen(step);
      }
      case STAYS -> {
        inside(step, change, time);
        step.behind = behind;
        if (step.phase == Phase.BEHIND && behind == 0) {
          move(step, Phase.DUE);
        } else if (step.phase == Phase.DUE && behind > 0) {
          move(step, Phase.BEHIND);
        }
      }
    }
  }

  private void beginAnew(StepRun step, int behind, Instant time) {
    leave(step, time);
    StepPath path = step.path;
    if (step.hasWorked()) {
      path = path.revision(step.scope.nextRevision(step.index));
    }
    place(step.scope, step.index, path, behind);
  }

  private void inside(StepRun step, PlanChange change, Instant time) {
    for (StepRun element : List.copyOf(step.elements)) {
      switch (change.fate(element)) {
        case AGAIN -> elementAgain(element, time);
        case REOPENS -> {
          inside(element, change, time);
          reopen(element);
        }
        case STAYS -> inside(element, change, time);
      }
    }
    if (step.body != null && !step.runsWrittenPlan()) {
      change(step.body, change.graph(step.node.body()), change, time);
    }
  }

  private void elementAgain(StepRun element, Instant time) {
    StepRun each = Objects.requireNonNull(element.parent, "an element has its each");
    each.openElements += element.ended() ? 1 : 0;
    leave(element, time);
    int revision = element.path.last().revision() + 1;
    element.scope.reached(element.index, revision);
    StepRun again = element.onceMore(revision, created++);
    each.elements.set(element.position, again);
    add(again);
  }

  /** What has ended goes on, with all that is done inside. */
  private void reopen(StepRun step) {
    if (step.ended() && step.parent != null) {
      step.parent.openElements++;
    }
    step.outcome = StepStatus.SUCCEEDED;
    step.output = null;
    step.answer = null;
    step.content = null;
    step.error = null;
    step.failure = null;
    step.reason = null;
    step.blockedBy = List.of();
    step.ended = null;
    step.due = null;
    step.timerCommanded = false;
    step.repeatedEnough = false;
    step.asksEnough = false;
    if (step.fansOut()) {
      move(step, Phase.FANNED_OUT);
    } else {
      step.attempt++;
      move(step, Phase.OPEN);
    }
  }

  /**
   * Stops what is under way in a step that begins anew or is gone; what never began is forgotten.
   */
  private void leave(StepRun step, Instant time) {
    for (StepRun each : Scope.withInside(step).toList()) {
      if (!each.ended()) {
        end(each, each.phase == Phase.PLANNING ? StepStatus.FAILED : StepStatus.CANCELLED, time);
      }
    }
    if (!step.hasWorked()) {
      byPath.remove(step.path);
    }
  }

  private void place(Scope scope, int index, StepPath path, int behind) {
    Phase phase = behind == 0 ? Phase.DUE : Phase.BEHIND;
    StepRun step = new StepRun(scope, path, index, created++, phase);
    step.behind = behind;
    scope.current[index] = step;
    add(step);
  }

  private void add(StepRun step) {
    if (byPath.put(step.path, step) != null) {
      throw new IllegalStateException("Two steps have the path " + step.path);
    }
    movers.merge(step.phase.mover(), 1, Integer::sum);
    if (step.phase == Phase.DUE) {
      touch(step);
    }
  }
}
