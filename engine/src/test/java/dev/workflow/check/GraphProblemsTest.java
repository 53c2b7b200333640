package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.run.Plan;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphProblemsTest {

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = new CheckWorld(folder);
  }

  @Test
  void stepsThatWaitForEachOtherAreToldWithTheirCircle() {
    assertThat(
            world.problems(
                """
                steps:
                  a: {set: "${c}"}
                  b: {set: "${a}"}
                  c: {set: 1, needs: [b]}
                  d: {set: "${d}"}
                """))
        .isEqualTo(
            """
            flow.yaml:2:12: error: These steps wait for each other: a -> c -> b -> a. [cycle]
              2 |   a: {set: "${c}"}
                |            ^
              Leave one of these references out; to repeat work after a verdict use `revise`.

            flow.yaml:5:12: error: Step `d` waits for itself. [self-reference]
              5 |   d: {set: "${d}"}
                |            ^
              A step may name itself only in `enough`, `repeat.until`, `revise.when`, `verify` and `undo`.""");
  }

  @Test
  void enoughIsAConditionOnWhatAllElementsGaveSoFar() {
    assertThat(
            world.problems(
                """
                steps:
                  a: {each: "x in [1, 2]", enough: size(a), set: "${x}"}
                  b: {each: "x in [1, 2]", enough: b > 1, set: "${x}"}
                  c: {each: "x in [1, 2]", enough: x > 1, set: "${x}"}
                  d: {each: "x in [1, 2]", key: "string(x)", enough: "d['1'] == 1 and size(a) > 1", set: "${x}"}
                """))
        .isEqualTo(
            """
            flow.yaml:2:36: error: Expected true or false, found an integer. [expression]
              2 |   a: {each: "x in [1, 2]", enough: size(a), set: "${x}"}
                |                                    ^

            flow.yaml:3:38: error: Cannot compare a list with an integer. [expression]
              3 |   b: {each: "x in [1, 2]", enough: b > 1, set: "${x}"}
                |                                      ^

            flow.yaml:4:36: error: There is no `x`. [expression]
              4 |   c: {each: "x in [1, 2]", enough: x > 1, set: "${x}"}
                |                                    ^
              Known: a, b, c, d, inputs, previous, run, steps.""");
  }

  @Test
  void aStepInsideWaitsNeitherForItsContainerNorForWhatWaitsForThat() {
    assertThat(
            world.problems(
                """
                steps:
                  g:
                    steps:
                      a: {set: "${g}"}
                """))
        .isEqualTo(
            """
            flow.yaml:4:16: error: Step `a` waits for `g`, in which it stands. [self-reference]
              4 |       a: {set: "${g}"}
                |                ^
              Name a step beside it, or read `g` outside of it.""");
    assertThat(
            world.problems(
                """
                steps:
                  g:
                    steps:
                      b: {set: "${h}"}
                  h: {set: "${g}"}
                """))
        .isEqualTo(
            """
            flow.yaml:4:16: error: These steps wait for each other: g -> h -> g. [cycle]
              4 |       b: {set: "${h}"}
                |                ^
              Leave one of these references out; to repeat work after a verdict use `revise`.""");
  }

  @Test
  void whatAGroupPromisesItsOutputsGive() {
    assertThat(
            world.problems(
                """
                steps:
                  g:
                    steps: {a: {set: 1}}
                    outputs: {count: "${string(a)}"}
                    output: {count: number, name: string}
                """))
        .isEqualTo(
            """
            flow.yaml:4:5: error: Field `name` of the output of step `g` is missing. [missing-output]
              4 |     outputs: {count: "${string(a)}"}
                |     ^
              Add it to `outputs`, or leave it out of `output`.

            flow.yaml:4:22: error: Expected number in the output of step `g`, found string. [wrong-type]
              4 |     outputs: {count: "${string(a)}"}
                |                      ^""");
  }

  @Test
  void aNeedIsNamedOnceAndIsAStep() {
    assertThat(
            world.problems(
                """
                inputs: {place: string}
                steps:
                  a: {set: 1}
                  b: {set: 1, needs: [a, a?, place]}
                """))
        .isEqualTo(
            """
            flow.yaml:4:26: error: Step `b` names `a` twice. [duplicate-reference]
              4 |   b: {set: 1, needs: [a, a?, place]}
                |                          ^
              Leave one of them out.

            flow.yaml:4:30: error: Step `b` waits for `place`, and there is no such step. [unknown-step]
              4 |   b: {set: 1, needs: [a, a?, place]}
                |                              ^
              `place` is an input: inputs are there from the start, nothing waits for them.""");
  }

  @Test
  void aJudgeRevisesAStepThatItsVerdictDependsOn() {
    assertThat(
            world.problems(
                """
                steps:
                  a: {set: 1}
                  b: {set: "${a}", revise: {step: c, when: b.x}}
                  c: {set: 1}
                  d: {set: 1, revise: {step: aa, when: d.x}}
                """))
        .isEqualTo(
            """
            flow.yaml:3:35: error: Step `b` revises `c`, but its verdict does not depend on `c`. [revise-not-upstream]
              3 |   b: {set: "${a}", revise: {step: c, when: b.x}}
                |                                   ^
              Let `b` read `c`, or revise one of: a.

            flow.yaml:5:30: error: Step `d` revises `aa`, and there is no such step. [unknown-step]
              5 |   d: {set: 1, revise: {step: aa, when: d.x}}
                |                              ^
              A judge revises a step that its verdict depends on; this one reads none.""");
  }

  @Test
  void regionsThatCrossAreRefused() {
    assertThat(
            world.problems(
                """
                steps:
                  a: {set: 1}
                  j: {set: "${a}", revise: {step: a, when: j.x}}
                  k: {set: "${a}", revise: {step: a, when: k.x}}
                """))
        .isEqualTo(
            """
            flow.yaml:4:28: error: The steps that `k` runs again (a, k) cross those of `j` (a, j). [revise-crossing]
              4 |   k: {set: "${a}", revise: {step: a, when: k.x}}
                |                            ^
              Regions must nest or be disjoint: let one judge depend on the other, or let one of them revise another step.""");
  }

  @Test
  void aConsumerOfARevisedStepCannotBeWhatTheVerdictWaitsFor() {
    assertThat(
            world.problems(
                """
                steps:
                  a: {set: 1}
                  c: {set: "${a}"}
                  t: {set: 1}
                  d: {set: "${t} ${a}"}
                  j: {set: "${c} ${t}", revise: {step: a, when: j.x}}
                  k: {set: "${d} ${c}", revise: {step: t, when: k.x}}
                """))
        .isEqualTo(
            """
            flow.yaml:6:33: error: These steps wait for each other: d -> j -> k -> d. [cycle]
              6 |   j: {set: "${c} ${t}", revise: {step: a, when: j.x}}
                |                                 ^
              Who reads a step that is revised waits for the verdict: let it read the judge instead, or let the judge not depend on it.""");
  }

  @Test
  void theStrongestOfSeveralReferencesMakesTheEdge() {
    assertThat(
            edges(
                """
                agents: {x: {model: openai/gpt-5}}
                steps:
                  a: {set: 1}
                  b: {set: "${a} ${steps.a.status}"}
                  c: {set: "${steps.a.status}"}
                  d: {set: "${a}", needs: [a]}
                  e: {agent: x, prompt: "${a}", context: [a]}
                  f: {set: 1, needs: [b?, a?]}
                """))
        .containsExactly(
            "a []",
            "b [0 VALUE]",
            "c [0 ENDED]",
            "d [0 NEED]",
            "e [0 OPTIONAL_NEED]",
            "f [0 OPTIONAL_NEED, 1 OPTIONAL_NEED]");
  }

  @Test
  void everyPlaceWhereAStepCanBeNamedMakesAnEdge() {
    assertThat(
            edges(
                """
                steps:
                  s: {tool: t/f}
                  when: {when: s, set: 1}
                  each: {each: x in s, set: 1}
                  key: {each: x in s, key: when, set: 1}
                  ask: {ask: "${s}"}
                  fail: {fail: "${s}"}
                  wait: {wait: "${s}"}
                  tool: {tool: t/f, with: {a: ["${s}"]}}
                  error: {fail: x, on_error: {output: "${s}"}}
                """))
        .containsExactly(
            "s []",
            "when [0 VALUE]",
            "each [0 VALUE]",
            "key [0 VALUE, 1 VALUE]",
            "ask [0 VALUE]",
            "fail [0 VALUE]",
            "wait [0 VALUE]",
            "tool [0 VALUE]",
            "error [0 VALUE]");
  }

  @Test
  void aRevisionRunsEverythingBetweenAgainAndOtherConsumersWaitForTheVerdict() {
    String workflow =
        """
        limits: {revisions: 4}
        steps:
          plan: {set: 1}
          price: {set: "${plan}"}
          side: {set: "${plan}"}
          judge: {set: "${price} ${other}", revise: {step: plan, when: judge.x}}
          other: {set: 1}
          last: {set: "${price}"}
        """;

    assertThat(edges(workflow))
        .containsExactly(
            "plan []",
            "price [0 VALUE]",
            "side [0 VALUE, 3 ENDED]",
            "judge [1 VALUE, 4 VALUE]",
            "other []",
            "last [1 VALUE, 3 ENDED]");
    assertThat(plan(workflow).nodes().get(3).revise())
        .isEqualTo(new Plan.Revise(List.of(0, 1, 3), 4, false));
  }

  @Test
  void regionsMayNest() {
    String workflow =
        """
        steps:
          plan: {set: 1}
          draft: {set: "${plan}"}
          inner: {set: "${draft}", revise: {step: draft, when: inner.x, max: 1}}
          outer: {set: "${inner}", revise: {step: plan, when: outer.x, max: 3, else: continue}}
        """;

    assertThat(plan(workflow).nodes().get(2).revise())
        .isEqualTo(new Plan.Revise(List.of(1, 2), 1, false));
    assertThat(plan(workflow).nodes().get(3).revise())
        .isEqualTo(new Plan.Revise(List.of(0, 1, 2, 3), 3, true));
  }

  @Test
  void aWorkflowHasAtMostTenThousandSteps() {
    StringBuilder steps = new StringBuilder("steps:\n");
    for (int i = 0; i <= GraphCheck.STEPS_MAX; i++) {
      steps.append("  s").append(i).append(": {wait: 1s}\n");
    }

    assertThat(world.problems(steps.toString()))
        .isEqualTo(
            """
            flow.yaml:1:1: error: A workflow may have at most 10,000 steps, found 10,001. [too-many-steps]
              1 | steps:
                | ^
              Fan out with `each`, or split the workflow.""");
  }

  private Plan plan(String workflow) {
    Checked checked = world.usable("openai/gpt-5").tool("t", "f").check(workflow);
    assertThat(checked.problems()).isEmpty();
    return Objects.requireNonNull(checked.definition()).plan();
  }

  private List<String> edges(String workflow) {
    return plan(workflow).nodes().stream()
        .map(
            node ->
                node.id()
                    + " "
                    + node.edges().stream().map(edge -> edge.source() + " " + edge.kind()).toList())
        .toList();
  }
}
