package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.run.Event;
import dev.workflow.run.Event.ModelReplied;
import dev.workflow.run.Event.StepFailed;
import dev.workflow.run.Event.StepInDoubt;
import dev.workflow.run.Recorded;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Every fault of a server or a model is told at once and clearly, and harms nothing beside it. */
@Execution(ExecutionMode.CONCURRENT)
class FaultsTest {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final String WORKFLOW =
      """
      name: faults
      version: "1.0.0"
      models: {default: [openai/gpt-5]}
      simulate: answers.yaml
      mcp:
        sound: {command: node, args: [faulty.mjs, sound]}
        faulty: SERVER
      agents:
        counter: {servers: [sound]}
      steps:
        before: {tool: sound/fine, with: {n: 1}}
        fault: STEP
        after: {tool: sound/fine, with: {n: "${before.n + 1}", ms: 300}}
      outputs: {before: "${before.n}", after: "${after.n}", fault: "${fault}"}
      """;
  private static final String SERVER = "{command: node, args: [faulty.mjs]}";
  private static final String AGENT =
      "{agent: counter, prompt: Count to three., output: {count: integer}}";

  @TempDir private Path folder;

  @Test
  void anOutputThatBreaksTheToolsSchemaFailsTheStepAndNamesWhatIsWrong() {
    Workspace workspace = workspace(SERVER, tool("misshapen"));
    Result result = run(workspace);

    assertFailed(workspace, result, "faulty/misshapen");
    assertThat(error(result).path("details").toString()).contains("/n", "integer");
    assertThat(since(workspace.lastFault(), workspace, StepFailed.class)).isLessThan(AT_ONCE);
  }

  @Test
  void aToolThatSaysNoFailsTheStepWithItsOwnWords() {
    Workspace workspace = workspace(SERVER, tool("refusing"));
    Result result = run(workspace);

    assertFailed(workspace, result, "not today");
    assertThat(since(workspace.lastFault(), workspace, StepFailed.class)).isLessThan(AT_ONCE);
  }

  @Test
  void aServerThatDiesInMidCallFailsTheStepAndSaysHowItEnded() {
    Workspace workspace = workspace(SERVER, tool("dying"));
    Result result = run(workspace);

    assertFailed(workspace, result, "'faulty'");
    assertThat(error(result).toString()).contains("7", "the disk is on fire");
    assertThat(workspace.lines("faults.txt")).as("a read-only call is made again once").hasSize(2);
    assertThat(since(workspace.lastFault(), workspace, StepFailed.class)).isLessThan(AT_ONCE);
  }

  @Test
  void aServerThatDiesOverAPaymentLeavesItInDoubtForAPersonToDecide() {
    Workspace workspace =
        workspace(
            SERVER,
            tool("dying_payment").replace("}}", "}, output: {n: {type: integer, maximum: 9}}}"));
    Result result = run(workspace);

    assertThat(result.exit()).as("%s", result).isEqualTo(8);
    assertThat(result.json().path("pending").path(0).path("step").asString()).isEqualTo("fault");
    assertThat(result.json().path("pending").path(0).path("kind").asString()).isEqualTo("in-doubt");
    assertOthersAreUnharmed(result);
    assertThat(workspace.lines("faults.txt")).as("a payment is never repeated").hasSize(1);
    assertThat(since(workspace.lastFault(), workspace, StepInDoubt.class)).isLessThan(AT_ONCE);

    for (String wrong : List.of("", ",\"output\":{\"n\":\"five\"}", ",\"output\":{\"n\":10}")) {
      String decided = "fault={\"decision\":\"done\"" + wrong + "}";
      Result refused = workspace.cli().run("resume", "last", "--answer", decided);
      assertThat(refused.exit()).as("%s", refused).isEqualTo(2);
      assertThat(refused.err()).contains("/output");
    }
    String line =
        PauseTest.printedLine(
            result.err().substring(result.err().indexOf("it took effect:")), "workflow resume ");
    Result resumed = workspace.cli().shell(line);
    assertThat(resumed.exit()).as("%s: %s", line, resumed).isZero();
    assertThat(resumed.json().path("fault").path("n").asInt()).isEqualTo(1);
    assertThat(workspace.lines("faults.txt")).hasSize(1);
  }

  @Test
  void whatAServerPrintsBetweenItsAnswersHarmsNothing() {
    Result result = run(workspace(SERVER, tool("chatty")));

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.json().path("outputs").path("fault").path("n").asInt()).isEqualTo(3);
    assertOthersAreUnharmed(result);
  }

  @Test
  void aServerThatNeverGreetsIsMissingBeforeAnythingRuns() {
    Workspace workspace =
        workspace(
            "{command: node, args: [faulty.mjs, babbling], startupTimeout: 1s}", tool("fine"));
    Result result = run(workspace);

    assertThat(result.exit()).as("%s", result).isEqualTo(4);
    assertThat(result.err())
        .contains("faulty", "startupTimeout of 1 s", "What a lovely day!")
        .doesNotContain("\tat ");
    assertThat(Journaled.runs(workspace.cli().home())).isZero();
    assertThat(workspace.living()).isEmpty();
  }

  @Test
  void aServerWhoseProgramIsMissingIsNamedBeforeAnythingRuns() {
    Workspace workspace = workspace("{command: no-such-program}", tool("fine"));
    Result result = run(workspace);

    assertThat(result.exit()).as("%s", result).isEqualTo(4);
    assertThat(result.err()).contains("faulty", "no-such-program").doesNotContain("\tat ");
    assertThat(Journaled.runs(workspace.cli().home())).isZero();
  }

  @Test
  void aServerThatNeedsAnUnsetVariableNamesFieldAndVariableBeforeAnythingRuns() {
    Workspace workspace =
        workspace(
            "{command: node, args: [faulty.mjs], env: {TOKEN: \"${SURELY_UNSET}\"}}", tool("fine"));
    Result result = run(workspace);

    assertThat(result.exit()).as("%s", result).isEqualTo(4);
    assertThat(result.err()).contains("faulty", "env.TOKEN", "SURELY_UNSET");
    assertThat(Journaled.runs(workspace.cli().home())).isZero();
  }

  @Test
  void aServerThatIgnoresEveryRequestToEndIsGoneAfterwards() {
    Workspace workspace = workspace("{command: node, args: [faulty.mjs, deaf]}", tool("fine"));
    Result result = run(workspace);

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(workspace.lines("pids.txt")).isNotEmpty();
    assertThat(workspace.living()).isEmpty();
  }

  @Test
  void aModelsAnswerThatBreaksItsSchemaIsRepaired() {
    Workspace workspace =
        workspace(SERVER, AGENT)
            .file(
                "answers.yaml",
                """
                answers:
                  - agent: counter
                    turns:
                      - answer: {count: three}
                      - text: I would say three.
                      - answer: {count: 3}
                """);
    Result result = run(workspace);

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.json().path("outputs").path("fault").path("count").asInt()).isEqualTo(3);
    assertThat(Journaled.last(workspace.cli().home()).all(ModelReplied.class)).hasSize(3);
    assertOthersAreUnharmed(result);
  }

  @Test
  void aModelsAnswerThatCannotBeRepairedFailsTheStepAfterTwoRepairs() {
    Workspace workspace =
        workspace(SERVER, AGENT)
            .file("answers.yaml", "answers: [{agent: counter, answer: {count: three}}]");
    Result result = run(workspace);

    assertFailed(workspace, result, "does not fit the output schema");
    assertThat(error(result).path("details").toString()).contains("/count", "integer");
    Journaled journal = Journaled.last(workspace.cli().home());
    assertThat(journal.all(ModelReplied.class)).hasSize(3);
    Instant lastReply =
        journal.events().stream()
            .filter(recorded -> recorded.event() instanceof ModelReplied)
            .map(Recorded::time)
            .toList()
            .getLast();
    assertThat(since(lastReply, workspace, StepFailed.class)).isLessThan(AT_ONCE);
  }

  private Workspace workspace(String server, String step) {
    return Workspace.withServer(folder)
        .file("faults.yaml", WORKFLOW.replace("SERVER", server).replace("STEP", step))
        .file("answers.yaml", "answers: [{answer: {count: 3}}]");
  }

  private static String tool(String name) {
    return "{tool: faulty/" + name + ", with: {n: 3}}";
  }

  private static Result run(Workspace workspace) {
    return workspace.cli().run("run", "faults.yaml", "--trust", "-o", "json");
  }

  private static JsonNode error(Result result) {
    return result.json().path("errors").path(0);
  }

  /** Exit 1, one error that says what it is about, and everything else as it should be. */
  private static void assertFailed(Workspace workspace, Result result, String about) {
    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    assertThat(result.json().path("status").asString()).isEqualTo("failed");
    assertThat(result.json().path("errors")).as("%s", result).hasSize(1);
    assertThat(error(result).path("step").asString()).isEqualTo("fault");
    assertThat(error(result).toString()).contains(about);
    assertThat(result.err()).contains(error(result).path("message").asString());
    assertThat(result.err()).doesNotContain("\tat ");
    assertOthersAreUnharmed(result);
    assertThat(workspace.living()).isEmpty();
  }

  private static void assertOthersAreUnharmed(Result result) {
    JsonNode outputs = result.json().path("outputs");
    assertThat(outputs.path("before").asInt()).as("%s", result).isEqualTo(1);
    assertThat(outputs.path("after").asInt()).as("%s", result).isEqualTo(2);
  }

  private static Duration since(
      Instant fault, Workspace workspace, Class<? extends Event.OfStep> told) {
    return Duration.between(fault, Journaled.last(workspace.cli().home()).time(told, "fault"));
  }
}
