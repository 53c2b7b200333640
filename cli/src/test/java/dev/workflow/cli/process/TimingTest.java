package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.assembly.Home;
import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.cli.process.Cli.Result;
import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Steps start when what they need is there, no sooner and no later. */
@Isolated("It measures how long steps take.")
class TimingTest {
  private static final Duration CRITICAL_PATH = Duration.ofMillis(2_100);
  private static final String UNEVEN =
      """
      name: uneven
      version: "1.0.0"
      steps:
        a: {wait: 100ms}
        b: {wait: 2s}
        c: {wait: 2s, needs: [a]}
      """;

  @TempDir private Path folder;

  @Test
  void unevenBranchesTakeAsLongAsTheirLongestPath() {
    Workspace workspace = Workspace.in(folder).file("uneven.yaml", UNEVEN);
    workspace.file("first.yaml", UNEVEN.replace("2s", "1ms"));
    Home home = new Home(workspace.cli().home(), null, Map.of(), List.of());
    try (WorkflowEngine engine = new WorkflowEngine(home)) {
      makespans(engine, workspace.folder().resolve("first.yaml"), 1);
      List<Duration> five = makespans(engine, workspace.folder().resolve("uneven.yaml"), 5);

      assertThat(five.get(2))
          .isBetween(CRITICAL_PATH, CRITICAL_PATH.multipliedBy(105).dividedBy(100));
    }
  }

  /** How long so many runs took by their journals, shortest first. All are driven at one time. */
  private static List<Duration> makespans(WorkflowEngine engine, Path file, int runs) {
    List<Run> begun = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      Checked checked = engine.check(CheckRequest.of(file, true), Set.of());
      Checked.Definition definition = Objects.requireNonNull(checked.definition());
      WorkflowEngine.Start start =
          new WorkflowEngine.Start(
              file.getFileName().toString().charAt(0) + "-" + i,
              definition,
              JsonNodeFactory.instance.objectNode(),
              definition.resolved().workflow().limits(),
              Set.of(),
              file);
      begun.add(engine.begin(start, checked, People.NOBODY, RunObserver.NONE));
    }
    List<RunState> ended = Flux.fromIterable(begun).flatMap(Run::drive).collectList().block();
    begun.forEach(Run::close);
    assertThat(ended).hasSize(runs).allMatch(run -> run.status() == RunStatus.SUCCEEDED);
    return Objects.requireNonNull(ended).stream()
        .map(run -> Duration.between(run.startedAt(), run.lastEventAt()))
        .sorted()
        .toList();
  }

  @Test
  void aFailingBranchLeavesTheOutputsOfItsSiblings() {
    Workspace workspace =
        Workspace.in(folder)
            .file(
                "branches.yaml",
                """
                name: branches
                version: "1.0.0"
                steps:
                  bad: {fail: This one fails.}
                  after_bad: {set: 1, needs: [bad]}
                  pause: {wait: 300ms}
                  late: {set: late, needs: [pause]}
                outputs: {late: "${late}", never: "${after_bad}"}
                """);
    Result result = workspace.cli().run("run", "branches.yaml", "-o", "json");

    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    assertThat(result.json().path("outputs").toString()).isEqualTo("{\"late\":\"late\"}");
    JsonNode steps = result.json().path("steps");
    assertThat(steps.path("bad").path("status").asString()).isEqualTo("failed");
    assertThat(steps.path("after_bad").path("status").asString()).isEqualTo("blocked");
    assertThat(steps.path("late").path("status").asString()).isEqualTo("succeeded");
  }

  @Test
  void aConcurrencyOfOneLetsNoTwoStepsRunAtATime() {
    Workspace workspace =
        Workspace.withServer(folder)
            .file("answers.yaml", "answers: [{answer: {count: 3}, delay: 100ms}]")
            .file(
                "wide.yaml",
                """
                name: wide
                version: "1.0.0"
                models: {default: [openai/gpt-5]}
                simulate: answers.yaml
                mcp: {sound: {command: node, args: [faulty.mjs]}}
                agents: {counter: {servers: [sound]}}
                steps:
                  one: {tool: sound/fine, with: {n: 1, ms: 50}}
                  two: {tool: sound/fine, with: {n: 2, ms: 50}}
                  many:
                    each: x in [1, 2, 3]
                    concurrency: 3
                    tool: sound/fine
                    with: {n: "${x}", ms: 50}
                  agent: {agent: counter, prompt: Count., output: {count: integer}}
                  bad: {tool: sound/refusing, with: {n: 1, ms: 50}, on_error: continue}
                """);
    String[] command = {"run", "wide.yaml", "--trust", "-o", "json", "--limit", "concurrency=1"};
    Result result = workspace.cli().run(command);
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(mostAtATime(Journaled.last(workspace.cli().home()))).isEqualTo(1);

    command[command.length - 1] = "concurrency=3";
    assertThat(workspace.cli().run(command).exit()).isZero();
    assertThat(mostAtATime(Journaled.last(workspace.cli().home()))).isEqualTo(3);
  }

  /** The most steps that were between their start and their end. */
  private static int mostAtATime(Journaled journal) {
    int running = 0;
    int most = 0;
    List<String> started = new ArrayList<>();
    for (Event event : journal.all(Event.class)) {
      if (event instanceof Event.StepStarted step) {
        started.add(step.step().toString());
        running++;
        most = Math.max(most, running);
      } else if ((event instanceof Event.StepSucceeded || event instanceof Event.StepFailed)
          && started.contains(((Event.OfStep) event).step().toString())) {
        running--;
      }
    }
    assertThat(started).hasSize(7);
    assertThat(running).isZero();
    return most;
  }
}
