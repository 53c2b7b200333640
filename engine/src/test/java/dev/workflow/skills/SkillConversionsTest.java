package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.skills.SkillConversions.From;
import dev.workflow.skills.SkillConversions.To;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SkillConversionsTest {
  private static final JsonSchemas VALIDATOR = new JsonSchemas();
  private static final YamlDocuments DOCUMENTS = new YamlDocuments(VALIDATOR);
  private static final SkillConversions CONVERSIONS = new SkillConversions(DOCUMENTS, VALIDATOR);
  private static final SkillReader READER =
      new SkillReader(DOCUMENTS, VALIDATOR, Vocabulary.shipped());

  private static final String AGENT =
      """
      ---
      name: Code Reviewer
      description: Reviews code: all of it
      tools: Read, Grep, Bash(git:*), Task
      model: opus
      background: true
      hooks: {PreToolUse: [{matcher: Bash}]}
      ---

      You review.
      """;

  @TempDir Path folder = Path.of("unset");

  private Path file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Conversion imported(From from, Path source) {
    return CONVERSIONS.importing(from, source, null, null);
  }

  private Skill written(Conversion made) {
    Path skill = CONVERSIONS.write(made, folder.resolve("skills"), false);
    return Objects.requireNonNull(READER.read(skill, made.name(), false).skill());
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  @Test
  void aSkillOfAnotherClientStaysWhatItIs() throws IOException {
    String text =
        "\uFEFF---\r\nname:  notes # mine\r\ndescription: a: b\r\nmodel: x\r\nallowed-tools: Read Task\r\n---\r\n\r\nBody.\t\r\n";
    file("from/notes/SKILL.md", text);
    file("from/notes/scripts/run.sh", "true\n");

    Conversion made = imported(From.CLAUDE_SKILL, folder.resolve("from/notes"));
    Skill skill = written(made);

    assertThat(text("skills/notes/SKILL.md")).isEqualTo(text);
    assertThat(made.report())
        .isEqualTo(
            new ConversionReport(
                List.of(
                    "name",
                    "description",
                    "instructions",
                    "scripts/run.sh (to be read: scripts are never run)"),
                List.of("allowed-tools: optional capabilities file_read"),
                List.of(
                    "model: it has no meaning here; it stays in the SKILL.md",
                    "allowed-tools Task: no capability stands for it; its text is kept")));
    Conversion back = CONVERSIONS.exporting(skill, To.AGENT_SKILL);
    assertThat(back.tree().hash()).isEqualTo(made.tree().hash());
    assertThat(back.report().lost()).isEmpty();
  }

  @Test
  void aSkillOfOursIsExportedWithAReportOfWhatIsLost() throws IOException {
    file(
        "skills/trip/skill.yaml",
        """
        name: trip
        version: 1.2.0
        description: Plan a trip.
        inputs: [{name: query, type: string}]
        capabilities: {required: [weather_forecast], optional: [web_search, maps/route, serena/*]}
        policy: {allow_web: false, max_tool_calls: 3}
        """);
    file("skills/trip/instructions.md", "# Trip\n\nPlan it.\n");
    file("skills/trip/schema.json", "{\"type\": \"object\"}");
    file("skills/trip/cases/a.yaml", "cases: {}\n");
    file("skills/trip/references/more.md", "More.\n");
    Skill skill =
        Objects.requireNonNull(READER.read(folder.resolve("skills/trip"), "trip", false).skill());

    Conversion made = CONVERSIONS.exporting(skill, To.AGENT_SKILL);
    CONVERSIONS.write(made, folder.resolve("out"), false);

    assertThat(made.files()).containsExactly("trip/SKILL.md", "trip/references/more.md");
    assertThat(text("out/trip/SKILL.md"))
        .isEqualTo(
            """
            ---
            name: trip
            description: Plan a trip.
            metadata:
              version: "1.2.0"
            allowed-tools: mcp__maps__route mcp__serena
            ---

            # Trip

            Plan it.
            """);
    assertThat(made.report())
        .isEqualTo(
            new ConversionReport(
                List.of("name", "description", "instructions", "references/more.md"),
                List.of(
                    "version: metadata.version",
                    "capability maps/route: mcp__maps__route",
                    "capability serena/*: mcp__serena"),
                List.of(
                    "capability weather_forecast: no tool of other clients stands for it",
                    "capability web_search: the policy forbids it",
                    "inputs: other clients ask a skill in plain words",
                    "output: nothing checks the answer there",
                    "policy: nothing holds the skill to it there")));
    assertThat(READER.read(folder.resolve("out/trip"), "trip", true).problems()).isEmpty();

    Conversion again =
        CONVERSIONS.exporting(
            Objects.requireNonNull(READER.read(folder.resolve("out/trip"), "trip", false).skill()),
            To.AGENT_SKILL);
    assertThat(again.tree().hash()).isEqualTo(made.tree().hash());
  }

  @Test
  void aSkillWithASmallSkillMdIsExportedWithOneAlone() {
    file("skills/small/skill.md", "---\nname: small\ndescription: d\n---\nDo.\n");
    file("skills/small/a.md", "a\n");
    file("skills/both/skill.md", "---\nname: both\ndescription: d\n---\nDo.\n");
    file("skills/both/skill.yaml", "name: both\ndescription: d\n");

    assertThat(CONVERSIONS.exporting(read("small"), To.AGENT_SKILL).files())
        .containsExactly("small/SKILL.md", "small/a.md");
    assertThat(CONVERSIONS.exporting(read("both"), To.AGENT_SKILL).files())
        .containsExactly("both/SKILL.md");
  }

  private Skill read(String name) {
    return Objects.requireNonNull(
        READER.read(folder.resolve("skills/" + name), name, false).skill());
  }

  @Test
  void whatASkillYamlSaysOverASkillMdIsToldAsLost() {
    file("skills/x/SKILL.md", "---\nname: x\ndescription: d\n---\nDo.\n");
    file("skills/x/skill.yaml", "name: x\npolicy: {allow_web: false}\n");
    Skill skill =
        Objects.requireNonNull(READER.read(folder.resolve("skills/x"), "x", false).skill());

    Conversion made = CONVERSIONS.exporting(skill, To.AGENT_SKILL);

    assertThat(made.files()).containsExactly("x/SKILL.md");
    assertThat(made.report().lost())
        .containsExactly(
            "skill.yaml: other clients do not read it; what counts there is the SKILL.md",
            "policy: nothing holds the skill to it there");
  }

  @Test
  void anAgentOfClaudeBecomesASkillAndTheSameAgentAgain() throws IOException {
    Conversion made = imported(From.CLAUDE_AGENT, file("rev.md", AGENT));
    Skill skill = written(made);

    assertThat(text("skills/code-reviewer/SKILL.md"))
        .isEqualTo(
            """
            ---
            name: code-reviewer
            description: "Reviews code: all of it"
            allowed-tools: "Read Grep Bash(git:*) Task"
            metadata:
              claude-agent.name: Code Reviewer
              claude-agent.model: opus
              claude-agent.background: "true"
              claude-agent.hooks: "{\\"PreToolUse\\":[{\\"matcher\\":\\"Bash\\"}]}"
            ---

            You review.
            """);
    assertThat(
            READER.read(folder.resolve("skills/code-reviewer"), "code-reviewer", true).problems())
        .extracting(problem -> problem.rule())
        .containsExactlyInAnyOrder(Rule.SKILL_TOOL, Rule.SKILL_TOOL_RESTRICTED);
    assertThat(skill.optional()).containsExactly("file_read", "file_search");
    assertThat(made.report().lost())
        .contains(
            "tools Bash(git:*): no tool can be held to that here; its text is kept",
            "model: the agent that has the skill names its model; its text is in the metadata");

    Conversion back = CONVERSIONS.exporting(skill, To.CLAUDE_AGENT);
    Path agent = CONVERSIONS.write(back, folder.resolve("agents"), false);

    assertThat(agent).isEqualTo(folder.resolve("agents/code-reviewer.md"));
    SkillText read = SkillText.read(agent, Files.readString(agent), DOCUMENTS);
    assertThat(read).isEqualTo(SkillText.read(agent, AGENT, DOCUMENTS));
    assertThat(back.report().kept())
        .containsExactly("name", "description", "model", "background", "hooks", "instructions");
    assertThat(back.report().lost()).isEmpty();
  }

  @Test
  void whatAnAgentCannotSayIsToldAsLost() {
    file(
        "skills/x/SKILL.md",
        "---\nname: x\ndescription: d\nlicense: MIT\nmetadata: {author: me}\n---\nDo.\n");
    file("skills/x/references/a.md", "A\n");
    Skill skill =
        Objects.requireNonNull(READER.read(folder.resolve("skills/x"), "x", false).skill());

    assertThat(CONVERSIONS.exporting(skill, To.CLAUDE_AGENT).report().lost())
        .containsExactly(
            "that it has no tools: an agent that names no tools has all those of its client",
            "license: an agent has no such field",
            "metadata.author: an agent has no metadata",
            "references/a.md: an agent is one file");
  }

  @Test
  void aPromptOfCodexBecomesAWorkflowWhereItHasArgumentsAndASkillMdElse() throws IOException {
    Conversion made =
        imported(
            From.CODEX,
            file(
                "draft.md",
                "---\ndescription: Reviews\nargument-hint: \"[pr]\"\n---\n#$1 $FILE $$5 ${x}\n"));
    written(made);
    assertThat(made.files()).containsExactly("draft/skill.yaml", "draft/workflow.yaml");
    assertThat(text("skills/draft/workflow.yaml"))
        .contains("prompt: \"#${inputs.arg1} ${inputs.file} ${'$'}5 ${'$'}${'{'}x}\\n\"");
    assertThat(made.report().lost())
        .containsExactly(
            "the tools of Codex: a skill has those that it names: add `capabilities`",
            "argument-hint: `[pr]` has no meaning here");

    Conversion agents =
        CONVERSIONS.importing(
            From.CODEX, file("AGENTS.md", "# The rules\n\nBe kind.\n"), "house", null);
    assertThat(written(agents).instructions()).isEqualTo("# The rules\n\nBe kind.");
    assertThat(text("skills/house/SKILL.md"))
        .isEqualTo("---\nname: house\ndescription: The rules\n---\n# The rules\n\nBe kind.\n");

    file("codex-skill/SKILL.md", "---\nname: codex-skill\ndescription: d\n---\nDo.\n");
    file("codex-skill/agents/openai.yaml", "interface: {display_name: X}\n");
    Conversion folderOfSkill = imported(From.CODEX, folder.resolve("codex-skill"));
    assertThat(folderOfSkill.report().lost())
        .containsExactly(
            "agents/openai.yaml: what Codex shows and starts has no meaning here; the file is"
                + " kept");
  }

  @Test
  void aTemplateOfLangChainBecomesAWorkflowOfOneStep() throws IOException {
    String message =
        """
        {"lc": 1, "type": "constructor", "id": ["langchain_core", "prompts", "chat", "%s"],
         "kwargs": {"prompt": {"lc": 1, "type": "constructor",
           "id": ["langchain_core", "prompts", "prompt", "PromptTemplate"],
           "kwargs": {"input_variables": [], "template": "%s", "template_format": "f-string"}}}}""";
    String chat =
        """
        {"lc": 1, "type": "constructor", "id": ["langchain_core", "prompts", "chat", "ChatPromptTemplate"],
         "kwargs": {"input_variables": ["topic"], "metadata": {"x": 1}, "messages": [%s, %s]}}"""
            .formatted(
                message.formatted("SystemMessagePromptTemplate", "Be {{short}}."),
                message.formatted(
                    "HumanMessagePromptTemplate", "On {topic} at ${{x}} or {{{{y}}}}."));

    Conversion made = imported(From.PROMPT_TEMPLATE, file("chat.json", chat));

    assertThat(written(made).workflow()).isEqualTo("workflow.yaml");
    assertThat(text("skills/chat/workflow.yaml"))
        .contains("instructions: \"Be {short}.\"")
        .contains("prompt: \"On ${inputs.topic} at ${'$'}${'{'}x} or ${'{'}${'{'}y}}.\"");
    assertThat(made.report())
        .isEqualTo(
            new ConversionReport(
                List.of("text of the prompt"),
                List.of(
                    "the name of the file: description",
                    "message of the system: instructions of the agent",
                    "variable topic: input topic (string)"),
                List.of("metadata: it has no meaning here")));
  }

  @Test
  void whatAMessageSaysInPartsIsSaid() throws IOException {
    String message =
        """
        {"lc": 1, "type": "constructor", "id": ["langchain_core", "messages", "%s"],
         "kwargs": {"content": [{"type": "text", "text": "never "}, "%s"], "type": "%s"}}""";
    String chat =
        "[%s, %s]"
            .formatted(
                message.formatted("SystemMessage", "pay {x}", "system"),
                message.formatted("HumanMessage", "mind", "human"));

    written(imported(From.PROMPT_TEMPLATE, file("parts.json", chat)));

    assertThat(text("skills/parts/workflow.yaml"))
        .contains("instructions: \"never pay {x}\"", "prompt: never mind");
  }

  @Test
  void aVariableWhoseNameNoInputCanHaveIsCalledOtherwise() throws IOException {
    Path template =
        file("words.yaml", "template: '{in} {in_} {null} {true} {answer} {no} {run}'\n");

    Conversion made = imported(From.PROMPT_TEMPLATE, template);
    written(made);

    assertThat(made.report().mapped())
        .contains(
            "variable in: input in__ (string)",
            "variable in_: input in_ (string)",
            "variable null: input null_ (string)",
            "variable true: input true_ (string)",
            "variable answer: input answer_ (string)",
            "variable run: input run_ (string)");
    assertThat(text("skills/words/workflow.yaml"))
        .contains("${inputs.in__} ${inputs.in_} ${inputs.null_} ${inputs.true_} ${inputs.answer_}");
    assertThat(DOCUMENTS.workflow(folder.resolve("skills/words/workflow.yaml")).problems())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "template: 'a {x!r}' | `{x!r}`",
        "template: 'a {} b' | `{}`",
        "template: 'a } b' | `}`",
        "{template: '{{#x}}y{{/x}}', template_format: mustache} | sections",
        "{template: '{{ x }}', template_format: jinja2} | jinja2",
        "{lc: 1, type: constructor, id: [langchain_core, runnables, RunnableSequence], kwargs: {}} | RunnableSequence",
        "{lc: 1, type: not_implemented, id: [x]} | not_implemented",
        "{_type: few_shot, examples: []} | few_shot",
        "{messages: [[tool, x]]} | `tool`",
        "{messages: [[user, {type: image_url}]]} | image_url",
        "{messages: [{lc: 1, type: constructor, id: [x, HumanMessage], kwargs: {content: [{type: image_url, text: x}]}}]} | image_url",
        "{messages: [{lc: 1, type: constructor, id: [x, HumanMessage], kwargs: {type: human}}]} | human",
        "{messages: [{lc: 1, type: constructor, id: [x, HumanMessage], kwargs: {content: [[a, 7]]}}]} | 7",
        "{template: '{x}', partial_variables: {x: [1]}} | partial variable `x`",
        "{other: 1} | neither",
        "just a text | something else",
      })
  void aTemplateThatCannotBeSaidHereIsRefused(String yaml, String why) {
    Path source = file("t.yaml", yaml + "\n");
    assertThatThrownBy(() -> imported(From.PROMPT_TEMPLATE, source))
        .isInstanceOf(SkillPackageException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("conversion-template");
  }

  @ParameterizedTest
  @EnumSource(From.class)
  void whatIsNotSafeToReadIsRefused(From from) throws IOException {
    Path real = file("real/SKILL.md", "---\nname: real\ndescription: d\n---\nDo.\n");
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    Path huge = file("huge/SKILL.md", "---\ndescription: d\n---\n" + "x".repeat(2 << 20));
    Path binary = Files.write(folder.resolve("binary.md"), new byte[] {'a', (byte) 0xff, 'b'});

    boolean ofSkills = from == From.CLAUDE_SKILL || from == From.CODEX;
    Map<Path, String> rules =
        Map.of(
            link,
            "conversion-link",
            huge,
            ofSkills ? "unreadable-file" : "conversion-size",
            binary,
            "conversion-source",
            folder.resolve("none.md"),
            "conversion-source");
    rules.forEach(
        (source, rule) ->
            assertThatThrownBy(() -> imported(from, source))
                .as("%s", source)
                .isInstanceOf(SkillPackageException.class)
                .hasMessageContaining("[" + rule + "]"));
    Files.createSymbolicLink(folder.resolve("real/passwd"), Path.of("/etc/passwd"));
    if (ofSkills) {
      assertThatThrownBy(() -> imported(from, folder.resolve("real")))
          .hasMessageContaining("package-link");
    }
  }

  @Test
  void aHeadThatHoldsNoFieldsIsRefused() {
    Path source = file("list.md", "---\n- name\n---\nDo.\n");
    assertThatThrownBy(() -> imported(From.CLAUDE_AGENT, source))
        .hasMessageContaining("[conversion-fields]");
  }

  @Test
  void aNameIsNoWayOutOfTheFolder() {
    Path source = file("x.md", AGENT.replace("Code Reviewer", "../../up"));
    assertThat(imported(From.CLAUDE_AGENT, source).name()).isEqualTo("up");
    Path skill = file("y/SKILL.md", "---\nname: y\ndescription: d\n---\nDo.\n");
    for (String name : List.of("..", "a/b", "", ".git", "a\u202Eb")) {
      assertThatThrownBy(() -> CONVERSIONS.importing(From.CLAUDE_SKILL, skill, name, null))
          .as(name)
          .hasMessageContaining("conversion-name");
    }
  }

  @Test
  void nothingIsReplacedUnlessThatIsAskedFor() throws IOException {
    Conversion made = imported(From.CLAUDE_AGENT, file("rev.md", AGENT));
    file("skills/code-reviewer/mine.md", "Mine.\n");

    assertThatThrownBy(() -> CONVERSIONS.write(made, folder.resolve("skills"), false))
        .hasMessageContaining("conversion-exists");
    assertThat(text("skills/code-reviewer/mine.md")).isEqualTo("Mine.\n");

    CONVERSIONS.write(made, folder.resolve("skills"), true);
    try (Stream<Path> files = Files.list(folder.resolve("skills/code-reviewer"))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("SKILL.md");
    }
    try (Stream<Path> files = Files.list(folder.resolve("skills"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("code-reviewer", ".lock");
    }
  }

  @Test
  void whatAKilledImportHasMovedAwayIsPutBackByTheNextOne() throws IOException {
    Conversion made = imported(From.CLAUDE_AGENT, file("rev.md", AGENT));
    file("skills/.replaced-other/SKILL.md", "Old.\n");

    CONVERSIONS.write(made, folder.resolve("skills"), false);

    assertThat(text("skills/other/SKILL.md")).isEqualTo("Old.\n");
  }

  @Test
  void aFileIsReplacedInOneStepAndNothingIsLeftBeside() throws IOException {
    Conversion made = imported(From.CLAUDE_AGENT, file("rev.md", AGENT));
    Conversion agent = CONVERSIONS.exporting(written(made), To.CLAUDE_AGENT);
    file("agents/code-reviewer.md", "Mine.\n");

    assertThatThrownBy(() -> CONVERSIONS.write(agent, folder.resolve("agents"), false))
        .hasMessageContaining("conversion-exists");
    CONVERSIONS.write(agent, folder.resolve("agents"), true);

    assertThat(text("agents/code-reviewer.md")).contains("You review.");
    try (Stream<Path> files = Files.list(folder.resolve("agents"))) {
      assertThat(files).hasSize(1);
    }
  }
}
