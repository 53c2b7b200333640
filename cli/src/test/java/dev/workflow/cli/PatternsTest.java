package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Patterns of agents, run on scripted answers. */
class PatternsTest {
  private static final Path EXAMPLES =
      Path.of("").toAbsolutePath().resolveSibling("workflows-examples").resolve("patterns");

  /** The verbs of the language, and the keys that may go with them. */
  private static final Set<String> VERBS =
      Set.of(
          "agent",
          "skill",
          "capability",
          "tool",
          "ask",
          "set",
          "wait",
          "fail",
          "steps",
          "workflow");

  private static final Set<String> OTHERS =
      Set.of(
          "prompt",
          "context",
          "outputs",
          "output",
          "when",
          "needs",
          "each",
          "concurrency",
          "enough",
          "revise",
          "on_error");

  private static final String HEAD =
      """
      name: w
      simulate: answers.yaml
      models: {any: ollama/any}
      agents:
        a: {model: any}
        b: {model: any}
        c: {model: any}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aWorld() {
    world = new CommandWorld(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"router", "orchestrator", "optimizer", "vote", "handoff", "debate"})
  void theLongFormOfAnExampleHasPlainVerbsOnly(String name) {
    Result full =
        world.run("inspect", EXAMPLES.resolve(name + ".yaml").toString(), "--full", "-o", "json");

    assertThat(full.err()).isEmpty();
    assertThat(plain(full.json().path("steps"))).isGreaterThanOrEqualTo(3);
  }

  /** Counts the steps, each of which has one verb. */
  private static int plain(JsonNode steps) {
    int count = 0;
    for (Map.Entry<String, JsonNode> step : steps.properties()) {
      assertThat(step.getValue().propertyNames())
          .as(step.getKey())
          .filteredOn(key -> !OTHERS.contains(key))
          .hasSize(1)
          .isSubsetOf(VERBS);
      count += 1 + plain(step.getValue().path("steps"));
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(strings = {"router", "orchestrator", "optimizer", "vote", "handoff", "debate"})
  void theLongFormOfAnExampleDoesTheSame(String name) throws IOException {
    String example = EXAMPLES.resolve(name + ".yaml").toString();
    world.file(
        "answers/" + name + ".yaml",
        Files.readString(EXAMPLES.resolve("answers/" + name + ".yaml")));
    String full = world.file("full.yaml", world.run("inspect", example, "--full").out());

    JsonNode written = world.run("run", example, "-o", "json").json();
    JsonNode made = world.run("run", full, "-o", "json").json();

    assertThat(written.path("status").asString()).isEqualTo("succeeded");
    assertThat(made.path("outputs")).isEqualTo(written.path("outputs"));
    assertThat(made.path("steps").propertyNames()).isEqualTo(written.path("steps").propertyNames());
  }

  private Result run(String steps, String answers) {
    world.file("answers.yaml", "answers:\n" + answers.indent(2));
    return world.run("run", world.file("w.yaml", HEAD + steps), "-o", "json");
  }

  @Test
  void aVoteWithoutEnoughEqualChoicesFailsAndTellsTheCount() {
    Result result =
        run(
            """
            steps:
              v: {vote: {agents: [a, b, c, c], prompt: "which?", choices: [x, y], need: 3}}
            """,
            """
            - {agent: c, answer: {choice: x, why: so}}
            - {answer: {choice: y, why: so}}
            """);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.json().at("/errors/0/message").asString())
        .isEqualTo("v/undecided failed: Nothing got 3 of 4 votes: x 2, y 2.");
  }

  @Test
  void aVoterThatFailsIsNoVoteAndEnoughOthersDecide() {
    Result result =
        run(
            """
            steps:
              v: {vote: {agents: [a, b, c], prompt: "which?", choices: [x, y]}}
            outputs: {x: "${v.answer}", n: "${size(v.ballots)}"}
            """,
            """
            - {agent: b, fail: {message: gone}}
            - {answer: {choice: y, why: so}}
            """);

    assertThat(result.json().path("outputs").toString()).isEqualTo("{\"x\":\"y\",\"n\":2}");
  }

  @Test
  void theThirdVoterIsNotWaitedForNorCountedWhereTwoHaveDecided() {
    Result result =
        run(
            """
            steps:
              v: {vote: {agents: [a, b, c], prompt: "which?", choices: [x, y]}}
            outputs: {x: "${v.answer}", n: "${size(v.ballots)}"}
            """,
            """
            - {agent: c, delay: 1h, answer: {choice: x, why: so}, usage: {input_tokens: 500, output_tokens: 70}}
            - {answer: {choice: y, why: so}, usage: {input_tokens: 30, output_tokens: 4}}
            """);

    assertThat(result.json().path("outputs").toString()).isEqualTo("{\"x\":\"y\",\"n\":2}");
    assertThat(result.json().at("/steps/v~1ballots[2]/status").asString()).isEqualTo("cancelled");
    assertThat(result.json().at("/usage/input_tokens").asInt()).isEqualTo(60);
    assertThat(result.json().at("/usage/output_tokens").asInt()).isEqualTo(8);
  }

  @Test
  void aHandoffEndsWithTheFirstAnswerOrAtTheLastHop() {
    String steps =
        """
        inputs: {easy: {type: boolean, default: %s}}
        steps:
          h: {handoff: {agent: a, prompt: do it, agents: {b: this, c: that}, hops: 1}}
        outputs: {x: "${h.answer}", by: "${h.by}", hops: "${steps.h.status}"}
        """;
    String answers =
        """
        - {agent: a, when: inputs.easy, answer: {answer: mine}}
        - {agent: a, answer: {to: c, note: yours}}
        - {agent: c, when: turn == 1, answer: {to: b, note: no}}
        - {agent: c, answer: {answer: well}}
        """;

    assertThat(run(steps.formatted("true"), answers).json().path("outputs").toString())
        .isEqualTo("{\"x\":\"mine\",\"by\":\"a\",\"hops\":\"succeeded\"}");
    assertThat(run(steps.formatted("false"), answers).json().path("outputs").toString())
        .isEqualTo("{\"x\":\"well\",\"by\":\"c\",\"hops\":\"succeeded\"}");
  }

  @Test
  void anAnswerWithoutAnAnswerOrANextOneIsRepaired() {
    Result result =
        run(
            """
            steps:
              h: {handoff: {agent: a, prompt: do it, agents: {b: this}}}
            outputs: {x: "${h.answer}"}
            """,
            """
            - {agent: a, turn: 1, answer: {note: hm}}
            - {agent: a, turn: 2, answer: {answer: mine, to: b, note: both}}
            - {agent: a, answer: {answer: mine}}
            """);

    assertThat(result.json().path("outputs").toString()).isEqualTo("{\"x\":\"mine\"}");
    assertThat(result.json().at("/usage/model_calls").asInt()).isEqualTo(3);
  }

  @Test
  void aDraftThatIsNeverGoodFailsOrIsTaken() {
    String steps =
        """
        steps:
          o: {optimizer: {agent: a, prompt: draft, evaluator: b, criteria: good, max: 1, else: %s}}
        outputs: {x: "${o.answer}", good: "${o.good}"}
        """;
    String answers =
        """
        - {agent: a, answer: "draft ${revision}"}
        - {agent: b, answer: {good: false, feedback: no}}
        """;

    assertThat(run(steps.formatted("fail"), answers).code()).isEqualTo(1);
    assertThat(run(steps.formatted("continue"), answers).json().path("outputs").toString())
        .isEqualTo("{\"x\":\"draft 1\",\"good\":false}");
  }

  @Test
  void patternsNestInEachAndInSteps() {
    Result result =
        run(
            """
            steps:
              all:
                each: q in ['one', 'two']
                key: q
                router: {agent: a, prompt: "{q}", agents: {b: this, c: that}, output: {r: string}}
                limits: {model_calls: 4}
              deep:
                steps:
                  again: {router: {agent: a, prompt: x, agents: {b: "as in {all}"}}}
                outputs: {x: "${again.answer}"}
            outputs: {one: "${all['one'].answer.r}", two: "${all['two'].answer.r}", deep: "${deep.x}"}
            """,
            """
            - {step: deep/again/choice, answer: {to: b, why: so}}
            - {step: deep/again/work, answer: fine}
            - {agent: a, when: prompt.contains('two'), answer: {to: c, why: so}}
            - {agent: a, answer: {to: b, why: so}}
            - {agent: b, when: prompt == 'one', answer: {r: "b ${prompt}"}}
            - {agent: c, answer: {r: "c ${prompt}"}}
            """);

    assertThat(result.json().path("outputs").toString())
        .isEqualTo("{\"one\":\"b one\",\"two\":\"c two\",\"deep\":\"fine\"}");
  }

  @Test
  void mistakesAreReportedWhereTheAuthorMadeThem() {
    String file =
        world.file(
            "w.yaml",
            HEAD
                + """
                inputs: {q: string}
                steps:
                  r:
                    router:
                      agent: aa
                      prompt: "do {qq}"
                      agents: {b: "{q} {qr}", d: that}
                  h: {handoff: {agent: a, prompt: "{r.answr}", agents: {b: this}, output: {n: integer}}}
                outputs: {n: "${h.answer.m}"}
                """);
    world.file("answers.yaml", "answers:\n  - {text: x}\n");

    assertThat(world.run("validate", file).err().lines().filter(l -> l.startsWith("FOLDER")))
        .containsExactly(
            "FOLDER/w.yaml:12:14: error: Step `choice` names agent `aa`, and there is none. [unknown-agent]",
            "FOLDER/w.yaml:13:20: error: There is no `qq`. [expression]",
            "FOLDER/w.yaml:14:15: error: Step `work` may name agent `d`, and there is none. [unknown-agent]",
            "FOLDER/w.yaml:14:25: error: There is no `qr`. [expression]",
            "FOLDER/w.yaml:15:39: error: There is no `answr` in the object. [expression]",
            "FOLDER/w.yaml:16:26: error: There is no `m` in the object. [expression]");
  }
}
