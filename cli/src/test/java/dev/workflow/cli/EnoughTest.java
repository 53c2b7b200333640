package dev.workflow.cli;

import static dev.workflow.cli.EffectsWorld.status;
import static dev.workflow.cli.EffectsWorld.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An each ends early, whatever its elements are. Those that are given up wait for an hour, or for
 * somebody: a test that waited for them would not end.
 */
class EnoughTest {
  @TempDir private Path folder;

  private Result run(String steps) {
    CommandWorld world = new CommandWorld(folder);
    return world.run("run", world.file("w.yaml", steps), "--run-id", "one", "-o", "json");
  }

  private static String outputs(Result result) {
    assertThat(result.code()).as(result.err()).isZero();
    return result.json().path("outputs").toString();
  }

  @Test
  void elementsThatWaitAreNotStarted() {
    Result result =
        run(
            """
            steps:
              x: {each: "n in [1, 2, 3, 4]", concurrency: 1, enough: "x.exists(v, v == 20)", set: "${n * 10}"}
              after: {set: "${size(x)}"}
            outputs: {x: "${x}", after: "${after}", errors: "${steps.x.errors}", is: "${steps.x.status}"}
            """);

    assertThat(outputs(result))
        .isEqualTo("{\"x\":[10,20],\"after\":2,\"errors\":[],\"is\":\"succeeded\"}");
    assertThat(status(result, "x[1]")).isEqualTo("succeeded");
    assertThat(status(result, "x[2]")).isEqualTo("none");
  }

  @Test
  void whatIsUnderWayIsGivenUpInContainersOtherFilesAndFansInside() {
    new CommandWorld(folder)
        .file("inner.yaml", "inputs: {n: integer}\nsteps:\n  nap: {when: n > 1, wait: 1h}\n");
    Result result =
        run(
            """
            steps:
              group:
                each: n in [1, 2]
                enough: size(group) == 1
                steps:
                  nap: {when: n > 1, wait: 1h}
                  many: {each: "m in [1, n]", when: m > 1, wait: 1h}
                outputs: {n: "${n}"}
              file: {each: "n in [1, 2]", enough: size(file) == 1, workflow: inner.yaml, with: {n: "${n}"}}
              map: {each: "n in {'a': 1, 'b': 2}", key: "n == 1 ? 'one' : 'two'", enough: "'one' in map", steps: {nap: {when: n > 1, wait: 1h}}, outputs: {n: "${n}"}}
            outputs: {group: "${group}", map: "${map}"}
            """);

    assertThat(outputs(result)).isEqualTo("{\"group\":[{\"n\":1}],\"map\":{\"one\":{\"n\":1}}}");
    for (String path :
        new String[] {
          "group[1]",
          "group[1]/nap",
          "group[1]/many",
          "group[1]/many[1]",
          "file[1]",
          "file[1]/nap",
          "map[two]"
        }) {
      assertThat(status(result, path)).as(path).isEqualTo("cancelled");
    }
  }

  @Test
  void questionsAreWithdrawnAndRetriesAndRepetitionsAreNotWaitedFor() {
    Result result =
        run(
            """
            steps:
              asked:
                each: n in [1, 2]
                enough: size(asked) == 1
                steps: {nap: {when: n == 1, wait: 200ms}, say: {when: n > 1, ask: "Really?"}}
              tried:
                each: n in [1, 2]
                enough: size(tried) == 1
                retry: {max: 1, backoff: 1h, on: [timeout]}
                steps:
                  nap: {when: n == 1, wait: 200ms}
                  say: {when: n > 1, ask: "Now?", timeout: 1ms}
              failed:
                each: n in [1, 2]
                enough: size(failed) == 1
                on_error: ask
                steps: {nap: {when: n == 1, wait: 200ms}, no: {when: n > 1, fail: "no"}}
              again:
                each: n in [1, 2]
                enough: size(again) == 1
                repeat: {until: again.n == 1, every: 1h}
                steps: {nap: {when: n == 1, wait: 200ms}}
                outputs: {n: "${n}"}
            """);

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("pending")).isEmpty();
    assertThat(status(result, "asked[1]/say")).isEqualTo("cancelled");
    assertThat(status(result, "tried[1]")).isEqualTo("cancelled");
    assertThat(status(result, "failed[1]")).isEqualTo("cancelled");
    assertThat(status(result, "again[1]")).isEqualTo("cancelled");
    assertThat(result.err()).contains("Really?");
  }

  @Test
  void aFailureDoesNotMatterWhereThereIsEnoughAndIsTold() {
    String steps =
        """
        steps:
          x:
            each: n in [0, 2, 4]
            concurrency: 1
            enough: size(x) == NEED
            steps: {no: {when: n == 0, fail: "no zero"}}
            outputs: {n: "${n}"}
        outputs: {x: "${x}", errors: "${steps.x.errors.map(e, e.key)}"}
        """;

    assertThat(outputs(run(steps.replace("NEED", "1"))))
        .isEqualTo("{\"x\":[{\"n\":2}],\"errors\":[\"0\"]}");
    CommandWorld other = new CommandWorld(folder);
    assertThat(other.run("run", other.file("w.yaml", steps.replace("NEED", "3"))).code())
        .isEqualTo(ExitCode.FAILED);
  }

  @Test
  void whatCannotBeToldYetIsNotEnough() {
    Result result =
        run(
            """
            steps:
              skipped: {when: false, set: 1}
              index: {each: "n in [1, 2, 3]", concurrency: 1, enough: "index[1] == 2", set: "${n}"}
              other: {each: "n in [1, 2, 3]", concurrency: 1, enough: "skipped > 0", set: "${n}"}
            outputs: {index: "${index}", other: "${other}"}
            """);

    assertThat(outputs(result)).isEqualTo("{\"index\":[1,2],\"other\":[1,2,3]}");
  }

  @Test
  void aReviewRunsItAgainWithElementsOfItsOwn() {
    Result result =
        run(
            """
            steps:
              x:
                each: n in [1, 2]
                enough: size(x) == 1
                steps: {nap: {when: n > 1, wait: 1h}}
              judge: {set: "${size(x)}", revise: {step: x, when: judge == 1, max: 1, else: continue}}
            outputs: {judge: "${judge}"}
            """);

    assertThat(outputs(result)).isEqualTo("{\"judge\":1}");
    assertThat(status(result, "x[1]")).isEqualTo("cancelled");
    assertThat(status(result, "x[1]~1")).isEqualTo("cancelled");
    assertThat(status(result, "x[0]~1")).isEqualTo("succeeded");
  }

  private static final String SHOPPING =
      """
      steps:
        buy:
          each: item in ['tea', 'jam']
          enough: size(buy) == 1
          tool: shop/order
          with: {item: "${item}", key: "${call.key}"}
          undo: {tool: shop/cancel, with: {order: "${buy.order}"}}
        end: {fail: Closed., needs: [buy], when: END}
      outputs: {buy: "${buy}"}
      """;

  @Test
  void aCallThatMayHaveTakenEffectIsADoubtAndIsNotRepeated() {
    EffectsWorld shop = new EffectsWorld(folder).flag("deaf");
    Result result = shop.run(SHOPPING.replace("END", "false"));

    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.IN_DOUBT);
    String unknown = result.json().at("/pending/0/step").asString();
    assertThat(status(result, "buy")).isEqualTo("running");
    Result resumed = shop.resume("--answer", unknown + "={\"decision\":\"retry\"}");

    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.json().at("/outputs/buy")).hasSize(1);
    assertThat(status(resumed, unknown)).isEqualTo("cancelled");
    assertThat(shop.ledger()).containsExactlyInAnyOrder("order tea", "order jam");
  }

  @Test
  void aReadThatIsUnderWayIsJustLeft() {
    EffectsWorld shop = new EffectsWorld(folder).flag("deaf");
    Result result =
        shop.run(
            SHOPPING
                .replace("END", "false")
                .replaceAll(" *undo: .*\n", "")
                .replace("tool: shop/order", "tool: shop/order\n    effects: read"));

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().at("/outputs/buy")).hasSize(1);
  }

  @Test
  void whatSucceededIsUndoneWhenTheRunFails() {
    EffectsWorld shop = new EffectsWorld(folder);
    Result result =
        shop.run(SHOPPING.replace("END", "true").replace("enough:", "concurrency: 1\n    enough:"));

    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(shop.ledger()).containsExactly("order tea", "cancel tea");
    assertThat(status(result, "buy[0].undo")).isEqualTo("succeeded");
  }

  @Test
  void aForkAtAnElementAsksAnewAndAChangedConditionBeginsItAnew() {
    CommandWorld world = new CommandWorld(folder);
    String steps =
        """
        inputs: {first: {type: integer, default: 1}}
        steps:
          x:
            each: n in [1, 2, 3]
            concurrency: 1
            enough: x.exists(v, v.n == NEED)
            steps: {one: {set: "${n * first}"}}
            outputs: {n: "${one}"}
          sure: {ask: "Go on with {x}?"}
        outputs: {x: "${x}"}
        """;
    String file = world.file("w.yaml", steps.replace("NEED", "1"));
    assertThat(world.run("run", file, "--run-id", "one").code()).isEqualTo(ExitCode.WAITING);

    Result fork =
        world.run("fork", "one", "--at", "x[0]", "--input", "first=2", "--yes", "-o", "json");
    assertThat(fork.json().at("/outputs/x")).hasToString("[{\"n\":2},{\"n\":4},{\"n\":6}]");
    world.file("w.yaml", steps.replace("NEED", "2"));
    Result adopted = world.run("resume", "one", "--adopt", "--yes", "-o", "json");
    assertThat(adopted.err()).contains("step x: changed enough");
    assertThat(adopted.json().at("/outputs/x")).hasToString("[{\"n\":1},{\"n\":2}]");
    assertThat(status(adopted, "x~1")).isEqualTo("succeeded");
  }

  @Test
  void aRunDrawsWhatWasGivenUpAndADryRunTellsTheCondition() {
    CommandWorld world = new CommandWorld(folder);
    String file =
        world.file(
            "w.yaml",
            """
            steps:
              x: {each: "n in [1, 2]", enough: size(x) == 1, steps: {nap: {when: n > 1, wait: 1h}}}
            """);

    assertThat(world.run("run", file, "--dry-run").out())
        .contains("each n in [1, 2] (2 elements)  enough when size(x) == 1");
    assertThat(world.run("inspect", file, "--graph", "text").out())
        .contains("enough when size(x) == 1");
    Result result = world.run("run", file, "--run-id", "one", "-o", "json");
    assertThat(step(result, "x[1]").toString()).contains("\"status\":\"cancelled\"");
    assertThat(world.run("trace", "graph", "one").out())
        .contains("1 of 2 succeeded, 1 cancelled", "[1]    [cancelled");
  }
}
