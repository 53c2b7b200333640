package dev.workflow.check.flow;

import dev.workflow.check.flow.Given.Part;
import dev.workflow.check.flow.StepAt.WorkflowAt;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Share;
import dev.workflow.engine.Expressions.Taken;
import dev.workflow.engine.Pointers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What each step gives, and what its expressions take from others. */
final class Values {
  /** Most parts that are looked at to find out what one value is made of. */
  private static final int PARTS_MAX = 2_000;

  private final FlowGraph graph;
  private final Map<StepAt, Given> outputs = new HashMap<>();
  private final Map<Integer, List<Part>> made = new HashMap<>();

  Values(FlowGraph graph) {
    this.graph = graph;
  }

  /** What a step gives. */
  Given of(StepAt at) {
    Given known = outputs.get(at);
    if (known != null) {
      return known;
    }
    outputs.put(at, Given.nothing());
    Given given = at.runs() != null ? ofWorkflow(at.runs()) : own(at);
    outputs.put(at, given);
    return given;
  }

  private Given own(StepAt at) {
    return switch (at.step().verb()) {
      case Verb.SetValue set -> fields(at, set.value());
      case Verb.Group group ->
          group.outputs().isEmpty() ? ofAll(at.inside()) : named(at, group.outputs().keySet());
      case Verb.Subworkflow sub -> Given.nothing();
      case Verb.Agent other -> node(at);
      case Verb.Skill other -> node(at);
      case Verb.Capability other -> node(at);
      case Verb.Tool other -> node(at);
      case Verb.Ask other -> node(at);
      case Verb.Wait other -> node(at);
      case Verb.Fail other -> node(at);
      case Verb.Plan other -> node(at);
      case Verb.Planned other -> node(at);
    };
  }

  private Given node(StepAt at) {
    return new Given.Node(graph.node(at.display()));
  }

  private Given fields(StepAt at, JsonNode value) {
    return value.isObject() && !value.isEmpty() ? named(at, value.propertyNames()) : node(at);
  }

  private Given named(StepAt at, Iterable<String> names) {
    Map<String, Given> fields = new LinkedHashMap<>();
    names.forEach(name -> fields.put(name, node(at)));
    return new Given.Fields(fields);
  }

  private Given ofWorkflow(WorkflowAt runs) {
    return runs.outputs().isEmpty() ? ofAll(runs.outermost()) : new Given.Fields(runs.outputs());
  }

  private Given ofAll(List<StepAt> steps) {
    Map<String, Given> fields = new LinkedHashMap<>();
    steps.forEach(step -> fields.put(step.step().id(), of(step)));
    return new Given.Fields(fields);
  }

  /** A value holds nothing but these parts, as they are. */
  void make(Given given, List<Part> parts) {
    given
        .nodes()
        .forEach(
            node -> {
              made.computeIfAbsent(node, each -> new ArrayList<>()).addAll(parts);
              parts.forEach(part -> graph.flow(part.node(), node));
            });
  }

  /** A node holds nothing but these parts, which come to it by other nodes. */
  void known(int node, List<Part> parts) {
    made.computeIfAbsent(node, each -> new ArrayList<>()).addAll(parts);
  }

  /** A value may hold something of these parts besides. */
  void add(Given given, List<Part> parts) {
    given
        .nodes()
        .forEach(
            node -> {
              parts.forEach(part -> graph.flow(part.node(), node));
              made.computeIfPresent(
                  node,
                  (n, old) -> {
                    old.addAll(parts);
                    return old;
                  });
            });
  }

  /** What an expression of a step takes. */
  List<Part> taken(StepAt at, Expression expression) {
    return taken(at, expression, taken -> true);
  }

  /** Some of what an expression of a step takes. */
  List<Part> taken(StepAt at, Expression expression, Predicate<Taken> some) {
    return taken(at, expression, "", some);
  }

  /** What stands at a pointer of the value of an expression takes. */
  List<Part> takenAt(StepAt at, Expression expression, String pointer) {
    return taken(at, expression, pointer, taken -> Pointers.within(taken.pointer(), pointer));
  }

  private List<Part> taken(
      StepAt at, Expression expression, String pointer, Predicate<Taken> some) {
    Set<Part> parts = new LinkedHashSet<>();
    for (Taken taken : expression.taken()) {
      if (some.test(taken)) {
        resolve(at, at, taken.path(), share(taken, pointer), parts);
      }
    }
    return List.copyOf(parts);
  }

  /** How much of it there is in what stands at a pointer, which is it or is around it. */
  private static Share share(Taken taken, String pointer) {
    return taken.pointer().equals(pointer) ? taken.share() : taken.share().among();
  }

  /**
   * What an output of a graph takes.
   *
   * @param container that holds the graph
   * @param inner one of the steps in it
   */
  List<Part> seenInside(StepAt container, StepAt inner, Expression output) {
    Set<Part> parts = new LinkedHashSet<>();
    for (Taken taken : output.taken()) {
      resolve(inner, container, taken.path(), share(taken, ""), parts);
    }
    return List.copyOf(parts);
  }

  /** What the outputs of a workflow take. */
  List<Part> taken(WorkflowAt workflow, Expression expression) {
    Set<Part> parts = new LinkedHashSet<>();
    for (Taken taken : expression.taken()) {
      String name = taken.path().getFirst();
      StepAt step = workflow.steps().get(name);
      if (step != null) {
        ofStep(step, below(taken.path(), 1), share(taken, ""), parts);
      } else if (name.equals("steps")) {
        ending(workflow.steps().get(second(taken.path())), taken.path(), parts);
      } else {
        input(workflow, taken.path(), share(taken, ""), parts);
      }
    }
    return List.copyOf(parts);
  }

  /** What a step gives as a whole. */
  List<Part> whole(StepAt step) {
    Set<Part> parts = new LinkedHashSet<>();
    ofStep(step, List.of(), Share.ITSELF, parts);
    return List.copyOf(parts);
  }

  /**
   * Finds what a path names.
   *
   * @param inner the innermost step whose element may be meant; absent: none
   */
  private void resolve(
      StepAt at, @Nullable StepAt inner, List<String> path, Share share, Set<Part> parts) {
    String name = path.getFirst();
    for (StepAt looped = inner; looped != null; looped = looped.aroundInFile()) {
      Step.Each each = looped.step().each();
      if (each != null && each.variable().equals(name)) {
        element(looped, below(path, 1), share, parts);
        return;
      }
    }
    StepAt step = at.seen(name);
    if (step != null) {
      ofStep(step, below(path, 1), share, parts);
    } else if (name.equals("steps")) {
      ending(at.seen(second(path)), path, parts);
    } else if (name.equals("previous")) {
      at.workflow()
          .outputs()
          .values()
          .forEach(given -> given.at(List.of(), Share.SOME).forEach(parts::add));
    } else {
      input(at.workflow(), path, share, parts);
    }
  }

  /** An element is a part of what the step goes over, which is evaluated outside of it. */
  private void element(StepAt looped, List<String> path, Share share, Set<Part> parts) {
    Expression items = looped.compiled().items();
    if (items == null) {
      return;
    }
    for (Taken taken : items.taken()) {
      StepAt around = looped.aroundInFile();
      if (taken.share() == Share.ITSELF) {
        List<String> longer = new ArrayList<>(taken.path());
        longer.add(Taken.ELEMENT);
        longer.addAll(path);
        resolve(looped, around, longer, share, parts);
      } else {
        Share much = path.isEmpty() ? share.of(taken.share()) : Share.SOME;
        resolve(looped, around, taken.path(), much, parts);
      }
    }
  }

  /**
   * Some of what went into a step, or into one inside of it, may stand in its error, and all that
   * its tool gave in its content.
   */
  private void ending(@Nullable StepAt step, List<String> path, Set<Part> parts) {
    if (step != null && path.size() > 2 && path.get(2).equals("content")) {
      of(step).at(List.of(), Share.ALL).forEach(parts::add);
    }
    if (step != null && path.size() > 2 && path.get(2).startsWith("error")) {
      for (StepAt failed : step.withAllInside()) {
        of(failed).at(List.of(), Share.SOME).forEach(parts::add);
      }
    }
  }

  private void ofStep(StepAt step, List<String> path, Share share, Set<Part> parts) {
    JsonNode type = step.compiled().resultType();
    List<String> inElement = path;
    boolean one = false;
    if (step.step().each() != null) {
      boolean map = step.step().each().key() != null;
      type = map ? type.path("additionalProperties") : type.path("items");
      boolean named = !path.isEmpty() && (map || path.getFirst().startsWith("["));
      inElement = named ? below(path, 1) : path;
      one = named && !path.getFirst().equals(Taken.ELEMENT);
    }
    if (SmallTypes.isSmall(type, inElement)) {
      return;
    }
    switch (of(step)) {
      case Given.Node given -> given.at(path, share).forEach(parts::add);
      case Given.Fields given -> given.at(inElement, one ? Share.SOME : share).forEach(parts::add);
    }
  }

  private void input(WorkflowAt workflow, List<String> path, Share share, Set<Part> parts) {
    boolean prefixed = path.getFirst().equals("inputs");
    List<String> named = prefixed ? below(path, 1) : path;
    if (!SmallTypes.isSmall(workflow.resolved().workflow().inputSchema(), named)) {
      new Given.Fields(workflow.inputs()).at(named, share).forEach(parts::add);
    }
  }

  /**
   * What parts are made of, where values only pass on what they were given: what is behind them in
   * the end, and what stands on the way there.
   *
   * @param stop where it is not asked what is behind a part; such a part is on the way
   */
  Behind behind(Iterable<Part> parts, Predicate<Part> stop) {
    Set<Part> way = new LinkedHashSet<>();
    Set<Part> ends = new LinkedHashSet<>();
    Deque<Part> open = new ArrayDeque<>();
    parts.forEach(open::add);
    while (!open.isEmpty()) {
      Part part = open.remove();
      List<Part> makers = made.get(part.node());
      if (way.size() >= PARTS_MAX) {
        ends.add(part);
      } else if (way.add(part) && !stop.test(part)) {
        if (makers == null) {
          ends.add(part);
        } else if (makers.size() == 1 && makers.getFirst().share() == Share.ITSELF) {
          open.add(part.in(makers.getFirst()));
        } else {
          boolean all = part.whole() && part.path().isEmpty();
          makers.forEach(maker -> open.add(all ? maker : maker.cut()));
        }
      }
    }
    return new Behind(way, ends);
  }

  /**
   * What is behind parts.
   *
   * @param way all that was come by, the ends among it
   * @param ends what is made of nothing else; where there is too much, what was not looked at
   */
  record Behind(Set<Part> way, Set<Part> ends) {}

  private static String second(List<String> path) {
    return path.size() > 1 ? path.get(1) : "";
  }

  private static List<String> below(List<String> path, int from) {
    return path.subList(Math.min(from, path.size()), path.size());
  }
}
