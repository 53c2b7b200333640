package dev.workflow.check.flow;

import dev.workflow.check.flow.Given.Part;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.Expressions.Expression;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which questions must have been answered with a yes before a step begins, and what they show. */
final class Approvals {
  private final Values values;
  private final Map<StepAt, Map<Integer, List<Part>>> shown = new HashMap<>();
  private final Map<StepAt, Set<StepAt>> certain = new HashMap<>();

  Approvals(Values values) {
    this.values = values;
  }

  /** The asks without whose yes a step does not begin. Linear in the steps before it. */
  Set<StepAt> before(StepAt wanted) {
    Set<StepAt> asks = new LinkedHashSet<>();
    Set<StepAt> begun = new HashSet<>();
    Set<StepAt> succeeded = new HashSet<>();
    Deque<StepAt> open = new ArrayDeque<>();
    begin(wanted, begun, open);
    while (!open.isEmpty()) {
      StepAt at = open.remove();
      asks.addAll(decided(at));
      StepAt around = at.around();
      if (around != null) {
        begin(around, begun, open);
      }
      for (StepAt needed : needed(at)) {
        begin(needed, begun, open);
        succeed(needed, asks, begun, succeeded, open);
      }
    }
    return asks;
  }

  private static void begin(StepAt at, Set<StepAt> begun, Deque<StepAt> open) {
    if (begun.add(at)) {
      open.add(at);
    }
  }

  /** What must have happened where a step has succeeded, besides that it began. */
  private void succeed(
      StepAt at, Set<StepAt> asks, Set<StepAt> begun, Set<StepAt> succeeded, Deque<StepAt> open) {
    Deque<StepAt> inner = new ArrayDeque<>(List.of(at));
    while (!inner.isEmpty()) {
      StepAt done = inner.remove();
      boolean replaced =
          done.step().onError() instanceof OnError.Output
              || done.step().onError() instanceof OnError.Replan;
      if (replaced || !succeeded.add(done)) {
        continue;
      }
      if (done.step().verb() instanceof Verb.Ask ask && ask.form() == null) {
        asks.add(done);
      }
      if (done.step().each() == null) {
        for (StepAt inside : certain(done)) {
          begin(inside, begun, open);
          inner.add(inside);
        }
      }
    }
  }

  /** The steps of a graph that begin whenever it is to succeed: nothing can skip them. */
  private Set<StepAt> certain(StepAt container) {
    return certain.computeIfAbsent(container, Approvals::withoutSkipped);
  }

  private static Set<StepAt> withoutSkipped(StepAt container) {
    Set<StepAt> left = new LinkedHashSet<>(container.inside());
    Map<StepAt, List<StepAt>> followers = new HashMap<>();
    Deque<StepAt> skipped = new ArrayDeque<>();
    for (StepAt inside : container.inside()) {
      needed(inside)
          .forEach(each -> followers.computeIfAbsent(each, n -> new ArrayList<>()).add(inside));
      if (inside.step().when() != null || inside.step().each() != null) {
        skipped.add(inside);
      }
    }
    while (!skipped.isEmpty()) {
      StepAt step = skipped.remove();
      if (left.remove(step)) {
        skipped.addAll(followers.getOrDefault(step, List.of()));
      }
    }
    return left;
  }

  /** The steps that must have succeeded before a step begins. */
  private static List<StepAt> needed(StepAt at) {
    Step step = at.step();
    Set<String> names = new LinkedHashSet<>();
    step.needs().stream().filter(need -> !need.optional()).forEach(need -> names.add(need.id()));
    if (step.verb() instanceof Verb.Planned planned) {
      names.add(planned.step());
    }
    require(at.compiled().items(), names);
    require(at.compiled().key(), names);
    require(at.compiled().agent(), names);
    require(at.compiled().body(), names);
    if (at.compiled().when() != null) {
      names.addAll(at.compiled().when().requiredWhenTrue());
    }
    List<StepAt> needed = new ArrayList<>();
    names.stream().filter(name -> !isElement(at, name)).forEach(name -> add(at.seen(name), needed));
    add(at.undone(), needed);
    needed.remove(at);
    return needed;
  }

  private static void require(@Nullable Expression expression, Set<String> names) {
    if (expression != null) {
      names.addAll(expression.required());
    }
  }

  private static void add(@Nullable StepAt step, List<StepAt> steps) {
    if (step != null && !steps.contains(step)) {
      steps.add(step);
    }
  }

  private static boolean isElement(StepAt at, String name) {
    for (StepAt looped = at; looped != null; looped = looped.aroundInFile()) {
      Step.Each each = looped.step().each();
      if (each != null && each.variable().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The asks whose form the condition of a step reads, directly or by a {@code set}. */
  private static List<StepAt> decided(StepAt at) {
    Expression when = at.compiled().when();
    List<StepAt> asks = new ArrayList<>();
    if (when == null) {
      return asks;
    }
    Deque<StepAt> open = new ArrayDeque<>();
    Set<StepAt> seen = new HashSet<>();
    for (String name : when.requiredWhenTrue()) {
      StepAt read = when.outputs().contains(name) ? at.seen(name) : null;
      if (read != null) {
        open.add(read);
      }
    }
    while (!open.isEmpty()) {
      StepAt read = open.remove();
      if (!seen.add(read) || read.step().onError() instanceof OnError.Output) {
        continue;
      }
      if (read.step().verb() instanceof Verb.Ask ask && ask.form() != null) {
        asks.add(read);
      } else if (read.step().verb() instanceof Verb.SetValue) {
        read.compiled().body().required().forEach(name -> addSeen(read, name, open));
      }
    }
    return asks;
  }

  private static void addSeen(StepAt from, String name, Deque<StepAt> open) {
    StepAt step = from.seen(name);
    if (step != null) {
      open.add(step);
    }
  }

  /** Whether people see all of something, in whichever of these asks. */
  boolean show(Set<StepAt> asks, Part part) {
    for (StepAt ask : asks) {
      List<Part> seen =
          shown.computeIfAbsent(ask, this::shownBy).getOrDefault(part.node(), List.of());
      if (seen.stream().anyMatch(each -> each.shows(part))) {
        return true;
      }
    }
    return false;
  }

  /** With an {@code each} it may be that nobody is asked; then there are no elements either. */
  private Map<Integer, List<Part>> shownBy(StepAt ask) {
    Step.Each each = ask.step().each();
    List<Part> taken =
        values.taken(
            ask,
            ask.compiled().body(),
            some -> each == null || some.path().getFirst().equals(each.variable()));
    Map<Integer, List<Part>> parts = new HashMap<>();
    values
        .expanded(taken)
        .forEach(part -> parts.computeIfAbsent(part.node(), n -> new ArrayList<>()).add(part));
    return parts;
  }
}
