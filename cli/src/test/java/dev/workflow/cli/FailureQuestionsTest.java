package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Steps with {@code on_error: ask}: a person decides what becomes of a failure. */
class FailureQuestionsTest {
  private static final String PRICE =
      """
      name: price
      inputs: {percent?: string}
      steps:
        price:
          set: "${int(percent)}"
          output: {type: integer}
          on_error: ask
        bill: {set: "${price * 2}"}
      outputs: {bill: "${bill}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private Result run(String workflow, String... options) {
    List<String> command = new ArrayList<>(List.of("run", world.file("w.yaml", workflow)));
    command.addAll(List.of("--run-id", "one"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  private Result resume(String... options) {
    List<String> command = new ArrayList<>(List.of("resume", "one"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  private static String status(Result result, String step) {
    return result.json().path("steps").path(step).path("status").asString("none");
  }

  @Test
  void withoutATerminalTheRunWaitsAndSaysHowItGoesOn() {
    Result result = run(PRICE, "--input", "percent=ten", "--yes");

    assertThat(result.code()).isEqualTo(ExitCode.WAITING);
    assertThat(result.err())
        .endsWith(
            """
            Run one waits for a person, T s since its start. Steps: 1 pending, 1 waiting.

            price failed: Expected an integer, found "ten" in `int(percent)`.
              try again:          workflow resume one --answer 'price={"decision":"retry"}'
              give its output:    workflow resume one --answer 'price={"decision":"output","output":1}'
              go on without it:   workflow resume one --answer 'price={"decision":"continue"}'
              let the run fail:   workflow resume one --answer 'price={"decision":"fail"}'
            """);
    assertThat(world.run("runs", "show", "one", "-o", "json").json().at("/pending/0/kind"))
        .hasToString("\"failure\"");
  }

  @Test
  void anOutputByHandIsHeldAgainstTheSchemaOfTheStep() {
    run(PRICE, "--input", "percent=ten");

    Result wrong = resume("--answer", "price={\"decision\":\"output\",\"output\":\"ten\"}");
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err())
        .contains("--answer price: /output: expected integer, found \"ten\"")
        .contains("{\"decision\":\"output\",\"output\":1}");
    assertThat(resume("--answer", "price={\"decision\":\"output\"}").err())
        .contains("--answer price: /output: expected the output of the step, found nothing");
    assertThat(resume("--answer", "price={\"decision\":\"fail\",\"output\":1}").err())
        .contains("/output: expected none with the decision \"fail\"");

    Result right = resume("--answer", "price={\"decision\":\"output\",\"output\":5}", "-o", "json");
    assertThat(right.code()).isZero();
    assertThat(right.json().path("outputs")).hasToString("{\"bill\":10}");
    assertThat(world.run("runs", "show", "one", "-o", "json").json().path("answers"))
        .hasToString(
            "[{\"step\":\"price\",\"by\":\"--answer\","
                + "\"answer\":{\"decision\":\"output\",\"output\":5}}]");
  }

  @Test
  void whoGoesOnWithoutAStepBlocksOnlyWhatNeedsIt() {
    run(PRICE, "--input", "percent=ten");
    Result result = resume("--answer", "price={\"decision\":\"continue\"}", "-o", "json");
    assertThat(result.code()).isZero();
    assertThat(status(result, "price")).isEqualTo("failed");
    assertThat(status(result, "bill")).isEqualTo("blocked");
    assertThat(result.json().path("errors")).isEmpty();
  }

  @Test
  void whoLetsAStepFailFailsTheRun() {
    run(PRICE, "--input", "percent=ten");
    Result result = resume("--answer", "price={\"decision\":\"fail\"}", "-o", "json");
    assertThat(result.code()).isEqualTo(ExitCode.FAILED);
    assertThat(result.json().at("/errors/0/step")).hasToString("\"price\"");
  }

  @Test
  void anAnswerIsForOneFailureAndTheNextIsAskedAgain() {
    Result result =
        run(PRICE, "--input", "percent=ten", "--answer", "price={\"decision\":\"retry\"}");
    assertThat(result.code()).isEqualTo(ExitCode.WAITING);
    assertThat(result.err()).contains("price~1 failed: Expected an integer");
    assertThat(resume("--answer", "price~1={\"decision\":\"fail\"}").code())
        .isEqualTo(ExitCode.FAILED);
  }

  @Test
  void everyVerbAndContainerAsksAtItsOwnPath() {
    world.file(
        "inner.yaml",
        """
        name: inner
        steps: {deep: {fail: Nothing here., on_error: ask}}
        outputs: {deep: "${deep}"}
        """);
    Result result =
        run(
            """
            name: all
            steps:
              zero: {set: 0}
              each: {each: "n in [1, 2]", fail: "No ${n}.", on_error: ask}
              items: {each: "n in [1 / zero]", set: "${n}", on_error: ask}
              group:
                on_error: ask
                steps: {inside: {fail: Broken.}}
              other: {workflow: inner.yaml}
              word: {set: soon, output: {type: string}}
              wait: {wait: "${word}", on_error: ask}
              approve: {ask: "Go?", on_error: ask}
              again:
                set: 1
                repeat: {until: "again > 1", max: 2}
                on_error: ask
            """,
            "--answer",
            "approve={\"decision\":\"reject\"}",
            "-o",
            "json");

    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.WAITING);
    assertThat(result.json().path("pending").valueStream().map(FailureQuestionsTest::asked))
        .containsExactlyInAnyOrder(
            "each[0]: No 1.",
            "each[1]: No 2.",
            "items: Division by zero in `[1 / zero]`.",
            "group: group/inside failed: Broken.",
            "other/deep: Nothing here.",
            "wait: wait: expected a duration such as 20s or a time such as 2026-01-31T08:00:00Z,"
                + " found \"soon\"",
            "approve: Rejected",
            "again~1: The condition of its repeat does not hold after 2 runs");

    Result answered =
        resume(
            "--answer",
            "each[0]={\"decision\":\"output\",\"output\":\"one\"}",
            "--answer",
            "each[1]={\"decision\":\"continue\"}",
            "--answer",
            "items={\"decision\":\"output\",\"output\":[7]}",
            "--answer",
            "group={\"decision\":\"retry\"}",
            "--answer",
            "other/deep={\"decision\":\"output\",\"output\":\"found\"}",
            "--answer",
            "wait={\"decision\":\"output\",\"output\":\"now\"}",
            "--answer",
            "approve={\"decision\":\"retry\"}",
            "--answer",
            "again~1={\"decision\":\"retry\"}",
            "-o",
            "json");
    assertThat(answered.code()).isEqualTo(ExitCode.WAITING);
    assertThat(answered.json().path("pending").valueStream().map(FailureQuestionsTest::asked))
        .containsExactlyInAnyOrder(
            "group~1: group~1/inside failed: Broken.",
            "approve~1: Go?",
            "again~2: The condition of its repeat does not hold after 3 runs");
    assertThat(answered.json().at("/steps/each/output")).hasToString("[\"one\"]");
    assertThat(answered.json().at("/steps/items/output")).hasToString("[7]");
    assertThat(answered.json().at("/steps/other/output")).hasToString("{\"deep\":\"found\"}");
  }

  private static String asked(JsonNode pending) {
    return pending.path("step").asString("") + ": " + pending.path("text").asString("");
  }

  @Test
  void aPersonAtTheTerminalIsAskedAtOnce() {
    world.typing("o", "5");
    Result result = run(PRICE, "--input", "percent=ten");
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .contains("price failed:")
        .contains("[r]etry, [o]utput, [c]ontinue or [f]ail?")
        .contains("price  terminal decided: output");
  }
}
