package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where untrusted content and private data can leave together, and what stands in the way. */
class InformationFlowTest {
  private static final String SERVERS = FlowWorld.SERVERS;
  private static final String SOURCES = FlowWorld.SOURCES;

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = FlowWorld.in(folder);
  }

  private List<Problem> leaks(String steps) {
    return FlowWorld.leaks(world, steps);
  }

  @Test
  void theWarningSaysEachStepOfBothWaysAndWhatToDo() {
    assertThat(
            world.problems(
                SERVERS
                    + "steps:\n"
                    + SOURCES
                    + "  mail: {tool: out/send, with: {text: \"${letter.text}\"}}\n"))
        .isEqualTo(
            """
            flow.yaml:14:10: warning: Private data can leave by step `mail` together with untrusted content, and no person sees it before: untrusted: page (in/read: its server's entry says so) -> letter -> mail; private: plan (house/look: its server's entry says so) -> letter -> mail; external: mail (out/send: its server's entry says so). [information-flow]
              14 |   mail: {tool: out/send, with: {text: "${letter.text}"}}
                 |          ^
              Put an `ask` before it that shows all of `letter`, and name it in `needs`. Where the tool is no way out, say so in the entry of `out`: `labels: {send: []}`.""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  go: {ask: \"Send {letter}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  mail: {tool: out/send, with: {text: \"Dear all, ${letter.text}\"}, when: go.decision == 'approve'}\n",
        "  go: {ask: \"Send {letter.text}?\", on_error: continue}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go?]}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  next: {set: 1, needs: [go]}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [next]}\n",
        "  go: {ask: \"Send {letter.text}?\", form: {good: boolean}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, when: go.good and true}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, when: steps.go.status == 'succeeded'}\n",
        "  both: {set: {a: \"${letter.text}\"}}\n  go: {ask: \"Send {both.a}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  some: {set: \"${letter.text.split(',')[0]}\"}\n  go: {ask: \"Send {some}?\"}\n  mail: {tool: out/send, with: {text: \"${some}\"}, needs: [go]}\n",
        "  go: {steps: {yes: {ask: \"Send {letter.text}?\"}}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  all: {needs: [go], steps: {mail: {tool: out/send, with: {text: \"${letter.text}\"}}}}\n",
        "  go: {ask: \"Send {letter}?\"}\n  mail: {agent: sender, prompt: \"{letter.text}\", needs: [go]}\n",
        "  go: {each: \"x in [letter.text]\", ask: \"Send {x}?\"}\n  mail: {each: \"x in [letter.text]\", tool: out/send, with: {text: \"${x}\"}, needs: [go]}\n"
      })
  void aYesOfWhoSeesAllThatIsSentClearsTheCall(String steps) {
    assertThat(leaks(SOURCES + steps)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  go: {ask: \"Send it?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {page} {plan}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {letter.urgent}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send ${letter.text.substring(0, 9)}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}}\n",
        "  go: {ask: \"Send {letter.text}?\", when: letter.urgent}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go?]}\n",
        "  go: {ask: \"Send {letter.text}?\", on_error: {output: {decision: approve}}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {letter.text}?\", form: {good: boolean}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, when: letter.urgent or go.decision == 'approve'}\n",
        "  go: {ask: \"Send {letter.text}?\"}\n  mail: {tool: out/send, with: {text: \"${coalesce(go.note, letter.text)}\"}}\n",
        "  mail: {tool: out/send, with: {text: \"${letter.text}\"}}\n  go: {ask: \"Was {letter.text} right?\", needs: [mail]}\n",
        "  go: {when: letter.urgent, steps: {yes: {ask: \"Send {letter.text}?\"}}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go?]}\n",
        "  go: {steps: {yes: {ask: \"Send {letter.text}?\", when: letter.urgent}}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {on_error: {output: {}}, steps: {yes: {ask: \"Send {letter.text}?\"}}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {each: \"x in ['a']\", ask: \"Send {letter.text}?\"}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, needs: [go]}\n",
        "  go: {each: \"x in [letter.text]\", ask: \"Send {x}?\", on_error: continue}\n  mail: {each: \"x in [letter.text]\", tool: out/send, with: {text: \"${x}\"}, needs: [go]}\n",
        "  go: {each: \"x in [letter.text]\", ask: \"Send {x}?\", enough: size(go) > 0}\n  mail: {each: \"x in [letter.text]\", tool: out/send, with: {text: \"${x}\"}, needs: [go]}\n",
        "  go: {each: \"x in [letter.text]\", ask: \"Send {x}?\", form: {good: boolean}, enough: size(go) > 0}\n  mail: {each: \"x in [letter.text]\", tool: out/send, with: {text: \"${x}\"}, when: \"go[0].good\"}\n",
        "  judge: {agent: writer, prompt: \"is {letter.text} fine?\", output: {good: boolean}}\n  mail: {tool: out/send, with: {text: \"${letter.text}\"}, when: judge.good}\n"
      })
  void noOtherQuestionDoes(String steps) {
    assertThat(leaks(SOURCES + steps)).hasSize(1);
  }

  @Test
  void whatIsNumberBooleanEnumOrDateCarriesNothing() {
    assertThat(
            leaks(
                """
                  page: {tool: in/read}
                  plan: {tool: house/look}
                  verdict:
                    agent: writer
                    prompt: "{page} {plan}"
                    output: {kind: {enum: [a, b]}, count: integer, day: {type: string, format: date}, why: string}
                  mail: {tool: out/send, with: {text: "${verdict.kind} ${verdict.count * 2} ${verdict.day} ${size(verdict.why)}"}}
                """))
        .isEmpty();
  }

  @Test
  void oneLabelAloneIsNoLeak() {
    assertThat(
            leaks("  page: {tool: in/read}\n  mail: {tool: out/send, with: {text: \"${page}\"}}\n"))
        .isEmpty();
    assertThat(
            leaks(
                "  plan: {tool: house/look}\n  mail: {tool: out/send, with: {text: \"${plan}\"}}\n"))
        .isEmpty();
  }

  @Test
  void conditionsAndCountsCarryNothing() {
    assertThat(
            leaks(
                SOURCES
                    + "  mail: {each: \"x in [letter.text]\", when: letter.text != '', tool: out/send, with: {text: hello}}\n"))
        .isEmpty();
  }

  @Test
  void anAgentThatReadsBothAndSendsIsALeakWhoeverIsAsked() {
    assertThat(leaks("  all: {agent: clerk, prompt: Do it}\n"))
        .singleElement()
        .satisfies(
            leak ->
                assertThat(leak.message())
                    .contains("untrusted: all (in/read:", "private: all (house/look:"));
    assertThat(
            leaks(
                "  go: {ask: May it begin?}\n  all: {agent: clerk, prompt: Do it, needs: [go]}\n"))
        .hasSize(1);
  }

  @Test
  void anAgentsAnswerCarriesWhatItCanRead() {
    assertThat(
            leaks(
                "  work: {agent: reader, prompt: Do it}\n  mail: {tool: out/send, with: {text: \"${work}\"}}\n"))
        .hasSize(1);
  }

  @Test
  void whatAServerKeepsComesOutAgain() {
    String kept =
        "  page: {tool: in/read}\n  note: {tool: house/keep, with: {text: \"${page}\"}}\n";
    String sent =
        "  plan: {tool: house/look}\n  mail: {tool: out/send, with: {text: \"${plan}\"}}\n";

    assertThat(leaks(sent)).isEmpty();
    assertThat(leaks(kept + sent))
        .singleElement()
        .satisfies(
            leak ->
                assertThat(leak.message())
                    .contains(
                        "page (in/read: its server's entry says so) -> note -> what `house` keeps -> plan -> mail"));
  }

  @Test
  void filesConnectStepsByTheirPaths() {
    String path =
        "{'type':'object','properties':{'path':{'type':'string'},'text':{'type':'string'}}}";
    world
        .tool("house", "read_file", Effect.READ, path, null)
        .tool("house", "write_file", Effect.DESTRUCTIVE, path, null);
    String steps =
        """
          page: {tool: in/read}
          put: {tool: house/write_file, with: {path: a.md, text: "${page}"}}
          got: {tool: house/read_file, with: {path: %s}}
          mail: {tool: out/send, with: {text: "${got}"}}
        """;

    assertThat(leaks(steps.formatted("./a.md"))).hasSize(1);
    assertThat(leaks(steps.formatted("\"${run.id}.md\""))).hasSize(1);
    assertThat(leaks(steps.formatted("b.md"))).isEmpty();
    assertThat(leaks(steps.formatted("\"b/${run.id}\""))).isEmpty();
  }

  @Test
  void otherWorkflowsCarryTheirInputsAndAreAskedInsideAsWell() {
    world.file(
        "send.yaml",
        SERVERS
            + """
            inputs: {text: string}
            steps:
              mail: {tool: out/send, with: {text: "${text}"}}
            """);
    world.file(
        "ask.yaml",
        SERVERS
            + """
            inputs: {text: string}
            steps:
              go: {ask: "Send {text}?"}
              mail: {tool: out/send, with: {text: "${text}"}, needs: [go]}
            """);
    String run = "  s: {workflow: %s, with: {text: \"${letter.text}\"}%s}\n";

    assertThat(leaks(SOURCES + run.formatted("send.yaml", "")))
        .singleElement()
        .satisfies(
            leak -> {
              assertThat(leak.place().file()).endsWith("send.yaml");
              assertThat(leak.message()).contains("letter -> s -> s/mail");
            });
    assertThat(leaks(SOURCES + run.formatted("ask.yaml", ""))).isEmpty();
    assertThat(
            leaks(
                SOURCES
                    + "  go: {ask: \"{letter.text}?\"}\n"
                    + run.formatted("send.yaml", ", needs: [go]")))
        .isEmpty();
  }

  @Test
  void aWorkflowThatRunsItselfIsLookedAtOnce() {
    world.file(
        "again.yaml",
        SERVERS
            + """
            inputs: {text: string}
            steps:
              more: {workflow: again.yaml, with: {text: "${text}"}, when: text == "more"}
              mail: {tool: out/send, with: {text: "${text}"}}
            """);

    assertThat(leaks(SOURCES + "  s: {workflow: again.yaml, with: {text: \"${letter.text}\"}}\n"))
        .isNotEmpty();
  }

  @Test
  void whoSeesAWrittenPlanApprovesItsCallsButNotItsAgents() {
    String plan =
        "  p: {plan: writer, prompt: \"{letter.text}\", allow: {agents: %s, tools: [out/send]}}\n";
    String runs = "  r: {workflow: \"${p}\", needs: %s}\n";

    assertThat(leaks(SOURCES + plan.formatted("[]") + runs.formatted("[]"))).hasSize(1);
    String go = "  go: {ask: \"Run {p}?\"}\n";
    assertThat(leaks(SOURCES + plan.formatted("[]") + go + runs.formatted("[go]"))).isEmpty();
    assertThat(leaks(SOURCES + plan.formatted("[clerk]") + go + runs.formatted("[go]"))).hasSize(1);
  }

  @Test
  void aClosedWorldHasNoOutsiders() {
    String text = "{'type':'object','properties':{'text':{'type':'string'}}}";
    world
        .tool("far", "send_mail", Effect.WRITE, text, null)
        .closed("near", "send_mail", Effect.WRITE);

    assertThat(leaks(SOURCES + "  mail: {tool: far/send_mail, with: {text: \"${letter.text}\"}}\n"))
        .hasSize(1);
    assertThat(
            leaks(SOURCES + "  mail: {tool: near/send_mail, with: {text: \"${letter.text}\"}}\n"))
        .isEmpty();
  }

  @Test
  void aToolOfWhichNothingIsKnownIsTakenForTheWorst() {
    world.tool("odd", "frobnicate", Effect.DESTRUCTIVE, "{'type':'object'}", null);

    assertThat(
            leaks(
                "  a: {tool: odd/frobnicate}\n  b: {tool: odd/frobnicate, with: {x: \"${a}\"}}\n"))
        .hasSize(1);
  }

  @Test
  void whatHangsOnServersThatWereNeverAskedIsNotVerified() {
    world = new CheckWorld(folder).usable("openai/gpt-5").withoutProbing();

    assertThat(leaks("  all: {agent: clerk, prompt: Do it}\n")).isEmpty();
    assertThat(world.problems(SERVERS + "steps:\n  all: {agent: clerk, prompt: Do it}\n"))
        .contains("agent `reader`; where untrusted content and private data may go. [");
    assertThat(world.problems(SERVERS + "steps:\n  page: {tool: in/read}\n"))
        .contains("not verified")
        .doesNotContain("may go");
  }

  @Test
  void everyStepOfALongRowIsLookedAt() {
    StringBuilder steps = new StringBuilder(SOURCES);
    String last = "letter.text";
    for (int i = 0; i < 1_000; i++) {
      steps.append("  a%d: {set: {text: \"${%s}\"}}\n".formatted(i, last));
      steps.append("  m%d: {tool: out/send, with: {text: \"${a%d.text}\"}}\n".formatted(i, i));
      last = "a" + i + ".text";
    }

    assertThat(leaks(steps.toString())).hasSize(1_000);
  }
}
