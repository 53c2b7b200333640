package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A payment of which nobody knows what became, when it is told once more that it was given up. */
class LateAnswersTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final StepPath PAY = StepPath.of("pay");
  private static final String CALL = "pay#1";

  private static Plan paying() {
    Node pay =
        new Node(
            "pay",
            Kind.TOOL,
            List.of(),
            null,
            null,
            null,
            Retry.NONE,
            null,
            new OnError.Fail(),
            0,
            Duration.ZERO,
            null,
            true,
            null,
            Allowance.NONE);
    return new Plan(List.of(pay), Map.of(), Map.of());
  }

  @Test
  void whyACallWasLostIsWhatWasToldFirst() {
    Prepared.Call call =
        new Prepared.Call("s", "pay", NOTHING, "hash", "d", Effect.DESTRUCTIVE, "key");
    List<Event> events =
        List.of(
            new Event.RunStarted("r", "w", paying(), NOTHING, NOTHING, Limits.DEFAULT, false),
            new Event.StepPrepared(PAY, call),
            new Event.StepStarted(PAY, 1),
            new Event.ToolCalled(
                PAY, CALL, 1, "s", "pay", NOTHING, "hash", "d", Effect.DESTRUCTIVE, "key", null),
            lost(ErrorKind.TIMEOUT),
            lost(ErrorKind.CANCELLED),
            new Event.CallVerified(PAY, CALL, false, null));
    RunState run = RunState.begin(recorded(1, events.getFirst()));
    for (int i = 1; i < events.size(); i++) {
      run.apply(recorded(i + 1, events.get(i)));
    }
    assertThat(new Decider(run).decide().events())
        .containsExactly(
            new Event.AttemptFailed(PAY, 1, StepError.of(ErrorKind.TIMEOUT, "timeout")));
  }

  private static Event lost(ErrorKind kind) {
    return new Event.ToolFailed(PAY, CALL, StepError.of(kind, kind.word()), true);
  }

  private static Recorded recorded(long seq, Event event) {
    return new Recorded(seq, Instant.EPOCH, 1, event);
  }
}
