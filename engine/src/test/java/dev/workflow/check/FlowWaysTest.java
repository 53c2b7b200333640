package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways on which what is in one step comes into another, one by one. */
class FlowWaysTest {
  private static final String SOURCES =
      """
        page: {tool: in/read}
        plan: {tool: house/look}
        letter: {agent: writer, prompt: "{page} {plan}", output: {text: string, secret: string}}
      """;

  private static final String GO = "  go: {ask: \"Send {letter.text}?\"}\n";

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = FlowWorld.in(folder);
  }

  private List<Problem> leaks(String steps) {
    return FlowWorld.leaks(world, SOURCES + steps);
  }

  /** Who is revised is told the verdict, and may send it. */
  @Test
  void whatAJudgeSaysGoesToWhoIsRevisedAndToAllAgentsInIt() {
    String judge =
        """
          judge:
            agent: writer
            prompt: "judge {post} by {letter}"
            output: {again: boolean%s}
            revise: {step: post, when: judge.again, max: 2}
        """;
    String alone = "  post: {agent: sender, prompt: write, output: {text: string}}\n";
    String group =
        "  post: {steps: {a: {steps: {b: {agent: sender, prompt: write}}}}, outputs: {t: 1}}\n";

    assertThat(leaks(alone + judge.formatted(", why: string")))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains("letter -> judge -> post"));
    assertThat(leaks(group + judge.formatted(", why: string")))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains("letter -> judge -> post/a/b"));
    assertThat(leaks(alone + judge.formatted(""))).isEmpty();
    assertThat(leaks(group + judge.formatted(""))).isEmpty();
  }

  @Test
  void aVerdictIsNotClearedByAQuestionThatShowsTheRest() {
    assertThat(
            leaks(
                """
                  go: {ask: "Send {letter}?"}
                  post: {agent: sender, prompt: "{letter}", needs: [go], output: {text: string}}
                  judge:
                    agent: writer
                    prompt: "judge {post}"
                    output: {again: boolean, why: string}
                    revise: {step: post, when: judge.again, max: 2}
                """))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  bad: {fail: \"cannot: {letter.text}\"}\n",
        "  bad: {steps: {inner: {fail: \"no: {letter.text}\"}}, outputs: {n: 1}}\n",
        "  bad: {steps: {mid: {steps: {inner: {tool: in/read, with: {q: \"${letter.text}\"}}}}}, outputs: {n: 1}}\n",
        "  bad: {steps: {mid: {agent: writer, prompt: \"{letter}\"}}, outputs: {n: 1}}\n"
      })
  void anErrorHoldsWhatFailedWithIt(String steps) {
    String mail = "  mail: {tool: out/send, with: {text: \"- ${steps.bad.%s}\"}%s}\n";

    assertThat(leaks(steps + mail.formatted("error.message", ""))).hasSize(1);
    assertThat(leaks(steps + mail.formatted("status", ""))).isEmpty();
  }

  @Test
  void theTextOfAFailureIsSeenByWhoSeesWhatIsInIt() {
    assertThat(
            leaks(
                GO
                    + "  bad: {fail: \"cannot: {letter.text}\", needs: [go]}\n"
                    + "  mail: {tool: out/send, with: {text: \"- ${steps.bad.error}\"}, needs: [go]}\n"))
        .isEmpty();
  }
}
