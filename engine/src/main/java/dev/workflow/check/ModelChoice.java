package dev.workflow.check;

import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Models;
import dev.workflow.engine.Replanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Chooses the models of a run once, for all aliases together: all of them real, or all of them
 * scripted answers.
 */
final class ModelChoice {

  /** The alias of agents that name none. */
  static final String DEFAULT = "default";

  private final Part part;
  private final Workflow workflow;
  private final ModelWishes wishes;
  private final Models models;
  private final boolean probe;
  private final Report report;
  private final Map<String, List<ModelRef>> aliases;
  private final Map<String, String> places = new LinkedHashMap<>();
  private final Set<String> undefined = new TreeSet<>();
  private final Map<String, List<ModelRef>> used = new LinkedHashMap<>();
  private final Map<String, List<ModelRef>> usable = new LinkedHashMap<>();

  /** The alias of who looks for another way after a failure: a run can do without. */
  private @Nullable Owner replanner;

  private List<ModelRef> ofReplanner = List.of();

  /** What servers may have asked: a run can do without. */
  private final Map<String, List<ModelRef>> ofServers = new LinkedHashMap<>();

  /**
   * A choice for one of the workflows.
   *
   * @param user the choice of the workflow that uses it as one of a skill, whose models it has;
   *     absent: it is none
   */
  ModelChoice(
      Part part, @Nullable ModelChoice user, ModelWishes wishes, Models models, boolean probe) {
    this.part = part;
    this.workflow = part.workflow();
    this.wishes = wishes;
    this.models = models;
    this.probe = probe;
    this.report = part.report();
    this.aliases = new LinkedHashMap<>(wishes.shared());
    aliases.putAll(user == null ? workflow.models() : user.aliases);
    wishes.chosen().forEach((alias, model) -> aliases.put(alias, List.of(model)));
  }

  /**
   * The choice.
   *
   * @param models by workflow and alias, tried in order
   * @param answers that stand in for all of them; absent: they are real
   */
  record Choice(Map<String, Map<String, List<ModelRef>>> models, @Nullable JsonNode answers) {

    /** The models of a workflow by alias. */
    Map<String, List<ModelRef>> of(String workflow) {
      return models.getOrDefault(workflow, Map.of());
    }
  }

  /**
   * Looks at the agents of the workflow; only those that a step runs need a usable model, and not
   * the one that looks for another way where a step names none.
   */
  ModelChoice look(Iterable<Owner> owners, Set<String> running) {
    for (Owner owner : owners) {
      String alias = alias(owner);
      boolean runs = running.contains(owner.agent().name());
      Optional<List<ModelRef>> served = served(alias, owner, runs);
      if (!runs && replans(owner)) {
        replanner = owner;
        ofReplanner = served.orElse(List.of());
      }
      if (runs) {
        places.putIfAbsent(alias, pointer(owner));
        used.put(alias, served.orElse(List.of()));
      }
    }
    used.forEach((alias, all) -> usable.put(alias, all.stream().filter(this::isUsable).toList()));
    return this;
  }

  /**
   * Looks at what servers may have asked.
   *
   * @param wanted aliases; {@code ""}: that of steps without an agent
   */
  ModelChoice lookAtServers(Iterable<String> wanted) {
    for (String written : wanted) {
      String alias = written.isEmpty() ? DEFAULT : written;
      List<ModelRef> listed = aliases.get(alias);
      ofServers.put(alias, listed == null ? named(alias) : listed);
    }
    return this;
  }

  private static List<ModelRef> named(String name) {
    try {
      return List.of(ModelRef.parse(name));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /** A server whose model cannot be used is told so when it asks. */
  private void addServers(boolean scripted) {
    ofServers.forEach(
        (alias, listed) -> {
          List<ModelRef> able = listed.stream().filter(this::isUsable).toList();
          if (!used.containsKey(alias) && (scripted || !able.isEmpty())) {
            used.put(alias, listed);
            usable.put(alias, able);
          }
        });
  }

  private boolean canServe() {
    return ofServers.values().stream().allMatch(listed -> listed.stream().anyMatch(this::isUsable));
  }

  private static String alias(Owner owner) {
    return owner.agent().model() == null ? DEFAULT : owner.agent().model();
  }

  /** Whether the agent looks for another way after the failure of a step that names no other. */
  private boolean replans(Owner owner) {
    return owner.agent().name().equals(Replanner.NAME)
        && workflow.allSteps().stream()
            .anyMatch(
                step -> step.onError() instanceof OnError.Replan replan && replan.agent() == null);
  }

  /** Who looks for another way is asked where that is possible; else there is a word about it. */
  private void addReplanner(boolean scripted) {
    Owner owner = replanner;
    if (owner == null || used.containsKey(alias(owner))) {
      return;
    }
    List<ModelRef> able = ofReplanner.stream().filter(this::isUsable).toList();
    if (scripted || !able.isEmpty()) {
      used.put(alias(owner), ofReplanner);
      usable.put(alias(owner), able);
    } else if (!report.isMisread()) {
      report.warning(
          Rule.NO_REPLANNER,
          owner.pointer(),
          "No model can write another plan after a failure, for alias `%s` has none that is usable: only another tool of the same capability can take over."
              .formatted(alias(owner)),
          "Define it: `models: {%s: [PROVIDER/MODEL]}`, or name an agent: `on_error: {replan: AGENT}`."
              .formatted(alias(owner)));
    }
  }

  /** Chooses for all workflows of a run, the root first, each of which was looked at. */
  static Choice together(List<ModelChoice> all, ModelWishes wishes, Answers answers, Part root) {
    boolean alone = all.stream().allMatch(each -> each.used.isEmpty());
    boolean scripts = root.workflow().simulate() != null && !wishes.requireModel();
    boolean lacking =
        all.stream().flatMap(each -> each.usable.values().stream()).anyMatch(List::isEmpty);
    boolean replans = all.stream().anyMatch(each -> each.replanner != null && !each.canReplan());
    boolean serves = all.stream().anyMatch(each -> !each.canServe());
    boolean scripted = scripts && (wishes.simulate() || lacking || (alone && (replans || serves)));
    all.forEach(
        each -> {
          each.addReplanner(scripted);
          each.addServers(scripted);
        });
    unknownChoices(all, wishes, root.report());
    boolean none = all.stream().allMatch(each -> each.used.isEmpty());
    boolean complete =
        all.stream().flatMap(each -> each.usable.values().stream()).noneMatch(List::isEmpty);
    if (none || (complete && !wishes.simulate())) {
      return choice(all, each -> each.usable, null);
    }
    String simulate = root.workflow().simulate();
    if (simulate != null && !wishes.requireModel()) {
      JsonNode script = scripted(answers, simulate, root.folder().resolve(simulate), root.report());
      return choice(all, each -> script == null ? each.used : each.named(), script);
    }
    all.forEach(ModelChoice::tellUndefined);
    all.forEach(each -> each.refuse(root));
    return choice(all, each -> each.used, null);
  }

  private static Choice choice(
      List<ModelChoice> all,
      Function<ModelChoice, Map<String, List<ModelRef>>> models,
      @Nullable JsonNode answers) {
    Map<String, Map<String, List<ModelRef>>> chosen = new LinkedHashMap<>();
    all.forEach(each -> chosen.put(each.part.name(), models.apply(each)));
    return new Choice(chosen, answers);
  }

  private boolean canReplan() {
    return replanner == null || ofReplanner.stream().anyMatch(this::isUsable);
  }

  private boolean isUsable(ModelRef model) {
    return models.unusable(model).isEmpty();
  }

  private static String pointer(Owner owner) {
    return owner.agent().model() == null ? owner.pointer() : owner.at("model");
  }

  private Optional<List<ModelRef>> served(String alias, Owner owner, boolean runs) {
    List<ModelRef> listed = aliases.get(alias);
    if (listed != null) {
      return Optional.of(listed);
    }
    if (alias.indexOf('/') > 0) {
      return direct(alias, owner);
    }
    if (isInherited(alias)) {
      return Optional.empty();
    }
    if (owner.agent().model() != null) {
      report.missing(
          Rule.UNKNOWN_MODEL,
          pointer(owner),
          "There is no model alias `%s`, which %s names.".formatted(alias, owner.label()),
          hint(alias));
    } else if (runs) {
      undefined.add(owner.label());
    }
    return Optional.empty();
  }

  /** Whether the agent that has the skill names the model, and is told about it where it stands. */
  private boolean isInherited(String alias) {
    SkillUse use = part.use();
    return use != null && alias.equals(use.owner().agent().model());
  }

  private String hint(String alias) {
    return Nearest.to(alias, aliases.keySet())
        .map(near -> "Did you mean `" + near + "`?")
        .orElse("Define it: `models: {" + alias + ": [PROVIDER/MODEL]}`.");
  }

  private Optional<List<ModelRef>> direct(String name, Owner owner) {
    try {
      return Optional.of(List.of(ModelRef.parse(name)));
    } catch (IllegalArgumentException e) {
      report.invalid(Rule.MODEL_NAME, pointer(owner), String.valueOf(e.getMessage()), null);
      return Optional.empty();
    }
  }

  /** Agents without a model need the alias {@code default}; scripted answers do without. */
  private void tellUndefined() {
    String place = places.get(DEFAULT);
    if (place != null && !undefined.isEmpty() && !report.isMisread()) {
      report.missing(
          Rule.NO_DEFAULT_MODEL,
          place,
          "There is no model alias `default`, which serves %s."
              .formatted(String.join(", ", undefined)),
          "Choose it: `--model default=PROVIDER/MODEL`, or define it: `models: {default:"
              + " [PROVIDER/MODEL]}`, or give each agent a `model`.");
    }
  }

  private static void unknownChoices(List<ModelChoice> all, ModelWishes wishes, Report report) {
    Set<String> used = new LinkedHashSet<>();
    all.forEach(each -> used.addAll(each.used.keySet()));
    for (String alias : wishes.chosen().keySet()) {
      if (!used.contains(alias)) {
        report.addAll(
            List.of(
                Problem.invalid(
                    Rule.UNKNOWN_MODEL,
                    Place.file("--model " + alias),
                    "No agent of this run uses the model alias `" + alias + "`.",
                    Nearest.hint(alias, used))));
      }
    }
  }

  /** The scripted answers; null where there are none to read. */
  private static @Nullable JsonNode scripted(
      Answers answers, String written, Path file, Report report) {
    if (!Files.isRegularFile(file)) {
      report.missing(
          Rule.MISSING_ANSWERS,
          "/simulate",
          "There is no file of scripted answers `" + written + "`.",
          "The path is relative to the workflow file.");
      return null;
    }
    Documents.Tree tree = answers.read(file);
    report.addAll(tree.problems());
    return tree.value();
  }

  /** The models by alias, where those that are not there have a name all the same. */
  private Map<String, List<ModelRef>> named() {
    Map<String, List<ModelRef>> all = new LinkedHashMap<>();
    used.forEach(
        (alias, listed) ->
            all.put(alias, listed.isEmpty() ? List.of(ModelRef.of("scripted", alias)) : listed));
    return all;
  }

  private void refuse(Part root) {
    if (wishes.simulate() && root.workflow().simulate() == null) {
      if (!part.name().isEmpty()) {
        return;
      }
      report.missing(
          Rule.NO_ANSWERS,
          "",
          "There are no scripted answers to simulate with.",
          "Name a file of answers: `simulate: FILE`.");
      return;
    }
    used.forEach(
        (alias, listed) -> {
          if (!listed.isEmpty() && usable.getOrDefault(alias, List.of()).isEmpty()) {
            unusable(alias, listed);
          }
        });
  }

  private void unusable(String alias, List<ModelRef> listed) {
    List<String> reasons = new ArrayList<>();
    for (ModelRef model : new LinkedHashSet<>(listed)) {
      reasons.add(model.name() + " (" + models.unusable(model).orElse("usable") + ")");
    }
    String message =
        "No model of `%s` can be used: %s.".formatted(alias, String.join("; ", reasons));
    String place = places.getOrDefault(alias, "/models");
    if (probe) {
      report.missing(Rule.NO_USABLE_MODEL, place, message, wayOut(alias));
    } else {
      report.unverified(Rule.NO_USABLE_MODEL, place, message, wayOut(alias));
    }
  }

  private String wayOut(String alias) {
    String other =
        "Configure one of them, or choose another: --model " + alias + "=PROVIDER/MODEL.";
    return wishes.requireModel() && workflow.simulate() != null
        ? other + " Scripted answers are there, but --require-model refuses them."
        : other + " Without any model, `simulate: FILE` names scripted answers.";
  }
}
