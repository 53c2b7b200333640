package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkillConvertingTest {
  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));
  private String skills = "";

  @BeforeEach
  void aFolder() {
    world = new CommandWorld(folder);
    skills = folder.resolve("skills").toString();
  }

  private Result imported(String from, String source, String... more) {
    String[] all = new String[more.length + 7];
    all[0] = "skill";
    all[1] = "import";
    all[2] = source;
    all[3] = "--from";
    all[4] = from;
    all[5] = "--to";
    all[6] = skills;
    System.arraycopy(more, 0, all, 7, more.length);
    return world.run(all);
  }

  @Test
  void anImportTellsWhatIsKeptMappedAndLostAndIsUsedAtOnce() {
    String agent =
        world.file(
            "reviewer.md",
            "---\nname: reviewer\ndescription: Reviews.\ntools: Read\nmodel: opus\n---\nReview.\n");
    Result dry = imported("claude-agent", agent, "--dry-run");
    assertThat(dry)
        .isEqualTo(
            new Result(
                0,
                """
                kept    name
                kept    description
                kept    instructions
                mapped  tools: optional capabilities file_read
                lost    model: the agent that has the skill names its model; its text is in the metadata
                """,
                "Nothing was written (--dry-run).\n"));
    assertThat(folder.resolve("skills")).doesNotExist();

    Result done = imported("claude-agent", agent, "-o", "json");
    assertThat(done.json().path("written").asBoolean()).isTrue();
    assertThat(done.json().at("/files/0").asString()).isEqualTo("reviewer/SKILL.md");
    assertThat(done.json().at("/mapped/0").asString())
        .isEqualTo("tools: optional capabilities file_read");
    Result there = imported("claude-agent", agent, "-o", "json");
    assertThat(there.code()).isEqualTo(3);
    assertThat(there.json().at("/errors/0/rule").asString()).isEqualTo("conversion-exists");
    assertThat(imported("claude-agent", agent, "--force").code()).isZero();

    String echo = world.file("answers.yaml", "answers: [{answer: \"did: ${prompt}\"}]\n");
    assertThat(world.run("skill", "run", skills + "/reviewer", "it", "--simulate", echo).out())
        .contains("did: it");
    Result out =
        world.run(
            "skill",
            "export",
            skills + "/reviewer",
            "--to",
            "claude-agent",
            "--out",
            folder.resolve("agents").toString());
    assertThat(out.out()).contains("kept    model\n").doesNotContain("lost");
    assertThat(folder.resolve("agents/reviewer.md"))
        .hasContent(
            "---\nname: reviewer\ndescription: Reviews.\ntools: Read\nmodel: opus\n---\nReview.\n");
  }

  @Test
  void aPromptTemplateAsksAModelWithTheTextThatItWouldHaveAsked() {
    String echo = world.file("answers.yaml", "answers: [{answer: \"did: ${prompt}\"}]\n");
    imported(
        "prompt-template",
        world.file("odd.yaml", "template: 'On {topic} at ${{x}}, {{{{y}}}} $${topic} {{z}} $'\n"));
    assertThat(world.run("skill", "run", skills + "/odd", "tea", "--simulate", echo).out())
        .contains("\"did: On tea at ${x}, {{y}} $$tea {z} $\"");

    imported(
        "prompt-template",
        world.file(
            "chat.json",
            """
            {"template_format": "mustache", "messages": [
              ["system", "You are {{who}}."],
              {"role": "human", "content": "Hello {{{what.name}}}, ${1} {2}"},
              ["placeholder", "{history}"]]}"""));
    assertThat(
            world
                .run(
                    "skill",
                    "run",
                    skills + "/chat",
                    "--simulate",
                    echo,
                    "--input",
                    "who=W",
                    "--input",
                    "what={\"name\":\"<N>\"}",
                    "--input",
                    "history=H")
                .out())
        .contains("\"did: You are W.\\n\\nUser: Hello <N>, ${1} {2}\\n\\nH\"");
  }

  @Test
  void whatCannotBeConvertedIsToldAndNothingIsWritten() throws IOException {
    String bad = world.file("bad.yaml", "template: '{{ x }}'\ntemplate_format: jinja2\n");
    Result refused = imported("prompt-template", bad);
    assertThat(refused)
        .isEqualTo(
            new Result(
                3,
                "",
                """
                FOLDER/bad.yaml: error: Expected the template_format f-string or mustache, found `jinja2`. [conversion-template]
                  Only prompts of f-strings and Mustache, as JSON or YAML, can be imported.
                """));
    assertThat(imported("codex", world.file("config.toml", "model = 1\n")).err())
        .contains("Settings of Codex (.toml) are no skills.");
    assertThat(imported("claude-agent", folder.resolve("none.md").toString()).code()).isEqualTo(4);
    assertThat(imported("claude-skill", bad).code()).isEqualTo(4);
    assertThat(world.run("skill", "import", bad).err())
        .contains("--from with one of claude-skill, claude-agent, codex, prompt-template");
    assertThat(imported("langchain", bad).code()).isEqualTo(2);
    assertThat(imported("claude-agent", world.file("no.md", "Only a text.\n")).err())
        .contains("does not say what it is for");
    assertThat(folder.resolve("skills")).doesNotExist();

    world.file("skills/flow/skill.yaml", "name: flow\ndescription: d\nworkflow: workflow.yaml\n");
    world.file("skills/flow/workflow.yaml", "name: flow\nsteps: {a: {set: 1}}\n");
    Result flow = world.run("skill", "export", skills + "/flow", "--to", "agent-skill");
    assertThat(flow.err()).contains("[conversion-instructions]");
    assertThat(Files.exists(Path.of("flow"))).isFalse();
  }

  @Test
  void aDescriptionThatCouldNotBeSaidIsAMistake() {
    world.file("from/notes/SKILL.md", "---\nname: notes\ndescription: d\n---\nTake notes.\n");
    String folderOfSkill = folder.resolve("from/notes").toString();

    for (String from : List.of("claude-skill", "codex")) {
      Result refused = imported(from, folderOfSkill, "--description", "x");
      assertThat(refused.code()).as(from).isEqualTo(2);
      assertThat(refused.err()).contains("--description: a folder with a SKILL.md says");
    }
    assertThat(folder.resolve("skills")).doesNotExist();
    String prompt = world.file("p.md", "Do $1.\n");
    assertThat(imported("codex", prompt, "--description", "Does it").code()).isZero();
  }
}
