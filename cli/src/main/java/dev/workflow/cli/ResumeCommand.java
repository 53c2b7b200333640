package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.run.RunState;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code workflow resume}. */
@Command(
    name = "resume",
    description = "Goes on with a run that waits, was stopped, or was cut off.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ResumeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Id of a run, a unique beginning of it, or last.")
  private String run = "";

  @Mixin private RunOptions options = new RunOptions();
  @Mixin private EngineOptions engineOptions = new EngineOptions();

  @Option(
      names = "--take-over",
      description = "Also when another process seems to drive the run.")
  private boolean takeOver;

  private final Terminal terminal = Terminal.ofProcess();

  @Override
  public Integer call() {
    try (WorkflowEngine engine = engineOptions.open()) {
      String id = find(engine, run);
      RunState state = engine.state(id);
      Views views = new Views(terminal, options, id);
      if (state.status().ended()) {
        return views.end(state);
      }
      Run resumed =
          engine.resume(
              id,
              options.limits(state.limits()),
              takeOver,
              options.people(views.people()),
              views.observer());
      return views.end(Session.drive(resumed));
    }
  }

  /** The one run that a text means. */
  static String find(WorkflowEngine engine, String text) {
    List<RunSummary> found = engine.journal().find(text);
    if (found.isEmpty()) {
      throw new UsageException(
          "There is no run " + text + ". List them: workflow runs list");
    }
    if (found.size() > 1) {
      throw new UsageException(
          text
              + " is the beginning of several runs: "
              + found.stream().map(RunSummary::run).collect(Collectors.joining(", ")));
    }
    return found.get(0).run();
  }
}
