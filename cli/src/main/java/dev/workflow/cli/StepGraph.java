package dev.workflow.cli;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.RunState;
import dev.workflow.run.StepStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The graph of a workflow, and of a run where each step stands, ready to be drawn. */
record StepGraph(List<Drawn> steps) {
  StepGraph {
    steps = List.copyOf(steps);
  }

  /**
   * One step.
   *
   * @param name ids from the outermost graph inwards
   * @param depth length of the longest path to it in its graph
   * @param parallel whether another step of the same depth stands beside it
   * @param what it does, in a few words
   * @param notes what else is to know: condition, fan-out, repetition, revision
   * @param now where it stands, once for each time it came up; absent: no run is shown
   * @param inside the graph it holds; empty: it holds none
   */
  record Drawn(
      String name,
      String id,
      int depth,
      boolean parallel,
      String what,
      List<Link> after,
      List<String> notes,
      @Nullable String revises,
      @Nullable Standing now,
      StepGraph inside) {

    /** One of ○ ◉ ● ✗ ? and for what never ran –. */
    String glyph() {
      return now == null ? "○" : now.glyph();
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
   * @param soft whether the step can do without the source's output
   */
  record Link(String source, boolean soft) {}

  static String glyph(StepStatus status) {
    return switch (status) {
      case PENDING -> "○";
      case RUNNING, WAITING -> "◉";
      case SUCCEEDED -> "●";
      case FAILED -> "✗";
      case IN_DOUBT -> "?";
      case SKIPPED, BLOCKED, CANCELLED -> "–";
    };
  }

  /** The step of a name in this graph. */
  Drawn step(String name) {
    return steps.stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
  }

  /** Whether some step holds others. */
  boolean isNested() {
    return steps.stream().anyMatch(Drawn::holds);
  }

  /**
   * The graph of a plan.
   *
   * @param run absent: the plan alone
   */
  static StepGraph of(Plan plan, Workflow workflow, @Nullable RunState run) {
    Map<String, Step> steps = new HashMap<>();
    workflow.allSteps().forEach(step -> steps.put(step.name(), step));
    return new Drawing(plan, steps, run == null ? null : Standing.of(run)).graph(plan.nodes(), "");
  }

  /**
   * Draws the graphs of one plan.
   *
   * @param steps by name
   * @param standing by name; absent: no run is shown
   */
  private record Drawing(
      Plan plan, Map<String, Step> steps, @Nullable Map<String, Standing> standing) {

    /**
     * One graph.
     *
     * @param prefix what the names of its steps begin with
     */
    StepGraph graph(List<Node> nodes, String prefix) {
      int[] depths = depths(nodes);
      List<Drawn> drawn = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i++) {
        boolean parallel = false;
        for (int j = 0; j < depths.length; j++) {
          parallel |= j != i && depths[j] == depths[i];
        }
        drawn.add(draw(nodes, nodes.get(i), prefix, depths[i], parallel));
      }
      drawn.sort(Comparator.comparingInt(Drawn::depth));
      return new StepGraph(drawn);
    }

    private Drawn draw(List<Node> nodes, Node node, String prefix, int depth, boolean parallel) {
      String name = prefix + node.id();
      Step step = steps.get(name);
      List<Link> after =
          node.edges().stream()
              .map(edge -> new Link(prefix + nodes.get(edge.source()).id(), isSoft(edge)))
              .distinct()
              .toList();
      String revises = node.revise() == null ? null : nodes.get(node.revise().target()).id();
      return new Drawn(
          name,
          node.id(),
          depth,
          parallel,
          step == null ? "" : what(step),
          after,
          step == null ? List.of() : notes(step, node, revises),
          revises == null ? null : prefix + revises,
          standing == null ? null : standing.getOrDefault(name, Standing.NOT_YET),
          inside(node, name));
    }

    private StepGraph inside(Node node, String name) {
      List<Node> nodes = node.kind() == Plan.Kind.GROUP ? plan.bodies().get(node.body()) : null;
      return nodes == null ? new StepGraph(List.of()) : graph(nodes, name + "/");
    }
  }

  private static boolean isSoft(Edge edge) {
    return switch (edge.kind()) {
      case NEED, VALUE -> false;
      case OPTIONAL_NEED, ENDED -> true;
    };
  }

  private static int[] depths(List<Node> nodes) {
    int[] depths = new int[nodes.size()];
    for (int i = 0; i < depths.length; i++) {
      depth(nodes, i, depths);
    }
    return depths;
  }

  private static int depth(List<Node> nodes, int index, int[] depths) {
    if (depths[index] == 0) {
      int deepest = 0;
      for (Edge edge : nodes.get(index).edges()) {
        deepest = Math.max(deepest, depth(nodes, edge.source(), depths));
      }
      depths[index] = deepest + 1;
    }
    return depths[index];
  }

  private static String what(Step step) {
    return switch (step.verb()) {
      case Verb.Agent agent -> "agent " + (agent.agent().isEmpty() ? "(inline)" : agent.agent());
      case Verb.Skill skill -> "skill " + skill.name();
      case Verb.Capability capability -> "capability " + capability.name();
      case Verb.Tool tool -> "tool " + tool.server() + "/" + tool.tool();
      case Verb.Ask ask -> ask.form() == null ? "ask for approval" : "ask with a form";
      case Verb.SetValue set -> "set";
      case Verb.Wait wait -> "wait " + wait.until();
      case Verb.Fail fail -> "fail";
      case Verb.Group group -> "steps";
      case Verb.Subworkflow sub -> "workflow " + sub.file();
      case Verb.Plan plan -> "plan by " + plan.agent();
      case Verb.Planned planned -> "runs " + planned.step();
    };
  }

  private static List<String> notes(Step step, Node node, @Nullable String revises) {
    List<String> notes = new ArrayList<>();
    Step.Each each = step.each();
    if (each != null) {
      String most = each.concurrency() == 0 ? "" : ", " + each.concurrency() + " at a time";
      notes.add("each " + each.variable() + " in " + each.in() + most);
    }
    if (step.when() != null) {
      notes.add("when " + step.when());
    }
    if (step.repeat() != null) {
      notes.add(repeats(step.repeat()));
    }
    if (node.revise() != null && step.revise() != null) {
      notes.add(
          "revises %s when %s, at most %d times"
              .formatted(revises, step.revise().when(), node.revise().max()));
    }
    if (step.retry().max() > 0) {
      notes.add(
          "up to " + Narration.counted(step.retry().max(), "retry").replace("retrys", "retries"));
    }
    if (step.cache() != null) {
      notes.add(caches(step.cache()));
    }
    if (step.timeout() != null) {
      notes.add("timeout " + Durations.text(step.timeout()));
    }
    return notes;
  }

  /** Such as {@code cache 1h} or {@code cache 1h, forced}. */
  static String caches(Step.Cache cache) {
    return "cache " + Durations.text(cache.time()) + (cache.forced() ? ", forced" : "");
  }

  /** Such as {@code repeats until job.done, at most 10 runs, every 20s}. */
  static String repeats(Step.Repeat repeat) {
    String every = repeat.every().isZero() ? "" : ", every " + Durations.text(repeat.every());
    return "repeats until %s, at most %s%s"
        .formatted(repeat.until(), Narration.counted(repeat.max(), "run"), every);
  }
}
