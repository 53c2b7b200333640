package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Money;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Fan;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Plan.Repeat;
import dev.workflow.run.Plan.Revise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Random plans, as the check would build them. */
final class Plans {
  private static final Retry TWICE =
      new Retry(
          2,
          Duration.ofSeconds(1),
          Duration.ofSeconds(9),
          Set.of(ErrorKind.TOOL_ERROR, ErrorKind.UNAVAILABLE, ErrorKind.RATE_LIMITED));

  /** What {@code retry.on} may name. */
  private static final List<ErrorKind> RETRIABLE =
      List.of(
          ErrorKind.TIMEOUT,
          ErrorKind.UNAVAILABLE,
          ErrorKind.RATE_LIMITED,
          ErrorKind.TOOL_ERROR,
          ErrorKind.MODEL_ERROR,
          ErrorKind.INVALID_OUTPUT,
          ErrorKind.GUARD);

  private Plans() {}

  /**
   * A plan of up to twelve steps of all kinds; about every second graph has a feedback loop, and
   * some steps hold graphs, up to three deep.
   */
  static Plan random(long seed) {
    Random random = new Random(seed);
    Map<String, List<Node>> bodies = new LinkedHashMap<>();
    List<Node> nodes = graph(random, 12, 2, bodies);
    return new Plan(nodes, bodies, Map.of());
  }

  /**
   * What an agent writes: a small plan in which nothing is undone and no other way is looked for.
   */
  static Plan written(Random random) {
    Map<String, List<Node>> bodies = new LinkedHashMap<>();
    List<Node> nodes = graph(random, 3, 1, bodies);
    Map<String, List<Node>> plain = new LinkedHashMap<>();
    bodies.forEach((name, body) -> plain.put(name, asWritten(body)));
    return new Plan(asWritten(nodes), plain, Map.of());
  }

  private static List<Node> asWritten(List<Node> nodes) {
    return nodes.stream()
        .map(
            node ->
                new Node(
                    node.id(),
                    node.kind(),
                    node.edges(),
                    node.each(),
                    node.repeat(),
                    node.revise(),
                    node.retry(),
                    node.timeout(),
                    node.onError() instanceof OnError.Replan ? new OnError.Fail() : node.onError(),
                    node.toolCalls(),
                    node.estimate(),
                    node.body(),
                    node.verifies(),
                    null,
                    Allowance.NONE))
        .toList();
  }

  private static List<Node> graph(
      Random random, int most, int deeper, Map<String, List<Node>> bodies) {
    int size = 1 + random.nextInt(most);
    List<List<Edge>> edges = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      edges.add(edges(random, i));
    }
    int judge = size > 2 && random.nextBoolean() ? 1 + random.nextInt(size - 1) : -1;
    Revise revise = judge < 0 ? null : close(random, edges, judge);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String body = null;
      if (deeper > 0 && random.nextInt(5) == 0) {
        body = "body" + bodies.size();
        bodies.put(body, List.of());
        bodies.put(body, graph(random, 4, deeper - 1, bodies));
      }
      String undo = null;
      if (random.nextInt(3) == 0) {
        undo = "undo" + bodies.size();
        bodies.put(undo, List.of(undo(random)));
      }
      nodes.add(node(random, i, edges.get(i), i == judge ? revise : null, body, undo));
    }
    return nodes;
  }

  /**
   * A random plan with all that can befall a run: errors of every kind are tried again, some steps
   * run a plan that is written in the run, and what undoes a step may be a graph.
   *
   * @param counted whether calls of some steps are counted
   */
  static Plan eventful(long seed, Random random, boolean counted) {
    return eventful(random(seed), random, counted, true);
  }

  private static Plan eventful(Plan drawn, Random random, boolean counted, boolean plans) {
    Map<String, List<Node>> bodies = new LinkedHashMap<>(drawn.bodies());
    drawn
        .bodies()
        .forEach(
            (name, nodes) -> {
              Node first = nodes.getFirst();
              if (first.id().equals(StepPath.UNDO) && random.nextInt(3) == 0) {
                bodies.put(name, List.of(of(first, Kind.GROUP, name + "_in", null)));
                bodies.put(name + "_in", without(graph(random, 3, 0, new LinkedHashMap<>())));
              }
            });
    bodies.replaceAll((name, nodes) -> eventful(nodes, "_" + name, random, counted, plans));
    return new Plan(eventful(drawn.nodes(), "", random, counted, plans), bodies, Map.of());
  }

  /** A plan of a few steps that one of a run's steps has written. */
  static Plan written(long seed, int number) {
    Random random = new Random(seed * 31 + number);
    Map<String, List<Node>> bodies = new LinkedHashMap<>();
    List<Node> nodes = graph(random, 4, 1, bodies);
    return eventful(new Plan(nodes, bodies, Map.of()), random, false, false);
  }

  static String writtenName(int number) {
    return "plan " + number;
  }

  /** The same steps, none of which is undone. */
  private static List<Node> without(List<Node> nodes) {
    return nodes.stream().map(node -> of(node, node.kind(), node.body(), null)).toList();
  }

  private static Node of(Node node, Kind kind, @Nullable String body, @Nullable String undo) {
    return new Node(
        node.id(),
        kind,
        node.edges(),
        node.each(),
        node.repeat(),
        node.revise(),
        node.retry(),
        node.timeout(),
        node.onError(),
        node.toolCalls(),
        node.estimate(),
        body,
        node.verifies(),
        undo,
        node.limits());
  }

  /** Ids get a suffix, so that no two graphs know the same name. */
  private static List<Node> eventful(
      List<Node> nodes, String suffix, Random random, boolean counted, boolean plans) {
    return nodes.stream().map(node -> eventful(node, suffix, random, counted, plans)).toList();
  }

  private static Node eventful(
      Node node, String suffix, Random random, boolean counted, boolean plans) {
    boolean undoes = node.id().equals(StepPath.UNDO);
    boolean written = plans && !undoes && node.kind() == Kind.SET && random.nextInt(4) == 0;
    boolean calls = node.kind() == Kind.TOOL || node.kind() == Kind.AGENT;
    boolean isCounted = counted && calls && node.each() == null && random.nextBoolean();
    return new Node(
        undoes ? node.id() : node.id() + suffix,
        written ? Kind.WORKFLOW : node.kind(),
        node.edges(),
        node.each() == null
            ? null
            : new Fan(node.each().concurrency(), random.nextBoolean(), random.nextBoolean()),
        node.repeat(),
        node.revise(),
        retry(random),
        node.timeout(),
        node.onError(),
        random.nextBoolean() ? 10 : random.nextInt(4),
        node.estimate(),
        node.body(),
        node.verifies(),
        node.undo(),
        isCounted ? calls(random) : Allowance.NONE);
  }

  private static Retry retry(Random random) {
    Set<ErrorKind> on = new TreeSet<>();
    RETRIABLE.stream().filter(kind -> random.nextBoolean()).forEach(on::add);
    return new Retry(random.nextInt(3), Duration.ofSeconds(1), Duration.ofSeconds(9), on);
  }

  private static Allowance calls(Random random) {
    return new Allowance(
        null,
        null,
        random.nextBoolean() ? null : random.nextInt(5),
        random.nextBoolean() ? null : random.nextInt(5),
        null,
        null);
  }

  /** The plan with bounds on what some of its steps and the agent {@code a} may use up. */
  static Plan bounded(Plan plan, Random random) {
    Map<String, List<Node>> bodies = new LinkedHashMap<>();
    plan.bodies().forEach((name, body) -> bodies.put(name, bounded(body, random)));
    return new Plan(bounded(plan.nodes(), random), bodies, Map.of("a", allowance(random)));
  }

  private static List<Node> bounded(List<Node> nodes, Random random) {
    return nodes.stream()
        .map(node -> limited(node, random.nextInt(3) == 0 ? allowance(random) : Allowance.NONE))
        .toList();
  }

  /** The same node, bounded otherwise. */
  static Node limited(Node node, Allowance limits) {
    return new Node(
        node.id(),
        node.kind(),
        node.edges(),
        node.each(),
        node.repeat(),
        node.revise(),
        node.retry(),
        node.timeout(),
        node.onError(),
        node.toolCalls(),
        node.estimate(),
        node.body(),
        node.verifies(),
        node.undo(),
        limits);
  }

  /** Bounds that about every second run comes to. */
  static Allowance allowance(Random random) {
    return new Allowance(
        random.nextBoolean() ? null : random.nextInt(600),
        random.nextBoolean() ? null : new Money(random.nextInt(600)),
        random.nextBoolean() ? null : random.nextInt(10),
        random.nextBoolean() ? null : random.nextInt(10),
        random.nextBoolean() ? null : Duration.ofMillis(1 + random.nextInt(900)),
        random.nextBoolean() ? null : random.nextInt(2));
  }

  /** A graph that contains itself without an end. */
  static Plan endless() {
    Node node =
        new Node(
            "again",
            Kind.WORKFLOW,
            List.of(),
            null,
            null,
            null,
            Retry.NONE,
            null,
            new OnError.Fail(),
            0,
            Duration.ZERO,
            "self",
            false,
            null,
            Allowance.NONE);
    return new Plan(List.of(node), Map.of("self", List.of(node)), Map.of());
  }

  /** A chain of steps of one kind. */
  static Plan chain(int size, Kind kind) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      List<Edge> edges = i == 0 ? List.of() : List.of(new Edge(i - 1, EdgeKind.NEED));
      nodes.add(plain("s" + i, kind, edges, Duration.ZERO));
    }
    return new Plan(nodes, Map.of(), Map.of());
  }

  static Node plain(String id, Kind kind, List<Edge> edges, Duration estimate) {
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
        10,
        estimate,
        null,
        false,
        null,
        Allowance.NONE);
  }

  private static List<Edge> edges(Random random, int node) {
    List<Edge> edges = new ArrayList<>();
    for (int source = 0; source < node; source++) {
      if (random.nextInt(3) == 0) {
        edges.add(new Edge(source, List.of(EdgeKind.values()).get(random.nextInt(4))));
      }
    }
    return edges;
  }

  /** The region of a judge, with the edges that make others wait for the final verdict. */
  private static @Nullable Revise close(Random random, List<List<Edge>> edges, int judge) {
    int target = random.nextInt(judge);
    edges.get(judge).add(new Edge(target, EdgeKind.NEED));
    boolean[] downstream = new boolean[edges.size()];
    downstream[target] = true;
    for (int i = target + 1; i < edges.size(); i++) {
      for (Edge edge : edges.get(i)) {
        downstream[i] |= downstream[edge.source()];
      }
    }
    boolean[] upstream = new boolean[edges.size()];
    upstream[judge] = true;
    for (int i = judge; i >= 0; i--) {
      for (Edge edge : upstream[i] ? edges.get(i) : List.<Edge>of()) {
        upstream[edge.source()] = true;
      }
    }
    List<Integer> region = new ArrayList<>();
    for (int i = target; i <= judge; i++) {
      if (downstream[i] && upstream[i]) {
        region.add(i);
      }
    }
    for (int i = 0; i < edges.size(); i++) {
      boolean consumer =
          !region.contains(i) && edges.get(i).stream().anyMatch(e -> region.contains(e.source()));
      if (consumer && i < judge) {
        return null;
      }
      if (consumer) {
        edges.get(i).add(new Edge(judge, EdgeKind.ENDED));
      }
    }
    return new Revise(region, 1 + random.nextInt(2), random.nextBoolean());
  }

  /** What undoes a step: it may fail, be tried again, and ask. */
  private static Node undo(Random random) {
    Node drawn = node(random, 0, List.of(), null, null, null);
    return new Node(
        StepPath.UNDO,
        drawn.kind(),
        drawn.edges(),
        null,
        drawn.repeat(),
        null,
        drawn.retry(),
        drawn.timeout(),
        drawn.onError() instanceof OnError.Replan ? new OnError.Fail() : drawn.onError(),
        drawn.toolCalls(),
        drawn.estimate(),
        null,
        drawn.verifies(),
        null,
        Allowance.NONE);
  }

  private static Node node(
      Random random,
      int index,
      List<Edge> edges,
      @Nullable Revise revise,
      @Nullable String body,
      @Nullable String undo) {
    Kind kind = List.of(Kind.values()).get(random.nextInt(6));
    kind = body == null ? kind : random.nextBoolean() ? Kind.GROUP : Kind.WORKFLOW;
    kind = revise != null && kind == Kind.FAIL ? Kind.SET : kind;
    OnError onError =
        switch (random.nextInt(5)) {
          case 0 -> new OnError.Continue();
          case 4 -> new OnError.Replan(null);
          case 2 -> new OnError.Ask();
          case 1 -> new OnError.Output(JsonNodeFactory.instance.objectNode());
          default -> new OnError.Fail();
        };
    boolean each = random.nextInt(4) == 0;
    return new Node(
        "s" + index,
        kind,
        edges,
        each ? new Fan(random.nextInt(3), false, random.nextBoolean()) : null,
        random.nextInt(4) == 0
            ? new Repeat(1 + random.nextInt(3), Duration.ofSeconds(1), random.nextBoolean())
            : null,
        revise,
        random.nextBoolean() ? TWICE : Retry.NONE,
        random.nextInt(3) == 0 ? Duration.ofSeconds(30) : null,
        onError,
        10,
        Duration.ofMillis(random.nextInt(1000)),
        body,
        kind == Kind.TOOL && random.nextBoolean(),
        undo,
        Allowance.NONE);
  }
}
