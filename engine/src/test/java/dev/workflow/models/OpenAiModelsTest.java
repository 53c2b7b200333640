package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Request;
import dev.workflow.models.FakeProvider.Received;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.StepPath;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

@Execution(ExecutionMode.CONCURRENT)
class OpenAiModelsTest extends WireContract {
  private static final JsonNode COMPLETE =
      json(
          "{'type':'object','properties':{'unsafe':{'type':'boolean'}},'required':['unsafe'],"
              + "'additionalProperties':false}");

  @Override
  ModelRef model() {
    return ModelRef.of("openai", "gpt-4.1");
  }

  @Override
  Map<String, String> environment(String url) {
    return Map.of("OPENAI_BASE_URL", url + "/v1", "OPENAI_API_KEY", KEY);
  }

  private Request with(ModelRef model, @Nullable Long seed) {
    return new Request(
        model,
        "planner",
        StepPath.of("plan"),
        "plan#1",
        1,
        "You plan.",
        List.of(new Message.User("Hello")),
        List.of(),
        null,
        seed,
        json("{}"));
  }

  @Test
  void aRequestHoldsKeyModelMessagesAndBounds() {
    FakeProvider provider = provider(new FakeAnswer.Text("Hi"));
    ask(at(provider), with(new ModelRef("openai", "gpt-4.1", null, 0.0, null, 100), 1L));

    Received sent = provider.requests().get(0);
    assertThat(sent.path()).isEqualTo("/v1/chat/completions");
    assertThat(sent.headers())
        .containsEntry("Authorization", "Bearer " + KEY)
        .containsEntry("User-agent", "workflow");
    assertThat(sent.body())
        .isEqualTo(
            json(
                "{'model':'gpt-4.1','messages':[{'role':'system','content':'You plan.'},"
                    + "{'role':'user','content':'Hello'}],'temperature':0.0,'stream':true,"
                    + "'stream_options':{'include_usage':true},'max_tokens':100,'seed':1}"));
  }

  @Test
  void aReasoningModelGetsItsEffortRoomToThinkAndNoTemperature() {
    FakeProvider provider = provider(new FakeAnswer.Text("Hi"));
    ask(at(provider), with(new ModelRef("openai", "gpt-5", null, 0.0, "low", null), null));

    JsonNode body = provider.requests().get(0).body();
    assertThat(body.has("temperature")).isFalse();
    assertThat(body.path("reasoning_effort").stringValue()).isEqualTo("low");
    assertThat(body.path("max_tokens").intValue()).isEqualTo(8_192 + 4_096);
  }

  @Test
  void usageTellsCachedAndReasoningTokens() {
    Reply reply = ask(models(new Will.Say("Hi")), plain());

    assertThat(reply.usage()).isEqualTo(new Usage(100, 20, 40, 0, 5));
  }

  @Test
  void theSchemaOfTheAnswerGoesOutUnchangedAndStrictOnlyWhereItQualifies() {
    FakeProvider provider = provider(new FakeAnswer.Text("{\"unsafe\":true}"));
    JsonNode open = json("{'type':'object','properties':{'unsafe':{'type':'boolean'}}}");
    ask(at(provider), request(1, List.of(), COMPLETE, new Message.User("Safe?")));
    ask(at(provider), request(1, List.of(), open, new Message.User("Safe?")));

    assertThat(provider.requests().get(0).body().path("response_format"))
        .isEqualTo(format(COMPLETE, true));
    assertThat(provider.requests().get(1).body().path("response_format"))
        .isEqualTo(format(open, false));
  }

  private static JsonNode format(JsonNode schema, boolean strict) {
    return json(
        "{'type':'json_schema','json_schema':{'name':'answer','strict':"
            + strict
            + ",'schema':"
            + schema
            + "}}");
  }

  @Test
  void whereAFormatIsRefusedTheAnswerIsAToolThatMustBeCalled() {
    FakeProvider provider =
        provider(
            FakeAnswer.Status.of(400, "Unknown parameter: response_format"),
            FakeAnswer.call("final_answer", json("{'unsafe':true}")));
    Reply reply = ask(at(provider), request(1, List.of(), COMPLETE, new Message.User("Safe?")));

    assertThat(reply.structured()).isEqualTo(json("{'unsafe':true}"));
    assertThat(reply.calls()).isEmpty();
    JsonNode second = provider.requests().get(1).body();
    assertThat(second.path("tool_choice").stringValue()).isEqualTo("required");
    assertThat(second.path("tools").path(0).path("function").path("parameters"))
        .isEqualTo(COMPLETE);
    assertThat(second.has("response_format")).isFalse();
  }

  @Test
  void whereThatIsRefusedTooThePromptAloneMustDo() {
    FakeProvider provider =
        provider(
            FakeAnswer.Status.of(400, "json_schema is not supported"),
            FakeAnswer.Status.of(400, "tool_choice is not supported"),
            new FakeAnswer.Text("{\"unsafe\":true}"));
    Reply reply = ask(at(provider), request(1, List.of(), COMPLETE, new Message.User("Safe?")));

    assertThat(reply.text()).isEqualTo("{\"unsafe\":true}");
    JsonNode last = provider.requests().get(2).body();
    assertThat(last.has("tools")).isFalse();
    assertThat(last.has("response_format")).isFalse();
  }

  @Test
  void whatWasRefusedOnceIsNotTriedAgain() {
    FakeProvider provider =
        provider(
            FakeAnswer.Status.of(400, "Unknown parameter: response_format"),
            FakeAnswer.call("final_answer", json("{'unsafe':true}")));
    Models models = at(provider);
    ask(models, request(1, List.of(), COMPLETE, new Message.User("Safe?")));
    ask(models, request(1, List.of(), COMPLETE, new Message.User("Safe?")));

    assertThat(provider.requests()).hasSize(3);
    assertThat(provider.requests().get(2).body().has("response_format")).isFalse();
  }

  @Test
  void anyOtherRefusalIsNotTriedAgain() {
    FakeProvider provider = provider(FakeAnswer.Status.of(400, "context too long"));
    failure(at(provider), request(1, List.of(), COMPLETE, new Message.User("Safe?")));

    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void aRefusalOfTheModelIsItsAnswer() {
    assertThat(failureOf(new FakeAnswer.Refusal("I cannot help with that.")).error().message())
        .isEqualTo("openai/gpt-4.1: the model refuses to answer: I cannot help with that.");
  }

  @Test
  void aRefusedKeySaysWhatToCheck() {
    assertThat(failureOf(FakeAnswer.Status.of(401, "Incorrect API key sk-ver***789")).error())
        .satisfies(
            error -> {
              assertThat(error.kind()).isEqualTo(ErrorKind.MODEL_ERROR);
              assertThat(error.message())
                  .isEqualTo(
                      "openai/gpt-4.1: the provider refuses the request (401): check the value of"
                          + " OPENAI_API_KEY");
            });
  }

  @Test
  void anUnknownHostIsUnavailable() {
    Models models =
        new ProviderModels(Map.of("OPENAI_BASE_URL", "http://nowhere.invalid:9/v1"), SHORT);

    assertThat(failure(models, plain()).error().message())
        .isEqualTo(
            "openai/gpt-4.1: http://nowhere.invalid:9/v1 cannot be reached (there is no such host)");
  }

  @Test
  void anUnknownModelSaysWhatToCheck() {
    assertThat(failureOf(FakeAnswer.Status.of(404, "model not found")).error().message())
        .isEqualTo(
            "openai/gpt-4.1: there is no such model or address (404): model not found; check the"
                + " name of the model, and whether the base URL must end in /v1");
  }

  @Test
  void aFailedToolCallIsMarkedInItsText() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    ask(
        at(provider),
        request(
            2,
            List.of(GEOCODE),
            null,
            new Message.User("Where?"),
            new Message.Assistant("", null, List.of(wanted("c1"))),
            new Message.ToolOutput("c1", "geocode", "no such place", null, true)));

    JsonNode messages = provider.requests().get(0).body().path("messages");
    assertThat(messages.path(2).path("tool_calls").path(0))
        .isEqualTo(
            json(
                "{'id':'c1','type':'function','function':{'name':'geocode',"
                    + "'arguments':'{\\'place\\':\\'Raglan\\'}'}}"));
    assertThat(messages.path(3))
        .isEqualTo(json("{'role':'tool','tool_call_id':'c1','content':'Error: no such place'}"));
  }

  @Test
  void theUserShowsTheImagesOfToolsBehindAllResultsOfATurn() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    ask(
        at(provider),
        request(
            3,
            List.of(GEOCODE),
            null,
            new Message.User("Where?"),
            new Message.Assistant("", null, List.of(wanted("c1"), wanted("c2"))),
            seen("c1", "AAAA"),
            seen("c2", "BBBB"),
            new Message.Assistant("", null, List.of(wanted("c3"))),
            seen("c3")));

    JsonNode messages = provider.requests().get(0).body().path("messages");
    assertThat(messages.findValuesAsString("role"))
        .containsExactly(
            "system", "user", "assistant", "tool", "tool", "user", "assistant", "tool");
    assertThat(messages.path(3))
        .isEqualTo(json("{'role':'tool','tool_call_id':'c1','content':'text of c1'}"));
    assertThat(messages.path(5).path("content"))
        .isEqualTo(
            json(
                """
                [{'type': 'text', 'text': '[What the tool geocode gave in its call c1:]'},
                 {'type': 'image_url',
                  'image_url': {'url': 'data:image/png;base64,AAAA', 'detail': 'high'}},
                 {'type': 'text', 'text': '[What the tool geocode gave in its call c2:]'},
                 {'type': 'image_url',
                  'image_url': {'url': 'data:image/png;base64,BBBB', 'detail': 'high'}}]
                """));
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
