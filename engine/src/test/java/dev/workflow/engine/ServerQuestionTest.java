package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Retry;
import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.Elicitor.Elicited;
import dev.workflow.engine.People.Answer;
import dev.workflow.engine.People.Kind;
import dev.workflow.engine.People.Question;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import dev.workflow.schema.JsonSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a server wants of a person in the middle of a call. */
class ServerQuestionTest {
  private static final JsonNode FORM =
      ConversationWorld.json(
          "{'type':'object','properties':{'name':{'type':'string'},'seats':{'type':'integer',"
              + "'default':2}},'required':['name'],'additionalProperties':false}");
  private static final Elicitation WHO = new Elicitation("Who?", FORM);
  private static final Elicitation WHERE = new Elicitation("Where?", FORM);

  private final Sinks.One<Elicited> told = Sinks.one();
  private final AtomicBoolean givenUp = new AtomicBoolean();

  /** A server that asks once and then waits for the test. */
  private Mono<Tools.Answer> asksOnce(Tools.Call call) {
    call.elicitor().elicit(WHO).subscribe(told::tryEmitValue);
    return Mono.<Tools.Answer>never().doOnCancel(() -> givenUp.set(true));
  }

  private static Answer ann(String answer) {
    return new Answer(ConversationWorld.json(answer), "Ann");
  }

  @Test
  void aPersonIsAskedWhenTheQuestionIsOnDiskAndTheServerToldWhenTheAnswerIs() {
    List<Question> asked = new ArrayList<>();
    Sinks.One<Answer> said = Sinks.one();
    List<Elicited> heard = new ArrayList<>();
    told.asMono().subscribe(heard::add);
    DriverWorld world =
        new DriverWorld()
            .serving(this::asksOnce)
            .asking(
                question -> {
                  asked.add(question);
                  return said.asMono();
                });
    world.drive(Effect.DESTRUCTIVE, "pay");
    world.sync();
    assertThat(world.kinds()).endsWith("ToolCalled", "ElicitationAsked");
    assertThat(asked).isEmpty();
    world.sync();
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst().kind()).isEqualTo(Kind.ELICITATION);
    assertThat(asked.getFirst().text()).isEqualTo("server s (tool pay) asks: Who?");
    said.tryEmitValue(ann("{'action':'accept','content':{'name':'Ann'}}"));
    assertThat(world.kinds()).endsWith("ElicitationAsked", "ElicitationAnswered");
    assertThat(heard).isEmpty();
    world.sync();
    assertThat(heard)
        .containsExactly(
            new Elicited(
                Event.Reaction.ACCEPT, ConversationWorld.json("{'name':'Ann','seats':2}")));
    assertThat(givenUp).isFalse();
  }

  @Test
  void whereNobodyIsThereTheCallIsGivenUpAndTheRunWaits() {
    DriverWorld world = new DriverWorld().serving(this::asksOnce);
    world.drive(Effect.DESTRUCTIVE, "pay");
    for (int i = 0; i < 5; i++) {
      world.sync();
    }
    assertThat(world.kinds()).endsWith("ElicitationAsked", "ElicitationPostponed", "RunPaused");
    assertThat(givenUp).isTrue();
    assertThat(fold(world).status()).isEqualTo(RunStatus.WAITING);
    assertThat(People.pending(fold(world)))
        .singleElement()
        .extracting(Question::text)
        .isEqualTo(
            "server s (tool pay) asks: Who?\nIts call was given up, as nobody was there. It may"
                + " have had a part of its effect (destructive). Your answer has it made again,"
                + " unless you cancel.");
  }

  @Test
  void whoCancelsHasTheCallCountAsFailed() {
    DriverWorld alone = new DriverWorld().serving(this::asksOnce);
    alone.drive(Effect.WRITE, "pay");
    for (int i = 0; i < 5; i++) {
      alone.sync();
    }
    DriverWorld world =
        new DriverWorld()
            .prompt()
            .serving(this::asksOnce)
            .asking(question -> Mono.just(ann("{'action':'cancel'}")));
    world.resume(alone);
    assertThat(world.called).isEmpty();
    assertThat(fold(world).step("pay").error())
        .extracting(StepError::message)
        .isEqualTo("The question of s/pay was dismissed; it is not called again");
  }

  @Test
  void anAnswerIsHeldAgainstTheForm() {
    Question question = new Question(StepPath.of("a"), Kind.ELICITATION, "", FORM, null, null);
    JsonSchemas schemas = new JsonSchemas();
    assertThat(question.complaint(schemas, json("{'action':'accept','content':{'name':'x'}}")))
        .isNull();
    assertThat(question.complaint(schemas, json("{'action':'decline'}"))).isNull();
    assertThat(question.complaint(schemas, json("{'action':'accept'}")))
        .isEqualTo("/content: property \"name\" is missing");
    assertThat(question.complaint(schemas, json("{'action':'accept','content':{'name':1}}")))
        .isEqualTo("/content/name: expected string, found 1");
    assertThat(question.complaint(schemas, json("{'action':'decline','content':{'name':'x'}}")))
        .isEqualTo("/content: expected none with the action \"decline\"");
    assertThat(question.complaint(schemas, json("{'name':'x'}")))
        .contains("property \"action\" is missing");
  }

  private static JsonNode json(String text) {
    return ConversationWorld.json(text);
  }

  private static RunState fold(DriverWorld world) {
    RunState run = RunState.begin(world.appended.getFirst());
    world.appended.stream().skip(1).forEach(run::apply);
    return run;
  }

  /** A server that asks two questions, and gives what it was told. */
  private static Mono<Tools.Answer> asksTwice(Tools.Call call) {
    return call.elicitor()
        .elicit(WHO)
        .flatMap(
            who ->
                call.elicitor()
                    .elicit(WHERE)
                    .map(
                        where ->
                            new Tools.Answer(
                                JsonNodeFactory.instance.stringNode(
                                    who.content() + " " + where.content()),
                                false)));
  }

  /** Whoever is asked says who asked, and has a call in doubt made again. */
  private static Mono<Answer> answered(Question question, List<Question> asked) {
    asked.add(question);
    boolean who = question.text().contains("Who?");
    return Mono.just(
        question.kind() == Kind.IN_DOUBT
            ? ann("{'decision':'retry'}")
            : ann("{'action':'accept','content':{'name':'" + (who ? "Ann" : "home") + "'}}"));
  }

  @ParameterizedTest
  @EnumSource(names = {"READ", "DESTRUCTIVE"})
  void cutOffAfterEachEventACallIsMadeAgainOnlyByDecisionAndNothingIsAskedTwice(Effect effect) {
    List<Question> first = new ArrayList<>();
    DriverWorld whole =
        new DriverWorld()
            .prompt()
            .serving(ServerQuestionTest::asksTwice)
            .asking(question -> answered(question, first));
    whole.drive(effect, "pay");
    assertThat(first).hasSize(2);
    JsonNode output = fold(whole).output("pay");
    assertThat(output)
        .hasToString(
            "\"{\\\"name\\\":\\\"Ann\\\",\\\"seats\\\":2} {\\\"name\\\":\\\"home\\\",\\\"seats\\\":2}\"");
    for (int events = 1; events < whole.appended.size(); events++) {
      List<Recorded> before = whole.appended.subList(0, events);
      List<Question> asked = new ArrayList<>();
      DriverWorld next =
          new DriverWorld()
              .prompt()
              .serving(ServerQuestionTest::asksTwice)
              .asking(question -> answered(question, asked));
      next.resume(whole.cut(events));
      String where = effect + " cut after " + before.getLast().event();
      assertThat(fold(next).status()).as(where).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(fold(next).output("pay")).as(where).isEqualTo(output);
      boolean called = has(before, Event.ToolCalled.class);
      boolean returned = has(before, Event.ToolReturned.class);
      long told = count(before, Event.ElicitationAnswered.class);
      List<Kind> kinds = asked.stream().map(Question::kind).toList();
      List<Kind> expected = new ArrayList<>();
      boolean open = count(before, Event.ElicitationAsked.class) > told;
      if (called && !returned && effect == Effect.DESTRUCTIVE && !open) {
        expected.add(Kind.IN_DOUBT);
      }
      for (long left = told; left < 2 && !returned; left++) {
        expected.add(Kind.ELICITATION);
      }
      assertThat(kinds).as(where).isEqualTo(expected);
      assertThat(next.called).as(where).hasSize(returned ? 0 : 1);
    }
  }

  @Test
  void anotherAttemptAsksThePersonAnew() {
    List<Question> asked = new ArrayList<>();
    AtomicBoolean failed = new AtomicBoolean();
    StepError wrong = StepError.of(ErrorKind.TIMEOUT, "Nobody is called Ann");
    DriverWorld world =
        new DriverWorld()
            .prompt()
            .with(new Retry(1, Duration.ofSeconds(1), Duration.ofSeconds(1), Set.of()))
            .serving(
                call ->
                    call.elicitor()
                        .elicit(WHO)
                        .flatMap(
                            who ->
                                failed.compareAndSet(false, true)
                                    ? Mono.error(new ToolException(wrong, false))
                                    : Mono.just(new Tools.Answer(FORM, false))))
            .asking(question -> answered(question, asked));
    world.drive(Effect.READ, "pay");
    world.pass(Duration.ofSeconds(2)).wake();
    assertThat(fold(world).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(world.called).hasSize(2);
    assertThat(asked).hasSize(2);
  }

  private static boolean has(List<Recorded> events, Class<? extends Event> kind) {
    return count(events, kind) > 0;
  }

  private static long count(List<Recorded> events, Class<? extends Event> kind) {
    return events.stream().filter(each -> kind.isInstance(each.event())).count();
  }
}
