package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.engine.RunObserver.Progress;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class BoardTest {
  private static final Instant BEGIN = Instant.parse("2026-11-21T10:00:00Z");
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final StepPath PLAN = StepPath.of("plan");
  private static final StepPath READ = StepPath.of("read");

  private final Board board = new Board();
  private final Narration narration = new Narration(true, true);
  private final List<String> said = new ArrayList<>();
  private long seq;

  @BeforeEach
  void aRunOfTwoSteps() {
    Plan plan =
        new Plan(
            List.of(node("plan", Plan.Kind.AGENT), node("read", Plan.Kind.TOOL)),
            Map.of(),
            Map.of());
    happens(0, new Event.RunStarted("one", "trip", plan, NOTHING, NOTHING, Limits.DEFAULT, false));
  }

  private static Plan.Node node(String id, Plan.Kind kind) {
    return new Plan.Node(
        id,
        kind,
        List.of(),
        null,
        null,
        null,
        Retry.NONE,
        null,
        new OnError.Fail(),
        5,
        Duration.ofSeconds(1),
        null,
        false,
        null,
        Allowance.NONE);
  }

  private void happens(long millis, Event event) {
    Recorded recorded = new Recorded(++seq, BEGIN.plusMillis(millis), 1, event);
    Narration.Line line = narration.tell(recorded);
    board.follow(recorded, narration);
    if (line != null) {
      said.add(line.text());
    }
  }

  private List<String> rows(long millis) {
    return board.rows(BEGIN.plusMillis(millis), 79, 12);
  }

  private static Event called(StepPath step, String call) {
    return new Event.ToolCalled(
        step, call, 1, "files", "read", NOTHING, "hash", "digest", Effect.READ, "key", null);
  }

  @Test
  void anAgentIsShownWithItsTurnItsToolAndItsText() {
    happens(
        10, new Event.StepPrepared(PLAN, new Prepared.Conversation("writer", "plan it", 1, null)));
    happens(10, new Event.StepStarted(PLAN, 1));
    happens(20, new Event.ModelCalled(PLAN, "c1", 1, 1, 0));
    board.progress(PLAN, new Progress.Streamed(40));
    board.progress(PLAN, new Progress.Streamed(2));

    assertThat(rows(1_210))
        .containsExactly(
            "◉ plan  agent writer  1.2 s  turn 1  42 characters",
            "  0 of 2 steps, 0 tool calls, 1 model call, 1.2 s. Ctrl-C pauses.");

    happens(1_300, called(PLAN, "c2"));
    board.progress(PLAN, new Progress.Tool("half\u001b[2J\nway"));

    assertThat(rows(2_010).getFirst()).isEqualTo("◉ plan  agent writer  2.0 s  half\uFFFD[2J way");

    happens(2_500, new Event.StepSucceeded(PLAN, NOTHING));

    assertThat(rows(62_500))
        .containsExactly("  1 of 2 steps, 1 tool call, 1 model call, 1 min 2 s. Ctrl-C pauses.");
    assertThat(said).containsExactly("◉ plan  agent writer", "● plan  2.5 s");
  }

  @Test
  void aFanOutCountsItsElements() {
    List<Prepared.Item> items = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      items.add(new Prepared.Item("" + i, NOTHING));
    }
    happens(0, new Event.StepPrepared(READ, new Prepared.Items(items, false)));
    for (int i = 0; i < 12; i++) {
      StepPath element = READ.element("" + i);
      happens(
          0,
          new Event.StepPrepared(
              element,
              new Prepared.Call("files", "read", NOTHING, "h", "d", Effect.READ, "k" + i)));
      happens(0, new Event.StepStarted(element, 1));
      happens(0, called(element, "c" + i));
    }
    happens(500, new Event.StepSucceeded(READ.element("0"), NOTHING));
    happens(
        500,
        new Event.StepFailed(
            READ.element("1"), StepError.of(ErrorKind.TOOL_ERROR, "No such file.")));

    List<String> rows = rows(1_000);

    assertThat(rows.get(0)).isEqualTo("◉ read  12 elements  1.0 s  2 done");
    assertThat(rows.get(1)).isEqualTo("  ✗ [1]  No such file.");
    assertThat(rows.get(2)).isEqualTo("  ◉ [2]  files/read  1.0 s");
    assertThat(rows).hasSize(12);
    assertThat(rows.subList(10, 12))
        .containsExactly(
            "  and 2 more at work",
            "  0 of 2 steps, 12 tool calls, 0 model calls, 1.0 s. Ctrl-C pauses.");
    assertThat(said).contains("● read[0]  0.5 s", "✗ read[1]  0.5 s  No such file.");
  }

  @Test
  void anElementThatHoldsStepsIsDoneWhenItEndsItselfAndStepsInsideCountForNothing() {
    List<Prepared.Item> items =
        List.of(new Prepared.Item("0", NOTHING), new Prepared.Item("1", NOTHING));
    StepPath first = READ.element("0");
    StepPath inner = first.child("read");
    happens(0, new Event.StepPrepared(READ, new Prepared.Items(items, false)));
    happens(0, new Event.StepPrepared(first, new Prepared.Body(null, null)));
    happens(0, new Event.StepPrepared(READ.element("1"), new Prepared.Body(null, null)));
    happens(0, new Event.StepPrepared(inner, new Prepared.Items(items, false)));
    happens(100, new Event.StepSucceeded(inner.element("0"), NOTHING));

    assertThat(rows(1_000))
        .containsExactly(
            "◉ read  2 elements  1.0 s  0 done",
            "  ◉ [0]/read  2 elements  1.0 s  1 done",
            "  ◉ [1]  1.0 s",
            "  0 of 2 steps, 0 tool calls, 0 model calls, 1.0 s. Ctrl-C pauses.");

    happens(200, new Event.StepSucceeded(inner.element("1"), NOTHING));
    happens(200, new Event.StepSucceeded(inner, NOTHING));
    happens(200, new Event.StepSucceeded(first, NOTHING));

    assertThat(rows(1_000))
        .containsExactly(
            "◉ read  2 elements  1.0 s  1 done",
            "  ◉ [1]  1.0 s",
            "  0 of 2 steps, 0 tool calls, 0 model calls, 1.0 s. Ctrl-C pauses.");
    assertThat(said).containsExactly("◉ read  2 elements", "◉ read[0]/read  2 elements");
  }

  @Test
  void whatBeginsAgainIsNotDoneUntilItsNextRevisionEnds() {
    happens(0, new Event.StepPrepared(READ, new Prepared.Body(null, null)));
    happens(100, new Event.StepSucceeded(READ, NOTHING));

    assertThat(rows(1_000).getLast()).startsWith("  1 of 2 steps");

    happens(200, new Event.RepetitionScheduled(READ, 2, BEGIN.plusMillis(1_200)));

    assertThat(rows(1_000).getFirst()).isEqualTo("◉ read  runs again in 0.2 s");
    assertThat(rows(1_000).getLast()).startsWith("  0 of 2 steps");

    happens(1_200, new Event.StepPrepared(READ.revision(1), new Prepared.Body(null, null)));
    happens(1_300, new Event.StepSucceeded(READ.revision(1), NOTHING));

    assertThat(rows(2_000)).hasSize(1).first().asString().startsWith("  1 of 2 steps");
    assertThat(said)
        .containsExactly(
            "◉ read",
            "● read  0.1 s",
            "↻ read  runs again in 1.0 s",
            "◉ read~1",
            "● read~1  0.1 s");
  }

  @Test
  void aStepThatWaitsForItsNextAttemptSaysWhenItBegins() {
    happens(0, new Event.StepStarted(READ, 1));
    happens(
        100,
        new Event.AttemptFailed(READ, 1, StepError.of(ErrorKind.TIMEOUT, "No answer in time.")));
    happens(100, new Event.RetryScheduled(READ, 2, BEGIN.plusMillis(1_600)));

    assertThat(rows(200).getFirst()).isEqualTo("◉ read  attempt 2 in 1.4 s");
    happens(1_600, new Event.StepStarted(READ, 2));
    assertThat(rows(1_700).getFirst()).isEqualTo("◉ read  attempt 2  0.1 s");
    assertThat(said)
        .containsExactly(
            "◉ read",
            "    read  attempt 1 failed: No answer in time. Next attempt in 1.5 s.",
            "◉ read  attempt 2");
  }

  /** Plays a container with this many steps at work in it. */
  private void opens(StepPath container, int inside) {
    happens(0, new Event.StepPrepared(container, new Prepared.Body(null, null)));
    for (int i = 0; i < inside; i++) {
      happens(0, new Event.StepStarted(container.child("s" + i), 1));
    }
  }

  @Test
  void stepsInsideStandBelowWhatHoldsThemAndOneAloneSharesItsRow() {
    opens(PLAN, 2);
    opens(READ, 0);
    opens(READ.child("deeper"), 1);

    assertThat(rows(1_000))
        .containsExactly(
            "◉ plan  1.0 s",
            "  ◉ s0  1.0 s",
            "  ◉ s1  1.0 s",
            "◉ read/deeper/s0  1.0 s",
            "  0 of 2 steps, 0 tool calls, 0 model calls, 1.0 s. Ctrl-C pauses.");
  }

  @Test
  void whatFailedStaysUntilItBeginsAgainAndItsContainersAreNotToldTwice() {
    StepError lost = StepError.of(ErrorKind.TOOL_ERROR, "The coin is lost.");
    StepError inside = StepError.of(ErrorKind.TOOL_ERROR, "plan/s0 failed: The coin is lost.");
    opens(PLAN, 2);
    happens(100, new Event.StepFailed(PLAN.child("s0"), lost));
    happens(200, new Event.StepFailed(PLAN, inside));

    assertThat(rows(1_000).getFirst()).isEqualTo("✗ plan/s0  The coin is lost.");
    assertThat(said)
        .contains("✗ plan/s0  0.1 s  The coin is lost.", "✗ plan  0.2 s  plan/s0 failed");

    happens(300, new Event.StepPrepared(PLAN.revision(1), new Prepared.Body(null, null)));
    happens(300, new Event.StepStarted(PLAN.revision(1).child("s0"), 1));

    assertThat(rows(1_300)).noneMatch(row -> row.contains("✗")).contains("◉ plan~1/s0  1.0 s");
  }

  @Test
  void ofMoreThanThereAreRowsForTheRestIsCounted() {
    List<Prepared.Item> items = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      items.add(new Prepared.Item("" + i, NOTHING));
    }
    happens(0, new Event.StepPrepared(READ, new Prepared.Items(items, false)));
    for (int i = 0; i < 10_000; i++) {
      happens(0, new Event.StepStarted(READ.element("" + i), 1));
    }
    StepError lost = StepError.of(ErrorKind.TOOL_ERROR, "It is lost.");
    for (int i = 0; i < 5_000; i++) {
      happens(100, new Event.StepFailed(READ.element("" + i), lost));
    }
    happens(100, new Event.StepInDoubt(READ.element("9999"), "c", "its server is gone"));

    assertThat(rows(1_000))
        .containsExactly(
            "◉ read  10000 elements  1.0 s  5000 done",
            "  ? [9999]  in doubt  0.9 s",
            "  ✗ [4999]  It is lost.",
            "  ✗ [4998]  It is lost.",
            "  ✗ [4997]  It is lost.",
            "  ◉ [5000]  1.0 s",
            "  ◉ [5001]  1.0 s",
            "  ◉ [5002]  1.0 s",
            "  ◉ [5003]  1.0 s",
            "  ◉ [5004]  1.0 s",
            "  and 4994 more at work, 4997 more failed",
            "  0 of 2 steps, 0 tool calls, 0 model calls, 1.0 s. Ctrl-C pauses.");
  }

  @Test
  void keysThatSteerTerminalsAndWideOnesDoNoHarm() {
    List<Prepared.Item> items = List.of(new Prepared.Item("日\u001b[2J\n本", NOTHING));
    happens(0, new Event.StepPrepared(READ, new Prepared.Items(items, true)));
    happens(0, new Event.StepStarted(READ.element("日\u001b[2J\n本"), 1));

    assertThat(board.rows(BEGIN, 15, 12)).startsWith("◉ read  1 elem…", "  ◉ [日\uFFFD[2J 本…");
  }

  @Test
  void rowsAreAsNarrowAsTheTerminal() {
    happens(
        0, new Event.StepPrepared(PLAN, new Prepared.Conversation("w".repeat(100), "", 1, null)));
    happens(0, new Event.StepStarted(PLAN, 1));

    assertThat(board.rows(BEGIN, 39, 12)).allMatch(row -> row.length() <= 39);
  }
}
