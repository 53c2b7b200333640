package dev.workflow.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Money;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply;
import dev.workflow.run.Plan;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import dev.workflow.trace.GraphText.Form;
import dev.workflow.trace.RunGraph.Detail;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunGraphTest {
  private static final JsonNode NOTHING = JsonMapper.shared().readTree("{}");
  private static final StepPath ASK = StepPath.of("ask");
  private static final StepPath LOOK = StepPath.of("look");

  private long seq;
  private @Nullable RunTrace trace;

  @BeforeEach
  void aRunOfAnAgentAndATool() {
    Plan.Edge edge = new Plan.Edge(0, Plan.EdgeKind.VALUE);
    Plan plan =
        new Plan(
            List.of(
                node("ask", Plan.Kind.AGENT, null, List.of()),
                node("look", Plan.Kind.TOOL, new Plan.Fan(0, false, false), List.of(edge))),
            Map.of(),
            Map.of());
    happens(0, new Event.RunStarted("r", "w", plan, NOTHING, NOTHING, Limits.DEFAULT, false));
  }

  private static Plan.Node node(
      String id, Plan.Kind kind, Plan.@Nullable Fan each, List<Plan.Edge> edges) {
    return new Plan.Node(
        id,
        kind,
        edges,
        each,
        null,
        null,
        Retry.NONE,
        null,
        new OnError.Continue(),
        5,
        Duration.ZERO,
        null,
        false,
        null,
        Allowance.NONE);
  }

  private void happens(long millis, Event event) {
    Recorded recorded = new Recorded(++seq, Instant.EPOCH.plusMillis(millis), 1, event);
    if (trace == null) {
      trace = RunTrace.begin(recorded);
    } else {
      trace.apply(recorded);
    }
  }

  private String drawn(Detail detail, Form form) {
    return trace == null ? "" : GraphText.of(RunGraph.of(trace, Map.of(), detail), form);
  }

  private void asks(int attempt, long millis, @Nullable Money cost) {
    String call = "ask#" + attempt;
    happens(millis, new Event.StepStarted(ASK, attempt));
    happens(millis, new Event.ModelCalled(ASK, call, attempt, 1, 0));
    happens(
        millis + 400,
        new Event.ModelReplied(
            ASK,
            call,
            new ModelReply(
                "openai/x",
                "Dear",
                null,
                List.of(),
                NOTHING,
                List.of(),
                new ModelReply.Usage(100, 20, 0, 0, 0),
                cost)));
  }

  @Test
  void attemptsAndCallsAreToldWithTheirTimesAndWhatTheyCost() {
    happens(10, new Event.StepPrepared(ASK, new Prepared.Conversation("writer", "write", 1, null)));
    asks(1, 20, null);
    happens(
        500,
        new Event.AttemptFailed(
            ASK, 1, StepError.of(ErrorKind.INVALID_OUTPUT, "It does\nnot fit.")));
    happens(500, new Event.RetryScheduled(ASK, 2, Instant.EPOCH.plusMillis(1_500)));
    asks(2, 1_500, Money.parse("0.0043 USD"));
    happens(2_000, new Event.StepSucceeded(ASK, NOTHING));

    assertThat(drawn(Detail.EXECUTION, Form.text))
        .isEqualTo(
            """
              ● ask   agent writer  [succeeded, 2 attempts, at +0.0 s, 2.0 s]
                  attempt 1 failed at +0.5 s: It does not fit.
                  +0.0 s  turn 1 openai/x  0.4 s, 100 + 20 tokens, cost unknown
                  +1.5 s  turn 1 openai/x  0.4 s, 100 + 20 tokens, 0.0043 USD
              ○ look  tool  after ask\
            """);
    assertThat(drawn(Detail.STANDING, Form.text))
        .isEqualTo(
            """
              ● ask   agent writer  [succeeded, 2 attempts, 2.0 s]
              ○ look  tool  after ask\
            """);
  }

  private void looks(String key, @Nullable String failure) {
    StepPath element = LOOK.element(key);
    Prepared.Call call =
        new Prepared.Call("web", "get", NOTHING, "hash", "digest", Effect.READ, "key " + key);
    happens(2_000, new Event.StepPrepared(element, call));
    happens(2_000, new Event.StepStarted(element, 1));
    happens(
        2_000,
        new Event.ToolCalled(
            element, key, 1, "web", "get", NOTHING, "hash", "digest", Effect.READ, "k", null));
    if (failure == null) {
      happens(2_100, new Event.ToolReturned(element, key, NOTHING, List.of()));
      happens(2_100, new Event.StepSucceeded(element, NOTHING));
    } else {
      StepError error = StepError.of(ErrorKind.TOOL_ERROR, failure);
      happens(2_100, new Event.ToolFailed(element, key, error, false));
      happens(2_100, new Event.AttemptFailed(element, 1, error));
      happens(2_100, new Event.StepFailed(element, error));
    }
  }

  @Test
  void ofManyElementsThoseThatFailedAreNamedAndTheOthersAreCounted() {
    happens(0, new Event.StepSkipped(ASK, "not wanted"));
    List<Prepared.Item> items =
        IntStream.range(0, 40).mapToObj(i -> new Prepared.Item("k\"" + i, NOTHING)).toList();
    happens(2_000, new Event.StepPrepared(LOOK, new Prepared.Items(items, true)));
    for (int i = 0; i < 39; i++) {
      looks("k\"" + i, i % 18 == 3 ? "No page " + i : null);
    }

    assertThat(drawn(Detail.EXECUTION, Form.text))
        .isEqualTo(
            """
              – ask          agent  [skipped: not wanted]
              ◉ look         tool  after ask  [37 of 40 succeeded, 2 failed, 1 to come, at +2.0 s]
                ✗ [k"3]      [failed, at +2.0 s, 0.1 s: No page 3]
                    +2.0 s  web/get  0.1 s, failed: No page 3
                ✗ [k"21]     [failed, at +2.0 s, 0.1 s: No page 21]
                    +2.0 s  web/get  0.1 s, failed: No page 21
                ◉ [38 more]  [37 of 38 succeeded, 1 to come]
                    37 calls\
            """);
    assertThat(drawn(Detail.STANDING, Form.mermaid))
        .contains("    look_k_3_[\"✗ [k&quot;3]<br/>failed, 0.1 s: No page 3\"]\n")
        .contains("    look___[\"◉ [38 more]<br/>37 of 38 succeeded, 1 to come\"]\n");
    assertThat(drawn(Detail.STANDING, Form.dot))
        .contains("    \"look[k\\\"3]\" [label=\"✗ [k\\\"3]\\nfailed, 0.1 s: No page 3\"];\n");
  }
}
