package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Request;
import dev.workflow.models.FakeProvider.Received;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.StepPath;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

@Execution(ExecutionMode.CONCURRENT)
class AnthropicModelsTest extends WireContract {
  private static final JsonNode CLOSED =
      json(
          "{'type':'object','properties':{'unsafe':{'type':'boolean'},'why':{'type':'string'}},"
              + "'required':['unsafe'],'additionalProperties':false}");
  private static final JsonNode OPEN =
      json("{'type':'object','properties':{'n':{'type':'integer','minimum':1}}}");

  @Override
  ModelRef model() {
    return ModelRef.of("anthropic", "claude-sonnet-4-5");
  }

  @Override
  Map<String, String> environment(String url) {
    return Map.of("ANTHROPIC_BASE_URL", url, "ANTHROPIC_API_KEY", KEY);
  }

  private static Request with(ModelRef model, Message... talk) {
    return new Request(
        model,
        "planner",
        StepPath.of("plan"),
        "plan#1",
        1,
        "You plan.",
        List.of(talk),
        List.of(GEOCODE),
        null,
        null,
        json("{}"));
  }

  @Test
  void aRequestHoldsKeyModelMessagesAndAlwaysABound() {
    FakeProvider provider = provider(new FakeAnswer.Text("Hi"));
    ask(at(provider), plain());

    Received sent = provider.requests().get(0);
    assertThat(sent.path()).isEqualTo("/v1/messages");
    assertThat(sent.headers()).containsEntry("X-api-key", KEY).containsKey("Anthropic-version");
    assertThat(sent.body().path("max_tokens").intValue()).isEqualTo(8_192);
    assertThat(sent.body().path("system").path(0).path("text").stringValue())
        .isEqualTo("You plan.");
    assertThat(sent.body().has("temperature")).isFalse();
  }

  @Test
  void usageCountsCachedTokensAsInput() {
    assertThat(ask(models(new Will.Say("Hi")), plain()).usage())
        .isEqualTo(new Usage(100, 20, 40, 10, 0));
  }

  @Test
  void aClosedSchemaIsHeldToByTheProvider() {
    FakeProvider provider = provider(new FakeAnswer.Text("{\"unsafe\":true}"));
    ask(at(provider), request(1, List.of(GEOCODE), CLOSED, new Message.User("Safe?")));

    assertThat(provider.requests().get(0).body().path("output_config").path("format"))
        .isEqualTo(json("{'type':'json_schema','schema':" + CLOSED + "}"));
  }

  @Test
  void anotherSchemaBecomesAToolThatMustBeCalled() {
    FakeProvider provider = provider(FakeAnswer.call("final_answer", json("{'n':3}")));
    Reply reply =
        ask(at(provider), request(1, List.of(GEOCODE), OPEN, new Message.User("How many?")));

    assertThat(reply.structured()).isEqualTo(json("{'n':3}"));
    assertThat(reply.calls()).isEmpty();
    JsonNode body = provider.requests().get(0).body();
    assertThat(body.path("tool_choice").path("type").stringValue()).isEqualTo("any");
    assertThat(body.path("tools").path(1).path("input_schema")).isEqualTo(OPEN);
  }

  @Test
  void realCallsComeBeforeAnAnswerGivenInTheSameBreath() {
    FakeProvider provider =
        provider(
            new FakeAnswer.Calls(
                "",
                List.of(
                    new FakeAnswer.Call("geocode", "{\"place\":\"X\"}"),
                    new FakeAnswer.Call("final_answer", "{\"n\":3}"))));
    Reply reply =
        ask(at(provider), request(1, List.of(GEOCODE), OPEN, new Message.User("How many?")));

    assertThat(reply.structured()).isNull();
    assertThat(reply.calls()).hasSize(1);
  }

  @Test
  void aThinkingBlockGoesBackAsItCame() {
    FakeProvider provider =
        provider(
            new FakeAnswer.Thinking(
                "Let me see.",
                "signed",
                new FakeAnswer.Calls(
                    "Looking.", List.of(new FakeAnswer.Call("geocode", "{\"place\":\"X\"}")))),
            new FakeAnswer.Text("There."));
    ModelRef thinker = new ModelRef("anthropic", "claude-sonnet-4-5", null, 0.0, "low", null);
    Reply reply = ask(at(provider), with(thinker, new Message.User("Where?")));
    ask(
        at(provider),
        with(
            thinker,
            new Message.User("Where?"),
            new Message.Assistant(reply.text(), reply.reasoning(), List.of(wanted("c1"))),
            new Message.ToolOutput("c1", "geocode", "{}", json("{}"), false)));

    assertThat(reply.reasoning())
        .isEqualTo(json("{'thinking':'Let me see.','signature':'signed'}"));
    JsonNode first = provider.requests().get(0).body();
    assertThat(first.path("thinking")).isEqualTo(json("{'type':'enabled','budget_tokens':4096}"));
    assertThat(first.path("max_tokens").intValue()).isEqualTo(8_192 + 4_096);
    assertThat(first.has("temperature")).isFalse();
    assertThat(provider.requests().get(1).body().path("messages").path(1).path("content").path(0))
        .isEqualTo(json("{'type':'thinking','thinking':'Let me see.','signature':'signed'}"));
  }

  @Test
  void newerModelsChooseTheirOwnBudgetForAnEffort() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    ask(
        at(provider),
        with(
            new ModelRef("anthropic", "claude-opus-4-6", null, null, "high", null),
            new Message.User("Where?")));

    JsonNode body = provider.requests().get(0).body();
    assertThat(body.path("thinking")).isEqualTo(json("{'type':'adaptive'}"));
    assertThat(body.path("output_config")).isEqualTo(json("{'effort':'high'}"));
  }

  @Test
  void aFailedToolCallIsMarkedAsOne() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    ask(
        at(provider),
        with(
            model(),
            new Message.User("Where?"),
            new Message.Assistant("", null, List.of(wanted("c1"))),
            new Message.ToolOutput("c1", "geocode", "no such place", null, true)));

    JsonNode messages = provider.requests().get(0).body().path("messages");
    assertThat(messages.path(1).path("content").path(0).path("input"))
        .isEqualTo(json("{'place':'Raglan'}"));
    assertThat(messages.path(2).path("content").path(0).path("is_error").booleanValue()).isTrue();
  }

  @Test
  void imagesOfAToolStandInItsResult() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    ask(
        at(provider),
        with(
            model(),
            new Message.User("Where?"),
            new Message.Assistant("", null, List.of(wanted("c1"), wanted("c2"))),
            seen("c1", "AAAA", "BBBB"),
            seen("c2")));

    JsonNode messages = provider.requests().get(0).body().path("messages");
    assertThat(messages.size()).isEqualTo(3);
    JsonNode results = messages.path(2).path("content");
    assertThat(results.path(0).path("tool_use_id").stringValue()).isEqualTo("c1");
    assertThat(results.path(0).path("content"))
        .isEqualTo(
            json(
                """
                [{'type': 'text', 'text': 'text of c1'},
                 {'type': 'image',
                  'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'AAAA'}},
                 {'type': 'image',
                  'source': {'type': 'base64', 'media_type': 'image/png', 'data': 'BBBB'}}]
                """));
    assertThat(results.path(1).path("content").toString()).contains("text of c2");
  }

  @Test
  void anOverloadInTheMiddleOfAStreamMayGoAway() {
    assertThat(failureOf(new FakeAnswer.StreamError("overloaded_error", "busy")).error().kind())
        .isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(failureOf(new FakeAnswer.StreamError("rate_limit_error", "slow")).error().kind())
        .isEqualTo(ErrorKind.RATE_LIMITED);
    assertThat(failureOf(new FakeAnswer.StreamError("invalid_request_error", "x")).error().kind())
        .isEqualTo(ErrorKind.MODEL_ERROR);
  }

  @Test
  void aRefusalOfTheModelIsItsAnswer() {
    assertThat(failureOf(new FakeAnswer.Refusal("no")).error().message())
        .isEqualTo("anthropic/claude-sonnet-4-5: the model refuses to answer");
  }

  @Test
  void aRefusedKeySaysWhatToCheck() {
    assertThat(failureOf(FakeAnswer.Status.of(401, "invalid x-api-key")).error().message())
        .isEqualTo(
            "anthropic/claude-sonnet-4-5: the provider refuses the request (401): check the value"
                + " of ANTHROPIC_API_KEY");
  }

  @Test
  void argumentsThatAreNoJsonStayText() {
    Reply reply =
        ask(
            at(
                provider(
                    new FakeAnswer.Calls(
                        "", List.of(new FakeAnswer.Call("geocode", "{\"place\": "))))),
            request(1, List.of(GEOCODE), null, new Message.User("Where?")));

    assertThat(reply.calls().get(0).arguments().stringValue()).isEqualTo("{\"place\": ");
  }
}
