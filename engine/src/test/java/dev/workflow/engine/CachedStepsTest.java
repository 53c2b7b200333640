package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.OnError;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.expression.CelExpressions;
import dev.workflow.models.ScriptedModels;
import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.StepError;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What is kept, when, and what it answers. */
class CachedStepsTest {
  private static final Tools.Answer SEEN =
      new Tools.Answer(JsonNodeFactory.instance.stringNode("seen"), false);
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final String FOR_AN_HOUR = ", cache: 1h";
  private final MemoryCache cache = new MemoryCache();

  private DriverWorld world() {
    return new DriverWorld().with(cache, FOR_AN_HOUR);
  }

  /** A run whose step has given a text, all of it on disk. */
  private DriverWorld gave(String text) {
    DriverWorld world = world();
    world.drive(Effect.READ, "look");
    world.answer("look", text);
    world.sync();
    return world;
  }

  private static ToolException failure() {
    return new ToolException(StepError.of(ErrorKind.TOOL_ERROR, "No"), false);
  }

  @Test
  void anAnswerIsKeptOnceItIsOnDiskAndAnswersTheNextRun() {
    DriverWorld world = world();
    world.drive(Effect.READ, "look");
    world.answer("look", "seen");
    assertThat(world.kinds()).endsWith("StepSucceeded", "RunFinished");
    assertThat(cache.kept).isEmpty();
    world.sync();
    assertThat(cache.kept).hasSize(1);

    DriverWorld next = world().pass(MOMENT);
    next.drive(Effect.READ, "look");
    assertThat(next.called).isEmpty();
    assertThat(next.kinds())
        .containsExactly("RunStarted", "StepPrepared", "StepSucceeded", "RunFinished");
    assertThat(next.appended.get(1).event())
        .isInstanceOfSatisfying(
            Event.StepPrepared.class,
            prepared ->
                assertThat(prepared.prepared())
                    .isInstanceOfSatisfying(
                        Prepared.Cached.class,
                        cached -> {
                          assertThat(cached.output().stringValue()).isEqualTo("seen");
                          assertThat(cached.run()).isEqualTo("r");
                          assertThat(cached.step()).hasToString("look");
                          assertThat(cached.at())
                              .isEqualTo(world.appended.get(world.appended.size() - 2).time());
                        }));
    next.sync();
    assertThat(cache.kept.values()).hasSize(1).allMatch(kept -> kept.at().equals(at(world)));
  }

  private static Instant at(DriverWorld world) {
    return world.appended.get(world.appended.size() - 2).time();
  }

  @Test
  void whatTheDiskDidNotTakeIsNotKept() {
    DriverWorld world = world();
    world.drive(Effect.READ, "look");
    world.sync();
    world.breakDisk();
    world.answer("look", "seen");
    world.sync();
    assertThat(cache.kept).isEmpty();
  }

  @Test
  void whatSaysMoreThanItsOutputIsNotKept() {
    DriverWorld world = world();
    world.drive(Effect.READ, "look");
    JsonNode content = ConversationWorld.json("[{'type':'text','text':'a'}]");
    world.answer("look", ConversationWorld.json("{'n':1}"), content);
    world.sync();
    assertThat(world.kinds()).endsWith("StepSucceeded", "RunFinished");
    assertThat(cache.kept).isEmpty();
  }

  @Test
  void whatAServerHasAskedAPersonOrAModelForIsNotKept() {
    JsonNode form = ConversationWorld.json("{'type':'object'}");
    DriverWorld person =
        world()
            .prompt()
            .asking(
                (People.Question question) ->
                    Mono.just(
                        new People.Answer(ConversationWorld.json("{'action':'decline'}"), "Ann")))
            .serving(
                call ->
                    call.elicitor()
                        .elicit(new Elicitor.Elicitation("Who?", form))
                        .map(told -> SEEN));
    person.drive(Effect.READ, "look");
    assertThat(person.kinds()).contains("ElicitationAnswered", "StepSucceeded");

    JsonNode request =
        ConversationWorld.json("{'messages':[{'role':'user','text':'How?'}],'max_tokens':1}");
    DriverWorld model =
        world()
            .prompt()
            .asking(
                new ScriptedModels(
                    ConversationWorld.json("{'answers':[{'agent':'s/look','answer':'x'}]}"),
                    new CelExpressions(),
                    Schedulers.immediate()),
                Map.of("default", List.of(ModelRef.of("p", "m"))),
                Map.of())
            .serving(
                call ->
                    call.sampler().sample(new Sampler.Sampling(null, request)).map(told -> SEEN));
    model.drive(Effect.READ, "look");
    assertThat(model.kinds()).contains("SamplingAsked");
    assertThat(cache.kept).isEmpty();
  }

  @Test
  void aFailureIsNotKeptNorWhatStandsInForOne() {
    DriverWorld world = world();
    world.drive(Effect.READ, "look");
    world.fail("look", failure());
    world.sync();
    assertThat(world.kinds()).contains("StepFailed");

    DriverWorld recovers =
        new DriverWorld()
            .with(cache, FOR_AN_HOUR + ", on_error: {output: instead}")
            .with(new OnError.Output(JsonNodeFactory.instance.stringNode("instead")));
    recovers.drive(Effect.READ, "look");
    recovers.fail("look", failure());
    recovers.sync();
    assertThat(recovers.kinds()).contains("StepSucceeded");
    assertThat(cache.kept).isEmpty();
  }

  @Test
  void withoutACacheNothingIsLookedForOrKept() {
    gave("seen");
    cache.asked.clear();
    DriverWorld other = new DriverWorld().with(cache, "");
    other.drive(Effect.READ, "look");
    other.answer("look", "seen");
    other.sync();
    assertThat(cache.asked).isEmpty();
    assertThat(cache.kept).hasSize(1);
  }

  @Test
  void anAnswerThatIsTooOldIsNotUsedAndReplaced() {
    gave("seen");
    DriverWorld inTime = world().pass(Duration.ofMinutes(59));
    inTime.drive(Effect.READ, "look");
    assertThat(inTime.called).isEmpty();

    DriverWorld late = world().pass(Duration.ofMinutes(61));
    late.drive(Effect.READ, "look");
    assertThat(late.called).containsExactly("look");
    late.answer("look", "seen anew");
    late.sync();
    assertThat(cache.kept.values())
        .extracting(kept -> kept.output().stringValue())
        .containsExactly("seen anew");
  }

  @Test
  void anAnswerOfATimeThatHasNotComeIsNotUsed() {
    DriverWorld ahead = world().pass(Duration.ofMinutes(5));
    ahead.drive(Effect.READ, "look");
    ahead.answer("look", "seen");
    ahead.sync();
    DriverWorld back = world();
    back.drive(Effect.READ, "look");
    assertThat(back.called).containsExactly("look");
  }

  @Test
  void anotherPrincipalIsNotAnswered() {
    gave("seen");
    DriverWorld other = world().pass(MOMENT).identifying(server -> server + " with another secret");
    other.drive(Effect.READ, "look");
    assertThat(other.called).containsExactly("look");
    other.answer("look", "seen by another");
    other.sync();
    assertThat(cache.kept).hasSize(2);
  }

  @Test
  void aServerThatCannotBeStartedIsCalledAndSaysWhy() {
    DriverWorld world =
        world()
            .identifying(
                server -> {
                  throw failure();
                });
    world.drive(Effect.READ, "look");
    assertThat(world.called).containsExactly("look");
    world.answer("look", "seen");
    world.sync();
    assertThat(cache.asked).isEmpty();
    assertThat(cache.kept).isEmpty();
  }

  @Test
  void whatHasBecomeASecretIsMaskedInWhatWasKept() {
    gave("the word is hunter2-token");
    DriverWorld world = new DriverWorld("hunter2-token").with(cache, FOR_AN_HOUR).pass(MOMENT);
    world.drive(Effect.READ, "look");
    assertThat(world.called).isEmpty();
    assertThat(world.appended.toString())
        .contains("the word is [secret]")
        .doesNotContain("hunter2");
  }

  @Test
  void aResumedRunKeepsItsAnswersAndAsksForNothing() {
    gave("seen");
    DriverWorld half = world().pass(MOMENT);
    half.drive(Effect.READ, "look", "other");
    half.sync();
    cache.kept.clear();
    cache.asked.clear();

    DriverWorld resumed = world().pass(Duration.ofDays(2));
    resumed.resume(half);
    assertThat(cache.asked).isEmpty();
    resumed.answer("other", "later");
    resumed.sync();
    assertThat(resumed.kinds()).endsWith("StepSucceeded", "RunFinished");
    assertThat(resumed.called).containsExactly("other");
    assertThat(resumed.appended.toString()).contains("\"seen\"", "\"later\"");
    assertThat(cache.kept)
        .as("it was asked by another process, perhaps another principal")
        .isEmpty();
  }

  @Test
  void twoStepsDoNotShareWhatTheyGave() {
    DriverWorld world = world();
    world.drive(Effect.READ, "look", "other");
    world.answer("look", "seen");
    world.answer("other", "more");
    world.sync();
    assertThat(cache.kept.values())
        .extracting(kept -> kept.step().toString())
        .isEqualTo(List.of("look", "other"));
  }
}
