package dev.workflow.engine;

import static dev.workflow.engine.ConversationWorld.calling;
import static dev.workflow.engine.ConversationWorld.json;
import static dev.workflow.engine.ConversationWorld.said;
import static dev.workflow.engine.ConversationWorld.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.run.ModelReply;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.ModelReply.WantedCall;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ConversationReplyTest {
  private static final String VERDICT =
      "{'type':'object','properties':{'unsafe':{'type':'boolean'}},'required':['unsafe']}";
  private static final String PLACE =
      "{'type':'object','properties':{'place':{'type':'string'}},'required':['place'],"
          + "'additionalProperties':false}";

  private static ConversationWorld world() {
    return new ConversationWorld().tool("travel", "geocode", "Finds a place.", PLACE);
  }

  @Test
  void withoutASchemaTheTextIsTheAnswer() {
    ModelReply reply = world().reply(said("Raglan is nice."));

    assertThat(reply.model()).isEqualTo("openai/gpt-5");
    assertThat(reply.output()).isEqualTo(text("Raglan is nice."));
    assertThat(reply.violations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"unsafe\":true}",
        "  \n{\"unsafe\":true}\n",
        "```json\n{\"unsafe\":true}\n```",
        "Here it is:\n```\n{\"unsafe\":true}\n```\nGood luck!",
        "First ```json\n{\"x\":1}\n``` then ```json\n{\"unsafe\":true}\n```",
        "I looked at [the data] and think {\"unsafe\":true} is right.",
      })
  void theAnswerIsFoundInWhatModelsWrite(String text) {
    ModelReply reply = world().output(VERDICT).reply(said(text));

    assertThat(reply.output()).isEqualTo(json("{'unsafe':true}"));
    assertThat(reply.violations()).isEmpty();
    assertThat(reply.text()).isEqualTo(text);
  }

  @Test
  void aValueOfTheProviderComesBeforeTheText() {
    Models.Reply reply =
        new Models.Reply(
            "{\"unsafe\":true}", null, List.of(), json("{'unsafe':false}"), false, Usage.NONE);

    assertThat(world().output(VERDICT).reply(reply).output()).isEqualTo(json("{'unsafe':false}"));
  }

  @Test
  void plainTextFitsASchemaThatAsksForText() {
    assertThat(world().output("{'type':'string'}").reply(said("42")).output())
        .isEqualTo(text("42"));
    assertThat(world().output("{'type':'string'}").reply(said("\"hi\"")).output())
        .isEqualTo(text("hi"));
  }

  @Test
  void anAnswerThatBreaksItsSchemaIsKeptWithItsViolations() {
    ModelReply reply = world().output(VERDICT).reply(said("{\"unsafe\":\"yes\"}"));

    assertThat(reply.output()).isEqualTo(json("{'unsafe':'yes'}"));
    assertThat(reply.violations()).containsExactly("/unsafe: expected boolean, found \"yes\"");
  }

  @Test
  void proseWhereAValueIsExpectedIsAViolationThatQuotesIt() {
    ModelReply reply = world().output(VERDICT).reply(said("I am\nnot sure."));

    assertThat(reply.output()).isNull();
    assertThat(reply.violations())
        .containsExactly("expected a JSON value; found text: \"I am not sure.\"");
  }

  @Test
  void silenceIsNoAnswer() {
    assertThat(world().reply(said(" ")).violations())
        .containsExactly("the reply is empty; expected an answer");
    assertThat(world().output(VERDICT).reply(said("")).violations())
        .containsExactly("the reply is empty; expected a JSON value");
  }

  @Test
  void aTruncatedReplyIsSaidToBeOneUnlessItsAnswerIsComplete() {
    String cut =
        "the reply was cut off at the token limit of the model (max_tokens: 8192); expected a"
            + " complete, shorter answer";

    assertThat(world().reply(truncated("Once upon")).violations()).containsExactly(cut);
    assertThat(world().output(VERDICT).reply(truncated("{\"unsa")).violations())
        .containsExactly(cut, "expected a JSON value; found text: \"{\"unsa\"");
    assertThat(world().output(VERDICT).reply(truncated("{\"unsafe\":true} and")).violations())
        .isEmpty();
  }

  @Test
  void aCallIsResolvedToItsToolWithHashDigestAndEffect() {
    WantedCall call =
        world().reply(calling(wanted("a", "geocode", "{'place':'Raglan'}"))).calls().get(0);

    assertThat(call)
        .isEqualTo(
            new WantedCall(
                "a",
                "geocode",
                "travel",
                "geocode",
                json("{'place':'Raglan'}"),
                Canonical.hash(json("{'place':'Raglan'}")),
                "digest of geocode",
                Effect.READ,
                null,
                null));
  }

  @Test
  void theStepsOwnEffectClassOverridesTheTools() {
    assertThat(
            world()
                .effect(Effect.DESTRUCTIVE)
                .reply(calling(wanted("a", "geocode", "{'place':'X'}")))
                .calls()
                .get(0)
                .effect())
        .isEqualTo(Effect.DESTRUCTIVE);
  }

  @Test
  void argumentsAreHeldAgainstTheToolsOwnSchema() {
    assertThat(problem(wanted("a", "geocode", "{'plase':'X'}")))
        .isEqualTo(
            """
            The arguments do not fit the input schema of geocode; nothing was called:
            - property "place" is missing
            - unknown property "plase"
            Call it again with corrected arguments.""");
  }

  @Test
  void argumentsThatAreNoObjectAreAProblemThatQuotesThem() {
    assertThat(problem(new Wanted("a", "geocode", text("{\"place\": \"Rag"))))
        .isEqualTo(
            "The arguments of geocode are no JSON object: expected an object that fits its input"
                + " schema; found: {\"place\": \"Rag");
    assertThat(problem(wanted("a", "geocode", "[1]")))
        .isEqualTo(
            "The arguments of geocode are no JSON object: expected an object that fits its input"
                + " schema; found: [1]");
  }

  @Test
  void argumentsCutByTheTokenLimitSaySo() {
    Models.Reply reply =
        new Models.Reply(
            "",
            null,
            List.of(new Wanted("a", "geocode", text("{\"place\": \"Rag"))),
            null,
            true,
            Usage.NONE);

    assertThat(world().reply(reply).calls().get(0).problem())
        .isEqualTo(
            "The arguments of geocode are no JSON object, for your reply was cut off at its token"
                + " limit: expected an object that fits its input schema; found: {\"place\": \"Rag");
  }

  @Test
  void anObjectThatCameAsTextIsTakenForIt() {
    WantedCall call =
        world()
            .reply(calling(new Wanted("a", "geocode", text("{\"place\":\"X\"}"))))
            .calls()
            .get(0);

    assertThat(call.problem()).isNull();
    assertThat(call.arguments()).isEqualTo(json("{'place':'X'}"));
  }

  @Test
  void noArgumentsAreAnEmptyObject() {
    ConversationWorld world = world().tool("travel", "list");
    for (JsonNode none : List.of(text(""), JsonNodeFactory.instance.nullNode())) {
      WantedCall call = world.reply(calling(new Wanted("a", "list", none))).calls().get(0);
      assertThat(call.problem()).isNull();
      assertThat(call.arguments()).isEqualTo(json("{}"));
    }
  }

  @Test
  void anUnknownToolIsAProblemThatListsTheToolsThereAre() {
    WantedCall call = world().reply(calling(wanted("a", "geo", "{}"))).calls().get(0);

    assertThat(call.server()).isEmpty();
    assertThat(call.problem()).isEqualTo("There is no tool geo. The tools are: geocode.");
    assertThat(
            new ConversationWorld().reply(calling(wanted("a", "b", "{}"))).calls().get(0).problem())
        .isEqualTo("There is no tool b. You have no tools.");
  }

  @Test
  void idsThatAreMissingOrUsedBeforeAreReplaced() {
    ConversationWorld world = world();
    world.replies(calling(wanted("a", "geocode", "{}"), wanted("a", "geocode", "{}")));
    ModelReply second =
        world.replies(calling(wanted("a", "geocode", "{}"), wanted("", "geocode", "{}")));

    assertThat(second.calls()).extracting(WantedCall::id).containsExactly("call_2_1", "call_2_2");
  }

  private static @Nullable String problem(Wanted call) {
    return world().reply(calling(call)).calls().get(0).problem();
  }

  private static Models.Reply truncated(String text) {
    return new Models.Reply(text, null, List.of(), null, true, Usage.NONE);
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }
}
