package dev.workflow.run;

import dev.workflow.definition.OnError;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Prepared.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One step of a run, one element of an {@code each}, or a further revision of either. Only {@link
 * RunState} changes it.
 */
final class StepRun {
  final Scope scope;
  final StepPath path;

  /** Where its node stands in the graph, as of the newest plan. */
  int index;

  /** What it is, as of the newest plan. */
  Node node;

  final long order;

  /** The {@code each} it is an element of; absent: it is a step itself. */
  final @Nullable StepRun parent;

  final @Nullable Item item;

  /** Of an element: its place among the elements. */
  final int position;

  Phase phase;
  StepStatus outcome = StepStatus.SUCCEEDED;
  int behind;
  int attempt;
  int retries;
  int lostServers;
  boolean onAgenda;
  boolean timedOut;
  boolean timerCommanded;

  /** Whether its question was put in this process. */
  boolean askCommanded;

  /** Whether its next start continues the attempt, after a decision about its call in doubt. */
  boolean goesOn;

  /** Where it stood when a person was asked about its failure. */
  @Nullable Phase referredFrom;

  /** What the person decided; absent: not yet, or it has been followed. */
  Event.@Nullable FailureAnswered decided;

  /** Whether a person has let it fail without failing what it stands in. */
  boolean accepted;

  /** Runs and revisions that a person has granted beyond those of the plan. */
  int grantedRuns;

  int grantedRevisions;

  /** What it has given by itself, which is what can be undone; absent: nothing, or a stand-in. */
  @Nullable JsonNode confirmed;

  /** Of a container: whether its steps are to be stopped. */
  boolean givesUp;

  /** Runs that its {@code repeat} has made so far, this one included. */
  int repetitions = 1;

  /** Whether its {@code repeat} has found its condition to hold. */
  boolean repeatedEnough;

  /** Of a judge: revisions it has asked for so far. */
  int revisions;

  /** Calls made so far, which number them. */
  int called;

  /** Whether a person decided that its lost call counts as failed, so that no retry follows. */
  boolean givenUp;

  /** Whether its output was given by somebody, and it did not run. */
  boolean injected;

  @Nullable Prepared prepared;

  /** What its next request to a model can take; absent: it has to be asked for. */
  Event.@Nullable TurnBounded bound;

  /** What it will succeed with, once that is recorded. */
  @Nullable JsonNode answer;

  /** The blocks that its tool gave; absent: none, or they say no more than its answer. */
  @Nullable JsonNode content;

  /** What its attempt will fail with, once that is recorded. */
  @Nullable StepError failure;

  @Nullable JsonNode output;
  @Nullable StepError error;
  @Nullable String reason;
  List<String> blockedBy = List.of();
  @Nullable Instant started;
  @Nullable Instant ended;
  @Nullable Instant due;
  @Nullable AgentRun agent;
  final Map<String, OpenCall> calls = new LinkedHashMap<>(2);

  /** What people told its servers; the same question of the same call gets the same answer. */
  final List<Told> told = new ArrayList<>(0);

  /** What models have told its servers; the same request of the same call gets the same reply. */
  final List<Sampled> sampled = new ArrayList<>(0);

  /** Since when only people are waited for; absent: they are not. */
  @Nullable Instant consulting;

  /** Times that run because it is at work. */
  List<WorkTime> times = List.of();

  /** Of an {@code each}: its elements so far, in input order. */
  final List<StepRun> elements = new ArrayList<>(0);

  int openElements;

  /** Of an {@code each}: whether it is to be asked if what its elements gave so far is enough. */
  boolean asksEnough;

  /** Of an {@code each}: whether it has enough, so that its other elements are given up. */
  boolean hasEnough;

  /** Of a container: the graph inside; absent: it is not open yet. */
  @Nullable Scope body;

  /** Of a container: whether another graph has taken the place of its own in this activation. */
  boolean revised;

  /** The graph that looks for another way after its failure; absent: none was opened. */
  @Nullable Scope replanning;

  /** The plan that this agent has called for and that is at work; absent: none is. */
  @Nullable Subplan subplan;

  /** Whether it goes on after a plan of its own, so that the time of its attempt runs on. */
  boolean returned;

  /** Why it runs again; absent: it runs for the first time. */
  @Nullable Feedback feedback;

  /** A step of a graph. */
  StepRun(Scope scope, StepPath path, int index, long order, Phase phase) {
    this(scope, path, index, order, null, null, 0, phase);
  }

  private StepRun(
      Scope scope,
      StepPath path,
      int index,
      long order,
      @Nullable StepRun parent,
      @Nullable Item item,
      int position,
      Phase phase) {
    this.scope = scope;
    this.path = path;
    this.index = index;
    this.node = scope.graph.nodes().get(index);
    this.order = order;
    this.parent = parent;
    this.item = item;
    this.position = position;
    this.phase = phase;
  }

  /** The next element of this {@code each}. */
  StepRun element(Item item, long order) {
    return new StepRun(
        scope, path.element(item.key()), index, order, this, item, elements.size(), Phase.DUE);
  }

  /** The same step or element once more, from its beginning. */
  StepRun onceMore(int revision, long order) {
    StepRun again =
        new StepRun(
            scope, path.revision(revision), index, order, parent, item, position, Phase.DUE);
    again.feedback = feedback;
    again.revisions = revisions;
    again.grantedRevisions = grantedRevisions;
    return again;
  }

  /** Whether the graph inside is a plan that was written in this run, not one of the run's plan. */
  boolean runsWrittenPlan() {
    return revised || (prepared instanceof Prepared.Body running && running.graph() != null);
  }

  /** Whether it has done anything but be looked at, so that its path is used up. */
  boolean hasWorked() {
    return attempt > 0 || !elements.isEmpty() || replanning != null;
  }

  /** Takes over what a new plan says of it. */
  void become(int newIndex, Node newNode) {
    index = newIndex;
    node = newNode;
    elements.forEach(element -> element.become(newIndex, newNode));
  }

  StepStatus status() {
    return phase == Phase.ENDED ? outcome : phase.status();
  }

  boolean ended() {
    return phase == Phase.ENDED;
  }

  /** Whether its failure is one of what it stands in. */
  boolean failsOthers() {
    return switch (node.onError()) {
      case OnError.Fail fail -> true;
      case OnError.Ask ask -> !accepted;
      case OnError.Replan replan -> true;
      case OnError.Continue goOn -> false;
      case OnError.Output output -> false;
    };
  }

  /** Whether it fans out itself, and is not an element. */
  boolean fansOut() {
    return node.each() != null && parent == null;
  }

  /** Whether it is left: its {@code each} has enough, or something around it gives up. */
  boolean isUnwanted() {
    return isSurplus() || scope.givesUp();
  }

  /** Whether it is an element of an {@code each} that has enough. */
  boolean isSurplus() {
    return parent != null && parent.hasEnough;
  }

  /** Whether the next element of this {@code each} may begin, as far as the condition tells. */
  boolean wantsMore() {
    return !hasEnough && !asksEnough && elements.size() < items().size();
  }

  /** Whether its {@code repeat} has still to be asked about its output. */
  boolean mayRepeat() {
    return node.repeat() != null && !fansOut() && !repeatedEnough;
  }

  /** Whether its {@code revise} is asked about its output. */
  boolean judges() {
    return node.revise() != null && parent == null;
  }

  List<Item> items() {
    return prepared instanceof Prepared.Items items ? items.items() : List.of();
  }

  /** Of an {@code each}: the outputs of the elements that have succeeded, in input order. */
  JsonNode joined() {
    List<StepRun> given = elements.stream().filter(StepRun::hasGiven).toList();
    if (!(prepared instanceof Prepared.Items items && items.map())) {
      return Json.list(given.stream().map(element -> element.output).toList());
    }
    Map<String, JsonNode> outputs = new LinkedHashMap<>();
    given.forEach(
        element -> outputs.put(String.valueOf(element.path.last().key()), element.output));
    return Json.map(outputs);
  }

  private boolean hasGiven() {
    return output != null && ended() && outcome == StepStatus.SUCCEEDED;
  }

  /** Calls whose answer is awaited. */
  long awaited() {
    return calls.values().stream().filter(OpenCall::isAwaited).count();
  }

  /** The graph of the plan that this agent has called for; null: none is at work. */
  @Nullable Scope delegated() {
    return subplan == null ? null : subplan.scope();
  }

  AgentRun conversation() {
    if (agent == null) {
      agent = new AgentRun(node.toolCalls());
    }
    return agent;
  }
}
