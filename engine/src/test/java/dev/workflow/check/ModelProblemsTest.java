package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.definition.ModelRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelProblemsTest {

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = new CheckWorld(folder);
  }

  @Test
  void anAliasWithoutAUsableModelSaysHowToFixIt() {
    assertThat(
            world.problems(
                """
                agents: {a: {model: gpt}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                """))
        .isEqualTo(
            """
            flow.yaml:1:21: error: No model of `gpt` can be used: openai/gpt-5 (set OPENAI_API_KEY); ollama/llama3 (set OLLAMA_API_KEY). [no-usable-model]
              1 | agents: {a: {model: gpt}}
                |                     ^
              Configure one of them, or choose another: --model gpt=PROVIDER/MODEL. Without any model, `simulate: FILE` names scripted answers.""");
  }

  @Test
  void withoutProbingTheKeysOfThisMachineAreNotJudged() {
    assertThat(
            world
                .withoutProbing()
                .problems(
                    """
                agents: {a: {model: gpt}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                """))
        .isEqualTo(
            """
            flow.yaml:1:21: unverified: No model of `gpt` can be used: openai/gpt-5 (set OPENAI_API_KEY); ollama/llama3 (set OLLAMA_API_KEY). [no-usable-model]
              1 | agents: {a: {model: gpt}}
                |                     ^
              Configure one of them, or choose another: --model gpt=PROVIDER/MODEL. Without any model, `simulate: FILE` names scripted answers.""");
  }

  @Test
  void moneyCanBeLimitedOnlyWhereEveryPriceIsKnown() {
    String workflow =
        """
        agents: {a: {model: gpt, limits: {cost: 1 USD}}}
        models: {gpt: [openai/gpt-5, openai/own]}
        limits: {cost: 2.00 USD, tokens: 5k}
        steps:
          x: {agent: a, prompt: hi, limits: {cost: 0.5 USD}}
          y: {agent: {model: gpt, limits: {cost: 3 USD}}, prompt: hi}
          z: {agent: a, prompt: hi, limits: {tokens: 1k}}
        """;
    world.usable("openai/gpt-5").usable("openai/own").priced("openai/gpt-5");
    assertThat(world.problems(workflow))
        .isEqualTo(
            """
            flow.yaml:1:41: error: The price of openai/own is not known, so the cost cannot be limited. [unknown-price]
              1 | agents: {a: {model: gpt, limits: {cost: 1 USD}}}
                |                                         ^
              Give it with --prices FILE, or remove the limit.

            flow.yaml:3:16: error: The price of openai/own is not known, so the cost cannot be limited. [unknown-price]
              3 | limits: {cost: 2.00 USD, tokens: 5k}
                |                ^
              Give it with --prices FILE, or remove the limit.

            flow.yaml:5:44: error: The price of openai/own is not known, so the cost cannot be limited. [unknown-price]
              5 |   x: {agent: a, prompt: hi, limits: {cost: 0.5 USD}}
                |                                            ^
              Give it with --prices FILE, or remove the limit.

            flow.yaml:6:42: error: The price of openai/own is not known, so the cost cannot be limited. [unknown-price]
              6 |   y: {agent: {model: gpt, limits: {cost: 3 USD}}, prompt: hi}
                |                                          ^
              Give it with --prices FILE, or remove the limit.""");
    assertThat(world.priced("openai/own").problems(workflow)).isEmpty();
  }

  @Test
  void scriptedAnswersThatAreNotThereAreMissing() {
    assertThat(
            world.problems(
                """
                agents: {a: {model: gpt}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                simulate: answers.yaml
                """))
        .isEqualTo(
            """
            flow.yaml:5:11: error: There is no file of scripted answers `answers.yaml`. [missing-answers]
              5 | simulate: answers.yaml
                |           ^
              The path is relative to the workflow file.""");
  }

  @Test
  void requireModelRefusesScriptedAnswers() {
    assertThat(
            world
                .wishing(
                    new ModelWishes(false, true, Map.of(), Map.of(), model -> Optional.empty()))
                .problems(
                    """
                agents: {a: {model: gpt}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                simulate: answers.yaml
                """))
        .isEqualTo(
            """
            flow.yaml:1:21: error: No model of `gpt` can be used: openai/gpt-5 (set OPENAI_API_KEY); ollama/llama3 (set OLLAMA_API_KEY). [no-usable-model]
              1 | agents: {a: {model: gpt}}
                |                     ^
              Configure one of them, or choose another: --model gpt=PROVIDER/MODEL. Scripted answers are there, but --require-model refuses them.""");
  }

  @Test
  void nothingCanBeSimulatedWithoutAnswers() {
    assertThat(
            world
                .usable("openai/gpt-5")
                .wishing(
                    new ModelWishes(true, false, Map.of(), Map.of(), model -> Optional.empty()))
                .problems(
                    """
                agents: {a: {model: gpt}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                """))
        .isEqualTo(
            """
            flow.yaml:1:1: error: There are no scripted answers to simulate with. [no-answers]
              1 | agents: {a: {model: gpt}}
                | ^
              Name a file of answers: `simulate: FILE`.""");
  }

  @Test
  void aMisspeltAliasIsRecognised() {
    assertThat(
            world.problems(
                """
                agents: {a: {model: gtp}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                """))
        .isEqualTo(
            """
            flow.yaml:1:21: error: There is no model alias `gtp`, which agent `a` names. [unknown-model]
              1 | agents: {a: {model: gtp}}
                |                     ^
              Did you mean `gpt`?""");
  }

  @Test
  void anAgentThatNamesNoModelNeedsTheDefaultOne() {
    assertThat(
            world.problems(
                """
                agents: {a: {instructions: x}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                """))
        .isEqualTo(
            """
            flow.yaml:1:13: error: There is no model alias `default`, which serves agent `a`. [no-default-model]
              1 | agents: {a: {instructions: x}}
                |             ^
              Choose it: `--model default=PROVIDER/MODEL`, or define it: `models: {default: [PROVIDER/MODEL]}`, or give each agent a `model`.""");
  }

  @Test
  void aChosenModelForAnAliasThatNobodyUsesIsAMistake() {
    assertThat(
            world
                .usable("openai/gpt-5")
                .wishing(
                    new ModelWishes(
                        false,
                        false,
                        Map.of(),
                        Map.of("gtp", ModelRef.of("openai", "x")),
                        model -> Optional.empty()))
                .problems(
                    """
                agents: {a: {model: gpt}}
                models: {gpt: [openai/gpt-5, ollama/llama3]}
                steps:
                  x: {agent: a, prompt: hi}
                """))
        .isEqualTo(
            """
            --model gtp: error: No agent of this run uses the model alias `gtp`. [unknown-model]
              Did you mean `gpt`?""");
  }

  @Test
  void aComputedAgentMustBeOneOfThoseThereAre() {
    assertThat(
            world
                .usable("openai/gpt-5")
                .problems(
                    """
                inputs: {who: string, one: {enum: [a, b]}}
                agents: {a: {model: openai/gpt-5}}
                steps:
                  x: {agent: "${who}", prompt: go}
                  y: {agent: "${one}", prompt: go}
                """))
        .isEqualTo(
            """
            flow.yaml:4:14: error: Which agents step `x` may run cannot be told before the run. [computed-agent]
              4 |   x: {agent: "${who}", prompt: go}
                |              ^
              Give the value a type that lists them: `enum: [a]`.

            flow.yaml:5:14: error: Step `y` may name agent `b`, and there is none. [unknown-agent]
              5 |   y: {agent: "${one}", prompt: go}
                |              ^
              Known: a.""");
  }

  @Test
  void scriptedAnswersStandInForAllModelsWhenOneAliasHasNone() {
    Checked checked =
        world
            .usable("openai/gpt-5")
            .file("answers.yaml", "answers: [{text: hello}]")
            .check(
                """
                simulate: answers.yaml
                models: {good: [openai/gpt-5], bad: [anthropic/claude]}
                agents: {a: {model: good}, b: {model: bad}, c: {}}
                steps:
                  x: {agent: a, prompt: hi}
                  y: {agent: b, prompt: hi}
                  z: {agent: c, prompt: hi}
                """);

    assertThat(checked.problems()).isEmpty();
    assertThat(definition(checked).simulated()).isTrue();
    assertThat(definition(checked).resolved().models())
        .isEqualTo(
            Map.of(
                "good", List.of(ModelRef.of("openai", "gpt-5")),
                "bad", List.of(ModelRef.of("anthropic", "claude")),
                "default", List.of(ModelRef.of("scripted", "default"))));
  }

  @Test
  void realModelsAreUsedWhereEveryAliasInUseHasOne() {
    world.usable("ollama/llama3").file("answers.yaml", "answers: [{text: hello}]");
    String workflow =
        """
        simulate: answers.yaml
        models: {gpt: [openai/gpt-5, ollama/llama3], other: [openai/gpt-5]}
        agents: {a: {model: gpt}, idle: {model: other}}
        steps: {x: {agent: a, prompt: hi}}
        """;

    assertThat(definition(world.check(workflow)).simulated()).isFalse();
    assertThat(definition(world.check(workflow)).resolved().models())
        .isEqualTo(Map.of("gpt", List.of(ModelRef.of("ollama", "llama3"))));

    world.wishing(new ModelWishes(true, false, Map.of(), Map.of(), model -> Optional.empty()));
    assertThat(definition(world.check(workflow)).simulated()).isTrue();
  }

  @Test
  void theWorkflowsAliasesWinOverTheUsersAndAChosenModelOverBoth() {
    world.usable("openai/a", "openai/b", "openai/c");
    Map<String, List<ModelRef>> shared =
        Map.of(
            "gpt", List.of(ModelRef.of("openai", "a")),
            "default", List.of(ModelRef.of("openai", "a")));
    String workflow =
        """
        models: {gpt: openai/b}
        agents: {a: {model: gpt}, b: {}}
        steps: {x: {agent: a, prompt: hi}, y: {agent: b, prompt: hi}}
        """;

    world.wishing(new ModelWishes(false, false, shared, Map.of(), model -> Optional.empty()));
    assertThat(definition(world.check(workflow)).resolved().models())
        .isEqualTo(
            Map.of(
                "gpt", List.of(ModelRef.of("openai", "b")),
                "default", List.of(ModelRef.of("openai", "a"))));

    world.wishing(
        new ModelWishes(
            false,
            false,
            shared,
            Map.of("gpt", ModelRef.of("openai", "c")),
            model -> Optional.empty()));
    assertThat(definition(world.check(workflow)).resolved().models())
        .containsEntry("gpt", List.of(ModelRef.of("openai", "c")));
  }

  private static Checked.Definition definition(Checked checked) {
    return Objects.requireNonNull(checked.definition());
  }

  @Test
  void aComputedAgentRunsAnyOfThoseThatItsTypeLists() {
    Checked checked =
        world
            .usable("openai/a", "openai/b")
            .check(
                """
                agents: {a: {model: openai/a}, b: {model: openai/b, limits: {tool_calls: 3}}, c: {}}
                steps:
                  choose:
                    agent: a
                    prompt: who
                    output: {all: {type: array, items: {enum: [a, b]}}, one: {const: b}}
                  x: {each: who in choose.all, agent: "${who}", prompt: go}
                  y: {agent: "${ choose.one }", prompt: go}
                """);

    assertThat(checked.problems()).isEmpty();
    assertThat(definition(checked).resolved().models()).containsOnlyKeys("openai/a", "openai/b");
    assertThat(definition(checked).plan().nodes())
        .extracting(node -> node.toolCalls())
        .containsExactly(50, 3, 3);
  }

  @Test
  void aComputedAgentWithAContractNeedsAnOutputOfTheStep() {
    world
        .usable("openai/a")
        .file("skills/trip/skill.yaml", "name: trip\ndescription: d\n")
        .file("skills/trip/instructions.md", "Plan.")
        .file("skills/trip/schema.json", "{\"type\": \"object\"}");

    assertThat(
            world.problems(
                """
                inputs: {who: {enum: [a, b]}}
                agents: {a: {model: openai/a}, b: {model: openai/a, skill: trip}}
                steps:
                  x: {agent: "${who}", prompt: go}
                  y: {agent: "${who}", prompt: go, output: {n: number}}
                """))
        .isEqualTo(
            """
            flow.yaml:4:14: error: Step `x` may run agent `b`, whose skill has an output contract, or another agent. [computed-agent-output]
              4 |   x: {agent: "${who}", prompt: go}
                |              ^
              Say what each of them is to answer: `output: {...}`.""");
  }

  @Test
  void anAgentWhoseModelWasMisspeltIsNotSaidToNeedTheDefaultOne() {
    assertThat(
            world.problems(
                """
                agents: {a: {modl: openai/gpt-5}}
                steps: {x: {agent: a, prompt: hi}}
                """))
        .isEqualTo(
            """
            flow.yaml:1:14: error: Expected a known key in `agents.a`, found `modl`. [unknown-key]
              1 | agents: {a: {modl: openai/gpt-5}}
                |              ^
              Did you mean `model`?""");
  }
}
