package dev.workflow.cli;

import static dev.workflow.cli.EffectsWorld.status;
import static dev.workflow.cli.EffectsWorld.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run has done is taken back when it fails, the last first. */
class UndoTest {
  private static final String SHOPPING =
      """
      inputs: {broken: boolean}
      steps:
        tea:
          tool: shop/order
          with: {item: tea, key: "${call.key}"}
          undo: {tool: shop/cancel, with: {order: "${tea.order}"}}
        bread:
          needs: [tea]
          each: kind in ['rye', 'oat']
          concurrency: 1
          tool: shop/order
          with: {item: "${kind}", key: "${call.key}"}
          undo: {tool: shop/cancel, with: {order: "${bread.order == kind ? kind : tea.order}"}}
        box:
          needs: [bread]
          steps:
            jam:
              tool: shop/order
              with: {item: jam, key: "${call.key}"}
              undo:
                steps:
                  back: {tool: shop/cancel, with: {order: "${jam.order}"}}
                outputs: {order: "${back.cancelled}"}
        end: {fail: The shop is closed., needs: [box], when: broken}
      """;

  @TempDir private Path folder;

  @Test
  void whatAFailedRunHasDoneIsUndoneTheLastFirst() {
    EffectsWorld shop = new EffectsWorld(folder);
    Result result = shop.run(SHOPPING, "--input", "broken=true");
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(shop.ledger())
        .containsExactly(
            "order tea",
            "order rye",
            "order oat",
            "order jam",
            "cancel jam",
            "cancel oat",
            "cancel rye",
            "cancel tea");
    assertThat(step(result, "bread[0].undo").path("output")).hasToString("{\"cancelled\":\"rye\"}");
    assertThat(step(result, "box/jam.undo").path("output")).hasToString("{\"order\":\"jam\"}");
    assertThat(status(result, "box/jam.undo/back")).isEqualTo("succeeded");
    assertThat(result.json().path("errors").valueStream().map(each -> each.path("step").asString()))
        .containsExactly("end");
    assertThat(result.err()).contains("↶ tea  is undone", "● tea.undo");
    assertThat(shop.commands().run("runs", "show", "one").out()).contains("↶ tea  is undone");
  }

  @Test
  void whatARunThatSucceedsHasDoneStays() {
    EffectsWorld shop = new EffectsWorld(folder);
    Result result = shop.run(SHOPPING, "--input", "broken=false");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(shop.ledger()).noneMatch(line -> line.startsWith("cancel"));
  }

  @Test
  void whatCannotBeUndoneIsToldAndTheOthersGoOn() {
    EffectsWorld shop = new EffectsWorld(folder).flag("firm");
    Result result =
        shop.run(
            """
            steps:
              milk:
                tool: shop/order
                with: {item: milk, key: "${call.key}"}
                undo: {tool: shop/cancel, with: {order: "${milk.order}"}}
              tea:
                needs: [milk]
                tool: shop/order
                with: {item: tea, key: "${call.key}"}
                undo: {tool: shop/cancel, with: {order: "${tea.order}"}, effects: idempotent}
              end: {fail: Closed., needs: [tea]}
            """);
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(shop.ledger()).containsExactly("order milk", "order tea", "cancel milk");
    assertThat(result.json().path("errors").valueStream().map(each -> each.path("step").asString()))
        .containsExactlyInAnyOrder("end", "tea.undo");
    assertThat(result.err()).contains("✗ tea.undo", "No tea comes back");
  }

  @Test
  void aLostUndoIsADoubtAndTheDecisionGoesOn() {
    EffectsWorld shop = new EffectsWorld(folder).flag("before-cancel");
    String tea = SHOPPING.replaceAll("(?s)  bread:.*?  end:", "  end:").replace("[box]", "[tea]");
    Result result = shop.run(tea, "--input", "broken=true");
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.IN_DOUBT);
    assertThat(result.json().at("/pending/0/step")).hasToString("\"tea.undo\"");
    Result resumed = shop.resume("--answer", "tea.undo={\"decision\":\"retry\"}");
    assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.FAILED);
    assertThat(shop.ledger()).containsExactly("order tea", "cancel tea");
    assertThat(shop.resume().code()).isEqualTo(ExitCode.FAILED);
    assertThat(shop.ledger()).hasSize(2);
  }

  @Test
  void whatAnotherWorkflowHasDoneIsUndoneToo() {
    EffectsWorld shop = new EffectsWorld(folder);
    shop.file(
        "inner.yaml",
        """
        inputs: {item: string}
        steps:
          buy:
            tool: shop/order
            with: {item: "${item}", key: "${call.key}"}
            undo: {tool: shop/cancel, with: {order: "${item}"}}
        outputs: {order: "${buy.order}"}
        """);
    Result result =
        shop.run(
            """
            steps:
              trip:
                workflow: inner.yaml
                with: {item: sugar}
                undo: {set: "${trip.order} of ${size(run.id)}"}
              end: {fail: Closed., needs: [trip]}
            """);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(shop.ledger()).containsExactly("order sugar", "cancel sugar");
    assertThat(step(result, "trip.undo").path("output")).hasToString("\"sugar of 3\"");
    assertThat(status(result, "trip/buy.undo")).isEqualTo("succeeded");
  }

  @Test
  void aCancelledRunTakesBackWhatItHasDoneOnlyWhenItIsToldTo() {
    EffectsWorld shop = new EffectsWorld(folder);
    String asking = SHOPPING.replace("{fail: The shop is closed.,", "{ask: Enough?,");
    assertThat(shop.run(asking, "--input", "broken=true").code()).isEqualTo(ExitCode.WAITING);
    assertThat(shop.commands().run("runs", "cancel", "one", "--undo").code()).isZero();
    assertThat(shop.resume().json().path("status")).hasToString("\"cancelled\"");
    assertThat(shop.ledger().subList(4, 8))
        .containsExactly("cancel jam", "cancel oat", "cancel rye", "cancel tea");

    assertThat(shop.runAs("two", asking, "--input", "broken=true").code())
        .isEqualTo(ExitCode.WAITING);
    assertThat(shop.commands().run("runs", "cancel", "two").code()).isZero();
    assertThat(shop.ledger().subList(8, shop.ledger().size()))
        .noneMatch(line -> line.startsWith("cancel"));
  }

  @Test
  void aValueThatStandsInForAFailureIsNotUndone() {
    EffectsWorld shop = new EffectsWorld(folder);
    Result result =
        shop.run(
            """
            steps:
              tea:
                fail: No tea.
                on_error: {output: {order: none}}
                undo: {set: "${tea}"}
              end: {fail: Closed., needs: [tea]}
            """);
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(status(result, "tea.undo")).isEqualTo("none");
  }

  @Test
  void whatUndoesRunsOnceForEachEffect() {
    EffectsWorld shop = new EffectsWorld(folder);
    Result result =
        shop.run(
            """
            steps:
              tea:
                set: 1
                undo: {set: "${tea}", each: "x in [1]"}
            """);
    assertThat(result.code()).isEqualTo(ExitCode.INVALID);
    assertThat(result.err())
        .contains(
            "Expected no `each` in an `undo`, which runs once for each effect, when the run has"
                + " failed. [misplaced-key]");
  }
}
