package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Bound;
import dev.workflow.engine.Models.Image;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Request;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.run.StepPath;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class RequestBoundTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Encoding TOKENS =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

  @Property(tries = 500)
  void noTextHasMoreTokensThanItAddsToTheBound(@ForAll @StringLength(max = 2_000) String text) {
    long tokens = TOKENS.countTokensOrdinary(text);
    assertThat(added(text, "", "")).isGreaterThanOrEqualTo(tokens);
    assertThat(added("", text, "")).isGreaterThanOrEqualTo(tokens);
    assertThat(added("", "", text)).isGreaterThanOrEqualTo(2 * tokens);
  }

  private static long added(String system, String prompt, String result) {
    return input(system, prompt, result) - input("", "", "");
  }

  private static long input(String system, String prompt, String result) {
    JsonNode arguments = JSON.objectNode().put("what", result);
    ModelRef model = ModelRef.of("openai", "gpt-4.1");
    return RequestBound.of(request(model, system, prompt, result, arguments)).inputTokens();
  }

  @Test
  void theReplyIsBoundedAsTheProviderIsTold() {
    assertThat(output(ModelRef.of("openai", "gpt-4.1"))).isEqualTo(8_192);
    assertThat(output(ModelRef.of("openai", "gpt-5"))).isEqualTo(8_192 + 16_384);
    assertThat(output(new ModelRef("anthropic", "claude-sonnet-4-5", null, null, "high", 500)))
        .isEqualTo(500 + 32_768);
    assertThat(output(ModelRef.of("ollama", "llama3.3"))).isEqualTo(8_192);
  }

  @Test
  void anImageCountsAsTheMostThatItsModelTakesForOne() {
    assertThat(images(ModelRef.of("anthropic", "claude-sonnet-4-5"), 1)).isEqualTo(4_784);
    assertThat(images(ModelRef.of("anthropic", "claude-sonnet-4-5"), 3)).isEqualTo(3 * 4_784);
    assertThat(images(ModelRef.of("openai", "gpt-5"), 1)).isEqualTo(16_384);
    assertThat(images(ModelRef.of("openai", "gpt-4o-mini-2024-07-18"), 1)).isEqualTo(48_169);
    assertThat(images(ModelRef.of("ollama", "llava"), 2)).isEqualTo(2 * 16_384);
  }

  /** What so many images add to the bound. */
  private static long images(ModelRef model, int number) {
    List<Image> images = Collections.nCopies(number, new Image("image/png", "x".repeat(99_999)));
    return RequestBound.of(looking(model, images)).inputTokens()
        - RequestBound.of(looking(model, List.of())).inputTokens();
  }

  private static Request looking(ModelRef model, List<Image> images) {
    return new Request(
        model,
        "agent",
        StepPath.of("step"),
        "",
        2,
        "",
        List.of(new Message.ToolOutput("1", "look", "[]", null, false, images)),
        List.of(),
        null,
        null,
        JSON.objectNode());
  }

  private static long output(ModelRef model) {
    Bound bound = RequestBound.of(request(model, "", "", "", JSON.objectNode()));
    return bound.outputTokens();
  }

  private static Request request(
      ModelRef model, String system, String prompt, String result, JsonNode arguments) {
    return new Request(
        model,
        "agent",
        StepPath.of("step"),
        "",
        2,
        system,
        List.of(
            new Message.User(prompt),
            new Message.Assistant("", null, List.of(new Wanted("1", "look", arguments))),
            new Message.ToolOutput("1", "look", result, null, false)),
        List.of(new Offer("look", "Looks.", JSON.objectNode())),
        null,
        null,
        JSON.objectNode());
  }
}
