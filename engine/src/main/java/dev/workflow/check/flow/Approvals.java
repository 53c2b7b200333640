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
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which questions must have been answered with a yes before a step begins, and what they show. */
final class Approvals {
  private final Values values;
  private final Map<StepAt, Map<Integer, List<Part>>> shown = new HashMap<>();
  private final Map<StepAt, Set<StepAt>> before = new HashMap<>();
  private final Map<StepAt, List<StepAt>> needed = new HashMap<>();
  private final Map<StepAt, Set<StepAt>> certain = new HashMap<>();
  private final Map<StepAt, Set<StepAt>> succeeded = new HashMap<>();
  private final IdentityHashMap<List<StepAt>, Set<StepAt>> neverSkipped = new IdentityHashMap<>();

  Approvals(Values values) {
    this.values = values;
  }

  /** The asks without whose yes a step does not begin; each step is looked at once. */
  Set<StepAt> before(StepAt wanted) {
    Deque<StepAt> open = new ArrayDeque<>(List.of(wanted));
    Set<StepAt> looked = new HashSet<>();
    while (!open.isEmpty()) {
      StepAt at = open.peek();
      if (before.containsKey(at)) {
        open.pop();
      } else if (looked.add(at)) {
        earlier(at).stream().filter(each -> !looked.contains(each)).forEach(open::push);
      } else {
        open.pop();
        before.put(at, gathered(at));
      }
    }
    return before.getOrDefault(wanted, Set.of());
  }

  /** The steps whose own asks must be known before those of a step are. */
  private Set<StepAt> earlier(StepAt at) {
    Set<StepAt> earlier = new LinkedHashSet<>();
    if (at.around() != null) {
      earlier.add(at.around());
    }
    needed(at).forEach(needed -> earlier.addAll(succeeded(needed)));
    return earlier;
  }

  private Set<StepAt> gathered(StepAt at) {
    Set<StepAt> asks = Set.of();
    for (StepAt each : earlier(at)) {
      asks = union(asks, before.getOrDefault(each, Set.of()));
    }
    Set<StepAt> own = new LinkedHashSet<>(decided(at));
    for (StepAt needed : needed(at)) {
      for (StepAt done : succeeded(needed)) {
        boolean allSaidYes = !isReplaced(done) && !mayLeaveOut(done);
        if (allSaidYes && done.step().verb() instanceof Verb.Ask ask && ask.form() == null) {
          own.add(done);
        }
      }
    }
    return union(asks, own);
  }

  /** Sets that hold all of another stand for both, so that a chain of steps shares one. */
  private static Set<StepAt> union(Set<StepAt> one, Set<StepAt> other) {
    if (one.containsAll(other)) {
      return one;
    }
    if (other.containsAll(one)) {
      return other;
    }
    Set<StepAt> both = new LinkedHashSet<>(one);
    both.addAll(other);
    return both;
  }

  /** A step that has succeeded, and the steps in it that have succeeded then. */
  private Set<StepAt> succeeded(StepAt at) {
    Set<StepAt> known = succeeded.get(at);
    if (known == null) {
      known = withCertain(at);
      succeeded.put(at, known);
    }
    return known;
  }

  private Set<StepAt> withCertain(StepAt at) {
    Set<StepAt> succeeded = new LinkedHashSet<>();
    Deque<StepAt> open = new ArrayDeque<>(List.of(at));
    while (!open.isEmpty()) {
      StepAt done = open.remove();
      if (succeeded.add(done) && !isReplaced(done) && done.step().each() == null) {
        open.addAll(certain(done));
      }
    }
    return succeeded;
  }

  private static boolean isReplaced(StepAt at) {
    return at.step().onError() instanceof OnError.Output
        || at.step().onError() instanceof OnError.Replan;
  }

  /** Whether a step succeeds though elements of it were refused, or not asked about any more. */
  private static boolean mayLeaveOut(StepAt at) {
    Step.Each each = at.step().each();
    return each != null
        && (each.enough() != null || at.step().onError() instanceof OnError.Continue);
  }

  /** Whether a step may be skipped by itself; one whose optional capability nothing offers is. */
  private static boolean maySkip(StepAt at) {
    return at.step().when() != null
        || (at.step().verb() instanceof Verb.Capability capability
            && !at.workflow().resolved().bindings().containsKey(capability.name()));
  }

  /** The steps of a graph that begin whenever it is to succeed: nothing can leave them out. */
  private Set<StepAt> certain(StepAt container) {
    return certain.computeIfAbsent(
        container,
        each -> without(each.inside(), step -> maySkip(step) || step.step().each() != null));
  }

  /** Whether a step begins unless the run fails before. */
  private boolean isNeverSkipped(StepAt at) {
    return neverSkipped
        .computeIfAbsent(at.graph(), steps -> without(steps, Approvals::maySkip))
        .contains(at);
  }

  /** The steps of a graph without some and all that need one of these. */
  private static Set<StepAt> without(List<StepAt> steps, Predicate<StepAt> some) {
    Set<StepAt> left = new LinkedHashSet<>(steps);
    Map<StepAt, List<StepAt>> followers = new HashMap<>();
    Deque<StepAt> gone = new ArrayDeque<>();
    for (StepAt step : steps) {
      always(step)
          .forEach(each -> followers.computeIfAbsent(each, n -> new ArrayList<>()).add(step));
      if (some.test(step)) {
        gone.add(step);
      }
    }
    while (!gone.isEmpty()) {
      StepAt step = gone.remove();
      if (left.remove(step)) {
        gone.addAll(followers.getOrDefault(step, List.of()));
      }
    }
    return left;
  }

  /** The steps that must have succeeded before a step begins. */
  private List<StepAt> needed(StepAt at) {
    List<StepAt> known = needed.get(at);
    if (known == null) {
      known = found(at);
      needed.put(at, known);
    }
    return known;
  }

  private List<StepAt> found(StepAt at) {
    List<StepAt> needed = always(at);
    for (Step.Need need : at.step().needs()) {
      StepAt step = need.optional() ? at.seen(need.id()) : null;
      if (step != null && isNeverSkipped(step)) {
        add(step, needed);
      }
    }
    return needed;
  }

  /** The steps without which a step is skipped or blocked, whatever becomes of others. */
  private static List<StepAt> always(StepAt at) {
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
      if (!seen.add(read) || isReplaced(read) || mayLeaveOut(read)) {
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
        .behind(taken, part -> false)
        .way()
        .forEach(part -> parts.computeIfAbsent(part.node(), n -> new ArrayList<>()).add(part));
    return parts;
  }
}
