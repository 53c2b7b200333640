package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.CallKey;
import dev.workflow.run.Event;
import dev.workflow.run.EventJson;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import dev.workflow.run.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/** Append, act, append the answer. */
class RunDriverTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "READ")
  void aCallThatChangesSomethingWaitsForTheDisk(Effect effect) {
    DriverWorld world = new DriverWorld();
    world.drive(effect, "pay");
    assertThat(world.kinds()).endsWith("StepStarted", "ToolCalled");
    assertThat(world.called).isEmpty();
    world.sync();
    assertThat(world.called).containsExactly("pay");
  }

  @Test
  void aReadOnlyCallRunsAheadOfTheDisk() {
    DriverWorld world = new DriverWorld();
    world.drive(Effect.READ, "look");
    assertThat(world.called).containsExactly("look");
    assertThat(world.reported).isEmpty();
  }

  @Test
  void aReadOnlyCallDoesNotRunAheadOfWhatAPersonSaid() {
    Sinks.One<People.Answer> said = Sinks.one();
    DriverWorld world = new DriverWorld().with(new OnError.Ask()).asking(question -> said.asMono());
    world.drive(Effect.READ, "look", "other");
    world.fail("look", new ToolException(StepError.of(ErrorKind.TOOL_ERROR, "Fog"), false));
    world.sync();
    world.called.clear();
    said.tryEmitValue(new People.Answer(ConversationWorld.json("{'decision': 'retry'}"), "Ann"));
    assertThat(world.kinds()).endsWith("FailureAnswered", "StepStarted", "ToolCalled");
    assertThat(world.called).isEmpty();
    world.sync();
    assertThat(world.called).containsExactly("look");
  }

  @Test
  void aRetryWaitsUntilItsServerCanBeReached() {
    Retry soon = new Retry(1, Duration.ofSeconds(1), Duration.ofSeconds(1), Set.of());
    for (Duration resting : List.of(Duration.ZERO, Duration.ofSeconds(9))) {
      DriverWorld world = new DriverWorld().with(soon).unreachableFor(resting);
      world.drive(Effect.READ, "look");
      world.fail("look", new ToolException(StepError.of(ErrorKind.UNAVAILABLE, "Gone"), false));
      world.sync();
      assertThat(world.appended)
          .extracting(Recorded::event)
          .filteredOn(Event.RetryScheduled.class::isInstance)
          .extracting(event -> ((Event.RetryScheduled) event).due())
          .allSatisfy(
              due ->
                  assertThat(Duration.between(Instant.EPOCH, due))
                      .isBetween(
                          resting.isZero() ? Duration.ofMillis(500) : resting,
                          resting.plusSeconds(2)))
          .hasSize(1);
    }
  }

  @Test
  void aQuestionAboutAStepThatIsStoppedIsWithdrawn() {
    AtomicBoolean withdrawn = new AtomicBoolean();
    DriverWorld world =
        new DriverWorld()
            .with(new OnError.Ask())
            .asking(q -> Mono.<People.Answer>never().doOnCancel(() -> withdrawn.set(true)));
    RunDriver driver = world.drive(Effect.READ, "look", "other");
    world.fail("look", new ToolException(StepError.of(ErrorKind.TOOL_ERROR, "Fog"), false));
    world.sync();
    assertThat(withdrawn).isFalse();
    driver.cancel("no", false);
    assertThat(world.kinds()).doesNotContain("RunFinished");
    assertThat(withdrawn).isTrue();
  }

  @Test
  void aQuestionThatIsNotOnDiskWhenItIsWithdrawnIsNeverPut() {
    AtomicBoolean asked = new AtomicBoolean();
    DriverWorld world =
        new DriverWorld()
            .with(new OnError.Ask())
            .asking(q -> Mono.<People.Answer>never().doOnSubscribe(s -> asked.set(true)));
    RunDriver driver = world.drive(Effect.READ, "look", "other");
    world.fail("look", new ToolException(StepError.of(ErrorKind.TOOL_ERROR, "Fog"), false));
    driver.cancel("no", false);
    world.sync();
    assertThat(world.kinds()).contains("FailureAsked", "StepCancelled");
    assertThat(asked).isFalse();
  }

  @Test
  void aCallThatIsGivenUpBeforeItIsMadeDoesNotGoOnUnwatched() {
    DriverWorld world = new DriverWorld();
    RunDriver driver = world.drive(Effect.WRITE, "pay");
    driver.cancel("no", false);
    world.sync();
    assertThat(world.called).containsExactly("pay");
    assertThat(world.kinds()).endsWith("CancelRequested", "ToolFailed", "StepInDoubt");
  }

  @Test
  void nothingIsReportedBeforeItIsOnDisk() {
    DriverWorld world = new DriverWorld();
    world.drive(Effect.READ, "look");
    world.answer("look", "seen");
    assertThat(world.kinds()).endsWith("ToolReturned", "StepSucceeded", "RunFinished");
    assertThat(world.reported).isEmpty();
    world.sync();
    assertThat(world.reported).hasSameSizeAs(world.appended);
  }

  @Test
  void afterTheDiskHasFailedNothingIsCalledAnyMore() {
    DriverWorld world = new DriverWorld();
    world.breakDisk();
    world.drive(Effect.WRITE, "pay");
    world.sync();
    assertThat(world.called).isEmpty();
    assertThat(world.reported).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Effect.class)
  void aBugInWhatIsCalledEndsTheDriverInsteadOfLeavingItWaiting(Effect effect) {
    DriverWorld world = new DriverWorld().withBug();
    world.drive(effect, "pay");
    world.sync();
    assertThat(world.failed).hasMessage("a bug in pay");
  }

  @Test
  void anInterruptedRunRecordsNothingMore() {
    DriverWorld world = new DriverWorld();
    RunDriver driver = world.drive(Effect.WRITE, "pay", "other");
    world.sync();
    driver.interrupt();
    int before = world.appended.size();
    world.answer("pay", "paid");
    world.sync();
    assertThat(world.appended).hasSize(before);
  }

  @Test
  void aLostAnswerOfACallThatChangesSomethingIsADoubtAndTheOthersGoOn() {
    DriverWorld world = new DriverWorld();
    world.drive(Effect.WRITE, "pay", "other");
    world.sync();
    world.fail(
        "pay", new ToolException(StepError.of(ErrorKind.UNAVAILABLE, "The server died"), true));
    world.answer("other", "done");
    world.sync();
    assertThat(world.kinds()).contains("StepInDoubt", "StepSucceeded").endsWith("RunPaused");
    assertThat(world.called).containsExactly("pay", "other");
  }

  @Test
  void aLostAnswerOfARepeatableCallIsAskedForOnceMore() {
    DriverWorld world = new DriverWorld();
    world.drive(Effect.READ, "look");
    ToolException lost =
        new ToolException(StepError.of(ErrorKind.UNAVAILABLE, "The server died"), true);
    world.fail("look", lost);
    world.fail("look", lost);
    assertThat(world.called).containsExactly("look", "look");
    assertThat(world.kinds()).endsWith("AttemptFailed", "StepFailed", "RunFinished");
  }

  @Test
  void aCallThatIsMadeAgainAfterACrashIsTheSameSpanOfTheSameTrace() {
    DriverWorld before = new DriverWorld();
    before.drive(Effect.IDEMPOTENT, "one", "two");
    before.sync();
    DriverWorld after = new DriverWorld();
    after.resume(before);
    after.sync();
    assertThat(after.traceparents)
        .containsExactlyElementsOf(before.traceparents)
        .doesNotHaveDuplicates()
        .contains(TraceContext.traceparent("r", CallKey.of("r", StepPath.parse("one")), 1));
  }

  @Test
  void secretsAreMaskedBeforeAnythingIsRecorded() {
    DriverWorld world = new DriverWorld("hunter2-token");
    world.drive(Effect.READ, "look");
    world.answer("look", "the key is hunter2-token, keep it");
    List<Event> events = world.appended.stream().map(recorded -> recorded.event()).toList();
    assertThat(events.toString())
        .contains("the key is [secret], keep it")
        .doesNotContain("hunter2");
  }

  @Test
  void theBlocksOfAnAnswerAreRecordedWithoutSecretsAndReadAgain() {
    DriverWorld world = new DriverWorld("hunter2-token");
    world.drive(Effect.READ, "look");
    JsonNode said = ConversationWorld.json("{'n':1}");
    world.answer("look", said, ConversationWorld.json("[{'type':'text','text':'hunter2-token'}]"));
    world.sync();
    RunState run = RunState.begin(world.appended.getFirst());
    for (Recorded recorded : world.appended.subList(1, world.appended.size())) {
      Event read = EventJson.readEvent(EventJson.write(recorded.event()), EventJson.SCHEMA_VERSION);
      run.apply(new Recorded(recorded.seq(), recorded.time(), recorded.epoch(), read));
    }
    assertThat(run.output("look")).isEqualTo(said);
    assertThat(run.names().content("look"))
        .isEqualTo(ConversationWorld.json("[{'type':'text','text':'[secret]'}]"))
        .isEqualTo(run.contentBeside(StepPath.of("look")));
  }

  @Test
  void aRunThatIsOverIsNotHeldUntilItsTimeWouldBeUp() {
    DriverWorld world = new DriverWorld();
    world.drive(Effect.READ, "look");
    int timers = world.timers();
    world.answer("look", "seen");
    world.sync();
    assertThat(world.kinds()).endsWith("RunFinished");
    assertThat(world.timers()).isEqualTo(timers - 1);
  }

  @Test
  void aRunThatIsOverBeforeItsTimeIsWatchedIsNotHeldEither() {
    DriverWorld world = new DriverWorld().prompt();
    world.drive(Effect.READ, "look");
    assertThat(world.kinds()).endsWith("RunFinished");
    assertThat(world.timers())
        .as("what looks for messages, which ends when it is woken")
        .isEqualTo(1);
    world.wake();
    assertThat(world.timers()).isZero();
  }

  @Test
  void aStepIsLookedAtWhenItsTimeMayBeUpAndGivesItsCallUpWhenItIs() {
    DriverWorld world = new DriverWorld().with(fiveMinutes());
    world.drive(Effect.READ, "look");
    world.pass(Duration.ofMinutes(3)).wake();
    world.sync();
    assertThat(world.kinds()).endsWith("ToolCalled", "TimeMeasured");
    world.pass(Duration.ofMinutes(2)).wake();
    world.sync();
    assertThat(world.kinds())
        .endsWith(
            "TimeMeasured",
            "LimitNear",
            "ToolFailed",
            "AttemptFailed",
            "StepFailed",
            "RunFinished");
  }

  @Test
  void nobodyIsLookedAtWhoIsNotAtWork() {
    DriverWorld world =
        new DriverWorld()
            .with(fiveMinutes())
            .with(new OnError.Ask())
            .asking(question -> Mono.never());
    world.drive(Effect.READ, "look");
    world.fail("look", new ToolException(StepError.of(ErrorKind.TOOL_ERROR, "no"), false));
    world.sync();
    assertThat(world.kinds()).endsWith("FailureAsked");
    world.pass(Duration.ofMinutes(9)).wake();
    assertThat(world.kinds()).endsWith("FailureAsked");
  }

  private static Allowance fiveMinutes() {
    return new Allowance(null, null, null, null, Duration.ofMinutes(5), null);
  }

  @Test
  void aSecondAnswerToACallChangesNothing() {
    DriverWorld world = new DriverWorld();
    world.drive(Effect.READ, "look", "other");
    world.answer("look", "first");
    int before = world.appended.size();
    world.answer("look", "second");
    assertThat(world.appended).hasSize(before);
  }
}
