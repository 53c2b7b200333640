package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that ask a person before they answer a call. */
class ServerQuestionsTest {
  private static final String BOOK =
      """
      name: table
      mcp:
        inn: {command: node, args: ["SERVER"], env: {LEDGER: "LEDGER_FILE"}, labels: {book: [], look: []}}
      steps:
        table: {tool: inn/book, with: {}}
      outputs: {told: "${table.told}"}
      """;
  private static final String ACCEPT =
      "table={\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}";
  private static final String TOLD =
      "{\"action\":\"accept\",\"content\":{\"name\":\"Ann\",\"seats\":2}}";

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aServer() throws IOException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "node"))),
        "not run: node is missing");
    world = new CommandWorld(folder).with("PATH", System.getenv("PATH"));
    try (InputStream in = ServerQuestionsTest.class.getResourceAsStream("/effects/asking.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("asking.mjs"));
    }
  }

  private Result run(String workflow, String... options) {
    String file =
        world.file(
            "w.yaml",
            workflow
                .replace("SERVER", folder.resolve("asking.mjs").toString())
                .replace("LEDGER_FILE", folder.resolve("ledger.txt").toString()));
    List<String> command = new ArrayList<>(List.of("run", file, "--run-id", "one", "--trust"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  private Result resume(String... options) {
    List<String> command = new ArrayList<>(List.of("resume", "one"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  private List<String> ledger() throws IOException {
    return Files.readAllLines(folder.resolve("ledger.txt"));
  }

  @Test
  void withoutATerminalTheCallIsGivenUpAndTheRunSaysHowItGoesOn() throws IOException {
    Result result = run(BOOK, "--yes");

    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.WAITING);
    assertThat(result.err())
        .endsWith(
            """
            Run one waits for a person, T s since its start. Steps: 1 waiting.

            table: server inn (tool book) asks: Who is it for?
            Its call was given up, as nobody was there. It may have had a part of its effect (destructive). Your answer has it made again, unless you cancel.
              answer like this:  workflow resume one --answer 'table={"action":"accept","content":{"name":"..."}}'
              decline:           workflow resume one --answer 'table={"action":"decline"}'
              cancel the call:   workflow resume one --answer 'table={"action":"cancel"}'
            """);
    assertThat(ledger()).startsWith("begun").doesNotContain("told");
    assertThat(world.run("runs", "show", "one", "-o", "json").json().at("/pending/0").toString())
        .contains("\"kind\":\"elicitation\"", "\"server\":\"inn\"", "\"called_again\":true");

    Result resumed = resume("--answer", ACCEPT, "-o", "json");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.json().at("/outputs/told").asString("")).isEqualTo(TOLD);
    assertThat(ledger()).endsWith("begun", "told " + TOLD);
    assertThat(world.run("runs", "show", "one", "-o", "json").json().path("answers"))
        .hasToString(
            "[{\"step\":\"table\",\"by\":\"--answer\",\"answer\":"
                + TOLD
                + "},{\"step\":\"table\",\"by\":\"--answer\",\"answer\":"
                + TOLD
                + "}]");
  }

  private static final String ADVISE =
      """
      name: table
      simulate: answers.yaml
      mcp:
        inn: {command: node, args: ["SERVER"], env: {LEDGER: "LEDGER_FILE"}, sampling: {model: waiter}}
      steps:
        table: {tool: inn/advise, with: {}}
      outputs: {told: "${table.told}"}
      """;

  @Test
  void aModelThatAServerWantsAskedIsACallOfTheRun() {
    world.file(
        "answers.yaml",
        "answers: [{agent: inn/advise, answer: 'By the window, not: ${prompt}', usage: {input_tokens:"
            + " 7, output_tokens: 5}}]");
    Result result = run(ADVISE, "-o", "json");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().at("/outputs/told").asString(""))
        .isEqualTo(
            "{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"By the window, not:"
                + " Which table?\"},\"model\":\"scripted/waiter\",\"stopReason\":\"endTurn\"}");
    assertThat(result.json().at("/usage/model_calls").asInt()).isEqualTo(1);
    assertThat(result.json().at("/usage/output_tokens").asInt()).isEqualTo(5);
    assertThat(result.err()).contains("table  its server has a model asked: waiter");
  }

  @Test
  void aServerIsToldWhyNoModelIsAsked() {
    world.file("answers.yaml", "answers: [{agent: other, answer: x}]");
    Result unscripted = run(ADVISE, "-o", "json");
    assertThat(unscripted.json().at("/outputs/told").asString(""))
        .contains("no model has answered: Scripted answers, /answers: no rule matches")
        .contains("`agent: inn/advise`");
    assertThat(unscripted.err()).contains("table  its server gets no reply: Scripted answers");
  }

  @Test
  void aServerWhoseModelIsNotThereIsToldSo() {
    Result result = run(ADVISE.replace("simulate: answers.yaml\n", ""), "-o", "json");
    assertThat(result.json().at("/outputs/told").asString(""))
        .contains("the entry of the server names the model `waiter`, and this run has none");
  }

  @Test
  void whoCancelsHasTheStepFailWithoutAnotherCall() throws IOException {
    run(BOOK);
    Result resumed = resume("--answer", "table={\"action\":\"cancel\"}", "-o", "json");
    assertThat(resumed.code()).as(resumed.err()).isEqualTo(ExitCode.FAILED);
    assertThat(resumed.json().at("/errors/0/message").asString(""))
        .isEqualTo("The question of inn/book was dismissed; it is not called again");
    assertThat(ledger().stream().filter("begun"::equals)).hasSize(1);
  }

  @Test
  void anAnswerThatIsGivenBeforeIsTakenWhileTheCallIsUnderWay() throws IOException {
    Result result = run(BOOK, "--answer", ACCEPT, "-o", "json");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().at("/outputs/told").asString("")).isEqualTo(TOLD);
    assertThat(ledger()).containsExactly("begun", "told " + TOLD);
    assertThat(result.err()).contains("table  its server is told by --answer: accept");
  }

  @Test
  void anAnswerThatDoesNotFitIsRefusedWithWhatIsExpected() {
    run(BOOK);
    Result wrong =
        resume("--answer", "table={\"action\":\"accept\",\"content\":{\"seats\":\"two\"}}");
    assertThat(wrong.code()).isEqualTo(ExitCode.USAGE);
    assertThat(wrong.err())
        .contains("--answer table: /content/seats: expected integer, found \"two\"")
        .contains("{\"action\":\"decline\"} or {\"action\":\"cancel\"}.");
    assertThat(run(BOOK, "--answer", "table={\"decision\":\"retry\"}").err())
        .contains("--answer table: the step asks nobody.");
  }

  @Test
  void aPersonAtTheTerminalFillsInTheFormField() throws IOException {
    world.typing("a", "Ann", "4", "out");
    Result result = run(BOOK);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("◎ table asks:")
        .contains("  server inn (tool book) asks: Who is it for?")
        .contains("  What you give goes to the server and into the journal: no passwords, no keys.")
        .contains("  [a]nswer, [d]ecline or [c]ancel? ")
        .contains("  Whose table")
        .contains("  in: Inside, out: On the terrace")
        .contains("  where (in|out, Enter: none): ");
    assertThat(ledger())
        .containsExactly(
            "begun",
            "told {\"action\":\"accept\",\"content\":{\"name\":\"Ann\",\"seats\":4,\"where\":\"out\"}}");
  }

  @Test
  void whoLeavesTheTerminalIsNotAskedTheSameAgain() {
    world.typing("a");
    Result result = run(BOOK);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.WAITING);
    assertThat(result.err()).containsOnlyOnce("◎ table asks:").contains("resume one --answer");
  }

  @Test
  void wordsOfAServerCannotSteerTheTerminal() {
    world.file("rude", "");
    world.typing("d");
    Result result = run(BOOK);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("asks: Who")
        .doesNotContain("\u001b[2J", "\u001b]0", "\u0007", "\u202e");
  }

  @Test
  void aReadOnlyCallIsMadeAgainWithoutASecondQuestion() throws IOException {
    String look = BOOK.replace("inn/book", "inn/look");
    run(look);
    Result resumed = resume("--answer", ACCEPT, "-o", "json");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(ledger()).endsWith("told " + TOLD);
  }

  @Test
  void aRunInWhichAServerWaitsCannotBeRecordedAndOneThatWentOnCanBeReplayed() {
    run(BOOK);
    String tape = folder.resolve("tape.json").toString();
    assertThat(world.run("runs", "record", "one", tape).err())
        .contains("found one in which a server waits for a person");
    resume("--answer", ACCEPT);
    Result recorded = world.run("runs", "record", "one", tape);
    assertThat(recorded.code()).as(recorded.err()).isZero();
    Result replayed =
        world.run("run", folder.resolve("w.yaml").toString(), "--replay", tape, "-o", "json");
    assertThat(replayed.code()).as(replayed.err()).isZero();
    assertThat(replayed.json().at("/outputs/told").asString("")).isEqualTo(TOLD);
  }
}
