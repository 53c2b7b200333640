package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Definitions.Definition;
import dev.workflow.engine.Planner.Bounds;
import dev.workflow.engine.Planner.Redraft;
import dev.workflow.engine.Planner.Redrafted;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.Impact;
import dev.workflow.run.ModelReply;
import dev.workflow.run.Plan;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Another way after the failure of a step with {@code on_error: replan}: another tool for the same
 * capability, else the steps that a planner writes in the place of it and of what waits for it.
 * Both pass the one check, in the world that the run was started with, before the run goes over.
 */
final class OtherWay {
  private static final Duration MODEL = Duration.ofSeconds(10);
  private static final Bounds NONE = new Bounds(Set.of(), Set.of());
  private static final int DIGEST_CHARS = 12;

  private final RunState run;
  private final Definitions definitions;
  private final Planner planner;

  OtherWay(RunState run, Definitions definitions, Planner planner) {
    this.run = run;
    this.definitions = definitions;
    this.planner = planner;
  }

  /** Whether the step is one of those that look for another way after the failure of another. */
  static boolean isPartOf(StepPath path) {
    return path.last().attached() && !path.last().undoes() && !path.last().plans();
  }

  /** Whether the step is the planner's. */
  static boolean isLookedFor(CompiledStep step) {
    return step.step().id().equals(Step.REPLAN);
  }

  /** The step of who plans, or of who is asked about the plan, after the failure of a step. */
  static CompiledStep step(StepPath path, CompiledStep failed, Bounds bounds) {
    Verb verb =
        path.last().id().equals(Step.REPLAN)
            ? new Verb.Plan(
                planner(failed.step()),
                "",
                List.of(),
                List.copyOf(bounds.agents()),
                List.copyOf(bounds.tools()))
            : new Verb.Ask("", null);
    return failed.attached(path.last().id(), verb, null, Schemas.ANY);
  }

  /** The name of the agent that looks for another way. */
  private static String planner(Step failed) {
    return failed.onError() instanceof OnError.Replan replan ? replan.planner() : Replanner.NAME;
  }

  /** What follows the failure: another tool, the question to a planner, or the end of the step. */
  Event find(Command.Replan replan) {
    StepPath path = replan.step();
    Definition definition = definitions.of(path);
    Step step = definitions.step(path).step();
    StepInfo info = run.step(path);
    List<String> reasons = new ArrayList<>();
    if (step.verb() instanceof Verb.Capability verb
        && info != null
        && info.prepared() instanceof Prepared.Call call) {
      String called = call.server() + "/" + call.tool();
      if (!called.equals(definition.resolved().bindings().get(verb.name()))) {
        return new Event.ReplanJoined(path);
      }
      Event repaired =
          replan.refusal() == null ? otherTool(replan, definition, verb, called, reasons) : null;
      if (repaired != null) {
        return repaired;
      }
    }
    if (replan.refusal() != null) {
      return failed(replan.step(), replan.error(), List.of(replan.refusal()));
    }
    if (path.last().key() != null) {
      return failed(path, replan.error(), reasons);
    }
    if (replan.unplanned() != null) {
      reasons.add(replan.unplanned());
      return failed(path, replan.error(), reasons);
    }
    String agent = planner(step);
    if (!Replanner.hasModel(definition.resolved(), agent)) {
      reasons.add(
          "there is no model for agent %s, who would plan; define the model alias `%s`"
              .formatted(agent, alias(definition.resolved(), agent)));
      return failed(path, replan.error(), reasons);
    }
    return new Event.ReplanReferred(path, conversation());
  }

  private static String alias(Resolved resolved, String agent) {
    Agent planner = resolved.agents().get(agent);
    return planner == null || planner.model() == null
        ? Conversations.DEFAULT_MODEL
        : planner.model();
  }

  private static Event failed(StepPath path, StepError error, List<String> reasons) {
    List<String> details = new ArrayList<>(error.details());
    reasons.forEach(reason -> details.add("No other way: " + reason));
    return new Event.StepFailed(path, new StepError(error.kind(), error.message(), details));
  }

  /** Who plans, and then who is asked. */
  private static Plan conversation() {
    Plan.Edge need = new Plan.Edge(0, Plan.EdgeKind.NEED);
    return new Plan(
        List.of(
            Plan.Node.plain(Step.REPLAN, Plan.Kind.AGENT, List.of(), MODEL),
            Plan.Node.plain(Step.APPROVE, Plan.Kind.ASK, List.of(need), Duration.ZERO)),
        Map.of(),
        Map.of());
  }

  /**
   * The change of plan that binds the capability to another tool.
   *
   * @param reasons takes why a tool cannot take over
   * @return null: there is none that can
   */
  private @Nullable Event otherTool(
      Command.Replan replan,
      Definition definition,
      Verb.Capability verb,
      String called,
      List<String> reasons) {
    Resolved root = definitions.named("").resolved();
    String base = definition.base();
    for (String tool : root.part(base).alternatives().getOrDefault(verb.name(), List.of())) {
      JsonNode document = root.part(base).bound(verb.name(), tool);
      Redrafted verdict = planner.check(new Redraft(root, base, document, Set.of(), NONE));
      List<String> problems = new ArrayList<>(problems(verdict));
      for (String name : definitions.derivedFrom(base)) {
        Definition made = definitions.named(name);
        JsonNode own = made.resolved().bound(verb.name(), tool);
        problems.addAll(
            problems(planner.check(new Redraft(rooted(made), "", own, Set.of(), NONE))));
      }
      if (verdict instanceof Redrafted.Sound sound && problems.isEmpty()) {
        definitions.become(sound.resolved());
        String reason = tool + " takes the place of " + called + " for " + verb.name();
        return changed(
            sound.plan(),
            sound.resolved(),
            List.of(),
            new Difference(root, sound.resolved(), true, Set.of()),
            new Event.Replan(replan.step(), replan.error(), reason, null));
      }
      reasons.add(tool + " cannot take the place of " + called + ": " + problems.getFirst());
    }
    return null;
  }

  private static List<String> problems(Redrafted verdict) {
    return verdict instanceof Redrafted.Unsound unsound ? unsound.problems() : List.of();
  }

  private Event changed(
      Plan plan,
      Resolved resolved,
      List<String> again,
      Difference difference,
      Event.Replan replan) {
    return new Event.PlanChanged(
        Event.Reason.REPLANNED,
        plan,
        ResolvedJson.over(run.definition(), resolved),
        run.inputs(),
        again,
        difference.changes(),
        null,
        replan);
  }

  /** A workflow that was written in the run, with those that its steps run by path from it. */
  private Resolved rooted(Definition written) {
    Map<String, Resolved> others = definitions.named("").resolved().workflowsFrom(written.base());
    return written.resolved().withWorkflows(others);
  }

  /** What the planner is told, or the question about its plan. */
  Prepared prepare(StepPath path) {
    StepPath failed = Objects.requireNonNull(path.parent(), "it is attached to a step");
    if (path.last().id().equals(Step.APPROVE)) {
      Failure failure = failure(failed);
      Proposal proposal = proposal(failed);
      return new Irrevocable(failure, proposal.steps(), failure.definition().resolved())
          .question(error(failed), proposal.reasons(), planner);
    }
    Definition definition = definitions.of(path);
    String agent = planner(definitions.step(failed).step());
    int models =
        definition
            .resolved()
            .models()
            .getOrDefault(alias(definition.resolved(), agent), List.of())
            .size();
    String prompt =
        new FailureStory(run, failure(failed), error(failed), definition.conversations())
            .text(elements(failed));
    return new Prepared.Conversation(agent, prompt, Math.max(1, models), null);
  }

  /** The steps that were written, and why. */
  private record Proposal(JsonNode value) {
    JsonNode steps() {
      return value.path("steps");
    }

    String reasons() {
      return value.path(PlanProposal.REASONS).asString("");
    }
  }

  /** The path of the newest search for another way. */
  private StepPath planner(StepPath failed) {
    StepPath newest = failed.child(Step.REPLAN);
    int revision = 1;
    while (run.step(newest.revision(revision)) != null) {
      revision++;
    }
    return newest.revision(revision - 1);
  }

  private Proposal proposal(StepPath failed) {
    StepInfo planned = run.step(planner(failed));
    if (planned == null || planned.output() == null) {
      throw new IllegalStateException("Nobody has planned after the failure of " + failed);
    }
    return new Proposal(planned.output());
  }

  /** The elements that the steps around a step are, by variable. */
  private Map<String, JsonNode> elements(StepPath path) {
    Map<String, JsonNode> elements = new LinkedHashMap<>();
    for (StepPath at = path.parent(); at != null; at = at.parent()) {
      Step.Each each = definitions.step(at).step().each();
      StepInfo info = run.step(at);
      JsonNode item = info == null ? null : info.item();
      if (each != null && item != null) {
        elements.putIfAbsent(each.variable(), item);
      }
    }
    return elements;
  }

  /** What the step has failed with. */
  private StepError error(StepPath failed) {
    StepInfo info = run.step(failed);
    return Objects.requireNonNull(info == null ? null : info.error(), "a failure");
  }

  private Failure failure(StepPath failed) {
    StepPath within = failed.parent();
    List<Plan.Node> nodes = within == null ? run.plan().nodes() : run.nodesInside(within);
    Definition definition = definitions.of(failed);
    Set<String> digests = failedBefore();
    digests.add(Canonical.hash(definition.resolved().workflow().document()));
    return Failure.of(failed, definition, definitions.step(failed), nodes, digests);
  }

  /** The digests of the definitions that failed in this run, each before another way was gone. */
  private Set<String> failedBefore() {
    Set<String> digests = new LinkedHashSet<>();
    Map<String, JsonNode> written = new HashMap<>();
    run.plans().forEach((name, plan) -> written.put(name, plan.workflow()));
    JsonNode now = run.start().definition();
    for (Event.PlanChanged change : run.planChanges()) {
      Event.Replan replan = change.replan();
      Event.Revision revision = replan == null ? null : replan.revision();
      if (revision != null) {
        JsonNode part =
            revision.from().isEmpty() ? now : now.path("workflows").path(revision.from());
        digests.add(Canonical.hash(written.getOrDefault(revision.from(), part.path("workflow"))));
        if (revision.within() != null) {
          written.put(revision.name(), revision.workflow());
        }
      } else if (replan != null) {
        digests.add(Canonical.hash(now.path("workflow")));
        now.path("workflows").forEach(part -> digests.add(Canonical.hash(part.path("workflow"))));
      }
      now = change.definition();
    }
    return digests;
  }

  /**
   * What becomes of a planner's reply: a proposal that is no other way comes with the reasons why.
   *
   * @param path of the planner's step
   */
  UnaryOperator<ModelReply> proposal(StepPath path, CompiledStep step) {
    Failure failure =
        failure(Objects.requireNonNull(path.parent(), "a planner is attached to a step"));
    Bounds bounds = Bounds.of((Verb.Plan) step.step().verb(), failure.definition().resolved());
    Place place = place(failure);
    return reply -> {
      JsonNode proposed = reply.output();
      if (proposed == null || !reply.violations().isEmpty()) {
        return reply;
      }
      return WrittenPlans.with(reply, proposed, draft(failure, place, bounds, proposed).problems());
    };
  }

  /** Where the definition of a failed step stands among all that are checked together. */
  private record Place(Resolved around, String part) {}

  private Place place(Failure failure) {
    Resolved root = definitions.named("").resolved();
    String name = failure.definition().name();
    return name.isEmpty() || root.workflows().containsKey(name)
        ? new Place(root, name)
        : new Place(rooted(failure.definition()), "");
  }

  /**
   * A proposal that was looked through.
   *
   * @param document the workflow that it makes
   */
  private record Drafted(
      List<String> problems, JsonNode document, Redrafted.@Nullable Sound sound) {}

  private Drafted draft(Failure failure, Place place, Bounds bounds, JsonNode proposal) {
    List<String> problems = new ArrayList<>(failure.problems(proposal));
    JsonNode document = failure.with(proposal.path("steps"));
    if (!problems.isEmpty()) {
      return new Drafted(problems, document, null);
    }
    Redraft redraft =
        new Redraft(
            place.around(), place.part(), document, failure.names(proposal.path("steps")), bounds);
    return switch (planner.check(redraft)) {
      case Redrafted.Sound sound -> new Drafted(List.of(), document, sound);
      case Redrafted.Unsound unsound -> new Drafted(unsound.problems(), document, null);
    };
  }

  /** Goes over to the plan that was written and approved, if it still is another way. */
  Event revise(Command.Revise revise) {
    StepPath path = revise.step();
    Failure failure = failure(path);
    Proposal proposal = proposal(path);
    Verb.Plan verb = (Verb.Plan) definitions.step(planner(path)).step().verb();
    Place place = place(failure);
    Drafted drafted =
        draft(failure, place, Bounds.of(verb, failure.definition().resolved()), proposal.value());
    Redrafted.Sound sound = drafted.sound();
    if (sound == null) {
      return failed(path, revise.error(), drafted.problems());
    }
    return path.parent() == null
        ? outermost(revise, failure, proposal, drafted.document(), sound)
        : inside(path.parent(), revise, failure, proposal, drafted.document(), place, sound);
  }

  private Event outermost(
      Command.Revise revise,
      Failure failure,
      Proposal proposal,
      JsonNode document,
      Redrafted.Sound sound) {
    List<String> again = failure.again("", proposal.steps());
    String impossible = impossible(run.impact(sound.plan(), again));
    if (impossible != null) {
      return failed(revise.step(), revise.error(), List.of(impossible));
    }
    Resolved before = definitions.named("").resolved();
    definitions.become(sound.resolved());
    return changed(
        sound.plan(),
        sound.resolved(),
        again,
        new Difference(before, sound.resolved(), true, Set.of()),
        new Event.Replan(
            revise.step(),
            revise.error(),
            proposal.reasons(),
            new Event.Revision(null, "", "", sound.plan(), document)));
  }

  private Event inside(
      StepPath within,
      Command.Revise revise,
      Failure failure,
      Proposal proposal,
      JsonNode document,
      Place place,
      Redrafted.Sound sound) {
    Definition from = failure.definition();
    String name = "revision " + Canonical.hash(within + " " + document).substring(0, DIGEST_CHARS);
    Plan plan = part(sound.plan(), body(place.part(), failure.container())).inside(name);
    List<String> again = failure.again(within.name() + "/", proposal.steps());
    String impossible = impossible(run.impact(within, plan, again));
    if (impossible != null) {
      return failed(revise.step(), revise.error(), List.of(impossible));
    }
    Resolved own = from.resolved();
    definitions.add(name, from.name(), planner.read(document));
    definitions.revises(within, name);
    return new Event.PlanChanged(
        Event.Reason.REPLANNED,
        run.plan(),
        run.definition(),
        run.inputs(),
        again,
        new Difference(
                own.planned(own.workflow()), definitions.named(name).resolved(), true, Set.of())
            .changes(),
        null,
        new Event.Replan(
            revise.step(),
            revise.error(),
            proposal.reasons(),
            new Event.Revision(within, name, from.name(), plan, document)));
  }

  private static @Nullable String impossible(Impact impact) {
    if (!impact.lost().isEmpty()) {
      return "what " + impact.lost() + " did could not be taken back any more; keep its `undo`";
    }
    return impact.busy().isEmpty() ? null : "a call of " + impact.busy() + " is under way";
  }

  /** The name of the graph of a container; empty: the outermost of what is checked. */
  private static String body(String part, String container) {
    return part.isEmpty() ? container : part + "#" + container;
  }

  /** A graph of a plan with those that its steps run. */
  private static Plan part(Plan plan, String body) {
    List<Plan.Node> nodes =
        body.isEmpty() ? plan.nodes() : plan.bodies().getOrDefault(body, List.of());
    Map<String, List<Plan.Node>> bodies = new LinkedHashMap<>();
    collect(nodes, plan, bodies);
    return new Plan(nodes, bodies, Map.of());
  }

  private static void collect(
      List<Plan.Node> nodes, Plan plan, Map<String, List<Plan.Node>> bodies) {
    for (Plan.Node node : nodes) {
      collect(node.body(), plan, bodies);
      collect(node.undo(), plan, bodies);
    }
  }

  private static void collect(
      @Nullable String name, Plan plan, Map<String, List<Plan.Node>> bodies) {
    List<Plan.Node> inside = name == null ? null : plan.bodies().get(name);
    if (name != null && inside != null && bodies.putIfAbsent(name, inside) == null) {
      collect(inside, plan, bodies);
    }
  }
}
