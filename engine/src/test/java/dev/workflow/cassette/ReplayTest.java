package dev.workflow.cassette;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cassette.Cassette.Call;
import dev.workflow.cassette.Cassette.Kind;
import dev.workflow.engine.Clock;
import dev.workflow.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ReplayTest {
  private static final Clock STILL =
      new Clock() {
        @Override
        public Instant now() {
          return Instant.EPOCH;
        }

        @Override
        public double chance() {
          return 0;
        }

        @Override
        public Runnable after(Duration delay, Runnable task) {
          return () -> {};
        }
      };

  private static ObjectNode request(int place, String why) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("tool", "s/look");
    request.putObject("arguments").put("place", place).put("why", why);
    return request;
  }

  private static Replay replay(List<Call> calls) {
    ObjectNode none = JsonNodeFactory.instance.objectNode();
    Cassette cassette =
        new Cassette(
            "run",
            "w",
            Instant.EPOCH,
            false,
            none,
            null,
            Map.of(),
            Set.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            calls,
            List.of(),
            RunStatus.SUCCEEDED,
            none);
    return new Replay(cassette, STILL);
  }

  private static Call call(String id, ObjectNode request) {
    return new Call(id, Kind.TOOL, request, JsonNodeFactory.instance.objectNode(), Duration.ZERO);
  }

  /** With each call held against all that were recorded this takes minutes. */
  @Test
  void ofARenamedStepWithManyElementsEachIsToldWithTheOneThatItWas() {
    int elements = 20_000;
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < elements; i++) {
      calls.add(call("a[%d]#1".formatted(i), request(i, "x")));
    }
    Replay replay = replay(calls);
    for (int i = elements - 1; i >= 0; i--) {
      replay.play("b[%d]#1".formatted(i), Kind.TOOL, request(i, "x"));
    }

    assertThat(replay.mismatches()).hasSize(elements);
    assertThat(replay.mismatches().getFirst().message())
        .isEqualTo("Call b[19999]#1 was not recorded; the nearest that was is a[19999]#1");
    assertThat(replay.mismatches().getFirst().details())
        .containsExactly("call: recorded a[19999]#1, asked b[19999]#1");
  }

  @Test
  void theNearestCallHasTheFewestDifferencesAndRatherTheSameStep() {
    Replay replay =
        replay(
            List.of(
                call("a#1", request(1, "two fields")),
                call("b#1", request(2, "x")),
                call("c#1", request(2, "y"))));
    replay.play("c#2", Kind.TOOL, request(2, "z"));
    replay.play("d#1", Kind.TOOL, request(2, "z"));
    replay.play("e#1", Kind.MODEL, request(2, "z"));

    assertThat(replay.mismatches())
        .extracting(Replay.Mismatch::message)
        .containsExactly(
            "Call c#2 was not recorded; the nearest that was is c#1",
            "Call d#1 was not recorded; the nearest that was is b#1",
            "Call e#1 was not recorded; there is no call of a model");
  }
}
