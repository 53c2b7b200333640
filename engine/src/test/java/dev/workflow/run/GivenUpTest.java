package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Event.Resolution;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A payment inside a group that would be tried again: it is lost, and somebody gives it up. */
class GivenUpTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final List<Command> commands = new ArrayList<>();
  private long seq;

  private static Plan payingInsideAGroup() {
    Node pay = Plans.plain("pay", Kind.TOOL, List.of(), Duration.ZERO);
    Retry retry =
        new Retry(2, Duration.ofSeconds(1), Duration.ofSeconds(1), Set.of(ErrorKind.UNAVAILABLE));
    Node group =
        new Node(
            "group",
            Kind.GROUP,
            List.of(),
            null,
            null,
            null,
            retry,
            null,
            new OnError.Fail(),
            0,
            Duration.ZERO,
            "group",
            false,
            null,
            Allowance.NONE);
    return new Plan(List.of(group), Map.of("group", List.of(pay)), Map.of());
  }

  private Recorded recorded(Event event) {
    return new Recorded(++seq, Instant.EPOCH, 1, event);
  }

  @Test
  void noRetryOfWhatStandsAroundACallThatSomebodyGaveUpMakesItAgain() {
    RunState run =
        RunState.begin(
            recorded(
                new Event.RunStarted(
                    "r", "w", payingInsideAGroup(), NOTHING, NOTHING, Limits.DEFAULT, false)));
    Decider decider = new Decider(run);
    for (Decision next = decider.decide(); !next.isEmpty(); next = decider.decide()) {
      next.events().forEach(event -> run.apply(recorded(event)));
      commands.addAll(next.commands());
      next.commands().forEach(command -> answer(command, run));
    }

    assertThat(commands).hasAtLeastOneElementOfType(Command.AskAboutDoubt.class);
    assertThat(commands).doesNotHaveAnyElementsOfTypes(Command.DrawBackoff.class);
    assertThat(commands.stream().filter(Command.CallTool.class::isInstance)).hasSize(1);
    assertThat(run.status()).isEqualTo(RunStatus.FAILED);
  }

  private void answer(Command command, RunState run) {
    if (command instanceof Command.Prepare prepare) {
      Prepared prepared =
          prepare.step().parent() == null
              ? new Prepared.Body(null, null)
              : new Prepared.Call("s", "pay", NOTHING, "hash", "d", Effect.DESTRUCTIVE, "key");
      run.apply(recorded(new Event.StepPrepared(prepare.step(), prepared)));
    } else if (command instanceof Command.CallTool call) {
      StepError lost = StepError.of(ErrorKind.UNAVAILABLE, "The server is gone");
      run.apply(recorded(new Event.ToolFailed(call.step(), call.call(), lost, true)));
    } else if (command instanceof Command.AskAboutDoubt doubt) {
      run.apply(
          recorded(new Event.DoubtResolved(doubt.step(), doubt.call(), Resolution.FAIL, null)));
    } else if (command instanceof Command.Finish finish) {
      run.apply(recorded(new Event.RunFinished(finish.status(), Map.of(), List.of())));
    }
  }
}
