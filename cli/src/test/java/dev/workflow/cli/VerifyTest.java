package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call whose answer is lost is asked about before a person is. */
class VerifyTest {
  private static final String ORDER =
      """
      steps:
        tea:
          tool: shop/order
          with: {item: tea, key: "${call.key}"}
          verify:
            tool: shop/find
            with: {key: "${call.key}"}
            done: tea.found
            output: {order: "${tea.order}"}
        after: {set: "${tea.order}"}
      outputs: {order: "${after}"}
      """;

  @TempDir private Path folder;

  @Test
  void aLostCallThatTookEffectCountsAsDone() {
    EffectsWorld shop = new EffectsWorld(folder).flag("after");
    Result result = shop.run(ORDER);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs")).hasToString("{\"order\":\"tea\"}");
    assertThat(shop.ledger()).containsExactly("order tea");
    assertThat(result.json().at("/usage/tool_calls").asInt()).isEqualTo(2);
    assertThat(result.err()).contains("tea  its lost call took effect, as its verify found");
  }

  @Test
  void aLostCallThatTookNoEffectIsMadeAgainWithTheSameKey() {
    EffectsWorld shop = new EffectsWorld(folder).flag("before");
    Result result = shop.run(ORDER);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(shop.ledger()).containsExactly("order tea");
    assertThat(result.json().at("/usage/tool_calls").asInt()).isEqualTo(3);
    List<String> asked = shop.asked();
    assertThat(asked).hasSize(3);
    assertThat(asked.get(2)).startsWith("order ").isEqualTo(asked.get(0));
    assertThat(asked.get(1))
        .startsWith("find ")
        .isNotEqualTo(asked.get(0).replace("order", "find"));
  }

  @Test
  void theKeyOfACallIsInItsArgumentsAndBesideThem() {
    EffectsWorld shop = new EffectsWorld(folder);
    assertThat(shop.run(ORDER).code()).isZero();
    List<String> words = Arrays.asList(shop.lines().getFirst().split(" ", -1));
    assertThat(words.get(2)).hasSize(32).isEqualTo(words.get(3));
  }

  @Test
  void aProbeThatFailsLeavesTheDoubtToAPerson() {
    EffectsWorld shop = new EffectsWorld(folder).flag("after").flag("blind");
    Result result = shop.run(ORDER);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.IN_DOUBT);
    assertThat(result.json().at("/pending/0/text").asString(""))
        .endsWith("; and its verify failed: tool shop/find failed: The books are closed");
    assertThat(shop.ledger()).containsExactly("order tea");
    shop.unflag("blind");
    Result resumed =
        shop.resume("--answer", "tea={\"decision\":\"done\",\"output\":{\"order\":\"x\"}}");
    assertThat(resumed.json().path("outputs")).hasToString("{\"order\":\"x\"}");
    assertThat(shop.ledger()).containsExactly("order tea");
  }

  @Test
  void aTimeOutIsRetriedOnlyWhereNothingWasDone() {
    EffectsWorld shop = new EffectsWorld(folder).flag("deaf");
    Result result =
        shop.run(
            ORDER.replace(
                "    verify:", "    timeout: 1s\n    retry: {max: 2, backoff: 1ms}\n    verify:"));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(shop.ledger()).containsExactly("order tea");
  }

  @Test
  void aProbeNeedsACallOfTheBudgetOfItsStep() {
    EffectsWorld shop = new EffectsWorld(folder).flag("after");
    Result result =
        shop.run(ORDER.replace("    verify:", "    limits: {tool_calls: 1}\n    verify:"));
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.IN_DOUBT);
    assertThat(result.json().at("/pending/0/text").asString(""))
        .contains("; and there is no call left to verify it: ");
  }

  @Test
  void whatChangesSomethingCannotVerify() {
    EffectsWorld shop = new EffectsWorld(folder);
    Result result = shop.run(ORDER.replace("tool: shop/find", "tool: shop/order"));
    assertThat(result.code()).isEqualTo(ExitCode.INVALID);
    assertThat(result.err())
        .contains(
            "Expected a tool that only reads in the `verify` of step `tea`, found `shop/order`,"
                + " whose effect is destructive. [verify-changes]");
    assertThat(shop.ledger()).isEmpty();
  }

  @Test
  void aTimeOutOfWhatCannotBeVerifiedIsNotRetried() {
    EffectsWorld shop = new EffectsWorld(folder);
    String without =
        ORDER.replaceAll("(?s)    verify:.*?  after:", "    retry: {max: 1}\n  after:");
    Result result = shop.run(without);
    assertThat(result.code()).isEqualTo(ExitCode.INVALID);
    assertThat(result.err()).contains("[retry-in-doubt]", "say with `verify` how to find out");
  }
}
