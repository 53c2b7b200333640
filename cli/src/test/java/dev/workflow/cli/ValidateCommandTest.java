package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ValidateCommandTest {
  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aFolderOfFiles() {
    world = new CommandWorld(folder);
    world.file("all/good.yaml", "name: good\nsteps: {one: {set: 1}}\n");
    world.file("all/deep/bad.yml", "name: bad\nsteps: {one: {set: \"${tow}\"}, two: {set: 2}}\n");
    world.file("all/answers.yaml", "answers: []\n");
    world.file("all/node_modules/x/no.yaml", "steps: nonsense\n");
    world.file("all/.hidden/no.yaml", "steps: nonsense\n");
    world.file(
        "server.yaml",
        "name: s\nmcp: {srv: {command: no-such-program}}\nsteps: {a: {tool: srv/x, with: {}}}\n");
  }

  @Test
  void aFolderMeansItsWorkflowFiles() {
    Result result = world.run("validate", folder.resolve("all").toString());

    assertThat(result)
        .isEqualTo(
            new Result(
                3,
                """
                FOLDER/all/deep/bad.yml: 1 error
                FOLDER/all/good.yaml: ok, 1 step
                """,
                """
                FOLDER/all/deep/bad.yml:2:23: error: There is no `tow`. [expression]
                  2 | steps: {one: {set: "${tow}"}, two: {set: 2}}
                    |                       ^
                  Did you mean `two`?

                """));
  }

  @Test
  void whatCouldNotBeVerifiedCountsWhenItIsAskedFor() {
    String file = folder.resolve("server.yaml").toString();

    Result lenient = world.run("validate", file);
    assertThat(lenient.code()).isZero();
    assertThat(lenient.out()).isEqualTo("FOLDER/server.yaml: ok, 1 step, 1 unverified\n");
    assertThat(lenient.err()).contains("unverified: Server `srv` was never started here");

    Result strict = world.run("validate", file, "--strict");
    assertThat(strict.code()).isEqualTo(4);
    assertThat(strict.out()).isEqualTo("FOLDER/server.yaml: 1 error\n");
  }

  @Test
  void scriptsGetOneObject() {
    JsonNode json = world.run("validate", folder.resolve("all").toString(), "-o", "json").json();

    assertThat(json.get("ok").asBoolean()).isFalse();
    assertThat(json.at("/files/0/problems/0/line").asInt()).isEqualTo(2);
    assertThat(json.at("/files/0/problems/0/column").asInt()).isEqualTo(23);
    assertThat(json.at("/files/0/problems/0/hint").asString()).isEqualTo("Did you mean `two`?");
    assertThat(json.at("/files/1/ok").asBoolean()).isTrue();
  }

  @Test
  void theCasesOfAWorkflowAndOfASkillAreReadWithoutRunningThem() {
    world.file("all/good.cases.yaml", "cases: {one: {imputs: {n: 1}}}\n");
    world.file("skills/s/SKILL.md", "---\nname: s\ndescription: Says hello.\n---\nSay hello.\n");
    world.file("skills/s/cases/a.yaml", "cases: {one: {expect: {outputs: {a: no}}}}\n");
    world.file(
        "skills/s/cases/b.yaml",
        "tools: {x/y: {returns: \"${arg.a}\"}}\ncases: {one: {inputs: {}}}\n");

    Result file = world.run("validate", folder.resolve("all/good.yaml").toString());
    Result skill = world.run("validate", folder.resolve("skills").toString());

    assertThat(file.code()).isEqualTo(3);
    assertThat(file.out()).isEqualTo("FOLDER/all/good.yaml: 1 error\n");
    assertThat(file.err()).contains("FOLDER/all/good.cases.yaml:1:15", "Did you mean `inputs`?");
    assertThat(skill.code()).isEqualTo(3);
    assertThat(skill.err()).contains("FOLDER/skills/s/cases/b.yaml:1:", "`arg`");
    assertThat(skill.err()).doesNotContain("a.yaml");
  }

  @Test
  void aFolderWithoutWorkflowsIsAMistake() {
    world.file("empty/readme.txt", "nothing");

    assertThat(world.run("validate", folder.resolve("empty").toString()).err())
        .isEqualTo("workflow: Folder FOLDER/empty: there is no workflow file in it.\n");
    assertThat(world.run("validate", "no.yaml").code()).isEqualTo(3);
  }
}
