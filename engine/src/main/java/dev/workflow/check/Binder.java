package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Skills.Binding;
import dev.workflow.engine.Skills.Proposal;
import dev.workflow.engine.ToolSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Binds capabilities to tools, and says what was looked at where that fails. */
final class Binder {
  private final Skills skills;
  private final Catalogue catalogue;
  private final Map<String, String> explicit;
  private final LockedBindings locked;
  private final Report report;
  private final List<BoundCapability> notes = new ArrayList<>();

  Binder(
      Skills skills,
      Catalogue catalogue,
      Map<String, String> explicit,
      LockedBindings locked,
      Report report) {
    this.skills = skills;
    this.catalogue = catalogue;
    this.explicit = explicit;
    this.locked = locked;
    this.report = report;
  }

  /**
   * One need of a capability.
   *
   * @param owner for messages, such as {@code agent `planner`}
   * @param pointer where the need is written
   * @param given the names of the arguments that the tool gets; absent: a model writes them
   */
  record Need(
      String owner,
      String pointer,
      String capability,
      boolean required,
      @Nullable Set<String> given) {}

  /** What was bound and why, in the order of the needs. */
  List<BoundCapability> notes() {
    return notes;
  }

  /**
   * The tool for a need among candidates of the given servers: by {@code bindings:}, by the lock,
   * else by what fits.
   */
  Optional<ToolSpec> bind(Need need, Collection<String> servers, List<ToolSpec> candidates) {
    String named = explicit.containsKey(need.capability()) ? null : locked.tool(need);
    if (named == null) {
      return fitting(need, servers, candidates);
    }
    Optional<ToolSpec> tool =
        candidates.stream().filter(each -> each.fullName().equals(named)).findFirst();
    if (tool.isEmpty() && !named.isEmpty()) {
      return locked.mayRebind(need) ? fitting(need, servers, candidates) : gone(need, named);
    }
    note(need, tool.map(ToolSpec::fullName).orElse(""), "the lock file names it", candidates);
    return tool;
  }

  private Optional<ToolSpec> gone(Need need, String tool) {
    String server = tool.substring(0, Math.max(0, tool.indexOf('/')));
    if (catalogue.isUnknown(server)) {
      catalogue.leaveOpen(server, "capability `" + need.capability() + "` of " + need.owner());
      return Optional.empty();
    }
    locked.noteGone(need, tool);
    report.untrusted(
        Rule.LOCKED_TOOL,
        report.place(need.pointer()),
        "Capability `%s` of %s is to be served by `%s`, which is not offered to it."
            .formatted(need.capability(), need.owner(), tool),
        "The lock file says so. Have it offered again, or lock another: workflow lock --update");
    return Optional.empty();
  }

  private void note(Need need, String tool, String reason, List<ToolSpec> candidates) {
    locked.note(need, tool);
    notes.add(new BoundCapability(need.owner(), need.capability(), tool, reason, candidates));
  }

  private Optional<ToolSpec> fitting(
      Need need, Collection<String> servers, List<ToolSpec> candidates) {
    Binding binding = skills.bind(need.capability(), candidates, explicit);
    return switch (binding) {
      case Binding.Bound bound -> bound(need, bound.tool(), bound.reason(), candidates);
      case Binding.Model model -> {
        modelOnly(need);
        yield Optional.empty();
      }
      case Binding.Person person -> {
        person(need);
        yield Optional.empty();
      }
      case Binding.Ambiguous ambiguous -> {
        List<String> names =
            ambiguous.candidates().stream().map(ToolSpec::fullName).sorted().toList();
        ambiguous(need, "fits several tools", String.join(", ", names), names.get(0));
        yield Optional.empty();
      }
      case Binding.Absent absent -> unnamed(need, servers, candidates, absent.looked());
    };
  }

  private Optional<ToolSpec> bound(
      Need need, ToolSpec tool, String reason, List<ToolSpec> candidates) {
    note(need, tool.fullName(), reason, candidates);
    return Optional.of(tool);
  }

  /**
   * Where all servers are known, the likeliest tool is proposed; what nobody names is looked at.
   */
  private Optional<ToolSpec> unnamed(
      Need need, Collection<String> servers, List<ToolSpec> candidates, String looked) {
    boolean named = explicit.containsKey(need.capability()) || need.capability().indexOf('/') >= 0;
    if (named || servers.stream().anyMatch(catalogue::isOpaque)) {
      absent(need, servers, looked);
      return Optional.empty();
    }
    Optional<Proposal> proposed =
        skills.propose(new Skills.Need(need.capability(), need.given()), candidates);
    if (proposed.isEmpty() || proposed.get().tools().isEmpty()) {
      absent(need, servers, looked);
      return Optional.empty();
    }
    Proposal proposal = proposed.get();
    if (proposal.certain()) {
      return bound(need, proposal.tools().get(0), proposal.reason(), candidates);
    }
    if (need.required()) {
      ambiguous(
          need,
          "is the name of no tool, and none is surely meant",
          proposal.reason(),
          proposal.tools().get(0).fullName());
    } else {
      note(need, "", proposal.reason(), candidates);
    }
    return Optional.empty();
  }

  /** The candidates that would serve a capability if those before them were not there. */
  List<ToolSpec> others(String capability, ToolSpec bound, List<ToolSpec> candidates) {
    List<ToolSpec> left = new ArrayList<>(candidates);
    List<ToolSpec> others = new ArrayList<>();
    left.remove(bound);
    while (true) {
      List<ToolSpec> next =
          switch (skills.bind(capability, left, Map.of())) {
            case Binding.Bound one -> List.of(one.tool());
            case Binding.Ambiguous several -> several.candidates();
            case Binding.Model model -> List.of();
            case Binding.Person person -> List.of();
            case Binding.Absent absent -> List.of();
          };
      if (next.isEmpty()) {
        return others;
      }
      others.addAll(next);
      left.removeAll(next);
    }
  }

  private void modelOnly(Need need) {
    if (need.pointer().endsWith("/capability")) {
      report.invalid(
          Rule.CAPABILITY_OF_MODELS,
          need.pointer(),
          "Capability `%s` is one of models; no tool offers it.".formatted(need.capability()),
          "Write an `agent:` step.");
    }
  }

  private void person(Need need) {
    if (need.pointer().endsWith("/capability")) {
      report.invalid(
          Rule.CAPABILITY_OF_PEOPLE,
          need.pointer(),
          "Capability `%s` is a question of the run; no tool offers it."
              .formatted(need.capability()),
          "Write an `ask:` step.");
      return;
    }
    notes.add(
        new BoundCapability(
            need.owner(),
            need.capability(),
            "the engine",
            "a person is asked in the run",
            List.of()));
  }

  /**
   * Refuses to choose.
   *
   * @param listed the tools it could be
   */
  private void ambiguous(Need need, String what, String listed, String example) {
    report.missing(
        Rule.AMBIGUOUS_CAPABILITY,
        need.pointer(),
        "Capability `%s` of %s %s: %s.".formatted(need.capability(), need.owner(), what, listed),
        "Choose one: `bindings: {%s: %s}`.".formatted(need.capability(), example));
  }

  /** A binding that names no tool is told where it is written. */
  private void absent(Need need, Collection<String> servers, String looked) {
    String named = explicit.get(need.capability());
    Set<String> places = new LinkedHashSet<>(servers);
    if (named != null) {
      places = Set.of(named.substring(0, Math.max(0, named.indexOf('/'))));
    }
    List<String> opaque = places.stream().filter(catalogue::isOpaque).toList();
    if (!opaque.isEmpty()) {
      String what = "capability `" + need.capability() + "` of " + need.owner();
      opaque.forEach(server -> catalogue.leaveOpen(server, what));
    } else if (need.required() && named == null) {
      report.missing(
          Rule.MISSING_CAPABILITY,
          need.pointer(),
          "No tool for capability `%s` of %s. %s"
              .formatted(need.capability(), need.owner(), looked),
          hint(need.capability()));
    } else if (!need.required()) {
      note(need, "", looked, List.of());
    }
  }

  private String hint(String capability) {
    String offer =
        "Add a server that offers it, or name a tool: `bindings: {%s: SERVER/TOOL}`."
            .formatted(capability);
    if (skills.vocabulary().contains(capability)) {
      return offer;
    }
    return Nearest.to(capability, skills.vocabulary())
        .map(near -> "Did you mean `" + near + "`? " + offer)
        .orElse(offer);
  }
}
