package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real runs as {@code inspect} and {@code trace graph} draw them. */
class RunDrawingTest {
  private static final Path EXAMPLES = Path.of("../workflows-examples");

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private void runs(String text, int code) {
    String file = world.file("flow.yaml", text);
    assertThat(world.run("run", file, "--run-id", "one", "--progress", "none").code())
        .isEqualTo(code);
  }

  private String drawn(String run) {
    return world.run("inspect", run, "--graph", "text").out();
  }

  @Test
  void theExampleOfNestingIsDrawnFromItsJournalWhenTheFileIsGone() throws IOException {
    runs(Files.readString(EXAMPLES.resolve("nested.yaml")), 0);
    world.remove("flow.yaml");

    assertThat(drawn("one"))
        .isEqualTo(
            """
              ● check        steps; each service in services, 2 at a time  [3 of 3 succeeded, T s]
                ● [shop]     [succeeded, T s]
                ∥ ● notes    set; each change in service.changes  [2 of 2 succeeded, T s]
                    ● [0]    [succeeded, T s]
                    ● [1]    [succeeded, T s]
                ∥ ● tested   set  [succeeded, T s]
                  ● verdict  set  after notes, tested  [succeeded, T s]
                ● [mail]     [succeeded, T s]
                ∥ ● notes    set; each change in service.changes  [1 of 1 succeeded, T s]
                    ● [0]    [succeeded, T s]
                ∥ ● tested   set  [succeeded, T s]
                  ● verdict  set  after notes, tested  [succeeded, T s]
                ● [login]    [succeeded, T s]
                ∥ ● notes    set; each change in service.changes  [succeeded, no elements, T s]
                ∥ ● tested   set  [succeeded, T s]
                  ● verdict  set  after notes, tested  [succeeded, T s]
              ● ready        set  after check  [succeeded, T s]
            ∥ ● watch        steps  after ready; when size(ready) > 0; repeats until watch.trouble, at most 3 runs, every 20ms  [succeeded, T s]
                ● pause      wait 20ms  [succeeded, T s]
                ● errors     set  after pause  [succeeded, T s]
            ∥ ● watch~1      steps  after ready  [succeeded, T s]
                ● pause      wait 20ms  [succeeded, T s]
                ● errors     set  after pause  [succeeded, T s]
            ∥ ● watch~2      steps  after ready  [succeeded, T s]
                ● pause      wait 20ms  [succeeded, T s]
                ● errors     set  after pause  [succeeded, T s]
            ∥ ✗ announce     steps  after ready?  [failed, T s: announce/post failed: The notice board does not exist: Released: shop]
                ● words      set  [succeeded, T s]
                ✗ post       fail  after words  [failed, T s: The notice board does not exist: Released: shop]
              ● report       set  after check, ready, watch~2, announce?  [succeeded, T s]
            """);
    for (String form : new String[] {"mermaid", "dot"}) {
      assertThat(world.run("inspect", "one", "--graph", form).out()).contains("● watch~2");
      assertThat(world.run("trace", "graph", "one", "--graph", form).out()).contains("at +");
    }
  }

  @Test
  void aPlanThatWasWrittenInTheRunIsDrawnWithItsConditions() {
    world.file(
        "answers.yaml",
        """
        answers:
          - agent: planner
            answer:
              reasons: So it is.
              steps:
                one: {set: 1}
                two: {when: "one > 1", set: "$${one + 1}"}
        """);
    runs(
        """
        models: {m: openai/gpt-5}
        simulate: answers.yaml
        agents: {planner: {model: m, instructions: You plan.}}
        steps:
          route: {plan: planner, prompt: Count.}
          go: {workflow: "${route}"}
        """,
        0);
    world.remove("flow.yaml").remove("answers.yaml");

    assertThat(drawn("one"))
        .isEqualTo(
            """
              ● route  plan by planner  [succeeded, T s]
              ● go     runs route  after route  [succeeded, T s]
                ● one  set  [succeeded, T s]
                – two  set  after one; when one > 1  [skipped: when: one > 1]
            """);
    assertThat(world.run("trace", "graph", "last").out())
        .startsWith("Run one of flow, succeeded: T s of work, simulated: no AI model answered\n\n")
        .contains("\n      +T s  turn 1 openai/gpt-5  T s\n");
  }

  @Test
  void whatWasUndoneStandsBehindWhatItTookBack() {
    runs(
        """
        steps:
          rooms: {each: "r in ['a', 'b']", set: "${r}", undo: {set: "gave back ${rooms}"}}
          book:
            set: 7
            needs: [rooms]
            undo: {steps: {annul: {set: "${book}"}, tell: {set: "${annul}"}}, outputs: {t: "${tell}"}}
          luck: {fail: no luck, needs: [book]}
        """,
        1);

    assertThat(drawn("one"))
        .isEqualTo(
            """
              ● rooms       set; each r in ['a', 'b']  [2 of 2 succeeded, T s]
                ● [0]       [succeeded, T s]
                ● [0].undo  set  after [0]  [succeeded, T s]
                ● [1]       [succeeded, T s]
                ● [1].undo  set  after [1]  [succeeded, T s]
              ● book        set  after rooms  [succeeded, T s]
              ● book.undo   steps  after book  [succeeded, T s]
                ● annul     set  [succeeded, T s]
                ● tell      set  after annul  [succeeded, T s]
              ✗ luck        fail  after book  [failed, T s: no luck]
            """);
  }

  @Test
  void aForkSaysWhereItBeganAndWhichOutputWasGiven() {
    runs("steps:\n  a: {set: 1}\n  b: {set: \"${a + 1}\"}\n", 0);

    world.run("fork", "one", "--at", "a", "--output", "5", "--run-id", "two");

    assertThat(drawn("two"))
        .isEqualTo(
            """
              ● a  set  [succeeded, injected, T s]
              ● b  set  after a  [succeeded, T s]

            ↻ at +T s  a fork of run one at a
            """);
  }

  @Test
  void anAdoptedDefinitionSaysWhatItRemovedAddedAndBeganAnew() {
    String flow = "steps:\n  a: {set: 1}\n  old: {set: 2}\n  c: {ask: \"Is it {a}?\"}\n";
    runs(flow, 5);
    world.file("flow.yaml", flow.replace("set: 1", "set: 3").replace("old", "new"));
    CommandWorld.Result adopted = world.run("resume", "one", "--adopt", "--yes");
    assertThat(adopted.code()).isZero();

    assertThat(drawn("one"))
        .isEqualTo(
            """
            ∥ ● a    set  [succeeded, T s]
            ∥ ● a~1  set  [succeeded, T s]
            ∥ ● new  set  [succeeded, T s]
              – c    ask for approval  after a  [cancelled, T s]
              ● c~1  ask for approval  after a~1  [succeeded, T s]
              ● old  set; taken out of the plan  [succeeded, T s]

            ↻ at +T s  the changed definition is adopted. step a: changed set; step old: removed; step new: added
                removed: old
                added: new
                begins anew: a, c
            """);
    assertThat(adopted.err()).containsOnlyOnce("step old: removed");
    assertThat(world.run("runs", "show", "one").out())
        .contains("the changed definition is adopted");
  }
}
