package dev.workflow.check;

import dev.workflow.check.Locks.Lock;
import dev.workflow.check.Locks.Mode;
import dev.workflow.definition.Place;
import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.LockEntry.Drift;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ToolSpec;
import dev.workflow.skills.SkillPackageException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Holds a workflow against its lock: what needs no server before any is started, the rest when the
 * tools are known.
 */
final class LockCheck {
  private final Locks locks;
  private final Lock lock;
  private final Parts parts;
  private final Report report;
  private final PlanPins plan;
  private final Map<String, String> entries;
  private final SortedMap<String, SortedMap<String, String>> bindings = new TreeMap<>();
  private final SortedSet<String> gone = new TreeSet<>();
  private final SortedMap<String, String> skills = new TreeMap<>();

  /** What a plan pins by itself; not there of a workflow that is none. */
  private record PlanPins(boolean there, Map<String, Map<String, String>> tools) {
    static PlanPins of(Part root) {
      return PlanHeader.of(root.workflow().document())
          .map(header -> new PlanPins(true, header.tools()))
          .orElse(new PlanPins(false, Map.of()));
    }

    boolean has(ToolSpec tool) {
      return tools.getOrDefault(tool.server(), Map.of()).containsKey(tool.name());
    }
  }

  LockCheck(Locks locks, Lock lock, Parts parts, Part root, Servers.Opened opened) {
    this.locks = locks;
    this.lock = lock;
    this.parts = parts;
    this.report = root.report();
    this.plan = PlanPins.of(root);
    this.entries = opened.hashes();
  }

  /** What the capabilities of a part are locked to; there it is noted what they are bound to. */
  LockedBindings bindings(Part part) {
    return new LockedBindings(lock, part.name(), bindings, gone);
  }

  /**
   * Tells what is wrong with the lock file, and what drifts that no server has to be asked for.
   *
   * @return whether no server may be started
   */
  boolean holds() {
    report.addAll(lock.problems());
    if (lock.mode() == Mode.IGNORE || !lock.problems().isEmpty()) {
      return !lock.problems().isEmpty();
    }
    boolean edited = lookAtSkills();
    if (lock.mode() != Mode.STRICT) {
      return false;
    }
    LockEntry entry = lock.entry();
    if (entry == null) {
      return (lock.demanded() && !plan.there() && tellMissing()) || edited;
    }
    return edited
        || !entry.skills().equals(skills)
        || entry.servers().entrySet().stream()
            .anyMatch(locked -> !locked.getValue().equals(entries.get(locked.getKey())));
  }

  /** Hashes all skills; whether one of them is not what was installed. */
  private boolean lookAtSkills() {
    boolean edited = false;
    for (Part part : parts.all()) {
      for (Owner owner : part.owners().values()) {
        Skill skill = owner.skill();
        if (skill != null && !skills.containsKey(skill.name())) {
          edited |= look(skill);
        }
      }
    }
    return edited;
  }

  private boolean look(Skill skill) {
    List<String> files;
    try {
      skills.put(skill.name(), locks.hash(skill));
      files = lock.mode() == Mode.RENEW ? List.of() : locks.edited(skill);
    } catch (SkillPackageException e) {
      if (lock.mode() == Mode.STRICT || lock.mode() == Mode.RENEW) {
        report.addAll(e.problems());
      }
      return false;
    }
    if (!files.isEmpty()) {
      tell(
          lock.mode() == Mode.STRICT,
          "Skill `%s` is not what was installed: %s."
              .formatted(skill.name(), String.join(", ", files)),
          "If that is meant: workflow skill lock " + skill.name());
    }
    return !files.isEmpty();
  }

  private boolean tellMissing() {
    report.untrusted(
        Rule.LOCK_MISSING,
        Place.file(lock.file().toString()),
        lock.name().isEmpty()
            ? "Expected a workflow of a file, which can be locked, found one without."
            : "Expected an entry for `%s`, found none.".formatted(lock.name()),
        lock.name().isEmpty()
            ? "Save it to a file and lock that: workflow lock FILE"
            : "Lock it: workflow lock " + lock.name());
    return true;
  }

  /**
   * Tells what else drifts.
   *
   * @param unknown servers that were not asked
   * @return what there is to lock
   */
  LockEntry check(Resolved resolved, Predicate<String> unknown) {
    LockEntry found = entry(resolved, unknown);
    LockEntry locked = lock.entry();
    if (lock.mode() == Mode.STRICT && lock.demanded() && plan.there()) {
      tools(resolved)
          .filter(tool -> !plan.has(tool))
          .map(ToolSpec::fullName)
          .distinct()
          .forEach(
              tool ->
                  tell(
                      true,
                      "Tool `%s` is not pinned by the plan that uses it.".formatted(tool),
                      "Make the plan anew."));
    } else if (lock.mode() != Mode.IGNORE && lock.mode() != Mode.RENEW && locked != null) {
      locked.driftTo(found, unknown).stream()
          .filter(drift -> !gone.contains(drift.subject()))
          .forEach(this::tell);
    }
    return found;
  }

  private LockEntry entry(Resolved resolved, Predicate<String> unknown) {
    SortedMap<String, ToolSpec> tools = new TreeMap<>();
    Set<String> servers = new TreeSet<>();
    tools(resolved)
        .forEach(
            tool -> {
              tools.put(tool.fullName(), tool);
              servers.add(tool.server());
            });
    if (lock.entry() != null) {
      lock.entry().servers().keySet().stream().filter(unknown).forEach(servers::add);
    }
    SortedMap<String, String> hashes = new TreeMap<>();
    servers.forEach(server -> hashes.computeIfAbsent(server, entries::get));
    return new LockEntry(hashes, tools, bindings, skills);
  }

  private static Stream<ToolSpec> tools(Resolved resolved) {
    return Stream.concat(Stream.of(resolved), resolved.workflows().values().stream())
        .flatMap(part -> part.tools().values().stream());
  }

  private void tell(Drift drift) {
    boolean error =
        switch (lock.mode()) {
          case STRICT -> true;
          case STOP -> drift.kind() == LockEntry.Kind.TOOL_CHANGED;
          case TELL, RENEW, IGNORE -> false;
        };
    String what = drift.what().substring(0, 1).toUpperCase(Locale.ROOT) + drift.what().substring(1);
    tell(
        error,
        "%s is not what is locked: %s.".formatted(what, drift.how()),
        "If that is meant, look at it and lock it: workflow lock " + lock.name());
  }

  private void tell(boolean error, String message, String hint) {
    report.add(
        new Problem(
            error ? Severity.ERROR : Severity.WARNING,
            Kind.UNTRUSTED,
            Rule.LOCK_DRIFT,
            Place.file(lock.file().toString()),
            message,
            hint));
  }
}
