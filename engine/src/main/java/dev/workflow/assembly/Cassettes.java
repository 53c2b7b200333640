package dev.workflow.assembly;

import dev.workflow.cases.Case;
import dev.workflow.cassette.Cassette;
import dev.workflow.cassette.CassetteFile;
import dev.workflow.cassette.Recording;
import dev.workflow.cassette.Replay;
import dev.workflow.check.PlanCheck;
import dev.workflow.check.RunInputs;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.Retelling;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.RunState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes cassettes of runs, and runs workflows again on them. */
public final class Cassettes {
  private final WorkflowEngine engine;
  private final CaseRun.Ports ports;

  Cassettes(WorkflowEngine engine, CaseRun.Ports ports) {
    this.engine = engine;
    this.ports = ports;
  }

  /**
   * Writes the cassette of a run, all of it or nothing.
   *
   * @throws Recording.NoCassetteException where a replay could not be what the run was
   */
  public void record(String run, Path file) throws IOException {
    ResolvedJson json = new ResolvedJson(ports.documents());
    PlanCheck planner =
        new PlanCheck(ports.documents(), ports.skills(), ports.expressions(), ports.validator());
    Cassette cassette =
        Recording.of(
            engine.events(run),
            state -> new Retelling(state, json, ports.expressions(), ports.validator(), planner));
    CassetteFile.write(cassette, secrets(engine.state(run)), file);
  }

  /** All that a server or a provider of the run is started with and nobody is to know. */
  private Set<String> secrets(RunState run) {
    Set<String> secrets = new HashSet<>(engine.secrets());
    Resolved resolved = engine.definition(run);
    try (Tools tools = engine.tools(run.definition(), resolved)) {
      for (String server : tools.servers()) {
        try {
          tools.identity(server);
        } catch (ToolException unknown) {
          // What cannot be started now has no secrets to look up.
        }
      }
      secrets.addAll(tools.secrets());
    }
    return secrets;
  }

  /** Reads a cassette. */
  public CassetteFile.Reading read(Path file) {
    return CassetteFile.read(file, ports.validator());
  }

  /**
   * What is to be run again.
   *
   * @param text of the workflow; absent: the file is read
   * @param inputs that win over the recorded ones
   * @param people answers that win over the recorded ones, by step path
   * @param limits made of those of the workflow
   */
  public record Wish(
      Path workflow,
      @Nullable String text,
      Map<String, RunInputs.Given> inputs,
      Map<String, JsonNode> people,
      UnaryOperator<Limits> limits) {}

  /**
   * What came of it.
   *
   * @param run absent: it could not begin
   * @param mismatches what was asked that is not what was recorded, and what came out that did not
   *     then
   * @param unused recorded calls that nobody has made
   * @param problems why it could not begin
   */
  public record Replayed(
      @Nullable RunState run,
      List<Replay.Mismatch> mismatches,
      List<String> unused,
      List<Problem> problems) {}

  /** Runs a workflow on a cassette; nothing is started, asked or kept. */
  public Replayed replay(Cassette cassette, Wish wish, RunObserver observer) {
    CaseRun.Ended ended =
        new CaseRun(
                ports,
                ports.documents(),
                file -> ports.documents().tree(file, ScriptedAnswers.SCHEMA),
                Case.alone(wish.people()),
                cassette)
            .run(
                wish.workflow(),
                wish.text(),
                new CaseRun.Wish(wish.inputs(), wish.limits(), observer));
    if (ended.broken() != null) {
      throw new IllegalStateException(ended.broken());
    }
    RunState run = ended.run();
    Replay replay = ended.replay();
    return run == null || replay == null
        ? new Replayed(null, List.of(), List.of(), ended.problems())
        : new Replayed(run, mismatches(run, replay), replay.unused(), List.of());
  }

  private static List<Replay.Mismatch> mismatches(RunState run, Replay replay) {
    List<Replay.Mismatch> all = new ArrayList<>(replay.mismatches());
    Cassette cassette = replay.cassette();
    if (run.status() != cassette.status()) {
      all.add(
          new Replay.Mismatch(
              "",
              "The run did not end as it was recorded",
              List.of(
                  "status: recorded %s, found %s"
                      .formatted(cassette.status().word(), run.status().word()))));
    }
    List<String> outputs = replay.differingOutputs(run.outputs());
    if (!outputs.isEmpty()) {
      all.add(new Replay.Mismatch("", "The outputs are not those that were recorded", outputs));
    }
    return all;
  }
}
