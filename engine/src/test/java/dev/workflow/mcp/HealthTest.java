package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** What a client makes of a server that does not come up, or falls silent; time is a script. */
class HealthTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final McpSettings SETTINGS = McpSettings.DEFAULT;

  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final List<ScriptedWire> wires = new CopyOnWriteArrayList<>();
  private final List<ToolException> told = new CopyOnWriteArrayList<>();
  private final List<ToolException> troubles = new CopyOnWriteArrayList<>();
  private boolean comesUp = true;
  private boolean greets = true;
  private boolean hangsAtCalls;
  private ScriptedWire.Pings pings = ScriptedWire.Pings.ANSWERED;
  private int starts;
  private final Client client = new Client(SETTINGS, time, this::open, troubles::add);

  private Mono<Connection> open(Duration startup) {
    starts++;
    if (!comesUp) {
      return Mono.error(Failures.unavailable("server 's' ended with exit code 7"));
    }
    ScriptedWire wire = new ScriptedWire();
    wire.hangsAtGreetings = !greets;
    wire.hangsAtCalls = hangsAtCalls;
    wire.pings = pings;
    wires.add(wire);
    return Connection.open("s", wire, Permitted.NOTHING, startup);
  }

  private Mono<JsonNode> call() {
    return client
        .tools(LONG)
        .then(
            client.call(
                new Client.Request(
                    "echo",
                    Fakes.arguments(),
                    "key",
                    CallTime.exactly(LONG),
                    LONG,
                    ignored -> {})));
  }

  private Disposable begin() {
    return call().subscribe(answer -> {}, e -> told.add((ToolException) e));
  }

  /** A call that is never answered, and has arrived. */
  private void beginOneThatHangs() {
    hangsAtCalls = true;
    begin();
    Fakes.await("the call is there", () -> !wires.isEmpty() && wires.getFirst().calls == 1);
  }

  private ToolException last() {
    return told.getLast();
  }

  @Test
  void afterAFailedStartAllAreToldAtOnceUntilOneTriesForAll() {
    comesUp = false;
    ToolException first = Fakes.failure(call());
    assertThat(first).hasMessage("server 's' ended with exit code 7");
    for (int i = 0; i < 50; i++) {
      ToolException refused = Fakes.failure(call());
      assertThat(refused.getMessage())
          .matches(
              "server 's' ended with exit code 7; not tried again for \\d+ ms,"
                  + " as it failed a moment ago");
      assertThat(refused.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
      assertThat(refused.possiblyExecuted()).isFalse();
    }
    assertThat(starts).isEqualTo(1);
    assertThat(troubles).as("refusals are no news").containsExactly(first);

    time.advanceTimeBy(SETTINGS.firstBackoff());
    comesUp = true;
    greets = false;
    for (int i = 0; i < 50; i++) {
      begin();
    }
    assertThat(starts).as("one trial for all").isEqualTo(2);
    assertThat(told).isEmpty();
  }

  @Test
  void theWaitDoublesWithEachFailureInARowAndStaysWithinItsBound() {
    comesUp = false;
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Fakes.failure(call());
      waits.add(client.resting().toMillis());
      time.advanceTimeBy(client.resting().minusMillis(1));
      assertThat(Fakes.failure(call())).hasMessageContaining("not tried again for 1 ms");
      time.advanceTimeBy(Duration.ofMillis(1));
      assertThat(client.resting()).isZero();
    }
    assertThat(starts).isEqualTo(12);
    long whole = SETTINGS.firstBackoff().toMillis();
    for (long wait : waits) {
      assertThat(wait).isBetween(whole / 2, whole);
      whole = Math.min(whole * 2, SETTINGS.longestBackoff().toMillis());
    }
    assertThat(Fakes.failure(call())).hasMessage("server 's' ended with exit code 7");
    assertThat(Fakes.failure(call())).hasMessageContaining("as it failed 13 times in a row");
  }

  @Test
  void aSuccessEndsTheRow() {
    comesUp = false;
    Fakes.failure(call());
    time.advanceTimeBy(SETTINGS.firstBackoff());
    Fakes.failure(call());
    time.advanceTimeBy(SETTINGS.firstBackoff().multipliedBy(2));
    comesUp = true;
    Fakes.get(call());
    wires.getLast().open = false;
    comesUp = false;
    assertThat(Fakes.failure(call())).hasMessage("server 's' ended with exit code 7");
    assertThat(client.resting()).isLessThanOrEqualTo(SETTINGS.firstBackoff());
  }

  @Test
  void aServerThatGreetsAndNeverListsItsToolsCountsAsOneThatDoesNotComeUp() {
    Fakes.get(client.welcome(LONG));
    wires.getFirst().losesTheNextRequest = true;
    comesUp = false;
    assertThat(Fakes.failure(call())).hasMessage("server 's' ended with exit code 7");
    assertThat(Fakes.failure(call())).hasMessageContaining("not tried again");
    assertThat(starts).isEqualTo(2);
  }

  @Test
  void aConnectionThatIsThereIsUsedHoweverManyStartsHadFailed() {
    comesUp = false;
    Fakes.failure(call());
    time.advanceTimeBy(SETTINGS.firstBackoff());
    comesUp = true;
    Fakes.get(call());
    Fakes.get(call());
    assertThat(client.resting()).isZero();
    assertThat(starts).isEqualTo(2);
  }

  @Test
  void aStartThatNobodyWaitsForAnyMoreIsGivenUp() {
    greets = false;
    Disposable one = begin();
    Disposable other = begin();
    assertThat(wires).hasSize(1);
    one.dispose();
    assertThat(wires.getFirst().open).as("somebody waits").isTrue();
    other.dispose();
    assertThat(wires.getFirst().open).isFalse();
    greets = true;
    Fakes.get(call());
    assertThat(wires).hasSize(2);
    assertThat(client.resting()).isZero();
  }

  @Test
  void whoeverWaitsForAStartLearnsThatTheServerIsClosed() {
    greets = false;
    begin();
    client.close().block(LONG);
    assertThat(last()).hasMessage("the server is closed");
    assertThat(wires.getFirst().open).isFalse();
  }

  @Test
  void aServerThatIsIdleAndAnswersNoPingIsEnded() {
    pings = ScriptedWire.Pings.IGNORED;
    Fakes.get(call());
    time.advanceTimeBy(SETTINGS.pingAfter());
    assertThat(wires.getFirst().pinged).as("it has just spoken").isZero();
    time.advanceTimeBy(SETTINGS.pingAfter());
    assertThat(wires.getFirst().pinged).isEqualTo(1);
    time.advanceTimeBy(SETTINGS.pingTimeout().minusMillis(1));
    assertThat(wires.getFirst().open).isTrue();
    time.advanceTimeBy(Duration.ofMillis(1));
    assertThat(wires.getFirst().open).isFalse();
    Fakes.get(call());
    assertThat(wires).hasSize(2);
  }

  @Test
  void aServerThatDoesNotKnowPingsIsAlive() {
    pings = ScriptedWire.Pings.UNKNOWN;
    Fakes.get(call());
    time.advanceTimeBy(SETTINGS.pingAfter().multipliedBy(5));
    assertThat(wires.getFirst().pinged).isEqualTo(4);
    assertThat(wires.getFirst().open).isTrue();
  }

  @Test
  void aServerThatTalksIsNotPinged() {
    Fakes.get(call());
    for (int i = 0; i < 10; i++) {
      time.advanceTimeBy(SETTINGS.pingAfter().minusSeconds(1));
      Fakes.get(call());
    }
    assertThat(wires.getFirst().pinged).isZero();
  }

  @Test
  void aLongCallOfAServerThatAnswersPingsIsLeftAlone() {
    beginOneThatHangs();
    time.advanceTimeBy(Duration.ofHours(2));
    assertThat(wires.getFirst().pinged).isGreaterThan(100);
    assertThat(told).isEmpty();
    assertThat(wires.getFirst().open).isTrue();
  }

  @Test
  void aServerThatAnsweredAmidstCallsAndStopsIsEndedAndItsCallsAreInDoubt() {
    beginOneThatHangs();
    time.advanceTimeBy(SETTINGS.pingAfter().multipliedBy(2));
    assertThat(wires.getFirst().pinged).isEqualTo(1);
    wires.getFirst().pings = ScriptedWire.Pings.IGNORED;
    time.advanceTimeBy(SETTINGS.pingAfter().plus(SETTINGS.pingTimeout()));
    Fakes.await("it is told", () -> !told.isEmpty());
    assertThat(last()).hasMessage("server 's' answered no ping within 10 s");
    assertThat(last().possiblyExecuted()).isTrue();
    assertThat(wires.getFirst().open).isFalse();
  }

  @Test
  void aServerThatDoesOneThingAtATimeIsNotTakenForDeadWhileItWorks() {
    pings = ScriptedWire.Pings.IGNORED;
    beginOneThatHangs();
    time.advanceTimeBy(Duration.ofHours(2));
    assertThat(wires.getFirst().pinged).isPositive();
    assertThat(told).isEmpty();
    assertThat(wires.getFirst().open).isTrue();
  }

  @Test
  void aClosedConnectionIsPingedNoMore() {
    Fakes.get(call());
    client.close().block(LONG);
    time.advanceTimeBy(Duration.ofHours(1));
    assertThat(wires.getFirst().pinged).isZero();
  }
}
