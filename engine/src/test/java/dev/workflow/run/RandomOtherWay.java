package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a random rim finds after a failure: another tool, another plan, or nothing. */
final class RandomOtherWay {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final RunState state;
  private final Random random;
  private final StepRun failed;
  private final List<Node> nodes = new ArrayList<>();

  /** Where the kept nodes stand, by where they stood. */
  private final Integer[] places;

  private RandomOtherWay(RunState state, Random random, StepPath step) {
    this.state = state;
    this.random = random;
    this.failed = state.steps.get(step);
    this.places = new Integer[failed.scope.graph.nodes().size()];
  }

  /** The answer to a failure. */
  static Event after(Command.Replan command, RunState state, Random random) {
    StepPath step = command.step();
    boolean joins = random.nextInt(8) == 0 && !state.steps.get(step).fansOut();
    if (joins) {
      return new Event.ReplanJoined(step);
    }
    int draw = random.nextInt(4);
    boolean plannable = step.last().key() == null && command.unplanned() == null;
    if (command.refusal() != null || draw == 0 || (draw > 1 && !plannable)) {
      return new Event.StepFailed(step, command.error());
    }
    if (draw == 1 && !state.steps.get(step).fansOut()) {
      return changed(command.step(), command.error(), state.plan(), Set.of(), null);
    }
    Node planner = node(StepPath.REPLAN, Kind.AGENT, List.of(), null);
    Node approval = node(StepPath.APPROVE, Kind.ASK, List.of(new Edge(0, EdgeKind.NEED)), null);
    return plannable
        ? new Event.ReplanReferred(step, new Plan(List.of(planner, approval), Map.of(), Map.of()))
        : new Event.StepFailed(step, command.error());
  }

  /** Another plan for the step and all that waits for it, or a refusal. */
  static Event planned(Command.Revise command, RunState state, Random random) {
    if (random.nextInt(4) == 0) {
      return new Event.StepFailed(command.step(), command.error());
    }
    return new RandomOtherWay(state, random, command.step()).change(command.error());
  }

  private Event change(StepError error) {
    List<Node> before = failed.scope.graph.nodes();
    Set<String> revised = revise(before);
    StepRun container = failed.scope.containing();
    if (container == null) {
      Plan next = new Plan(nodes, state.plan().bodies(), state.plan().agents());
      return sound(error, next, revised, null);
    }
    String name = "other" + state.lastSeq();
    Plan plan = new Plan(nodes, bodies(), Map.of()).inside(name);
    Event.Revision revision = new Event.Revision(container.path, name, "", plan, NOTHING);
    return sound(error, state.plan(), revised, revision);
  }

  /** All graphs that a kept container may run. */
  private Map<String, List<Node>> bodies() {
    Map<String, List<Node>> bodies = new HashMap<>(state.plan().bodies());
    for (Event.PlanChanged change : state.planChanges()) {
      if (change.replan() != null && change.replan().revision() != null) {
        bodies.putAll(change.replan().revision().plan().bodies());
      }
    }
    return bodies;
  }

  /** Where something could not be taken back any more, the rim refuses. */
  private Event sound(
      StepError error, Plan plan, Set<String> again, Event.@Nullable Revision revision) {
    Impact impact =
        revision == null || revision.within() == null
            ? state.impact(plan, again)
            : state.impact(revision.within(), revision.plan(), again);
    return impact.lost().isEmpty() && impact.busy().isEmpty()
        ? changed(failed.path, error, plan, again, revision == null ? outermost(plan) : revision)
        : new Event.StepFailed(failed.path, error);
  }

  private static Event.Revision outermost(Plan plan) {
    return new Event.Revision(null, "", "", plan, NOTHING);
  }

  /** Puts the new graph together; gives the names of the steps whose work is another. */
  private Set<String> revise(List<Node> before) {
    boolean[] waits = new boolean[before.size()];
    for (int index : failed.scope.graph.inOrder()) {
      waits[index] =
          index == failed.index
              || before.get(index).edges().stream().anyMatch(edge -> waits[edge.source()]);
    }
    for (int i = 0; i < waits.length; i++) {
      if (!waits[i]) {
        places[i] = nodes.size();
        nodes.add(before.get(i));
      }
    }
    nodes.replaceAll(this::moved);
    Set<String> again = new TreeSet<>();
    StepPath around = failed.scope.container == null ? null : failed.scope.container.path;
    for (int i = 0; i < waits.length; i++) {
      if (waits[i] && (i == failed.index ? random.nextInt(3) > 0 : random.nextBoolean())) {
        again.add((around == null ? "" : around.name() + "/") + before.get(i).id());
        add(before.get(i).id());
      }
    }
    if (nodes.isEmpty() || random.nextBoolean()) {
      add("n" + state.lastSeq());
    }
    return again;
  }

  /** A node after some of those that stand in the graph already. */
  private void add(String id) {
    List<Edge> edges = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (random.nextInt(3) == 0) {
        edges.add(new Edge(i, EdgeKind.NEED));
      }
    }
    waitForVerdicts(edges);
    Kind kind = List.of(Kind.SET, Kind.TOOL, Kind.AGENT, Kind.FAIL).get(random.nextInt(4));
    nodes.add(node(id, kind, edges, null));
  }

  /** As the check has it: what reads a step of a feedback loop waits for the last verdict. */
  private void waitForVerdicts(List<Edge> edges) {
    for (int judge = 0; judge < nodes.size(); judge++) {
      Plan.Revise revise = nodes.get(judge).revise();
      boolean reads =
          revise != null
              && edges.stream().anyMatch(edge -> revise.region().contains(edge.source()));
      if (reads) {
        edges.add(new Edge(judge, EdgeKind.ENDED));
      }
    }
  }

  private static Node node(String id, Kind kind, List<Edge> edges, @Nullable String body) {
    boolean own = id.startsWith(".");
    return new Node(
        id,
        kind,
        edges,
        null,
        null,
        null,
        Retry.NONE,
        null,
        own ? new OnError.Fail() : new OnError.Replan(null),
        10,
        Duration.ofMillis(10),
        body,
        false,
        null,
        Allowance.NONE);
  }

  /** The same node, its edges and its region pointing to where those nodes stand now. */
  private Node moved(Node node) {
    Plan.Revise revise = node.revise();
    return new Node(
        node.id(),
        node.kind(),
        node.edges().stream().map(edge -> new Edge(place(edge.source()), edge.kind())).toList(),
        node.each(),
        node.repeat(),
        revise == null
            ? null
            : new Plan.Revise(
                revise.region().stream().map(this::place).toList(),
                revise.max(),
                revise.continueWhenUsedUp()),
        node.retry(),
        node.timeout(),
        node.onError(),
        node.toolCalls(),
        node.estimate(),
        node.body(),
        node.verifies(),
        node.undo(),
        node.limits());
  }

  private int place(int before) {
    Integer place = places[before];
    if (place == null) {
      throw new IllegalStateException("What is kept does not wait for what is not");
    }
    return place;
  }

  private static Event changed(
      StepPath step,
      StepError error,
      Plan plan,
      Set<String> again,
      Event.@Nullable Revision revision) {
    return new Event.PlanChanged(
        Event.Reason.REPLANNED,
        plan,
        NOTHING,
        NOTHING,
        List.copyOf(again),
        List.of(),
        null,
        new Event.Replan(step, error, "law", revision));
  }
}
