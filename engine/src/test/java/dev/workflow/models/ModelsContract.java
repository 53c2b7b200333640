package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.ModelException;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Request;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every way to ask a model must do. */
abstract class ModelsContract {
  private static final JsonMapper JSON = new JsonMapper();
  static final Duration SOON = Duration.ofSeconds(20);
  static final Offer GEOCODE =
      new Offer(
          "geocode",
          "Finds a place.",
          json(
              "{'$schema':'https://json-schema.org/draft/2020-12/schema','type':'object',"
                  + "'properties':{'place':{'$ref':'#/$defs/p'}},'required':['place'],"
                  + "'additionalProperties':false,'$defs':{'p':{'type':'string'}}}"));

  /** What a model is to do next; each way to ask is told in its own words. */
  sealed interface Will {
    record Say(String text) implements Will {}

    record Call(List<FakeAnswer.Call> calls) implements Will {
      public Call {
        calls = List.copyOf(calls);
      }
    }

    record SayCut(String text) implements Will {}

    record Fail(ErrorKind kind) implements Will {}

    record Wait(Duration delay, String text) implements Will {}
  }

  /** Models that will do this, one after the other, turn by turn. */
  abstract Models models(Will... wills);

  abstract ModelRef model();

  /** JSON with single quotes. */
  static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  final Request request(int turn, List<Offer> tools, @Nullable JsonNode schema, Message... talk) {
    return new Request(
        model(),
        "planner",
        StepPath.of("plan"),
        "plan#1",
        turn,
        "You plan.",
        List.of(talk),
        tools,
        schema,
        null,
        json("{'inputs':{}}"));
  }

  final Request plain() {
    return request(1, List.of(), null, new Message.User("Hello"));
  }

  static Reply ask(Models models, Request request) {
    Reply reply = models.ask(request, text -> {}).block(SOON);
    assertThat(reply).isNotNull();
    return java.util.Objects.requireNonNull(reply);
  }

  static ModelException failure(Models models, Request request) {
    ModelException thrown =
        catchThrowableOfType(ModelException.class, () -> models.ask(request, t -> {}).block(SOON));
    assertThat(thrown).isNotNull();
    return thrown;
  }

  @Test
  void aConfiguredModelIsUsable() {
    assertThat(models(new Will.Say("x")).unusable(model())).isEmpty();
  }

  @Test
  void whatIsSaidIsStreamedAndReturnedWhole() {
    StringBuilder streamed = new StringBuilder();
    Reply reply =
        models(new Will.Say("Grüße aus Raglan, with love.\nBye \"now\""))
            .ask(plain(), streamed::append)
            .block(SOON);

    assertThat(reply).isNotNull();
    assertThat(reply.text()).isEqualTo("Grüße aus Raglan, with love.\nBye \"now\"");
    assertThat(streamed).hasToString(reply.text());
    assertThat(reply.calls()).isEmpty();
    assertThat(reply.truncated()).isFalse();
  }

  @Test
  void severalCallsKeepTheirOrderNamesAndArguments() {
    Reply reply =
        ask(
            models(
                new Will.Call(
                    List.of(
                        new FakeAnswer.Call("geocode", "{\"place\":\"Raglan\"}"),
                        new FakeAnswer.Call("geocode", "{\"place\":\"Kawhia\"}")))),
            request(1, List.of(GEOCODE), null, new Message.User("Where?")));

    assertThat(reply.calls())
        .extracting(Wanted::name, Wanted::arguments)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("geocode", json("{'place':'Raglan'}")),
            org.assertj.core.groups.Tuple.tuple("geocode", json("{'place':'Kawhia'}")));
    assertThat(reply.structured()).isNull();
  }

  @Test
  void theNextTurnFollowsTheResultsOfTheFirst() {
    Models models =
        models(
            new Will.Call(List.of(new FakeAnswer.Call("geocode", "{\"place\":\"Raglan\"}"))),
            new Will.Say("done"));
    Reply first = ask(models, request(1, List.of(GEOCODE), null, new Message.User("Where?")));
    Reply second =
        ask(
            models,
            request(
                2,
                List.of(GEOCODE),
                null,
                new Message.User("Where?"),
                new Message.Assistant("", first.reasoning(), List.of(wanted("c1"))),
                new Message.ToolOutput("c1", "geocode", "{\"lat\":1}", json("{'lat':1}"), false)));

    assertThat(second.text()).isEqualTo("done");
  }

  @Test
  void anAnswerWithASchemaComesAsAValueOrAsItsText() {
    Reply reply =
        ask(
            models(new Will.Say("{\"unsafe\":false}")),
            request(
                1,
                List.of(),
                json("{'type':'object','properties':{'unsafe':{'type':'boolean'}}}"),
                new Message.User("Safe?")));

    JsonNode structured = reply.structured();
    assertThat(structured == null ? json(reply.text()) : structured)
        .isEqualTo(json("{'unsafe':false}"));
  }

  @Test
  void aReplyCutByTheTokenBoundSaysSo() {
    Reply reply = ask(models(new Will.SayCut("Once upon")), plain());

    assertThat(reply.text()).isEqualTo("Once upon");
    assertThat(reply.truncated()).isTrue();
  }

  @Test
  void failuresHaveTheirKindAndNameTheModel() {
    for (ErrorKind kind :
        List.of(ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE, ErrorKind.MODEL_ERROR)) {
      ModelException failure = failure(models(new Will.Fail(kind)), plain());
      assertThat(failure.error().kind()).isEqualTo(kind);
      assertThat(failure.error().message()).isNotBlank();
    }
  }

  @Test
  void nothingHappensBeforeSomebodySubscribes() {
    Models models = models(new Will.Say("first"), new Will.Say("second"));
    Mono<Reply> never = models.ask(plain(), text -> {});

    assertThat(never).isNotNull();
    assertThat(ask(models, plain()).text()).isEqualTo("first");
  }

  @Test
  void givingUpLeavesNothingToWaitFor() {
    Models models = models(new Will.Wait(Duration.ofSeconds(60), "late"));
    long began = System.nanoTime();

    assertThat(models.ask(plain(), t -> {}).timeout(Duration.ofMillis(200), Mono.empty()).block())
        .isNull();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
  }

  static Wanted wanted(String id) {
    return new Wanted(id, "geocode", json("{'place':'Raglan'}"));
  }
}
