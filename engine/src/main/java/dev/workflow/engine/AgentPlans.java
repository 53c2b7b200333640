package dev.workflow.engine;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Definitions.Definition;
import dev.workflow.engine.Planner.Draft;
import dev.workflow.engine.Planner.Verdict;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The plans that agents write in the midst of their work: held against the check when the model
 * calls for them, and again when they are about to run. From then on the journal knows them.
 */
final class AgentPlans {
  private static final int DIGEST_CHARS = 12;

  private final RunState run;
  private final Definitions definitions;
  private final Planner planner;
  private final Validator validator;

  AgentPlans(RunState run, Definitions definitions, Planner planner, Validator validator) {
    this.run = run;
    this.definitions = definitions;
    this.planner = planner;
    this.validator = validator;
  }

  /** A reply in which every call for a plan has its answer, has a problem, or is to run. */
  ModelReply held(Command.CallModel command, ModelReply reply) {
    if (reply.calls().stream().noneMatch(WantedCall::runsPlan)) {
      return reply;
    }
    List<WantedCall> calls = new ArrayList<>();
    for (WantedCall call : reply.calls()) {
      calls.add(call.runsPlan() ? held(command, call, calls) : call);
    }
    return new ModelReply(
        reply.model(),
        reply.text(),
        reply.reasoning(),
        calls,
        reply.output(),
        reply.violations(),
        reply.usage(),
        reply.cost());
  }

  private WantedCall held(Command.CallModel command, WantedCall call, List<WantedCall> before) {
    Optional<Draft> draft =
        draft(command.step(), command.conversation(), call, command.transcript(), before);
    if (draft.isEmpty()) {
      List<String> known = PlanTools.known(command.transcript(), before);
      return with(
          call,
          "There is no such plan. "
              + (known.isEmpty()
                  ? "Write one with " + PlanTools.CREATE + "."
                  : "The plans are: " + String.join(", ", known) + "."),
          null);
    }
    return switch (check(draft.get())) {
      case Verdict.Unsound unsound ->
          with(call, text("The plan does not pass the check", unsound.problems()), null);
      case Verdict.Sound sound when call.tool().equals(PlanTools.CREATE) -> {
        int number = PlanTools.known(command.transcript(), before).size() + 1;
        yield with(call, null, PlanTools.sound(sound.workflow(), draft.get().around(), number));
      }
      case Verdict.Sound sound -> fitting(call, sound.workflow());
    };
  }

  /** The check of every plan; and this one takes nothing back, nor looks for another way. */
  private Verdict check(Draft draft) {
    Verdict verdict = planner.check(draft);
    List<String> withheld =
        verdict instanceof Verdict.Sound sound
            ? sound.workflow().allSteps().stream().flatMap(AgentPlans::withheld).toList()
            : List.of();
    return withheld.isEmpty() ? verdict : new Verdict.Unsound(withheld);
  }

  private static Stream<String> withheld(Step step) {
    return Stream.of(
            step.undo() == null ? null : "undo",
            step.onError() instanceof OnError.Replan ? "on_error: replan" : null)
        .filter(Objects::nonNull)
        .map(key -> "Step `%s`: `%s` is not for such a plan to use.".formatted(step.name(), key));
  }

  private WantedCall fitting(WantedCall call, Workflow plan) {
    List<String> misfits = misfits(plan, inputs(plan, call));
    return misfits.isEmpty()
        ? call
        : with(call, text("What the plan is given does not fit its inputs", misfits), null);
  }

  private static String text(String problem, List<String> details) {
    return problem + "; nothing was called:\n- " + String.join("\n- ", details);
  }

  private static WantedCall with(
      WantedCall call, @Nullable String problem, @Nullable String answer) {
    return new WantedCall(
        call.id(),
        call.name(),
        call.server(),
        call.tool(),
        call.arguments(),
        call.argumentsHash(),
        call.digest(),
        call.effect(),
        problem,
        answer);
  }

  private Optional<Draft> draft(
      StepPath agent,
      Prepared.Conversation conversation,
      WantedCall call,
      List<Turn> transcript,
      List<WantedCall> before) {
    Resolved around = definitions.of(agent).resolved();
    return PlanTools.draft(
        call,
        transcript,
        before,
        PlanTools.bounds(conversation.agent(), around),
        around,
        agent.id(),
        Conversations.goal(conversation.prompt()));
  }

  /**
   * The events with which the plan at the path begins. Where it does not pass the check any more,
   * as the run has gone over to another definition, it fails.
   */
  List<Event> prepare(StepPath path) {
    StepPath agent = agentOf(path);
    RunState.PlanWanted wanted = run.planWanted(agent);
    StepInfo step = run.step(agent);
    Optional<Draft> draft =
        step != null && step.prepared() instanceof Prepared.Conversation conversation
            ? draft(agent, conversation, wanted.call(), wanted.transcript(), List.of())
            : Optional.empty();
    if (draft.isEmpty()) {
      throw new IllegalStateException("Nobody has written the plan " + path);
    }
    return switch (check(draft.get())) {
      case Verdict.Unsound unsound -> List.of(invalid(path, unsound.problems()));
      case Verdict.Sound sound -> begin(path, wanted.call(), sound);
    };
  }

  private List<Event> begin(StepPath path, WantedCall call, Verdict.Sound sound) {
    JsonNode inputs = inputs(sound.workflow(), call);
    List<String> misfits = misfits(sound.workflow(), inputs);
    if (!misfits.isEmpty()) {
      return List.of(invalid(path, misfits));
    }
    Definition around = definitions.of(path);
    JsonNode document = sound.workflow().document();
    String name =
        "plan " + Canonical.hash(around.name() + " " + document).substring(0, DIGEST_CHARS);
    Event begun = new Event.StepPrepared(path, new Prepared.Body(inputs, name));
    definitions.runs(path, name);
    if (definitions.has(name)) {
      return List.of(begun);
    }
    definitions.add(name, around.name(), sound.workflow());
    return List.of(
        new Event.PlanChecked(path, name, around.name(), sound.plan().inside(name), document),
        begun);
  }

  private static Event invalid(StepPath path, List<String> problems) {
    return new Event.StepPrepared(
        path,
        new Prepared.Invalid(
            new StepError(
                ErrorKind.INVALID_ARGUMENTS, "The plan does not pass the check", problems)));
  }

  private static JsonNode inputs(Workflow plan, WantedCall call) {
    return Preparer.withDefaults(plan.inputSchema(), PlanTools.given(call));
  }

  private List<String> misfits(Workflow plan, JsonNode inputs) {
    return AnswerReading.words(validator.validate(plan.inputSchema(), inputs));
  }

  private static StepPath agentOf(StepPath plan) {
    StepPath agent = plan.parent();
    if (agent == null) {
      throw new IllegalArgumentException(plan + " is no plan of an agent");
    }
    return agent;
  }

  /** What stands for a plan among the steps: it runs a graph and has no key of its own. */
  static CompiledStep step(CompiledStep agent) {
    JsonNode nothing = JsonNodeFactory.instance.objectNode();
    return agent.attached(
        Step.PLAN, new Verb.Planned(Step.PLAN, nothing), agent.step().effect(), nothing);
  }
}
