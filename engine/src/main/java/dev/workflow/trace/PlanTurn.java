package dev.workflow.trace;

import dev.workflow.run.Change;
import dev.workflow.run.Event;
import dev.workflow.run.Impact;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A change of the plan in mid-run, and what it did.
 *
 * @param removed steps that are in the plan no more, ids joined by {@code /}
 * @param added steps that are new in it
 * @param again what had begun and began anew
 */
public record PlanTurn(
    Event.PlanChanged event,
    Instant at,
    Set<String> removed,
    Set<String> added,
    SortedSet<StepPath> again) {
  public PlanTurn {
    removed = Collections.unmodifiableSet(new LinkedHashSet<>(removed));
    added = Collections.unmodifiableSet(new LinkedHashSet<>(added));
    again = Collections.unmodifiableSortedSet(new TreeSet<>(again));
  }

  /**
   * What a change does.
   *
   * @param before the run up to it
   */
  public static PlanTurn of(RunState before, Event.PlanChanged event, Instant at) {
    Event.Revision revision = event.revision();
    StepPath within = revision == null ? null : revision.within();
    if (revision == null || within == null) {
      Impact impact = before.impact(event.plan(), event.again());
      return of(event, at, impact, names(before.plan()), names(event.plan()));
    }
    Impact impact = before.impact(within, revision.plan(), event.again());
    Set<String> old = names(before.nodesInside(within), before.plan(), within);
    Set<String> next = names(revision.plan().nodes(), revision.plan(), within);
    return of(event, at, impact, old, next);
  }

  private static PlanTurn of(
      Event.PlanChanged event, Instant at, Impact impact, Set<String> old, Set<String> next) {
    Set<String> removed = new LinkedHashSet<>(old);
    removed.removeAll(next);
    next.removeAll(old);
    return new PlanTurn(event, at, removed, next, new TreeSet<>(impact.again()));
  }

  /** The container whose graph alone changes, in this activation; null: it is the outermost. */
  private static @Nullable StepPath within(Event.PlanChanged event) {
    Event.Revision revision = event.revision();
    return revision == null ? null : revision.within();
  }

  private static Set<String> names(Plan plan) {
    Set<String> names = new LinkedHashSet<>();
    add(plan, plan.nodes(), "", names);
    return names;
  }

  private static Set<String> names(List<Node> nodes, Plan plan, StepPath within) {
    Set<String> names = new LinkedHashSet<>();
    add(plan, nodes, within.name() + "/", names);
    return names;
  }

  private static void add(Plan plan, List<Node> nodes, String around, Set<String> names) {
    for (Node node : nodes) {
      names.add(around + node.id());
      List<Node> inside =
          node.kind() == Plan.Kind.GROUP ? plan.bodies().get(String.valueOf(node.body())) : null;
      if (inside != null) {
        add(plan, inside, around + node.id() + "/", names);
      }
    }
  }

  /** Why the plan changed, and what in the definition is different, in one line. */
  public static String why(Event.PlanChanged event) {
    String why =
        switch (event.reason()) {
          case ADOPTED -> "the changed definition is adopted";
          case REPLANNED ->
              event.replan() == null
                  ? "another way is taken"
                  : event.replan().step() + "  goes another way: " + bare(event.replan().reason());
          case FORKED ->
              event.origin() == null
                  ? "a fork"
                  : "a fork of run " + event.origin().run() + " at " + event.origin().at();
        };
    return event.changes().isEmpty()
        ? why
        : why + ". " + String.join("; ", event.changes().stream().map(Change::text).toList());
  }

  /** Without the full stop, as more follows. */
  private static String bare(String text) {
    String bare = text.strip();
    return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
  }

  /** Whether what the step had done is of no account any more. */
  public boolean ends(StepPath path) {
    StepPath within = within(event);
    if (within != null && !within.equals(around(path, within))) {
      return false;
    }
    for (StepPath at = path; at != null && !at.equals(within); at = at.parent()) {
      if (removed.contains(at.name()) || again.contains(at) || again.contains(at.each())) {
        return true;
      }
    }
    return false;
  }

  /** The step around another that stands as deep as a given one; null: there is none. */
  private static @Nullable StepPath around(StepPath path, StepPath as) {
    StepPath at = path;
    while (at != null && at.segments().size() > as.segments().size()) {
      at = at.parent();
    }
    return at;
  }

  /** What became of the steps, a line each; empty: all stay as they are. */
  public List<String> steps() {
    List<String> lines = new ArrayList<>();
    add(lines, "removed", removed);
    add(lines, "added", added);
    add(lines, "begins anew", again.stream().map(StepPath::toString).toList());
    return lines;
  }

  private static void add(List<String> lines, String what, Collection<String> steps) {
    if (!steps.isEmpty()) {
      lines.add(what + ": " + Words.some(List.copyOf(steps)));
    }
  }
}
