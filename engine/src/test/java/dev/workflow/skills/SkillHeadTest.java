package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.ProblemText;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkillHeadTest {
  private static final String SOUND = "name: my-skill\ndescription: A test skill\n";

  private static SkillHead head(String folder, String text, boolean strict) {
    return SkillHead.read(
        SkillMarkdown.read(text),
        Path.of("SKILL.md"),
        folder,
        new YamlDocuments(new JsonSchemas()),
        Vocabulary.shipped(),
        strict);
  }

  private static SkillHead head(String fields) {
    return head("my-skill", "---\n" + fields + "---\nBody\n", true);
  }

  private static List<String> rules(String folder, String text) {
    List<Problem> strict = head(folder, text, true).problems();
    List<Problem> lenient = head(folder, text, false).problems();
    assertThat(strict).allMatch(problem -> problem.severity() == Severity.ERROR);
    assertThat(lenient).noneMatch(problem -> problem.severity() == Severity.ERROR);
    return strict.stream().map(problem -> problem.rule().id()).toList();
  }

  private static List<String> rules(String fields) {
    return rules("my-skill", "---\n" + fields + "---\nBody\n");
  }

  private static String shown(String fields) {
    return ProblemText.of(head(fields).problems());
  }

  /** What agentskills.io/specification gives as valid, and what its rules allow. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "license: Apache-2.0\nmetadata:\n  author: example-org\n  version: \"1.0\"\n",
        "license: Proprietary. LICENSE.txt has complete terms\n",
        "compatibility: Requires git, docker, jq, and access to the internet\n",
        "allowed-tools: Bash(git:*) Bash(jq:*) Read\n",
        "metadata:\n  version: 1.0\n",
        "metadata: {}\n",
        "# a comment\n",
      })
  void whatTheSpecificationAllowsIsNoError(String fields) {
    assertThat(head(SOUND + fields).problems()).noneMatch(p -> p.severity() == Severity.ERROR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "pdf-processing", "data-2", "技能", "мой-навык", "cafe\u0301", "9"})
  void aNameOfSmallLettersDigitsAndSingleHyphensIsGood(String name) {
    assertThat(rules(name, "---\nname: " + name + "\ndescription: d\n---\n")).isEmpty();
  }

  @Test
  void aNameIsTheSameHoweverItsAccentsAreWritten() {
    assertThat(rules("café", "---\nname: cafe\u0301\ndescription: d\n---\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PDF-Processing",
        "-pdf",
        "pdf-",
        "pdf--processing",
        "my_skill",
        "my skill",
        "НАВЫК"
      })
  void aNameOfAnotherFormIsADeviation(String name) {
    assertThat(rules(name, "---\nname: " + name + "\ndescription: d\n---\n"))
        .containsExactly("skill-name");
  }

  @Test
  void lengthsAreCountedInCharacters() {
    String name = "a".repeat(64);
    assertThat(rules(name, "---\nname: " + name + "\ndescription: d\n---\n")).isEmpty();
    assertThat(rules(name + "a", "---\nname: " + name + "a\ndescription: d\n---\n"))
        .containsExactly("skill-name");
    String wide = "\uD83D\uDE00";
    assertThat(rules("name: my-skill\ndescription: " + wide.repeat(1024) + "\n")).isEmpty();
    assertThat(rules("name: my-skill\ndescription: " + wide.repeat(1025) + "\n"))
        .containsExactly("skill-description");
    assertThat(rules(SOUND + "compatibility: " + wide.repeat(500) + "\n")).isEmpty();
    assertThat(rules(SOUND + "compatibility: " + wide.repeat(501) + "\n"))
        .containsExactly("skill-compatibility");
  }

  @Test
  void whatIsMissingOrNoTextIsADeviation() {
    assertThat(rules("description: d\n")).containsExactly("skill-name");
    assertThat(rules("name:\ndescription: d\n")).containsExactly("skill-name");
    assertThat(rules("name: my-skill\n")).containsExactly("skill-description");
    assertThat(rules("name: my-skill\ndescription: ' '\n")).containsExactly("skill-description");
    assertThat(rules("name: my-skill\ndescription: [a]\n")).containsExactly("skill-description");
    assertThat(rules(SOUND + "license: [MIT]\n")).containsExactly("skill-license");
    assertThat(rules(SOUND + "compatibility: {a: b}\n")).containsExactly("skill-compatibility");
    assertThat(rules(SOUND + "compatibility: ''\n")).containsExactly("skill-compatibility");
    assertThat(rules(SOUND + "metadata: text\n")).containsExactly("skill-metadata");
    assertThat(rules(SOUND + "metadata: {tags: [a]}\n")).containsExactly("skill-metadata");
    assertThat(rules(SOUND + "allowed-tools: [Read]\n")).containsExactly("skill-tools-form");
    assertThat(rules(SOUND + "allowed-tools: Read, Grep\n")).containsExactly("skill-tools-form");
  }

  @Test
  void aHeadOfAnotherFormIsADeviation() {
    assertThat(rules("my-skill", "# Only a title\n")).containsExactly("skill-head");
    assertThat(rules("my-skill", "---\n" + SOUND + "Body\n")).containsExactly("skill-head");
    assertThat(rules("my-skill", "---\n- a\n- b\n---\nBody\n")).containsExactly("skill-head");
    assertThat(rules("my-skill", "\n\n---\n" + SOUND + "---\n")).containsExactly("skill-head");
    assertThat(rules("my-skill", "\uFEFF---\n" + SOUND + "---\n")).containsExactly("skill-head");
  }

  @Test
  void fieldsOfOtherClientsAreKnownAndUnknownOnesAreTold() {
    String fields = SOUND + "argument-hint: '[x]'\nhooks: {}\nversion: 1.0\nlicence: MIT\n";
    SkillHead lenient = head("my-skill", "---\n" + fields + "---\n", false);

    assertThat(lenient.problems()).extracting(p -> p.place().line()).containsExactly(7, 6);
    assertThat(rules(fields))
        .containsExactly("skill-field", "skill-field", "skill-field", "skill-field");
    assertThat(shown(SOUND + "licence: MIT\n"))
        .isEqualTo(
            """
            SKILL.md:4:1: error: The specification of Agent Skills knows no field `licence`. [skill-field]
              4 | licence: MIT
                | ^
              Did you mean `license`?""");
  }

  @Test
  void whatIsNoYamlIsReadAsItWasMeant() {
    String text = "---\nname: my-skill\ndescription: Use when: it's \"late\"\n---\nBody\n";
    SkillHead lenient = head("my-skill", text, false);

    assertThat(lenient.description()).isEqualTo("Use when: it's \"late\"");
    assertThat(ProblemText.of(lenient.problems()))
        .isEqualTo(
            """
            SKILL.md:3:22: warning: Expected text for `description`, found a second `: `: unquoted, YAML takes it as `key: value`. [yaml-colon]
              3 | description: Use when: it's "late"
                |                      ^
              Write description: 'Use when: it''s "late"'.""");
    assertThat(rules("my-skill", text)).containsExactly("yaml-colon");
    assertThat(rules(SOUND + "name: my-skill\n")).containsExactly("duplicate-key");
  }

  @Test
  void whatCannotBeReadAtAllIsAnError() {
    SkillHead lenient = head("my-skill", "---\nname: [x\ndescription: \"a\n---\n", false);

    assertThat(lenient.problems()).anyMatch(p -> p.severity() == Severity.ERROR);
    assertThat(lenient.description()).isEmpty();
  }

  @Test
  void aDescriptionThatIsCutByACommentIsTold() {
    assertThat(shown("name: my-skill\ndescription: Fixes issue #7 of it\n"))
        .isEqualTo(
            """
            SKILL.md:3:26: warning: The description ends here: ` #` begins a comment in YAML. [skill-comment]
              3 | description: Fixes issue #7 of it
                |                          ^
              Quote the description.""");
    assertThat(shown("name: my-skill\ndescription: 'Fixes issue #7'\n")).isEmpty();
  }

  @Test
  void toolsOfOtherClientsThatMeanNothingHereAreTold() {
    assertThat(shown(SOUND + "allowed-tools: Read Task Bash(git:*)\n"))
        .isEqualTo(
            """
            SKILL.md:4:16: warning: No capability stands for `Task`: the agent works without. [skill-tool]
              4 | allowed-tools: Read Task Bash(git:*)
                |                ^

            SKILL.md:4:16: warning: No tool can be held to what `Bash(git:*)` says here, so none is bound for it. [skill-tool-restricted]
              4 | allowed-tools: Read Task Bash(git:*)
                |                ^
              To have it without the restriction, name the capability in a skill.yaml beside this file.""");
  }

  @Test
  void theVersionStandsInTheMetadata() {
    assertThat(head(SOUND + "metadata: {version: \"1.10\"}\n").version()).contains("1.10");
    assertThat(head(SOUND).version()).isEmpty();
  }
}
