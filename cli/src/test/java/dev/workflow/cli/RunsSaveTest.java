package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Binary data is shown by its length and digest, and written out by runs save. */
class RunsSaveTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String SHOTS =
      """
      name: shots
      steps:
        shot: {set: {picture: {type: image, data: YWJj, mimeType: image/png}}}
        both:
          set:
            - "${shot.picture}"
            - {type: resource, resource: {uri: "x:y", blob: eA==}}
        text: {set: none}
      outputs: {shot: "${shot}", data: "${shot.picture.data}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of("unset"));

  @BeforeEach
  void run() {
    world = new CommandWorld(folder);
    world.file("shots.yaml", SHOTS);
  }

  private Result begin(String... more) {
    String[] command = {"run", folder.resolve("shots.yaml").toString(), "--run-id", "one"};
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return world.run(all);
  }

  private Result save(String... more) {
    String[] command = {"runs", "save", "one"};
    String[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return world.run(all);
  }

  @Test
  void everyViewShowsItsLengthAndDigestAndAnExpressionTakesAllOfIt() {
    Result ran = begin("-o", "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.json().at("/outputs/shot/picture/data"))
        .hasToString("{\"bytes\":3,\"sha256\":\"" + ABC + "\"}");
    assertThat(ran.json().at("/outputs/data").asString()).isEqualTo("YWJj");
    assertThat(ran.json().at("/steps/shot/output/picture/data/bytes").asInt()).isEqualTo(3);
    assertThat(world.run("runs", "show", "one").out()).contains(ABC);
    assertThat(world.run("runs", "export", "one").out()).contains("\"data\":\"YWJj\"");
  }

  @Test
  void itIsListedAndWrittenAsItWas() throws IOException {
    begin();
    assertThat(save("both").out())
        .startsWith("1  image/png  3 bytes  " + ABC + "\n2  unknown  1 bytes  ");
    Path file = folder.resolve("shot.png");
    assertThat(save("shot", "--to", file.toString()).code()).isZero();
    assertThat(Files.readString(file)).isEqualTo("abc");
    Path other = folder.resolve("x");
    assertThat(save("both", "--to", other.toString(), "--number", "2").code()).isZero();
    assertThat(Files.readString(other)).isEqualTo("x");
  }

  @Test
  void whatCannotBeMeantIsToldAndNothingIsWrittenOver() {
    begin();
    String there = folder.resolve("shots.yaml").toString();
    Result taken = save("shot", "--to", there);
    assertThat(taken.code()).isEqualTo(ExitCode.USAGE);
    assertThat(taken.err()).contains("there is a file already");
    String free = folder.resolve("free").toString();
    assertThat(save("both", "--to", free).err()).contains("gave 2 pieces", "--number");
    assertThat(save("both", "--to", free, "--number", "3").err())
        .contains("--number: expected 1 to 2, found 3.");
    assertThat(save("text", "--to", free).err()).contains("gave no binary data");
    assertThat(save("text").err()).contains("gave no binary data");
    assertThat(save("shoot").err()).contains("has no step shoot. Did you mean `shot`?");
    assertThat(folder.resolve("free")).doesNotExist();
  }
}
