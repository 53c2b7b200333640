package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs are recorded, also when they wait and go on, and run again without anything around them. */
class RecordTest {
  private static final String LETTER =
      """
      name: letter
      inputs: {to: string}
      simulate: answers.yaml
      agents: {writer: {instructions: You write.}}
      steps:
        draft: {agent: writer, prompt: "Write to {to}"}
        agree: {ask: "Send {draft}?"}
      outputs: {letter: "${draft}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));
  private String file = "";
  private String cassette = "";

  @BeforeEach
  void aWorld() {
    world = new CommandWorld(folder);
    file = world.file("letter.yaml", LETTER);
    world.file("answers.yaml", "answers: [{agent: writer, text: Dear friend}]\n");
    cassette = folder.resolve("letter.json").toString();
  }

  private Result record(String... more) {
    String[] command = {
      "run", file, "--input", "to=Ana", "--run-id", "one", "--record", cassette, "-o", "json"
    };
    String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return world.run(all);
  }

  private Result replay(String... more) {
    String[] command = {"run", file, "--replay", cassette, "-o", "json"};
    String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return world.run(all);
  }

  @Test
  void aRecordedRunIsRunAgainWithoutAnything() throws IOException {
    Result recorded = record("--yes");
    assertThat(recorded.err()).contains("Recorded: FOLDER/letter.json");
    world.remove("answers.yaml");
    String before = Files.readString(Path.of(cassette));
    Result replayed = replay();
    assertThat(replayed.code()).as(replayed.err()).isZero();
    assertThat(replayed.json().path("outputs")).isEqualTo(recorded.json().path("outputs"));
    assertThat(replayed.json().path("steps")).isEqualTo(recorded.json().path("steps"));
    assertThat(replayed.json().path("simulated").asBoolean()).isTrue();
    assertThat(replayed.json().path("replay"))
        .hasToString(
            "{\"cassette\":\"FOLDER/letter.json\",\"same\":true,\"differences\":[],\"unused\":[]}");
    assertThat(replayed.err())
        .contains("REPLAY: no AI model answers", "Replay of run one: succeeded; it is what was");
    assertThat(world.run("runs", "record", "one", cassette).code()).isZero();
    assertThat(Files.readString(Path.of(cassette))).isEqualTo(before);
    assertThat(world.run("runs", "list", "-o", "json").json().path("runs")).hasSize(1);
  }

  @Test
  void aChangedPromptFailsAndSaysWhere() {
    record("--yes");
    world.file("letter.yaml", LETTER.replace("Write to {to}", "Write kindly to {to}"));
    Result replayed = replay();
    assertThat(replayed.code()).isEqualTo(ExitCode.FAILED);
    assertThat(replayed.json().at("/replay/same").asBoolean()).isFalse();
    assertThat(replayed.json().at("/replay/differences/0").toString())
        .isEqualTo(
            "{\"step\":\"draft\",\"message\":\"Call draft#1 is not as it was recorded\","
                + "\"details\":[\"messages[0].user: recorded \\\"Write to Ana\\\", asked"
                + " \\\"Write kindly to Ana\\\"\"]}");
    assertThat(replayed.json().at("/errors/0/message").asString())
        .isEqualTo("Call draft#1 is not as it was recorded");
    assertThat(replayed.err())
        .contains("≠ draft: Call draft#1 is not as it was recorded", "not what was recorded in");
    assertThat(replay("--input", "to=Ben").err()).contains("asked \"Write kindly to Ben\"");
  }

  @Test
  void aRunThatWaitsAndGoesOnIsRecordedAsOne() {
    Result waits = record();
    assertThat(waits.code()).isEqualTo(ExitCode.WAITING);
    assertThat(waits.err()).contains("go on with --record FOLDER/letter.json");
    assertThat(replay().code()).isEqualTo(ExitCode.WAITING);
    Result resumed =
        world.run(
            "resume", "one", "--answer", "agree={\"decision\":\"approve\"}", "--record", cassette);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    Result replayed = replay();
    assertThat(replayed.code()).as(replayed.err()).isZero();
    assertThat(replayed.json().at("/steps/agree/output/decision").asString()).isEqualTo("approve");
  }

  @Test
  void aRunThatFailsIsRecordedToo() {
    Result failed = record("--answer", "agree={\"decision\":\"reject\"}");
    assertThat(failed.code()).isEqualTo(ExitCode.FAILED);
    Result replayed = replay();
    assertThat(replayed.code()).isEqualTo(ExitCode.FAILED);
    assertThat(replayed.json().at("/replay/same").asBoolean()).isTrue();
  }

  @Test
  void whatCannotBeMeantIsRefusedBeforeAnythingStarts() {
    assertThat(replay("--yes").err()).contains("--yes does not go with --replay");
    assertThat(replay("--record", cassette).code()).isEqualTo(ExitCode.USAGE);
    assertThat(record("--dry-run").err()).contains("--record does not go with --dry-run");
    assertThat(replay().code()).isEqualTo(ExitCode.MISSING);
    cassette = file;
    assertThat(record("--yes").err()).contains("there is something else than a cassette");
    assertThat(replay().code()).isEqualTo(ExitCode.INVALID);
    cassette = folder.resolve("none/c.json").toString();
    assertThat(record("--yes").err()).contains("there is no folder FOLDER/none");
    assertThat(world.run("runs", "list", "-o", "json").json().path("runs")).isEmpty();
  }

  @Test
  void whatAServerMayNotGiveAwayIsNotInTheCassette() throws IOException {
    EffectsWorld shop = new EffectsWorld(folder);
    String steps =
        """
        steps:
          tea: {tool: shop/order, with: {item: planted-5ecret, key: cGxhbnRlZC01ZWNyZXQ=}}
        """;
    Path written = Path.of(shop.file("w.yaml", steps));
    Files.writeString(
        written, Files.readString(written).replace("env: {", "env: {TOKEN: planted-5ecret, "));
    Result result = shop.commands().run("run", written.toString(), "--trust", "--record", cassette);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(Files.readString(Path.of(cassette)))
        .contains("\"item\": \"[secret]\"", "\"key\": \"[secret]")
        .doesNotContain("5ecret", "cGxhbnRlZC01ZWNyZX");
  }
}
