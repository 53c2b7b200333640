package dev.workflow.check;

import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.definition.Agent;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.PlanProposal;
import dev.workflow.engine.Planner;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.SkillGraph;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Unasked;
import dev.workflow.engine.Validator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a workflow of what a model proposes, with the agents, models and servers of the workflow
 * around it, and holds it against the one check. The world of that check is what the run was
 * started with; beyond it a plan must keep within its bounds.
 */
public final class PlanCheck implements Planner {

  /** The name of a plan's text, which no model sees. */
  private static final String NAME = "plan";

  /** What the bounds of a plan say in better words, or what is no matter of the plan. */
  private static final Set<Rule> OTHERS =
      Set.of(
          Rule.UNKNOWN_TOOL,
          Rule.UNKNOWN_SERVER,
          Rule.UNKNOWN_AGENT,
          Rule.MISSING_FOLDER,
          Rule.UNKNOWN_PRICE);

  static final String NO_EFFECTS =
      "a plan does not say what effects a call has; leave out `effects`.";

  /** What a workflow gives its plans. */
  private static final List<String> INHERITED = List.of("models", "mcp", "agents", "bindings");

  private final Documents documents;
  private final Skills skills;
  private final Expressions expressions;
  private final Validator validator;

  /** Checks through the given ports; of the skills only the vocabulary is asked. */
  public PlanCheck(
      Documents documents, Skills skills, Expressions expressions, Validator validator) {
    this.documents = documents;
    this.skills = skills;
    this.expressions = expressions;
    this.validator = validator;
  }

  @Override
  public Workflow read(JsonNode document) {
    return documents.restore(document);
  }

  @Override
  public Verdict check(Draft draft) {
    List<String> problems = strangeKeys(draft.proposal());
    String text = document(draft).toString();
    Workflow read = documents.workflow(NAME, text).workflow();
    problems.addAll(read == null ? List.of() : outOfBounds(read, draft));
    Checked checked = check(draft.around(), text, documents);
    problems.addAll(wrong(checked));
    Checked.Definition definition = checked.definition();
    if (problems.isEmpty() && definition != null) {
      return new Verdict.Sound(definition.resolved().workflow(), definition.plan());
    }
    return new Verdict.Unsound(problems.isEmpty() ? List.of("the plan cannot be read") : problems);
  }

  @Override
  public Redrafted check(Redraft redraft) {
    Resolved around = redraft.around();
    Map<String, JsonNode> texts = new LinkedHashMap<>();
    texts.put("", around.workflow().document());
    around.workflows().forEach((name, part) -> texts.put(name, part.workflow().document()));
    texts.put(redraft.part(), redraft.document());
    Workflow read = documents.workflow(NAME, redraft.document().toString()).workflow();
    List<String> problems =
        new ArrayList<>(read == null ? List.of() : new Rewritten(redraft).problems(read));
    String text = Objects.requireNonNull(texts.remove("")).toString();
    Checked checked = check(around, text, new FrozenDocuments(documents, texts));
    problems.addAll(wrong(checked));
    Checked.Definition definition = checked.definition();
    if (problems.isEmpty() && definition != null) {
      return new Redrafted.Sound(kept("", around, definition.resolved()), definition.plan());
    }
    return new Redrafted.Unsound(
        problems.isEmpty() ? List.of("the plan cannot be read") : problems);
  }

  /** The alternatives of a part with which in the place of the bound tool it passes the check. */
  Map<String, List<String>> proved(Resolved around, String name) {
    Resolved part = around.part(name);
    Planner.Bounds none = new Planner.Bounds(Set.of(), Set.of());
    Map<String, List<String>> proved = new LinkedHashMap<>();
    part.alternatives()
        .forEach(
            (capability, tools) -> {
              List<String> sound =
                  tools.stream()
                      .filter(
                          tool ->
                              check(
                                      new Redraft(
                                          around,
                                          name,
                                          part.bound(capability, tool),
                                          Set.of(),
                                          none))
                                  instanceof Redrafted.Sound)
                      .toList();
              if (!sound.isEmpty()) {
                proved.put(capability, sound);
              }
            });
    return proved;
  }

  /**
   * Models, prices, servers and tools are those that the run was started with; a workflow of a
   * skill has what the skill is bound to now.
   */
  private static Resolved kept(String own, Resolved before, Resolved after) {
    boolean ofSkill = !SkillGraph.user(own).equals(own);
    Map<String, Resolved> parts = new LinkedHashMap<>();
    before
        .workflows()
        .forEach(
            (name, part) ->
                parts.put(name, kept(name, part, after.workflows().getOrDefault(name, part))));
    Map<String, List<String>> alternatives = new LinkedHashMap<>();
    before
        .alternatives()
        .forEach(
            (capability, tools) ->
                alternatives.put(
                    capability,
                    tools.stream()
                        .filter(tool -> !tool.equals(after.bindings().get(capability)))
                        .toList()));
    return new Resolved(
        after.workflow(),
        over(before.agents(), after.agents()),
        over(before.skills(), after.skills()),
        ofSkill ? over(before.tools(), after.tools()) : before.tools(),
        over(before.bindings(), after.bindings()),
        alternatives,
        over(before.agentTools(), after.agentTools()),
        before.models(),
        before.answers(),
        before.servers(),
        before.prices(),
        parts);
  }

  private static <T> Map<String, T> over(Map<String, T> before, Map<String, T> after) {
    Map<String, T> all = new LinkedHashMap<>(before);
    all.putAll(after);
    return all;
  }

  private Checked check(Resolved around, String text, Documents read) {
    Frozen world = new Frozen(around, skills);
    return new Checker(
            new Checker.Ports(
                read,
                world,
                world,
                Unasked.byCheck(),
                file -> documents.tree(file, ""),
                expressions,
                validator,
                Locks.NONE))
        .check(new CheckRequest(Path.of(NAME), text, true, wishes(around), Map.of()));
  }

  private static List<String> wrong(Checked checked) {
    return checked.problems().stream()
        .filter(problem -> problem.severity() != Severity.WARNING)
        .filter(problem -> !OTHERS.contains(problem.rule()))
        .map(PlanCheck::words)
        .toList();
  }

  private static ModelWishes wishes(Resolved around) {
    Map<String, List<ModelRef>> models = new LinkedHashMap<>();
    around.workflows().values().forEach(part -> models.putAll(part.models()));
    models.putAll(around.models());
    return new ModelWishes(
        false,
        true,
        models,
        Map.of(),
        model ->
            Stream.concat(Stream.of(around), around.workflows().values().stream())
                .map(part -> part.price(model))
                .filter(Objects::nonNull)
                .findFirst());
  }

  private static List<String> strangeKeys(JsonNode proposal) {
    Set<String> known = new TreeSet<>(PlanProposal.KEYS);
    known.add(PlanProposal.REASONS);
    List<String> problems = new ArrayList<>();
    for (String key : proposal.propertyNames()) {
      if (!known.contains(key)) {
        problems.add(
            "`%s` is not for a plan to say: expected only %s."
                .formatted(key, String.join(", ", known)));
      }
    }
    return problems;
  }

  /** The workflow that the proposal makes. */
  private static ObjectNode document(Draft draft) {
    JsonNode proposal = draft.proposal();
    JsonNode around = draft.around().workflow().document();
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("name", proposal.path("name").asString(draft.name()));
    document.set(
        PlanHeader.KEY,
        new PlanHeader(
                null,
                draft.goal(),
                null,
                text(proposal.path(PlanProposal.REASONS)),
                null,
                null,
                Map.of(),
                Map.of())
            .write());
    INHERITED.stream().filter(around::has).forEach(key -> document.set(key, around.get(key)));
    if (document.get("agents") instanceof ObjectNode agents) {
      Set<String> named = new TreeSet<>();
      collectAgents(proposal.path("steps"), named);
      named.retainAll(draft.bounds().agents());
      document.set("agents", withModels(agents.deepCopy().retain(named), draft.around()));
    }
    for (String key : PlanProposal.KEYS) {
      if (proposal.has(key) && !document.has(key)) {
        document.set(key, proposal.get(key));
      }
    }
    return document;
  }

  /** The model that an agent has from the one around it stands where it names none. */
  private static ObjectNode withModels(ObjectNode agents, Resolved around) {
    for (Map.Entry<String, JsonNode> agent : agents.properties()) {
      Agent known = around.agents().get(agent.getKey());
      if (known != null && known.model() != null && agent.getValue() instanceof ObjectNode map) {
        map.put("model", known.model());
      }
    }
    return agents;
  }

  /** The agents that steps name, however deep. */
  private static void collectAgents(JsonNode value, Set<String> names) {
    if (value.path("agent").isString()) {
      names.add(value.get("agent").stringValue());
    }
    value.forEach(inner -> collectAgents(inner, names));
  }

  private static @Nullable String text(JsonNode value) {
    return value.isString() ? value.stringValue() : null;
  }

  /** For a model, which sees no file: the line it wrote, and what is wrong there. */
  private static String words(Problem problem) {
    return problem.hint() == null ? problem.message() : problem.message() + " " + problem.hint();
  }

  private static List<String> outOfBounds(Workflow workflow, Draft draft) {
    List<String> problems = new ArrayList<>();
    for (Step step : workflow.allSteps()) {
      String problem = outOfBounds(step, draft);
      if (problem != null) {
        problems.add("Step `" + step.name() + "`: " + problem);
      } else if (weakens(step, draft.around())) {
        problems.add("Step `" + step.name() + "`: " + NO_EFFECTS);
      } else if (step.cache() != null) {
        problems.add(
            "Step `" + step.name() + "`: a plan does not say what is kept; leave out `cache`.");
      }
    }
    return problems;
  }

  private static @Nullable String outOfBounds(Step step, Draft draft) {
    return switch (step.verb()) {
      case Verb.Tool tool ->
          beyond("tool", tool.server() + "/" + tool.tool(), draft.bounds().tools());
      case Verb.Agent agent -> beyond("agent", agent.agent(), draft.bounds().agents());
      case Verb.Skill other -> withheld(other);
      case Verb.Capability other -> withheld(other);
      case Verb.Subworkflow other -> withheld(other);
      case Verb.Plan other -> withheld(other);
      case Verb.Planned other -> withheld(other);
      case Verb.Ask other -> null;
      case Verb.SetValue other -> null;
      case Verb.Wait other -> null;
      case Verb.Fail other -> null;
      case Verb.Group other -> null;
    };
  }

  static @Nullable String beyond(String what, String name, Set<String> allowed) {
    return allowed.contains(name)
        ? null
        : "this plan may not use the %s `%s`. %s"
            .formatted(
                what,
                name,
                allowed.isEmpty()
                    ? "It may use none."
                    : Nearest.hint(name, new TreeSet<>(allowed)));
  }

  static String withheld(Verb verb) {
    return "`" + verb.word() + "` is not for a plan to use.";
  }

  /** What a call may do is not decided by who plans it. */
  static boolean weakens(Step step, Resolved around) {
    if (step.effect() == null) {
      return false;
    }
    ToolSpec tool =
        step.verb() instanceof Verb.Tool verb
            ? around.tools().get(verb.server() + "/" + verb.tool())
            : null;
    return tool == null || step.effect().compareTo(tool.effect()) < 0;
  }
}
