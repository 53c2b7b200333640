package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where private data can leave by a skill, and who is asked in it. */
class SkillFlowTest {
  private static final String SERVERS =
      """
      mcp:
        in: {command: in, labels: {read: [untrusted]}}
        house: {command: house, labels: {look: [private]}}
        out: {command: out, labels: {send: [external]}}
      bindings: {send_email: out/send, web_search: in/read}
      agents:
        writer: {model: openai/gpt-5}
        poster: {model: openai/gpt-5, skill: post}
        helper: {model: openai/gpt-5, skill: help, servers: [out]}
      steps:
        page: {tool: in/read}
        plan: {tool: house/look}
        letter: {agent: writer, prompt: "{page} {plan}", output: {text: string}}
      """;

  private static final String MAIL =
      """
      inputs: {text: string}
      steps:
        mail: {capability: send_email, with: {text: "${text}"}}
      """;

  private static final String MAIL_AFTER_ASK =
      """
      inputs: {text: string}
      steps:
        go: {ask: "Send {text}?"}
        mail: {capability: send_email, with: {text: "${text}"}, needs: [go]}
      """;

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    String text = "{'type':'object','properties':{'text':{'type':'string'}}}";
    world =
        new CheckWorld(folder)
            .usable("openai/gpt-5")
            .tool("in", "read")
            .tool("house", "look")
            .tool("out", "send", Effect.WRITE, text, null);
    post("required: [send_email]", MAIL);
    help("AskUserQuestion mcp__out__send");
  }

  private void post(String capabilities, String workflow) {
    world
        .file(
            "skills/post/skill.yaml",
            """
            name: post
            inputs: [{name: text, type: string}]
            capabilities: {%s}
            workflow: main.yaml
            """
                .formatted(capabilities))
        .file("skills/post/main.yaml", workflow);
  }

  private void help(String tools) {
    world
        .file(
            "skills/help/SKILL.md",
            """
            ---
            name: help
            description: Answers letters.
            allowed-tools: %s
            ---
            Read references/tone.md before you answer a letter, and ask where it is unclear.
            """
                .formatted(tools))
        .file("skills/help/references/tone.md", "Be kind.");
  }

  private List<Problem> leaks(String steps) {
    Checked checked = world.check(SERVERS + steps);
    assertThat(checked.definition()).as("%s", checked.problems()).isNotNull();
    return checked.problems().stream()
        .filter(problem -> problem.rule() == Rule.INFORMATION_FLOW)
        .toList();
  }

  private void assertLeaks(String steps, String way) {
    assertThat(leaks(steps))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains(way));
  }

  @Test
  void theWorkflowOfASkillIsLookedAtWhereItIsUsed() {
    String byAgent = "  go: {agent: poster, prompt: \"{letter.text}\"}\n";

    assertLeaks(byAgent, "-> letter -> go -> go/mail; external: go/mail (out/send");
    assertLeaks(
        "  go: {workflow: post, with: {text: \"${letter.text}\"}}\n",
        "-> letter -> go -> go/mail; external: go/mail (out/send");
    assertThat(leaks(byAgent).getFirst().place().file()).endsWith("skills/post/main.yaml");
    assertThat(leaks("  go: {agent: poster, prompt: hello}\n")).isEmpty();
  }

  @Test
  void whatFollowsThePromptOfAnAgentGoesIntoTheWorkflowOfItsSkill() {
    assertLeaks("  go: {agent: poster, prompt: send it, context: [letter]}\n", "letter -> go ->");
    assertLeaks(
        """
          go: {agent: poster, prompt: hello}
          judge:
            agent: writer
            prompt: "{letter.text}"
            context: [go]
            output: {bad: boolean, why: string}
            revise: {step: go, when: judge.bad, max: 1}
        """,
        "letter -> judge -> go -> go/mail");
  }

  @Test
  void anAskInASkillOrBeforeItClearsTheCall() {
    assertThat(
            leaks(
                "  yes: {ask: \"{letter.text}?\"}\n  go: {agent: poster, prompt: \"{letter.text}\", needs: [yes]}\n"))
        .isEmpty();

    post("required: [send_email]", MAIL_AFTER_ASK);

    assertThat(leaks("  go: {agent: poster, prompt: \"{letter.text}\"}\n")).isEmpty();
    assertThat(leaks("  go: {agent: poster, prompt: \"{letter.text}\", context: [plan]}\n"))
        .isEmpty();
  }

  @Test
  void whatASkillGivesCarriesWhatItHasRead() {
    post(
        "required: [web_search]",
        """
        inputs: {text: string}
        steps:
          found: {capability: web_search}
        outputs: {all: "${found}", about: "${text}"}
        """);
    String mail = "  mail: {tool: out/send, with: {text: \"%s\"}}\n";

    assertLeaks(
        "  go: {agent: poster, prompt: hello}\n" + mail.formatted("${go.all} ${plan}"),
        "untrusted: go/found (in/read");
    assertThat(
            leaks("  go: {agent: poster, prompt: hello}\n" + mail.formatted("${go.about} ${plan}")))
        .isEmpty();
  }

  /** Where nothing offers an optional capability, what waits for it is skipped as well. */
  @Test
  void anAskThatIsSkippedWhereNothingOffersACapabilityClearsNothing() {
    String workflow =
        """
        inputs: {text: string}
        steps:
          tides: {capability: tide_data}
          go: {ask: "Send {text}?", needs: [tides]}
          mail: {capability: send_email, with: {text: "${text}"}, needs: [go?]}
        """;
    post("required: [send_email], optional: [tide_data]", workflow);
    String use = "  go: {agent: poster, prompt: \"{letter.text}\"}\n";
    assertThat(leaks(use)).hasSize(1);

    world.tool("out", "tide_data");

    assertThat(leaks(use)).isEmpty();
  }

  @Test
  void whatASkillSaysIsNotLabelledAndAskingAPersonIsNoApproval() {
    String use = "  go: {agent: helper, prompt: \"{letter.text}\"}\n";
    assertLeaks(use, "external: go (out/send");

    help("AskUserQuestion Read");

    assertThat(leaks(use)).isEmpty();
    assertThat(
            leaks(
                "  go: {agent: helper, prompt: hello}\n  mail: {tool: out/send, with: {text: \"${go} ${plan}\"}}\n"))
        .isEmpty();
  }

  @Test
  void whatASkillMayBeBoundToOnServersThatWereNeverAskedIsNotVerified() {
    world = new CheckWorld(folder).usable("openai/gpt-5").withoutProbing();
    String steps = SERVERS.replace("bindings: {send_email: out/send, web_search: in/read}\n", "");
    String open = "where untrusted content and private data may go";

    post("required: [frobnicate]", MAIL.replace("send_email", "frobnicate"));

    assertThat(world.problems(steps + "  go: {agent: poster, prompt: \"{letter.text}\"}\n"))
        .contains(open);
    assertThat(world.problems(steps + "  go: {capability: frobnicate, with: {a: \"${letter}\"}}\n"))
        .contains(open);
    assertThat(world.problems(steps + "  go: {capability: tide_data, with: {a: \"${letter}\"}}\n"))
        .doesNotContain(open);
  }
}
