package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Steps that earlier runs answer, over a real server that notes every call. */
class CacheTest {
  private static final String HEAD =
      """
      name: cached
      inputs: {q: {type: string, default: tea}}
      mcp:
        shop:
          command: node
          args: ["SERVER"]
          env: {LEDGER: "LEDGER_FILE", TOKEN: "${TOKEN}"}
      """;

  private static final String LOOK =
      """
      steps:
        look: {tool: shop/look, with: {q: "${q}"}, cache: 1h}
      outputs: {n: "${look.n}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));
  private int runs;

  @BeforeEach
  void aShop() throws IOException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "node"))),
        "not run: node is missing");
    world =
        new CommandWorld(folder).with("PATH", System.getenv("PATH")).with("TOKEN", "first-token");
    try (InputStream in = CacheTest.class.getResourceAsStream("/cache/lookup.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("lookup.mjs"));
    }
  }

  private String file(String steps) {
    return world.file(
        "w.yaml",
        HEAD.replace("SERVER", folder.resolve("lookup.mjs").toString())
                .replace("LEDGER_FILE", folder.resolve("ledger.txt").toString())
            + steps);
  }

  /** Runs with ids r1, r2 and so on. */
  private Result run(String steps, String... options) {
    runs++;
    List<String> command = new ArrayList<>(List.of("run", file(steps), "--run-id", "r" + runs));
    command.addAll(List.of("--trust", "-o", "json"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  private List<String> calls() {
    try {
      Path ledger = folder.resolve("ledger.txt");
      return Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode step(Result result, String step) {
    return result.json().path("steps").path(step);
  }

  @Test
  void aSecondRunMakesNoCallAndSaysWhereItsOutputComesFrom() {
    Result first = run(LOOK);
    assertThat(first.code()).as("%s", first).isZero();
    Result second = run(LOOK);
    assertThat(second.code()).as("%s", second).isZero();
    assertThat(calls()).containsExactly("look tea");
    assertThat(second.json().path("outputs")).isEqualTo(first.json().path("outputs"));
    assertThat(second.json().at("/usage/tool_calls").asInt()).isZero();
    assertThat(step(first, "look").has("cached")).isFalse();
    JsonNode cached = step(second, "look").path("cached");
    assertThat(cached.path("run").asString()).isEqualTo("r1");
    assertThat(cached.path("step").asString()).isEqualTo("look");
    assertThat(cached.path("at").asString())
        .isGreaterThan(first.json().path("started").asString())
        .isLessThan(second.json().path("started").asString());
    assertThat(second.err()).containsPattern("● look  from the cache: run r1, [0-9]+ s old\n");
    assertThat(world.run("runs", "show", "r2").out())
        .contains("● look  succeeded, from the cache: run r1  {");
    Result third = run(LOOK);
    assertThat(step(third, "look").path("cached"))
        .as("its age is that of the call")
        .isEqualTo(cached);
  }

  @Test
  void whatDecidesTheAnswerMakesAnotherQuestion() {
    run(LOOK);
    assertThat(step(run(LOOK, "--input", "q=milk"), "look").has("cached")).isFalse();
    String promising = LOOK.replace("cache: 1h", "cache: 1h, output: {n: integer}");
    assertThat(step(run(promising), "look").has("cached")).as("another schema").isFalse();
    world.with("TOKEN", "second-token");
    assertThat(step(run(LOOK), "look").has("cached")).as("another secret").isFalse();
    world.with("TOKEN", "first-token");
    assertThat(step(run(LOOK), "look").has("cached")).isTrue();
    world.file("fresh", "");
    assertThat(step(run(LOOK), "look").has("cached")).as("another definition").isFalse();
    String sees = LOOK.replace("look:", "see:").replace("look.n", "see.n");
    assertThat(step(run(sees), "see").has("cached")).as("another step").isFalse();
    assertThat(calls()).hasSize(6);
  }

  @Test
  void anOutputThatIsTooOldIsNoAnswer() {
    String brief = LOOK.replace("cache: 1h", "cache: 1ms");
    run(brief);
    assertThat(step(run(brief), "look").has("cached")).isFalse();
    assertThat(step(run(LOOK), "look").path("cached").path("run").asString()).isEqualTo("r2");
    assertThat(calls()).hasSize(2);
  }

  @Test
  void aFailureIsNoAnswerNorWhatStandsInForIt() {
    String recovers = LOOK.replace("cache: 1h", "cache: 1h, on_error: {output: {q: none, n: 0}}");
    world.file("fail", "");
    assertThat(run(LOOK).code()).isEqualTo(ExitCode.FAILED);
    assertThat(run(recovers).code()).isZero();
    world.remove("fail");
    assertThat(run(recovers).json().at("/outputs/n").asInt()).isEqualTo(3);
    assertThat(run(LOOK).json().at("/outputs/n").asInt()).isEqualTo(3);
    assertThat(calls()).hasSize(3);
  }

  @Test
  void withoutTheCacheNothingIsFoundAndNothingKept() {
    run(LOOK, "--no-cache");
    assertThat(step(run(LOOK), "look").has("cached")).isFalse();
    assertThat(step(run(LOOK, "--no-cache"), "look").has("cached")).isFalse();
    assertThat(calls()).hasSize(3);
    assertThat(step(run(LOOK), "look").path("cached").path("run").asString()).isEqualTo("r2");
  }

  @Test
  void aRunThatBeganWithoutTheCacheGoesOnWithoutIt() {
    String asks =
        """
        steps:
          go: {ask: "Go on?"}
          look: {tool: shop/look, cache: 1h, needs: [go]}
        """;
    run(asks, "--yes");
    assertThat(run(asks, "--no-cache").code()).isEqualTo(ExitCode.WAITING);
    assertThat(run(asks).code()).isEqualTo(ExitCode.WAITING);
    Result without = world.run("resume", "r2", "--yes", "-o", "json");
    assertThat(step(without, "look").has("cached")).isFalse();
    Result with = world.run("resume", "r3", "--yes", "-o", "json");
    assertThat(step(with, "look").path("cached").path("run").asString()).isEqualTo("r1");
  }

  @Test
  void aResumedRunKeepsTheAnswerThatItHasFoundWhateverBecameOfTheCache() throws IOException {
    String asks =
        """
        steps:
          look: {tool: shop/look, cache: 1h}
          go: {ask: "Go on? {look.n}"}
        outputs: {n: "${look.n}"}
        """;
    run(asks, "--yes");
    assertThat(run(asks).code()).isEqualTo(ExitCode.WAITING);
    Files.delete(folder.resolve("home/cache.key"));
    Result resumed = world.run("resume", "r2", "--yes", "-o", "json");
    assertThat(resumed.code()).as("%s", resumed).isZero();
    assertThat(step(resumed, "look").path("cached").path("run").asString()).isEqualTo("r1");
    assertThat(resumed.json().at("/outputs/n").asInt()).isEqualTo(1);
    assertThat(calls()).hasSize(1);
    assertThat(step(run(asks, "--yes"), "look").has("cached")).as("the cache is cleared").isFalse();
  }

  @Test
  void eachElementIsAnsweredByItself() {
    String each =
        """
        steps:
          looks: {each: "x in LIST", tool: shop/look, with: {q: "${x}"}, cache: 1h}
        outputs: {all: "${looks.map(l, l.q)}"}
        """;
    run(each.replace("LIST", "['a', 'b']"));
    Result second = run(each.replace("LIST", "['b', 'c', 'a']"));
    assertThat(second.json().at("/outputs/all"))
        .as("%s", second)
        .hasToString("[\"b\",\"c\",\"a\"]");
    assertThat(calls()).hasSize(3);
    assertThat(step(second, "looks[0]").path("cached").path("step").asString())
        .isEqualTo("looks[1]");
    assertThat(step(second, "looks[1]").has("cached")).isFalse();
  }

  @Test
  void aRevisionIsNotAnsweredByWhatItReplacesButByTheSameRevision() {
    String revises =
        """
        steps:
          look: {tool: shop/look, cache: 1h}
          good: {set: "${look.n >= 3}", revise: {step: look, when: not good, max: 5}}
        outputs: {n: "${look.n}"}
        """;
    Result first = run(revises);
    assertThat(first.json().at("/outputs/n").asInt()).as("%s", first).isEqualTo(3);
    assertThat(calls()).hasSize(3);
    Result second = run(revises);
    assertThat(second.json().at("/outputs/n").asInt()).isEqualTo(3);
    assertThat(step(second, "look~2").path("cached").path("step").asString()).isEqualTo("look~2");
    assertThat(calls()).hasSize(3);
  }

  @Test
  void verdictsAreKeptWhenTheJudgeHasFoundItsLastAndNotWhereItFails() {
    String judged =
        """
        steps:
          look: {tool: shop/look, cache: 1h}
          check:
            tool: shop/count
            with: {q: "${string(look.n)}"}
            cache: 1h
            revise: {step: look, when: check.n < int(q), max: 1}
        outputs: {n: "${check.n}"}
        """;
    assertThat(run(judged, "--input", "q=99").code()).isEqualTo(ExitCode.FAILED);
    assertThat(calls()).hasSize(4);
    Result again = run(judged, "--input", "q=6");
    assertThat(again.code()).as("%s", again).isZero();
    assertThat(step(again, "look~1").has("cached")).isFalse();
    assertThat(step(again, "check").has("cached")).isFalse();
    assertThat(again.json().at("/outputs/n").asInt()).isEqualTo(7);
    Result third = run(judged, "--input", "q=6");
    assertThat(third.json().at("/outputs/n").asInt()).as("%s", third).isEqualTo(7);
    assertThat(step(third, "check").path("cached").path("run").asString()).isEqualTo("r2");
    assertThat(step(third, "check~1").path("cached").path("run").asString()).isEqualTo("r2");
    assertThat(calls()).hasSize(7);
  }

  @Test
  void whatRepeatsAroundAStepReallyRunsIt() {
    String repeats =
        """
        steps:
          polls:
            steps:
              look: {tool: shop/look, cache: 1h}
            outputs: {n: "${look.n}"}
            repeat: {until: polls.n >= int(q)}
        outputs: {n: "${polls.n}"}
        """;
    Result first = run(repeats, "--input", "q=2");
    assertThat(first.json().at("/outputs/n").asInt()).as("%s", first).isEqualTo(2);
    Result second = run(repeats, "--input", "q=3");
    assertThat(second.json().at("/outputs/n").asInt()).as("%s", second).isEqualTo(3);
    assertThat(step(second, "polls/look").has("cached")).isTrue();
    assertThat(step(second, "polls~1/look").has("cached")).isFalse();
    assertThat(calls()).hasSize(3);
  }

  @Test
  void aForkRunsTheStepAtWhichItBeginsAndKeepsWhatItGives() {
    String chain =
        """
        steps:
          look: {tool: shop/look, cache: 1h}
          count: {tool: shop/count, cache: 1h, needs: [look]}
        outputs: {n: "${look.n}"}
        """;
    run(chain);
    Result fork = world.run("fork", "r1", "--at", "look", "--run-id", "f", "--trust", "-o", "json");
    assertThat(fork.code()).as("%s", fork).isZero();
    assertThat(step(fork, "look").has("cached")).isFalse();
    assertThat(step(fork, "count").path("cached").path("run").asString()).isEqualTo("r1");
    Result next = run(chain);
    assertThat(step(next, "look").path("cached").path("run").asString()).isEqualTo("f");
    Result without =
        world.run(
            "fork", "r1", "--at", "look", "--run-id", "g", "--trust", "--no-cache", "-o", "json");
    assertThat(step(without, "count").has("cached")).isFalse();
  }

  @Test
  void whatADeletedRunGaveAnswersNobody() {
    run(LOOK);
    assertThat(world.run("runs", "delete", "r1").code()).isZero();
    assertThat(step(run(LOOK), "look").has("cached")).isFalse();
  }

  @Test
  void aWorkflowThatAnotherRunsSharesWhatItsStepsGave() {
    run(LOOK);
    world.file("outer.yaml", "name: outer\nsteps:\n  inner: {workflow: w.yaml}\n");
    Result outer =
        world.run("run", folder.resolve("outer.yaml").toString(), "--trust", "-o", "json");
    assertThat(outer.code()).as("%s", outer).isZero();
    assertThat(step(outer, "inner/look").path("cached").path("run").asString()).isEqualTo("r1");
  }

  @Test
  void scriptedAnswersAndRealOnesAreNotSharedNorThoseOfAnotherScript() {
    String agent =
        """
        simulate: answers.yaml
        agents: {writer: {model: openai/gpt-5, servers: [shop], tools: [shop/look]}}
        steps:
          write: {agent: writer, prompt: "About {q}", cache: 1h, output: {text: string}}
          look: {tool: shop/look, cache: 1h}
        outputs: {text: "${write.text}"}
        """;
    world.file("answers.yaml", "answers:\n  - {answer: {text: one}}\n");
    assertThat(run(agent).json().at("/outputs/text").asString()).isEqualTo("one");
    Result second = run(agent);
    assertThat(step(second, "write").path("cached").path("run").asString()).isEqualTo("r1");
    assertThat(second.json().at("/usage/model_calls").asInt()).isZero();
    assertThat(step(run(agent, "--input", "q=milk"), "write").has("cached")).isFalse();
    world.file("answers.yaml", "answers:\n  - {answer: {text: \"${inputs.q}\"}}\n");
    String silent = agent.replace("About {q}", "About it");
    assertThat(run(silent).json().at("/outputs/text").asString()).isEqualTo("tea");
    assertThat(run(silent, "--input", "q=milk").json().at("/outputs/text").asString())
        .as("a script may read what no prompt says")
        .isEqualTo("milk");
    world.file("answers.yaml", "answers:\n  - {answer: {text: two}}\n");
    assertThat(run(agent).json().at("/outputs/text").asString()).isEqualTo("two");
    String real =
        agent
            .replaceAll("(?m)^simulate.*\\n|^agents.*\\n|^  write.*\\n", "")
            .replace("${write.text}", "${look.q}");
    assertThat(step(run(real), "look").has("cached")).isFalse();
  }

  @Test
  void theCacheIsShownBeforeAnythingRuns() {
    String file = file(LOOK);
    run(LOOK);
    Result drawn = world.run("inspect", file);
    assertThat(drawn.out()).as("%s", drawn).contains("tool shop/look; cache 1h");
    Result dry = world.run("run", file, "--dry-run", "--trust");
    assertThat(dry.out())
        .contains("○ look  tool shop/look  cache 1h\n")
        .contains("At least 0 tool calls and 0 model calls.");
    JsonNode json = world.run("run", file, "--dry-run", "--trust", "-o", "json").json();
    assertThat(json.at("/steps/0/cache")).hasToString("{\"for\":\"1h\",\"force\":false}");
    String forced =
        LOOK.replace("shop/look", "shop/search").replace("1h", "{for: 1h, force: true}");
    assertThat(world.run("inspect", file(forced)).out())
        .contains("tool shop/search; cache 1h, forced");
    assertThat(run(forced).code()).isZero();
    assertThat(run(LOOK.replace("shop/look", "shop/search")).code()).isEqualTo(ExitCode.INVALID);
  }
}
