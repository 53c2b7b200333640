package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Request;
import dev.workflow.models.FakeProvider.Received;
import dev.workflow.run.ModelReply.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

@Execution(ExecutionMode.CONCURRENT)
class OllamaModelsTest extends WireContract {
  private static final JsonNode VERDICT =
      json("{'type':'object','properties':{'unsafe':{'type':'boolean'}}}");

  @Override
  ModelRef model() {
    return ModelRef.of("ollama", "llama3.3");
  }

  @Override
  Map<String, String> environment(String url) {
    return Map.of("OLLAMA_HOST", url, "OLLAMA_API_KEY", KEY);
  }

  @Test
  void aRequestHoldsKeyModelAndBounds() {
    FakeProvider provider = provider(new FakeAnswer.Text("Hi"));
    ask(at(provider), plain());

    Received sent = provider.requests().get(0);
    assertThat(sent.path()).isEqualTo("/api/chat");
    assertThat(sent.headers()).containsEntry("Authorization", "Bearer " + KEY);
    assertThat(sent.body().path("model").stringValue()).isEqualTo("llama3.3");
    assertThat(sent.body().path("options"))
        .isEqualTo(json("{'num_predict':8192,'num_ctx':16384,'stop':[]}"));
  }

  @Test
  void theWindowGrowsWithTheConversationSoThatNothingIsForgotten() {
    FakeProvider provider = provider(new FakeAnswer.Text("Hi"));
    ask(at(provider), request(1, List.of(), null, new Message.User("x".repeat(60_000))));

    assertThat(provider.requests().get(0).body().path("options").path("num_ctx").intValue())
        .isEqualTo(32_768);
  }

  @Test
  void usageIsCounted() {
    assertThat(ask(models(new Will.Say("Hi")), plain()).usage())
        .isEqualTo(new Usage(100, 20, 0, 0, 0));
  }

  @Test
  void theSchemaIsTheFormatUnlessThereAreToolsWhichAFormatWouldSilence() {
    FakeProvider provider = provider(new FakeAnswer.Text("{\"unsafe\":true}"));
    ask(at(provider), request(1, List.of(), VERDICT, new Message.User("Safe?")));
    Request withTools = request(1, List.<Offer>of(GEOCODE), VERDICT, new Message.User("Safe?"));
    ask(at(provider), withTools);

    assertThat(provider.requests().get(0).body().path("format")).isEqualTo(VERDICT);
    assertThat(provider.requests().get(1).body().has("format")).isFalse();
  }

  @Test
  void theUserShowsTheImagesOfToolsWhichMakeTheWindowLarger() {
    FakeProvider provider = provider(new FakeAnswer.Text("x"));
    ask(
        at(provider),
        request(
            2,
            List.of(GEOCODE),
            null,
            new Message.User("Where?"),
            new Message.Assistant("", null, List.of(wanted("c1"))),
            seen("c1", "AAAA", "BBBB")));

    JsonNode body = provider.requests().get(0).body();
    JsonNode shown = body.path("messages").path(4);
    assertThat(body.path("messages").path(3).path("role").stringValue()).isEqualTo("tool");
    assertThat(shown.path("role").stringValue()).isEqualTo("user");
    assertThat(shown.path("content").stringValue())
        .isEqualTo("[What the tool geocode gave in its call c1:]");
    assertThat(shown.path("images")).isEqualTo(json("['AAAA','BBBB']"));
    assertThat(body.path("options").path("num_ctx").intValue()).isEqualTo(65_536);
  }

  @Test
  void anUnknownModelSaysHowToGetIt() {
    assertThat(failureOf(FakeAnswer.Status.of(404, "model 'llama3.3' not found")).error().message())
        .isEqualTo(
            "ollama/llama3.3: there is no such model or address (404): model 'llama3.3' not found;"
                + " run: ollama pull llama3.3");
  }
}
