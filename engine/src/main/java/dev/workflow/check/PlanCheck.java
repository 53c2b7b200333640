package dev.workflow.check;

import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.PlanProposal;
import dev.workflow.engine.Planner;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Validator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

  /** What the bounds of a plan say in better words. */
  private static final Set<String> BOUNDS =
      Set.of("unknown-tool", "unknown-server", "unknown-agent");

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
    Frozen world = new Frozen(draft.around(), skills);
    Checked checked =
        new Checker(
                new Checker.Ports(
                    documents,
                    world,
                    world,
                    world,
                    file -> documents.tree(file, ""),
                    expressions,
                    validator))
            .check(new CheckRequest(Path.of(NAME), text, true, wishes(draft), Map.of()));
    checked.problems().stream()
        .filter(problem -> problem.severity() != Severity.WARNING)
        .filter(problem -> !BOUNDS.contains(problem.rule()))
        .map(PlanCheck::words)
        .forEach(problems::add);
    Checked.Definition definition = checked.definition();
    if (problems.isEmpty() && definition != null) {
      return new Verdict.Sound(definition.resolved().workflow(), definition.plan());
    }
    return new Verdict.Unsound(problems.isEmpty() ? List.of("the plan cannot be read") : problems);
  }

  private static ModelWishes wishes(Draft draft) {
    return new ModelWishes(
        false,
        false,
        draft.around().models(),
        Map.of(),
        model -> Optional.ofNullable(draft.around().price(model)));
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
      document.set("agents", agents.deepCopy().retain(named));
    }
    for (String key : PlanProposal.KEYS) {
      if (proposal.has(key) && !document.has(key)) {
        document.set(key, proposal.get(key));
      }
    }
    return document;
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
        problems.add(
            "Step `"
                + step.name()
                + "`: a plan does not say what effects a call has; leave out"
                + " `effects`.");
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

  private static @Nullable String beyond(String what, String name, Set<String> allowed) {
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

  private static String withheld(Verb verb) {
    return "`" + verb.word() + "` is not for a plan to use.";
  }

  /** What a call may do is not decided by who plans it. */
  private static boolean weakens(Step step, Resolved around) {
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
