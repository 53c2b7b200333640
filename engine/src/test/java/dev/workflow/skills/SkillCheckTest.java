package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ProblemText;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkillCheckTest {
  private static final String HEAD = "name: trip\ndescription: Plan a trip.\n";

  @TempDir private Path folder = Path.of("unset");

  private SkillCheckTest file(String name, String text) {
    try {
      Path file = folder.resolve("trip").resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String problems() {
    JsonSchemas schemas = new JsonSchemas();
    SkillFolders skills =
        new SkillFolders(new YamlDocuments(schemas), schemas, folder.resolve("none"), null);
    return ProblemText.of(skills.check(folder.resolve("trip"), false)).replace(folder + "/", "");
  }

  @Test
  void aSoundSkillHasNoProblems() {
    file("skill.yaml", HEAD + "capabilities: {required: [weather_forecast, my_own_ability]}\n");
    file("instructions.md", "Read [this](references/a%20b.md), [that](skill.yaml#x) and <b>.\n");
    file("references/a b.md", "More.\n");
    file("schema.json", "{\"type\": \"string\", \"x-own\": 1}\n");

    assertThat(problems()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsToldOnceAndTheRestAsWell() {
    file("skill.yaml", HEAD.replace("trip\n", "tour\n"));
    file("instructions.md", "See [it](nowhere.md).\n");

    assertThat(problems())
        .isEqualTo(
            """
            trip/instructions.md:1:10: warning: Expected a file of the skill's folder, found a link to `nowhere.md`, which does not exist. [broken-link]
              1 | See [it](nowhere.md).
                |          ^
              A link is relative to the folder of the skill.

            trip/skill.yaml:1:7: error: Expected the name of the folder, `trip`, found `tour`. [skill-name]
              1 | name: tour
                |       ^
              Rename the folder or the skill: a skill is found by its folder.\
            """);
  }

  @Test
  void theWorkflowThatASkillNamesIsReadToo() {
    file("skill.yaml", HEAD + "workflow: flow.yaml\n");
    file("flow.yaml", "inputs: {in: string}\nsteps: {a: {set: 1}}\n");

    assertThat(problems()).startsWith("trip/flow.yaml:1:10: error: ").contains("[reserved-name]");
  }

  @Test
  void linksThatAreNoneOrLeadElsewhereAreLeftAlone() {
    file(
        "SKILL.md",
        """
        ---
        name: trip
        description: Plan a trip with [x](no.md).
        ---
        `[a](no.md)` and ``[b](no.md) ` `` are code, [c](https://example.org/no.md), [d](#part),
        [e](mailto:a@example.org) and [f]({file}.md) are no files.
        ```md
        [g](no.md)
        ```
        ~~~
        [h](no.md)
        ```
        [i](no.md)
        ~~~
        """);

    assertThat(problems()).isEmpty();
  }

  @Test
  void linksOfEveryFormAreFollowedAndMayNotLeaveTheFolder() {
    file(
        "SKILL.md",
        """
        ---
        name: trip
        description: Plan a trip.
        ---
        ![a](no.png "title") [b](<no such.md>) [c](../other/SKILL.md)

        [d]: no.md
        """);

    assertThat(problems().lines().filter(line -> line.startsWith("trip/")))
        .containsExactly(
            "trip/SKILL.md:5:6: warning: Expected a file of the skill's folder, found a link to"
                + " `no.png`, which does not exist. [broken-link]",
            "trip/SKILL.md:5:27: warning: Expected a file of the skill's folder, found a link to"
                + " `no such.md`, which does not exist. [broken-link]",
            "trip/SKILL.md:5:44: warning: Expected a file of the skill's folder, found a link to"
                + " `../other/SKILL.md`, which leads out of it. [broken-link]",
            "trip/SKILL.md:7:6: warning: Expected a file of the skill's folder, found a link to"
                + " `no.md`, which does not exist. [broken-link]");
  }

  @Test
  void instructionsAreThereAndNotTooLong() {
    file("SKILL.md", "---\nname: trip\ndescription: Plan a trip.\n---\n\n");
    assertThat(problems())
        .startsWith("trip/SKILL.md: warning: Expected the instructions of the skill, found none.");
    file("skill.yaml", HEAD).file("instructions.md", " \n");
    assertThat(problems())
        .startsWith(
            "trip/instructions.md: error: Expected the instructions of the skill, found none.");

    file("instructions.md", "x\n".repeat(501));
    assertThat(problems())
        .startsWith(
            "trip/instructions.md:501: warning: Expected at most 500 lines of instructions, found"
                + " 501.");
  }

  @Test
  void theFieldsOfASkillAreNoInstructions() {
    file("SKILL.md", "---\nname: trip\ndescription: Plan a trip.\n---\n" + "x\n".repeat(501));
    assertThat(problems())
        .startsWith(
            "trip/SKILL.md:505: warning: Expected at most 500 lines of instructions, found 501.");
  }

  @Test
  void schemaInputsAndCapabilitiesAreChecked() {
    file(
        "skill.yaml",
        HEAD
            + """
            inputs:
              - {name: days, type: integer, default: three}
            capabilities:
              optional: [tide_data, web_serach]
            """);
    file("instructions.md", "Plan.\n");
    file(
        "schema.json",
        """
        {"type": "object",
         "properties": {"days": {"type": "integer", "examples": ["three"], "minimun": 1}}}
        """);

    assertThat(problems().lines().filter(line -> line.startsWith("trip/")))
        .containsExactly(
            "trip/schema.json:2:58: error: Expected an example that fits its own schema: expected"
                + " integer, found \"three\". [bad-example]",
            "trip/schema.json:2:68: warning: Expected a keyword of JSON Schema, found `minimun`,"
                + " which checks nothing. [unknown-keyword]",
            "trip/skill.yaml:4:42: error: Expected a default that fits its own schema: expected"
                + " integer, found \"three\". [bad-default]",
            "trip/skill.yaml:6:25: warning: The vocabulary has no capability `web_serach`."
                + " [capability-name]");
  }
}
