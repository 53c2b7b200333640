package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Policy;
import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Skills.Found;
import dev.workflow.engine.Validator;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class SkillFoldersTest {
  private static final String TRIP =
      """
      name: trip
      version: 1.2.0
      description: Plan a trip.
      inputs:
        - {name: query, type: string, description: What to plan}
        - {name: days, type: integer, default: 1}
        - {name: extra, type: any, required: false}
      capabilities: {required: [weather_forecast], optional: [tide_data]}
      policy: {allow_web: false, deterministic: true, max_tool_calls: 2k}
      """;

  @TempDir Path folder = Path.of("unset");

  @Test
  void aFolderWithASkillFileIsReadWhole() {
    file("skills/trip/skill.yaml", TRIP);
    file("skills/trip/instructions.md", "\nPlan it.\n");
    file("skills/trip/schema.json", "{\"type\": \"object\"}");

    assertThat(skill("trip"))
        .isEqualTo(
            new Skill(
                "trip",
                "1.2.0",
                "Plan a trip.",
                JsonMapper.shared()
                    .readTree(
                        """
                        {"type": "object",
                         "properties": {
                           "query": {"type": "string", "description": "What to plan"},
                           "days": {"type": "integer", "default": 1},
                           "extra": {}},
                         "required": ["query"],
                         "additionalProperties": false}
                        """),
                List.of("weather_forecast"),
                List.of("tide_data"),
                "Plan it.",
                JsonMapper.shared().readTree("{\"type\": \"object\"}"),
                new Policy(false, true, true, 2000),
                null,
                folder.resolve("skills/trip").toString(),
                List.of()));
  }

  @Test
  void aFolderOfAnotherClientIsASkillToo() {
    file(
        "skills/notes/SKILL.md",
        """
        ---
        name: notes
        description: >
          Takes notes: short ones,
          in order.
        license: Apache-2.0
        metadata:
          author: somebody
        ---

        # Notes

        Write them down.
        """);

    Skill skill = skill("notes");

    assertThat(skill.description()).isEqualTo("Takes notes: short ones, in order.");
    assertThat(skill.instructions()).isEqualTo("# Notes\n\nWrite them down.");
    assertThat(skill.policy()).isEqualTo(Policy.OPEN);
    assertThat(skill.outputSchema()).isNull();
  }

  @Test
  void aSkillFileIsLaidOverTheMarkdownOfTheSameFolder() {
    file(
        "skills/trip/SKILL.md",
        "---\nname: trip\ndescription: \"From \\\"there\\\".\"\n---\nBody.");
    file("skills/trip/skill.yaml", "name: trip\nversion: 2.0.0\n");

    assertThat(skill("trip").version()).isEqualTo("2.0.0");
    assertThat(skill("trip").description()).isEqualTo("From \"there\".");
    assertThat(skill("trip").instructions()).isEqualTo("Body.");

    file("skills/trip/instructions.md", "Own.");
    assertThat(skill("trip").instructions()).isEqualTo("Own.");
  }

  @Test
  void theNearestFolderOfANameCounts() {
    for (String place : List.of("shipped", "user", "project/skills", "project/flows/deep/skills")) {
      file(place + "/trip/SKILL.md", "---\nname: trip\ndescription: d\n---\n" + place);
    }
    file("project/.git/HEAD", "");
    Path deep = folder.resolve("project/flows/deep");

    assertThat(found("trip", deep).instructions()).isEqualTo("project/flows/deep/skills");
    assertThat(found("trip", folder.resolve("project/flows")).instructions())
        .isEqualTo("project/skills");
    assertThat(found("trip", folder.resolve("elsewhere")).instructions()).isEqualTo("user");
  }

  @Test
  void whatWasLookedAtIsToldInOrder() {
    file("project/.mcp.json", "{}");
    file("project/flows/travel.yaml", "");
    file("shipped/trip/SKILL.md", "x");
    Found found = folders().skill("tripp", folder.resolve("project/flows"));

    assertThat(found.skill()).isNull();
    assertThat(found.problems()).isEmpty();
    assertThat(found.looked())
        .containsExactly(
            folder.resolve("project/flows/skills").toString(),
            folder.resolve("project/skills").toString(),
            folder.resolve("user").toString(),
            folder.resolve("shipped").toString());
    assertThat(folders().names(folder.resolve("project/flows"))).containsExactly("trip");
  }

  @Test
  void aNameThatIsAPathIsNoSkill() {
    file("secret/SKILL.md", "---\nname: secret\ndescription: d\n---\nx");
    file("skills/trip/SKILL.md", "x");

    assertThat(folders().skill("../secret", folder).skill()).isNull();
    assertThat(folders().skill("../secret", folder).problems()).isEmpty();
  }

  @Test
  void everyMistakeOfASkillHasItsPlace() {
    file(
        "skills/trip/skill.yaml",
        """
        name: tripp
        output: {schema: ../other.json}
        capabilities: {requird: [x]}
        """);
    assertThat(problems("trip"))
        .isEqualTo(
            """
            skills/trip/skill.yaml:3:16: error: Expected a known key in `capabilities`, found `requird`. [unknown-key]
              3 | capabilities: {requird: [x]}
                |                ^
              Did you mean `required`?""");

    file("skills/trip/skill.yaml", "name: tripp\noutput: {schema: ../other.json}\n");
    assertThat(problems("trip"))
        .isEqualTo(
            """
            skills/trip/skill.yaml:1:7: error: Expected the name of the folder, `trip`, found `tripp`. [skill-name]
              1 | name: tripp
                |       ^
              Rename the folder or the skill: a skill is found by its folder.

            skills/trip/skill.yaml:2:18: error: Expected a file of this folder, found `../other.json`. [skill-schema]
              2 | output: {schema: ../other.json}
                |                  ^
              Name the JSON Schema of the output, such as schema.json.""");
  }

  @Test
  void aSkillWithoutInstructionsIsNone() {
    file("skills/trip/skill.yaml", "name: trip\n");

    assertThat(problems("trip"))
        .isEqualTo(
            """
            skills/trip/skill.yaml:1:1: error: Expected the instructions of the skill in instructions.md, found no such file in its folder. [skill-instructions]
              1 | name: trip
                | ^
              Write what the model is to do into that file beside skill.yaml.""");
  }

  @Test
  void anOutputContractThatIsNoSchemaIsToldInItsOwnFile() {
    file("skills/trip/skill.yaml", "name: trip\noutput: {schema: out.json}\n");
    file("skills/trip/instructions.md", "Go.");
    file("skills/trip/out.json", "{\n  \"type\": \"strin\"\n}");

    assertThat(problems("trip"))
        .startsWith("skills/trip/out.json:2:11: error: This is no JSON Schema:");
  }

  @Test
  void aMarkdownSkillThatDoesNotSayWhatItIsForIsNone() {
    file("skills/notes/SKILL.md", "---\nname: other\n---\nBody.");

    assertThat(problems("notes"))
        .isEqualTo(
            """
            skills/notes/SKILL.md:1:1: error: Skill `notes` does not say what it is for. [skill-description]
              1 | ---
                | ^
              Begin SKILL.md with `---`, `name:`, `description:`, `---`.

            skills/notes/SKILL.md:2:7: warning: Expected the name of the folder, `notes`, found `other`. [skill-name]
              2 | name: other
                |       ^
              Rename the folder or the skill: a skill is found by its folder.""");
  }

  @Test
  void aSkillOfAnotherClientIsFoundByItsFolderWhateverItCallsItself() {
    file("skills/Мой навык/SKILL.md", "---\nname: Other\ndescription: d\n---\nBody.");

    Found found = folders().skill("Мой навык", folder);

    assertThat(Objects.requireNonNull(found.skill()).name()).isEqualTo("Мой навык");
    assertThat(found.problems())
        .allMatch(problem -> problem.severity() == Problem.Severity.WARNING)
        .extracting(Problem::rule)
        .containsExactly(Rule.SKILL_NAME, Rule.SKILL_NAME);
    assertThat(folders().names(folder)).containsExactly("Мой навык");
  }

  @Test
  void aFileInSmallLettersIsReadWhereThereIsNoOther() {
    file("skills/notes/skill.md", "---\nname: notes\ndescription: d\n---\nsmall");

    assertThat(folders().skill("notes", folder).problems())
        .extracting(Problem::rule)
        .containsExactly(Rule.SKILL_FILE);

    file("skills/notes/SKILL.md", "---\nname: notes\ndescription: d\n---\ngreat");
    assertThat(skill("notes").instructions()).isEqualTo("great");
  }

  @Test
  void whatAnotherClientAllowsIsOptionalUnlessTheSkillFileSaysWhatIsNeeded() {
    file(
        "skills/trip/SKILL.md",
        "---\nname: trip\ndescription: d\nallowed-tools: WebSearch Read\n---\nBody.");
    assertThat(skill("trip").optional()).containsExactly("web_search", "file_read");
    assertThat(skill("trip").required()).isEmpty();

    file("skills/trip/skill.yaml", "name: trip\n");
    assertThat(skill("trip").optional()).containsExactly("web_search", "file_read");

    file("skills/trip/skill.yaml", "name: trip\ncapabilities: {required: [tide_data]}\n");
    assertThat(skill("trip").required()).containsExactly("tide_data");
    assertThat(skill("trip").optional()).isEmpty();
  }

  @Test
  void aStrictCheckTakesDeviationsFromTheSpecificationForErrors() {
    file("a/notes/SKILL.md", "---\nname: notes\ndescription: d\nmodel: opus\n---\nBody.");
    Path notes = folder.resolve("a/notes");

    assertThat(folders().check(notes, false)).isEmpty();
    assertThat(ProblemText.of(folders().check(notes, true)).replace(folder + "/", ""))
        .isEqualTo(
            """
            a/notes/SKILL.md:4:1: error: The specification of Agent Skills knows no field `model`. [skill-field]
              4 | model: opus
                | ^
              What is one's own goes below `metadata`.""");
  }

  @Test
  void theShippedSkillsAreSound() {
    Validator validator = new JsonSchemas();
    Path shipped = Path.of("..", "skills");
    SkillFolders folders =
        new SkillFolders(new YamlDocuments(validator), validator, folder, shipped);

    assertThat(folders.names(folder))
        .containsExactly(
            "code-review",
            "data-summary",
            "day-check",
            "meeting-notes",
            "safety-check",
            "travel-plan",
            "web-research");
    for (String name : folders.names(folder)) {
      Found found = folders.skill(name, folder);
      assertThat(found.problems()).isEmpty();
      Skill skill = Objects.requireNonNull(found.skill());
      assertThat(skill.required()).allMatch(each -> folders.capability(each).isPresent());
      assertThat(skill.optional()).allMatch(each -> folders.capability(each).isPresent());
      assertThat(validator.checkSchema(Objects.requireNonNull(skill.outputSchema()))).isEmpty();
    }
  }

  private void file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SkillFolders folders() {
    Validator validator = new JsonSchemas();
    return new SkillFolders(
        new YamlDocuments(validator), validator, folder.resolve("user"), folder.resolve("shipped"));
  }

  private Skill skill(String name) {
    return found(name, folder);
  }

  private Skill found(String name, Path from) {
    Found found = folders().skill(name, from);
    assertThat(found.problems()).isEmpty();
    return Objects.requireNonNull(found.skill());
  }

  private String problems(String name) {
    Found found = folders().skill(name, folder);
    assertThat(found.skill()).isNull();
    return ProblemText.of(found.problems()).replace(folder + "/", "");
  }
}
