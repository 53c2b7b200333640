package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static final String TRIP =
      """
      name: trip
      version: "1.0.0"
      description: A small one.
      simulate: answers.yaml
      models: {any: ollama/any}
      agents:
        writer: {model: any}
        judge: {model: any}
      steps:
        numbers: {set: [1, 2]}
        plan: {agent: writer, prompt: "plan {numbers}"}
        squares: {each: n in numbers, set: "${n * n}", concurrency: 2}
        check:
          agent: judge
          prompt: is {plan} good?
          output: {bad: boolean}
          revise: {step: plan, when: check.bad, max: 2}
        approve: {ask: "Take {plan}?", needs: [check], timeout: 2d}
        late: {set: "${steps.approve.status}", when: size(squares) > 1}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));
  private String file = "";

  @BeforeEach
  void aWorkflow() {
    world = new CommandWorld(folder);
    world.file(
        "answers.yaml",
        "answers:\n  - {agent: writer, text: a plan}\n  - {agent: judge, answer: {bad: false}}\n");
    file = world.file("trip.yaml", TRIP);
  }

  @Test
  void aFileIsShownAsItsGraphAndItsAgents() {
    Result result = world.run("inspect", file);

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            trip 1.0.0: 6 steps
            A small one.

              ○ numbers  set
            ∥ ○ plan     agent writer  after numbers
            ∥ ○ squares  set  after numbers; each n in numbers, 2 at a time
              ○ check    agent judge  after plan; revises plan when check.bad, at most 2 times
              ○ approve  ask for approval  after plan, check; timeout 2d
              ○ late     set  after squares, approve?; when size(squares) > 1

            Agents
              writer: model any, by scripted answers
              judge: model any, by scripted answers
            """);
    assertThat(result.code()).isZero();
  }

  @Test
  void aRunIsShownWithWhereItsStepsStand() {
    world.run("run", file, "--run-id", "one");

    assertThat(world.run("inspect", "last").out())
        .startsWith(
            """
            trip 1.0.0: 6 steps
            A small one.
            Run one waiting.

              ● numbers  set  [succeeded, T s]
            """)
        .contains(
            """
            ∥ ● squares  set  after numbers; each n in numbers, 2 at a time  [2 of 2 succeeded, T s]
                ● [0]    [succeeded, T s]
                ● [1]    [succeeded, T s]
            """)
        .contains("  ◉ approve  ask for approval  after plan, check; timeout 2d  [waiting]\n")
        .contains("  ○ late     set  after squares, approve?; when size(squares) > 1\n");
  }

  @Test
  void theGraphCanBeWrittenForMermaid() {
    assertThat(world.run("inspect", file, "--graph", "mermaid").out())
        .isEqualTo(
            """
            flowchart TD
              numbers["○ numbers<br/>set"]
              plan["○ plan<br/>agent writer"]
              squares["○ squares<br/>set"]
              check["○ check<br/>agent judge"]
              approve["○ approve<br/>ask for approval"]
              late["○ late<br/>set"]
              numbers --> plan
              numbers --> squares
              plan --> check
              check -. revises .-> plan
              plan --> approve
              check --> approve
              squares --> late
              approve -.-> late
            """);
  }

  @Test
  void theGraphCanBeWrittenForGraphviz() {
    assertThat(world.run("inspect", file, "--graph", "dot").out())
        .startsWith(
            "digraph workflow {\n  node [shape=box];\n  \"numbers\" [label=\"○ numbers\\nset\"];\n")
        .contains("  \"numbers\" -> \"plan\";\n")
        .contains("  \"approve\" -> \"late\" [style=dashed];\n")
        .contains("  \"check\" -> \"plan\" [style=dotted, label=\"revises\", constraint=false];\n")
        .endsWith("}\n");
  }

  @Test
  void theLongFormIsAWorkflowItself() {
    String shortForm = world.file("short.yaml", "flow:\n  - user: \"review {thing}\"\n");

    Result yaml = world.run("inspect", shortForm, "--full");
    Result json = world.run("inspect", shortForm, "--full", "-o", "json");

    assertThat(yaml.out()).startsWith("name: short\n").contains("ask: review {thing}\n");
    assertThat(json.json().get("name").asString()).isEqualTo("short");
    assertThat(world.run("validate", world.file("long.yaml", yaml.out())).code()).isZero();
    assertThat(world.run("validate", world.file("long.json", json.out())).code()).isZero();
  }

  @Test
  void whatIsNeitherAFileNorARunIsSaidSo() {
    assertThat(world.run("inspect", "no.yaml"))
        .isEqualTo(new Result(2, "", "workflow: There is no file no.yaml.\n"));
    assertThat(world.run("inspect", "nothing"))
        .isEqualTo(
            new Result(
                2, "", "workflow: There is no run nothing. List them: workflow runs list\n"));
  }
}
