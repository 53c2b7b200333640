package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.run.Event.AttemptFailed;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.EventJson.Line;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

class EventJsonTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456789Z");
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Set<Class<?>> SEEN = new HashSet<>();

  @Provide
  Arbitrary<Event> events() {
    return AnyEvent.wild();
  }

  @Property(tries = 3000)
  void everyEventComesBackAsItWas(@ForAll("events") Event event) {
    SEEN.add(event.getClass());
    JsonNode tree = EventJson.write(event);
    Event back = EventJson.readEvent(tree, EventJson.SCHEMA_VERSION);
    assertThat(back).isEqualTo(event);
    assertThat(EventJson.write(back).toString()).isEqualTo(tree.toString());
  }

  @Property(tries = 500)
  void everyLineComesBackAsItWas(@ForAll("events") Event event) {
    Line line = new Line(run(event), new Recorded(7, NOON, 2, event));
    assertThat(EventJson.readLine(EventJson.write(line))).isEqualTo(line);
  }

  private static String run(Event event) {
    return event instanceof RunStarted started ? started.run() : "r1";
  }

  @AfterContainer
  static void everyKindWasDrawn() {
    assertThat(SEEN).hasSameSizeAs(AnyEvent.kinds());
  }

  @Test
  void aLineReadsAsScriptsExpectIt() {
    Event event =
        new AttemptFailed(
            StepPath.parse("days[2]~1"), 3, StepError.of(ErrorKind.TIMEOUT, "No answer in 20s"));
    assertThat(EventJson.write(new Line("r1", new Recorded(9, NOON, 1, event))).toString())
        .isEqualTo(
            """
            {"seq":9,"time":"2026-01-31T12:00:00.123456789Z","run":"r1","type":"attempt_failed",\
            "step":"days[2]~1","attempt":3,\
            "error":{"kind":"timeout","message":"No answer in 20s"},"epoch":1,"schemaVersion":1}""");
  }

  @Test
  void anAbsentOutputAndANullOutputStayApart() {
    StepPath step = StepPath.of("a");
    Event absent = new StepSucceeded(step, null);
    Event none = new StepSucceeded(step, NullNode.getInstance());
    assertThat(EventJson.write(absent).toString())
        .isEqualTo("{\"type\":\"step_succeeded\",\"step\":\"a\"}");
    assertThat(read(EventJson.write(absent))).isEqualTo(absent);
    assertThat(read(EventJson.write(none))).isEqualTo(none);
  }

  @Test
  void unknownFieldsAreIgnored() {
    ObjectNode tree = EventJson.write(new StepStarted(StepPath.of("a"), 1));
    tree.put("colour", "blue");
    assertThat(read(tree)).isEqualTo(new StepStarted(StepPath.of("a"), 1));
  }

  @Test
  void anUnknownTypeIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(() -> read(MAPPER.readTree("{\"type\":\"step_exploded\"}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "event.type: expected one of attempt_failed, call_verified, cancel_requested, ")
        .hasMessageEndingWith(
            "found \"step_exploded\"; a newer version of workflow wrote it: update this one");
  }

  @Test
  void aNewerVersionOfTheShapeIsRefused() {
    assertThatThrownBy(() -> EventJson.readEvent(JsonNodeFactory.instance.objectNode(), 2))
        .hasMessage(
            "event.schemaVersion: expected at most 1, found 2;"
                + " a newer version of workflow wrote it: update this one");
  }

  @Test
  void aWrongFieldIsAnErrorThatSaysWhereItIs() {
    assertMessage(
        "{\"type\":\"step_started\",\"step\":\"a\"}",
        "step_started.attempt: expected a value, found none");
    assertMessage(
        "{\"type\":\"step_started\",\"step\":\"a\",\"attempt\":1.5}",
        "step_started.attempt: expected a whole number of 32 bits, found 1.5");
    assertMessage(
        "{\"type\":\"step_started\",\"step\":\"a[\",\"attempt\":1}",
        "step_started.step: expected a step path, found \"a[\"");
    assertMessage(
        "{\"type\":\"wait_started\",\"step\":\"a\",\"due\":\"noon\"}",
        "wait_started.due: expected a time such as 2026-01-31T12:00:00Z, found \"noon\"");
    assertMessage(
        "{\"type\":\"step_blocked\",\"step\":\"a\",\"by\":[\"b\",3]}",
        "step_blocked.by[1]: expected a text, found 3");
    assertMessage(
        "{\"type\":\"step_prepared\",\"step\":\"a\",\"prepared\":[]}",
        "step_prepared.prepared: expected an object, found []");
    assertMessage(
        "{\"type\":\"run_paused\",\"status\":\"asleep\",\"reason\":\"\",\"outputs\":{}}",
        "run_paused.status: expected one of running, waiting, succeeded, failed, cancelled,"
            + " stopped, found \"asleep\"");
  }

  @Test
  void theStartOfAnotherRunIsNoLineOfThisOne() {
    Event started =
        new RunStarted(
            "r1",
            "travel",
            new Plan(List.of(), Map.of(), Map.of()),
            NullNode.getInstance(),
            NullNode.getInstance(),
            Limits.DEFAULT,
            false);
    assertThatThrownBy(() -> new Line("r2", new Recorded(1, NOON, 1, started)))
        .hasMessage("run_started.run: expected \"r2\", found \"r1\"");
  }

  private static void assertMessage(String tree, String message) {
    assertThatThrownBy(() -> read(MAPPER.readTree(tree)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Event read(JsonNode tree) {
    return EventJson.readEvent(tree, EventJson.SCHEMA_VERSION);
  }
}
