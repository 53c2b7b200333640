package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkillCommandTest {
  private static final String TRIP =
      """
      name: trip
      version: 1.0.0
      description: Plans a trip.
      capabilities: {required: [weather_forecast]}
      policy: {allow_web: false, allow_code_exec: false}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));
  private String source = "";

  @BeforeEach
  void aSkillInAFolder() throws IOException {
    world = new CommandWorld(folder);
    world.file("from/trip/skill.yaml", TRIP);
    world.file("from/trip/instructions.md", "Plan it.\n");
    source = folder.resolve("from/trip").toString();
    Files.createDirectories(folder.resolve("project"));
  }

  private Result skill(String command, String... more) {
    String[] all = new String[more.length + 4];
    all[0] = "skill";
    all[1] = command;
    System.arraycopy(more, 0, all, 2, more.length);
    all[all.length - 2] = "--workspace";
    all[all.length - 1] = folder.resolve("project").toString();
    return world.run(all);
  }

  @Test
  void aDryRunShowsWhatASkillWantsAndInstallsNothing() {
    Result shown = skill("install", source, "--dry-run");

    assertThat(shown)
        .isEqualTo(
            new Result(
                0,
                "",
                """
                Skill trip 1.0.0: Plans a trip.
                  from FOLDER/from/trip
                  2 files, 158 bytes, sha256:HASH
                  does not use the network
                  does not run code
                  requires: weather_forecast
                Nothing was installed (--dry-run).
                """
                    .replace("HASH", hash(shown))));
    assertThat(folder.resolve("project/skills")).doesNotExist();
    assertThat(folder.resolve("project/workflow.lock")).doesNotExist();
  }

  private static String hash(Result shown) {
    int at = shown.err().indexOf("sha256:") + 7;
    return shown.err().substring(at, at + 64);
  }

  @Test
  void anInstalledSkillIsListedUsedAndRemoved() {
    assertThat(skill("install", source).err())
        .endsWith("Installed skill trip and pinned it in workflow.lock.\n");
    assertThat(skill("install", source).err()).endsWith("Skill trip is there already, the same.\n");
    assertThat(skill("list").out())
        .isEqualTo(
            """
            SKILL  VERSION  SCOPE    STATE         SOURCE
            trip   1.0.0    project  as installed  FOLDER/from/trip
            """);
    world.file("project/a.yaml", "name: a\nmodels: {m: openai/x}\nsteps: {s: {skill: trip}}\n");
    Result validated = world.run("validate", folder.resolve("project/a.yaml").toString());
    assertThat(validated.err()).contains("weather_forecast").doesNotContain("missing-skill");

    assertThat(skill("remove", "trip").code()).isZero();
    assertThat(skill("list", "-o", "json").json().toString()).isEqualTo("{\"skills\":[]}");
    assertThat(skill("remove", "trip").code()).isEqualTo(4);
  }

  @Test
  void whatIsRefusedHasAnExitCodeAndOneObjectForScripts() throws IOException {
    Files.createSymbolicLink(folder.resolve("from/trip/link"), folder);

    Result refused = skill("install", source, "-o", "json");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.json().at("/errors/0/rule").asString("")).isEqualTo("package-link");
    assertThat(refused.err())
        .isEqualTo(
            """
            FOLDER/from/trip: error: Expected files and folders, found that `link` is a symbolic link. [package-link]
              Nothing was installed.
            """);
    assertThat(skill("install", "github.com").code()).isEqualTo(4);
    assertThat(skill("install", "ext::sh").code()).isEqualTo(3);
    assertThat(skill("install", source, "--token-env", "NONE").code()).isEqualTo(2);
  }

  @Test
  void anUpdateIsShownAndAskedForAndTheDefaultIsNo() {
    skill("install", source);
    assertThat(skill("update").err()).isEqualTo("Nothing to update.\n");
    world.file(
        "from/trip/skill.yaml",
        TRIP.replace("1.0.0", "1.1.0").replace("allow_web: false", "allow_web: true"));

    Result shown = skill("update", "trip");

    assertThat(shown.code()).isEqualTo(9);
    assertThat(shown.err())
        .isEqualTo(
            """
            Skill trip: 1.0.0 -> 1.1.0
              from FOLDER/from/trip
              ! now wants the network (allow_web)
                --- skill.yaml
                +++ skill.yaml
                @@ -1 +1 @@
                 name: trip
                -version: 1.0.0
                +version: 1.1.0
                 description: Plans a trip.
                 capabilities: {required: [weather_forecast]}
                -policy: {allow_web: false, allow_code_exec: false}
                +policy: {allow_web: true, allow_code_exec: false}
            Nothing was updated. To confirm that:
              workflow skill update trip --workspace FOLDER/project --yes
            """);
    assertThat(installed()).isEqualTo(TRIP);

    world.typing("");
    assertThat(skill("update", "trip").code()).isZero();
    assertThat(installed()).isEqualTo(TRIP);

    world.typing("y");
    assertThat(skill("update", "trip").err()).endsWith("Updated skill trip.\n");
    assertThat(installed()).contains("1.1.0", "allow_web: true");
  }

  private String installed() {
    try {
      return Files.readString(folder.resolve("project/skills/trip/skill.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPackedSkillIsInstalledForTheUser() {
    String archive = folder.resolve("trip.tar.gz").toString();
    Result packed = world.run("skill", "pack", source, "-o", archive);
    assertThat(packed).isEqualTo(new Result(0, "FOLDER/trip.tar.gz\n", ""));

    Result installed = skill("install", archive, "--scope", "user", "-o", "json");

    assertThat(installed.json().path("installed").asBoolean(false)).isTrue();
    assertThat(folder.resolve("home/skills/trip/skill.yaml")).exists();
    assertThat(folder.resolve("home/workflow.lock")).exists();
    assertThat(skill("publish", source).code()).isEqualTo(2);
    assertThat(skill("publish", source, "--to", source).code()).isEqualTo(3);
  }

  @Test
  void anEditedSkillIsPinnedAsItIsNow() throws IOException {
    skill("install", source);
    assertThat(skill("lock", "--check").code()).isZero();
    world.file("project/skills/trip/instructions.md", "Plan it well.\n");
    String before = Files.readString(folder.resolve("project/workflow.lock"));

    Result looked = skill("lock", "--check");
    assertThat(looked.code()).isEqualTo(9);
    assertThat(looked.out()).isEqualTo("trip: instructions.md\n");
    assertThat(folder.resolve("project/workflow.lock")).hasContent(before);
    assertThat(skill("list").out()).contains("edited since");

    assertThat(skill("lock", "trip").code()).isZero();
    assertThat(skill("list").out()).contains("as installed");
    assertThat(skill("lock", "-o", "json").out()).isEqualTo("{\"ok\":true,\"skills\":[]}\n");
    assertThat(skill("lock", "nothing").code()).isEqualTo(4);
  }

  @Test
  void aSkillThatIsRecordedAndNotThereIsNotAsItIsLocked() throws IOException {
    skill("install", source);
    Files.move(folder.resolve("project/skills/trip"), folder.resolve("elsewhere"));

    assertThat(skill("lock", "--check"))
        .isEqualTo(
            new Result(
                9,
                "trip: recorded, not there\n",
                "What is not there: workflow skill install has it back.\n"));
    assertThat(skill("lock", "-o", "json").out())
        .isEqualTo(
            "{\"ok\":true,\"skills\":[{\"name\":\"trip\",\"state\":\"recorded, not"
                + " there\",\"files\":[]}]}\n");
    Result named = skill("lock", "trip");
    assertThat(named.code()).isEqualTo(4);
    assertThat(named.err()).contains("its folder is not there. [skill-gone]");
  }

  @Test
  void aDamagedLockFileIsToldByEveryCommandInTheSameWay() {
    world.file("project/workflow.lock", "{\n<<<<<<< HEAD\n");

    for (String command : new String[] {"search", "recommend", "install", "update", "lock"}) {
      Result told = skill(command, command.equals("install") ? source : "trip", "-o", "json");
      assertThat(told.code()).as(command).isEqualTo(3);
      assertThat(told.json().at("/errors/0/rule").asString("")).isEqualTo("lock-damaged");
      assertThat(told.err()).contains("found the marks of a merge. [lock-damaged]");
    }
    assertThat(skill("list").code()).isEqualTo(3);
    assertThat(skill("list").out()).isEmpty();
  }
}
