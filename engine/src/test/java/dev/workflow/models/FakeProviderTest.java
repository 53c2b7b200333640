package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Request;
import dev.workflow.run.StepPath;
import dev.workflow.schema.JsonSchemas;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A fake that lies would make every test with it worthless. */
class FakeProviderTest {
  private static final JsonNode SCHEMA =
      ModelsContract.json(
          "{'type':'object','required':['place','days','tags','kind','when'],'properties':{"
              + "'place':{'$ref':'#/$defs/place'},'days':{'type':'integer','minimum':2},"
              + "'tags':{'type':'array','minItems':2,'items':{'type':'string','minLength':9}},"
              + "'kind':{'enum':['car','bus']},'when':{'type':'string','format':'date'},"
              + "'note':{'type':'string'}},"
              + "'$defs':{'place':{'anyOf':[{'type':['null','string']},{'type':'string'}]}}}");

  private static Request request(
      int turn, String system, List<Offer> tools, @Nullable JsonNode schema, Message... talk) {
    return new Request(
        ModelRef.of("openai", "gpt-5"),
        "planner",
        StepPath.of("plan"),
        "plan#1",
        turn,
        system,
        List.of(talk),
        tools,
        schema,
        null,
        ModelsContract.json("{}"));
  }

  private static Reply ask(FakeProvider provider, Request request) {
    Models models =
        new ProviderModels(
            Map.of("OPENAI_BASE_URL", provider.url() + "/v1"), ProviderTimeouts.DEFAULT);
    return Objects.requireNonNull(models.ask(request, text -> {}).block(Duration.ofSeconds(20)));
  }

  @Test
  void withoutRulesItAnswersWithAValueThatFitsTheSchemaAskedFor() {
    String contract =
        "# Answer\nYour final answer is one JSON value that fits this JSON Schema, with nothing"
            + " before or after it:\n"
            + SCHEMA;
    try (FakeProvider provider = FakeProvider.start(FakeRules.NONE::answer)) {
      Reply natively = ask(provider, request(1, "", List.of(), SCHEMA, new Message.User("x")));
      Reply byPrompt =
          ask(
              provider,
              request(1, contract, List.of(ModelsContract.GEOCODE), SCHEMA, new Message.User("x")));
      for (Reply reply : List.of(natively, byPrompt)) {
        assertThat(new JsonSchemas().validate(SCHEMA, ModelsContract.json(reply.text()))).isEmpty();
      }
      assertThat(ask(provider, request(1, "", List.of(), null, new Message.User("x"))).text())
          .isEqualTo("This is the answer of a fake provider.");
    }
  }

  @Test
  void rulesAnswerByWhatARequestContainsAndByTurn() {
    FakeRules rules =
        FakeRules.read(
            """
            [{"contains": "find", "turn": 1,
              "calls": [{"tool": "geocode", "arguments": {"place": "Raglan"}}]},
             {"contains": "find", "turn": 2, "text": "found"},
             {"contains": "verdict", "answer": {"unsafe": false}}]
            """);
    try (FakeProvider provider = FakeProvider.start(rules::answer)) {
      Message find = new Message.User("find it");
      Reply first = ask(provider, request(1, "", List.of(ModelsContract.GEOCODE), null, find));
      Reply second =
          ask(
              provider,
              request(
                  2,
                  "",
                  List.of(ModelsContract.GEOCODE),
                  null,
                  find,
                  new Message.Assistant("", null, first.calls()),
                  new Message.ToolOutput(first.calls().get(0).id(), "geocode", "{}", null, false)));
      Reply verdict =
          ask(provider, request(1, "", List.of(), null, new Message.User("your verdict?")));

      assertThat(first.calls().get(0).arguments())
          .isEqualTo(ModelsContract.json("{'place':'Raglan'}"));
      assertThat(second.text()).isEqualTo("found");
      assertThat(verdict.text()).isEqualTo("{\"unsafe\":false}");
    }
  }
}
