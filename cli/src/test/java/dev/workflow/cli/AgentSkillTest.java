package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Agents that work by a skill of another client: a folder with a {@code SKILL.md} alone. */
class AgentSkillTest {
  private static final String WORKFLOW =
      """
      models: {m: openai/gpt-5}
      simulate: answers.yaml
      agents: {clerk: {model: m, skill: forms}}
      steps:
        first: {agent: clerk, prompt: Fill it in.}
        sure: {ask: Go on?, needs: [first]}
        second: {agent: clerk, prompt: Once more., needs: [sure]}
      outputs: {one: "${first}", two: "${second}"}
      """;

  private static final String READING =
      """
      answers:
        - turns:
            - calls:
                - {tool: skill_read, with: {path: references/fields.md}}
            - answer: "${tools.skill_read}"
      """;

  private final CommandWorld world;
  private final String file;

  AgentSkillTest(@TempDir Path folder) {
    this.world = new CommandWorld(folder);
    this.file = world.file("w.yaml", WORKFLOW);
  }

  @BeforeEach
  void aSkill() {
    skill("allowed-tools: Read");
    world.file("skills/forms/references/fields.md", "Name and age.\n");
    world.file("skills/forms/scripts/fill.py", "print(1)\n");
    world.file("answers.yaml", READING);
  }

  private void skill(String fields) {
    world.file(
        "skills/forms/SKILL.md",
        "---\nname: forms\ndescription: Fills in forms.\n" + fields + "\n---\nSee references/.\n");
  }

  private List<JsonNode> events(String type) {
    return world
        .run("runs", "export", "one")
        .out()
        .lines()
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(event -> event.path("type").asString("").equals(type))
        .toList();
  }

  private Result start() {
    return world.run("run", file, "--run-id", "one", "-o", "json");
  }

  @Test
  void whatAnAgentReadsOfItsSkillIsWhatTheRunBeganWithThoughTheFolderIsGone() {
    assertThat(start().code()).isEqualTo(5);
    world
        .remove("w.yaml")
        .remove("answers.yaml")
        .remove("skills/forms/SKILL.md")
        .remove("skills/forms/references/fields.md");

    Result done = world.run("resume", "one", "--yes", "-o", "json");

    assertThat(done.code()).isZero();
    assertThat(done.json().path("outputs").toString())
        .isEqualTo("{\"one\":\"Name and age.\\n\",\"two\":\"Name and age.\\n\"}");
    assertThat(
            events("model_replied").stream()
                .flatMap(event -> event.at("/reply/calls").valueStream())
                .map(call -> call.path("tool").asString() + ": " + call.path("answer").asString()))
        .containsExactly("skill_read: Name and age.\n", "skill_read: Name and age.\n");
    assertThat(events("tool_called")).isEmpty();
  }

  @Test
  void aFileOfASkillThatChangedIsToldBeforeTheRunGoesOn() {
    start();
    world.file("skills/forms/references/fields.md", "Name only.\n");

    Result refused = world.run("resume", "one", "--yes");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("skill forms", "files");

    Result adopted = world.run("resume", "one", "--yes", "--adopt", "-o", "json");
    assertThat(adopted.json().at("/outputs/one").asString()).isEqualTo("Name only.\n");
    assertThat(adopted.json().at("/outputs/two").asString()).isEqualTo("Name only.\n");
  }

  @Test
  void aFileThatIsNotOfTheSkillIsNotRead() {
    world.file("secret.md", "secret");
    world.file(
        "answers.yaml",
        READING
            .replace("references/fields.md", "../../secret.md")
            .replace("${tools.skill_read}", "${errors.skill_read}"));

    start();

    assertThat(
            world.run("resume", "one", "--yes", "-o", "json").json().at("/outputs/one").asString())
        .isEqualTo(
            "The skill has no file `../../secret.md`. Known: references/fields.md,"
                + " scripts/fill.py.");
  }

  @Test
  void whatIsOddAboutASkillIsAWarningAndWhatItMayUseIsShown() {
    skill("allowed-tools: Read, AskUserQuestion, Task\nowner: me");

    Result validated = world.run("validate", file);
    assertThat(validated.code()).isZero();
    assertThat(validated.err() + validated.out())
        .contains("SKILL.md:4:16: warning: Expected tools with blanks", "[skill-tools-form]")
        .contains("SKILL.md:5:1: warning: The specification of Agent Skills knows no field `owner`")
        .contains("No capability stands for `Task`: the agent works without.");

    assertThat(world.run("inspect", file).out())
        .contains(
            """
            Capabilities
              file_read by none, as it is optional, for skill `forms` (agent `clerk`): There were no tools to look at.""")
        .contains(
            "  ask_person by the engine, for skill `forms` (agent `clerk`): a person is asked in"
                + " the run");
  }

  @Test
  void skillsAreCheckedByThemselvesAndStrictlyByTheSpecification() {
    world.file("skills/deep/notes/SKILL.md", "---\nname: notes\ndescription: d\n---\nNote.\n");
    world.file("skills/node_modules/x/SKILL.md", "x");
    skill("allowed-tools: Read, Grep");
    String skills = world.file("skills/README.md", "x").replace("/README.md", "");

    Result lenient = world.run("skill", "validate", skills);
    assertThat(lenient.code()).isZero();
    assertThat(lenient.out())
        .isEqualTo(
            "FOLDER/skills/deep/notes: ok, skill\nFOLDER/skills/forms: ok, skill, 1 warning\n");
    assertThat(lenient.err()).contains("SKILL.md:4:16: warning:", "[skill-tools-form]");

    Result strict = world.run("skill", "validate", skills, "--strict", "-o", "json");
    assertThat(strict.code()).isEqualTo(3);
    assertThat(strict.json().path("ok").asBoolean()).isFalse();
    assertThat(strict.json().at("/files/1/problems/0/rule").asString())
        .isEqualTo("skill-tools-form");
    assertThat(strict.json().at("/files/0/ok").asBoolean()).isTrue();

    Result nothing = world.run("skill", "validate", skills.replace("skills", "home"));
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err())
        .contains("home: expected a folder with skill.yaml or SKILL.md, found none.");
  }

  @Test
  void anAgentMayAskAPersonAndTheAnswerIsTheResultOfItsCall() {
    skill("allowed-tools: AskUserQuestion");
    world.file(
        "answers.yaml",
        """
        answers:
          - step: first
            turns:
              - calls:
                  - {tool: ask_person, with: {question: "Which {form} for $${1 + 1}?", options: [A4, "$${x}"]}}
              - answer: "${tools.ask_person.answer}"
          - answer: done
        """);

    Result asked = start();
    assertThat(asked.code()).isEqualTo(5);
    assertThat(asked.err()).contains("first.plan/question", "Which {form} for ${1 + 1}?");
    assertThat(world.run("resume", "one", "--yes").code()).isEqualTo(5);
    world.remove("answers.yaml").remove("w.yaml").remove("skills/forms/SKILL.md");

    Result wrong = world.run("resume", "one", "--answer", "first.plan/question={\"answer\":\"C\"}");
    assertThat(wrong.code()).isEqualTo(2);
    Result done =
        world.run(
            "resume",
            "one",
            "--answer",
            "first.plan/question={\"answer\":\"A4\"}",
            "--yes",
            "-o",
            "json");

    assertThat(done.json().at("/outputs/one").asString()).isEqualTo("A4");
    assertThat(events("model_called")).hasSize(3);
  }

  @Test
  void anAgentWithoutThatCapabilityAsksNobody() {
    world.file(
        "answers.yaml",
        """
        answers:
          - turns:
              - calls: [{tool: ask_person, with: {question: "Sure?"}}]
              - answer: "${errors.ask_person}"
        """);
    start();

    assertThat(
            world.run("resume", "one", "--yes", "-o", "json").json().at("/outputs/one").asString())
        .startsWith("There is no tool ask_person.");
  }
}
