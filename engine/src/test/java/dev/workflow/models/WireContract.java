package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Image;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.ModelException;
import dev.workflow.engine.Models.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** What every real provider must do besides, seen at the wire. */
abstract class WireContract extends ModelsContract {
  static final String KEY = "sk-very-secret-key-0123456789";
  static final ProviderTimeouts SHORT =
      new ProviderTimeouts(Duration.ofSeconds(5), Duration.ofMillis(400));
  static final ProviderTimeouts PATIENT =
      new ProviderTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(30));
  private final List<FakeProvider> started = new ArrayList<>();

  /** Variables that configure this provider at an address, key included where it has one. */
  abstract Map<String, String> environment(String url);

  @AfterEach
  void stop() {
    started.forEach(FakeProvider::close);
  }

  final FakeProvider provider(FakeAnswer... answers) {
    FakeProvider provider = FakeProvider.start(answers);
    started.add(provider);
    return provider;
  }

  final Models at(FakeProvider provider, ProviderTimeouts timeouts) {
    return new ProviderModels(environment(provider.url()), timeouts);
  }

  final Models at(FakeProvider provider) {
    return at(provider, PATIENT);
  }

  @Override
  final Models models(Will... wills) {
    FakeAnswer[] answers = new FakeAnswer[wills.length];
    for (int i = 0; i < wills.length; i++) {
      answers[i] = answer(wills[i]);
    }
    return at(provider(answers));
  }

  private static FakeAnswer answer(Will will) {
    return switch (will) {
      case Will.Say say -> new FakeAnswer.Text(say.text());
      case Will.Call call -> new FakeAnswer.Calls("", call.calls());
      case Will.SayCut cut -> new FakeAnswer.Truncated(cut.text());
      case Will.Wait slow -> new FakeAnswer.Slow(slow.delay(), new FakeAnswer.Text(slow.text()));
      case Will.Fail fail ->
          FakeAnswer.Status.of(
              switch (fail.kind()) {
                case RATE_LIMITED -> 429;
                case UNAVAILABLE -> 503;
                default -> 400;
              },
              "no");
    };
  }

  /** A result with images. */
  static final Message.ToolOutput seen(String id, String... data) {
    List<Image> images = Stream.of(data).map(one -> new Image("image/png", one)).toList();
    return new Message.ToolOutput(id, "geocode", "text of " + id, null, false, images);
  }

  final ModelException failureOf(FakeAnswer answer) {
    return failure(at(provider(answer), SHORT), plain());
  }

  private void fails(FakeAnswer answer, ErrorKind kind, String message) {
    ModelException failure = failureOf(answer);
    assertThat(failure.error().message()).isEqualTo(model().name() + ": " + message);
    assertThat(failure.error().kind()).isEqualTo(kind);
  }

  @Test
  void eachAnswerOfTheServerHasItsKindOfError() {
    fails(
        FakeAnswer.Status.of(429, "slow down please"),
        ErrorKind.RATE_LIMITED,
        "the provider asks to slow down (429): slow down please");
    fails(
        new FakeAnswer.Status(429, "later", Map.of("Retry-After", "7"), null),
        ErrorKind.RATE_LIMITED,
        "the provider asks to slow down and to wait 7 s (429): later");
    fails(
        FakeAnswer.Status.of(429, "You exceeded your current quota"),
        ErrorKind.MODEL_ERROR,
        "the account has nothing left to spend (429): You exceeded your current quota");
    fails(
        FakeAnswer.Status.of(500, "internal\n error"),
        ErrorKind.UNAVAILABLE,
        "the provider answered with an error (500): internal error");
    fails(
        FakeAnswer.Status.of(529, "overloaded"),
        ErrorKind.UNAVAILABLE,
        "the provider answered with an error (529): overloaded");
    fails(
        FakeAnswer.Status.of(400, "context too long"),
        ErrorKind.MODEL_ERROR,
        "the provider answered with an error (400): context too long");
    fails(
        new FakeAnswer.Status(502, "", Map.of(), "<html>Bad gateway</html>"),
        ErrorKind.UNAVAILABLE,
        "the provider answered with an error (502): <html>Bad gateway</html>");
  }

  @Test
  void aStreamThatIsCutIsNotAReply() {
    fails(
        new FakeAnswer.Cut("Once"),
        ErrorKind.UNAVAILABLE,
        "the connection ended before the reply was complete");
    fails(
        new FakeAnswer.Unfinished("Once"),
        ErrorKind.UNAVAILABLE,
        "the connection ended before the reply was complete");
  }

  @Test
  void aPieceThatIsNoJsonIsAnErrorThatQuotesIt() {
    ModelException failure = failureOf(new FakeAnswer.Malformed("Once"));

    assertThat(failure.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(failure.error().message())
        .startsWith(model().name() + ": the provider sent a piece that is no JSON: {");
  }

  @Test
  void anErrorInTheMiddleOfAStreamIsAnError() {
    ModelException failure =
        failureOf(new FakeAnswer.StreamError("overloaded_error", "too many people"));

    assertThat(failure.error().message())
        .isEqualTo(
            model().name() + ": the provider broke off its reply with an error: too many people");
  }

  @Test
  void silenceForTooLongIsATimeout() {
    fails(new FakeAnswer.Silent("Once"), ErrorKind.TIMEOUT, "the provider said nothing for 0 s");
    fails(
        new FakeAnswer.Slow(Duration.ofSeconds(30), new FakeAnswer.Text("late")),
        ErrorKind.TIMEOUT,
        "the provider did not answer in time");
  }

  @Test
  void onlyWhatTheProviderTookOnMayBeBilled() {
    for (int status : new int[] {400, 401, 404, 408, 429, 503}) {
      FakeAnswer refusal = FakeAnswer.Status.of(status, "no");
      assertThat(failure(at(provider(refusal)), plain()).possiblyBilled())
          .as("%d", status)
          .isFalse();
    }
    assertThat(failureOf(new FakeAnswer.Cut("Once")).possiblyBilled()).isTrue();
    assertThat(failureOf(new FakeAnswer.Malformed("Once")).possiblyBilled()).isTrue();
    assertThat(failureOf(new FakeAnswer.Silent("Once")).possiblyBilled()).isTrue();
    assertThat(failureOf(new FakeAnswer.StreamError("overloaded_error", "x")).possiblyBilled())
        .isTrue();
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() {
    FakeProvider gone = provider(new FakeAnswer.Text("x"));
    Models models = at(gone);
    gone.close();

    ModelException failure = failure(models, plain());
    assertThat(failure.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(failure.error().message())
        .startsWith(model().name() + ": " + gone.url())
        .endsWith(" cannot be reached (the connection is refused)");
    assertThat(failure.possiblyBilled()).isFalse();
  }

  @Test
  void aReplyWithoutEndIsGivenUp() {
    FakeProvider provider = provider(new FakeAnswer.Endless("x".repeat(10_000), Duration.ZERO));

    ModelException failure = failure(at(provider), plain());
    assertThat(failure.error().message())
        .isEqualTo(model().name() + ": the reply was given up after 1,048,576 characters");
    assertThat(failure.error().kind()).isEqualTo(ErrorKind.MODEL_ERROR);
    assertThat(provider.wasAbandoned()).isTrue();
  }

  @Test
  void givingUpClosesTheConnection() {
    FakeProvider provider = provider(new FakeAnswer.Endless("x", Duration.ofMillis(5)));
    CountDownLatch heard = new CountDownLatch(1);
    Disposable asked = at(provider).ask(plain(), text -> heard.countDown()).subscribe();
    try {
      assertThat(heard.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    asked.dispose();

    assertThat(provider.wasAbandoned()).isTrue();
  }

  @Test
  void toolSchemasGoOutUnchanged() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    ask(at(provider), request(1, List.of(GEOCODE), null, new Message.User("Where?")));

    assertThat(schemasSent(provider)).containsExactly(GEOCODE.inputSchema());
  }

  @Test
  void toolsThatAreNoPlainObjectsAreOfferedAsOne() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    Offer bare = new Offer("bare", "Takes nothing.", json("{'type':'object'}"));
    Offer either =
        new Offer(
            "either",
            "Takes one of two.",
            json(
                "{'type':'object','properties':{'a':{},'b':{}},"
                    + "'anyOf':[{'required':['a']},{'required':['b']}]}"));
    ask(at(provider), request(1, List.of(bare, either), null, new Message.User("Where?")));

    assertThat(schemasSent(provider))
        .containsExactly(
            json("{'type':'object','properties':{}}"),
            json("{'type':'object','properties':{'a':{},'b':{}}}"));
  }

  private List<JsonNode> schemasSent(FakeProvider provider) {
    boolean anthropic = model().provider().equals("anthropic");
    List<JsonNode> schemas = new ArrayList<>();
    for (JsonNode tool : provider.requests().get(0).body().path("tools")) {
      schemas.add(anthropic ? tool.path("input_schema") : tool.path("function").path("parameters"));
    }
    return schemas;
  }

  @Test
  void noMessageAndNoBodyHoldsTheKey() {
    for (int status : new int[] {400, 401, 403, 429, 500}) {
      FakeProvider provider = provider(FakeAnswer.Status.of(status, "the key " + KEY + " is bad"));
      ModelException failure = failure(at(provider), plain());

      assertThat(failure.error().toString()).doesNotContain(KEY);
      assertThat(provider.requests().get(0).body().toString()).doesNotContain(KEY);
    }
  }
}
