package dev.workflow.engine;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What models were asked in a run, and what they said, made again from its journal: both are
 * functions of the record alone. It reads a state that somebody else folds.
 */
public final class Retelling {
  private static final JsonNode NO_SCOPE = JsonNodeFactory.instance.objectNode();
  private final RunState run;
  private final ResolvedJson json;
  private final Expressions expressions;
  private final Validator validator;
  private final Planner planner;

  /** What the definition says by now; null: it has to be looked at again. */
  private @Nullable Definitions known;

  /** Retells what the state is fed with. */
  public Retelling(
      RunState run,
      ResolvedJson json,
      Expressions expressions,
      Validator validator,
      Planner planner) {
    this.run = run;
    this.json = json;
    this.expressions = expressions;
    this.validator = validator;
    this.planner = planner;
  }

  /** Takes note of an event that the state has taken in. */
  public void see(Event event) {
    boolean changes =
        event instanceof Event.PlanChecked
            || event instanceof Event.PlanChanged
            || (event instanceof Event.StepPrepared step
                && step.prepared() instanceof Prepared.Body);
    if (changes) {
      known = null;
    }
  }

  /** The request of a call that has no answer yet. */
  public Models.Request request(Event.ModelCalled called) {
    if (!(run.command(called.step(), called.call()) instanceof Command.CallModel command)) {
      throw new IllegalArgumentException(called.call() + " is no open call of a model");
    }
    Definitions definitions = definitions();
    return definitions
        .of(called.step())
        .conversations()
        .request(command, definitions.step(called.step()), NO_SCOPE);
  }

  /** A reply that is read as the one before was. */
  public Models.Reply reply(Event.ModelReplied replied) {
    ModelReply reply = replied.reply();
    CompiledStep step = definitions().step(replied.step());
    return new Models.Reply(
        reply.text(),
        reply.reasoning(),
        reply.calls().stream()
            .map(call -> new Models.Wanted(call.id(), call.name(), call.arguments()))
            .toList(),
        step.step().verb() instanceof Verb.Plan && reply.violations().isEmpty()
            ? proposal(reply)
            : structured(reply, step),
        AnswerReading.isCut(reply.violations()),
        reply.usage());
  }

  /** The answer as a value where the text alone is not read as the same. */
  private @Nullable JsonNode structured(ModelReply reply, CompiledStep step) {
    JsonNode output = reply.output();
    if (output == null) {
      return null;
    }
    JsonNode read = read(reply, step.outputSchema()).output();
    return output.equals(read) ? null : output;
  }

  private AnswerReading read(ModelReply reply, @Nullable JsonNode schema) {
    Models.Reply spoken =
        new Models.Reply(reply.text(), null, List.of(), null, false, ModelReply.Usage.NONE);
    return AnswerReading.of(spoken, schema, validator, 0);
  }

  /** What was proposed, where the checked plan has taken its place. */
  private @Nullable JsonNode proposal(ModelReply reply) {
    JsonNode output = reply.output();
    if (output == null || read(reply, PlanProposal.SHAPE).violations().isEmpty()) {
      return null;
    }
    PlanHeader header = PlanHeader.of(output).orElse(null);
    if (header == null) {
      return output;
    }
    ObjectNode proposal = JsonNodeFactory.instance.objectNode();
    PlanProposal.KEYS.stream()
        .filter(output::has)
        .forEach(key -> proposal.set(key, output.get(key)));
    if (header.reasons() != null) {
      proposal.put(PlanProposal.REASONS, header.reasons());
    }
    return proposal;
  }

  private Definitions definitions() {
    Definitions now = known;
    if (now == null) {
      WorkflowCompiler compiler = new WorkflowCompiler(expressions);
      Resolved resolved = json.read(run.definition());
      now = new Definitions(resolved, compiler.compile(resolved).sound(), compiler, validator);
      new WrittenPlans(run, now, planner);
      known = now;
    }
    return now;
  }
}
