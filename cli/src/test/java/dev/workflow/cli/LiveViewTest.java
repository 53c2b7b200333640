package dev.workflow.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.engine.SystemClock;
import dev.workflow.run.Change;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class LiveViewTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final StepPath A = StepPath.of("a");

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private long seq;

  private static Plan plan(String... ids) {
    return new Plan(
        Stream.of(ids)
            .map(
                id ->
                    new Plan.Node(
                        id,
                        Plan.Kind.SET,
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
                        false,
                        null,
                        Allowance.NONE))
            .toList(),
        Map.of(),
        Map.of());
  }

  private Recorded next(Event event) {
    return new Recorded(++seq, Instant.EPOCH, 1, event);
  }

  @Test
  void aChangeOfThePlanSaysWhyAndWhatBecameOfTheSteps() {
    Terminal terminal =
        new Terminal(
            new PrintStream(new ByteArrayOutputStream(), false, UTF_8),
            new PrintStream(shown, false, UTF_8),
            new Screen(false, false, true, false));
    List<Event> events =
        List.of(
            new Event.RunStarted(
                "one", "trip", plan("a", "b"), NOTHING, NOTHING, Limits.DEFAULT, false),
            new Event.StepPrepared(A, new Prepared.Value(NOTHING)),
            new Event.StepStarted(A, 1),
            new Event.StepSucceeded(A, NOTHING),
            new Event.PlanChanged(
                Event.Reason.REPLANNED,
                plan("a", "c"),
                NOTHING,
                NOTHING,
                List.of("a"),
                List.of(new Change("step", "a", Change.How.CHANGED, List.of("tool"))),
                null,
                null));

    try (SystemClock clock = new SystemClock();
        LiveView view = new LiveView(terminal, new Narration(true, false), clock)) {
      events.forEach(event -> view.recorded(next(event)));
    }

    assertThat(shown.toString(UTF_8))
        .contains(
            """
            ↻ another way is taken. step a: changed tool
                removed: b
                added: c
                begins anew: a
            """);
  }
}
