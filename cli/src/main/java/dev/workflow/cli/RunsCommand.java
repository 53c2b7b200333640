package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.Journal;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunBusyException;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.run.EventJson;
import dev.workflow.run.RunState;
import dev.workflow.trace.RunDiff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow runs}. */
@Command(
    name = "runs",
    description = {
      "Lists, shows, compares, cancels, deletes and exports runs.",
      "A run is named by its id, a unique beginning of it, or last."
    },
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false)
final class RunsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  private final Context context;

  RunsCommand(Context context) {
    this.context = context;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Expected one of list, show, diff, cancel, delete, export, found nothing.");
  }

  private WorkflowEngine engine() {
    return new EngineOptions().open(context);
  }

  @Command(name = "list", description = "Lists all runs, newest first.", sortOptions = false)
  int list(
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORMAT",
              defaultValue = "text",
              description = "What standard output carries: ${COMPLETION-CANDIDATES}.")
          ValidateCommand.Format output) {
    try (WorkflowEngine engine = engine()) {
      List<RunSummary> runs = engine.journal().runs();
      switch (output) {
        case json -> context.terminal().json(json(runs));
        case text -> print(runs, engine.clock().now());
      }
      return ExitCode.SUCCEEDED;
    }
  }

  private void print(List<RunSummary> runs, Instant now) {
    if (runs.isEmpty()) {
      context.terminal().say("There is no run yet. Begin one: " + context.line("run", "FILE"));
      return;
    }
    Columns columns = new Columns("RUN", "WORKFLOW", "STATUS", "STARTED", "TOOK");
    for (RunSummary run : runs) {
      columns.row(
          run.run(),
          run.workflow(),
          RunStory.status(run) + (run.simulated() ? ", simulated" : ""),
          RunStory.time(run.started()),
          Narration.seconds(Duration.between(run.started(), run.driven() ? now : run.ended())));
    }
    columns.lines().forEach(context.terminal()::data);
  }

  private static ObjectNode json(List<RunSummary> runs) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("runs");
    for (RunSummary run : runs) {
      list.addObject()
          .put("run", run.run())
          .put("workflow", run.workflow())
          .put("status", run.status().word())
          .put("driven", run.driven())
          .put("simulated", run.simulated())
          .put("started", run.started().toString())
          .put("ended", run.ended().toString())
          .put("events", run.events());
    }
    return answer;
  }

  @Command(
      name = "show",
      description = "Shows all parts of a run: sessions, steps, questions and answers, result.",
      sortOptions = false)
  int show(
      @Parameters(paramLabel = "RUN", description = "The run.") String run,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORMAT",
              defaultValue = "text",
              description = "What standard output carries: ${COMPLETION-CANDIDATES}.")
          ValidateCommand.Format output) {
    try (WorkflowEngine engine = engine()) {
      RunSummary summary = RunNames.summary(engine.journal(), run);
      RunStory story = RunStory.read(engine.journal(), summary);
      switch (output) {
        case json -> context.terminal().json(story.json());
        case text -> story.lines().forEach(context.terminal()::data);
      }
      return ExitCode.SUCCEEDED;
    }
  }

  @Command(
      name = "diff",
      description = {
        "Compares two runs step by step; exit code 0: they do not differ, 1: they do.",
        "When things happened makes no difference."
      },
      sortOptions = false)
  int diff(
      @Parameters(paramLabel = "A", description = "A run.") String one,
      @Parameters(paramLabel = "B", description = "Another run.") String other,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORMAT",
              defaultValue = "text",
              description = "What standard output carries: ${COMPLETION-CANDIDATES}.")
          ValidateCommand.Format output) {
    try (WorkflowEngine engine = engine()) {
      String a = RunNames.find(engine.journal(), one);
      String b = RunNames.find(engine.journal(), other);
      ObjectNode diff = RunDiff.of(engine.state(a), engine.state(b));
      switch (output) {
        case json -> context.terminal().json(diff);
        case text -> DiffText.of(diff).forEach(context.terminal()::data);
      }
      return diff.path("same").asBoolean() ? ExitCode.SUCCEEDED : ExitCode.FAILED;
    }
  }

  @Command(
      name = "cancel",
      description = "Cancels a run for good, whoever drives it; nothing new starts.",
      sortOptions = false)
  int cancel(
      @Parameters(paramLabel = "RUN", description = "The run.") String run,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              defaultValue = "workflow runs cancel",
              description = "Kept in the journal.")
          String reason) {
    WorkflowEngine engine = engine();
    try (Interruption interruption = Interruption.watch(engine)) {
      RunSummary summary = RunNames.summary(engine.journal(), run);
      if (summary.status().ended()) {
        context.terminal().say("Run " + summary.run() + " has ended: " + summary.status().word());
        return ExitCode.SUCCEEDED;
      }
      return summary.driven()
          ? tell(engine.journal(), summary.run(), reason)
          : cancelHere(engine, summary.run(), reason, interruption);
    }
  }

  private int cancelHere(
      WorkflowEngine engine, String id, String reason, Interruption interruption) {
    Run opened;
    try {
      opened = engine.resume(id, null, false, null, People.NOBODY, RunObserver.NONE);
    } catch (RunBusyException somebodyWasFaster) {
      return tell(engine.journal(), id, reason);
    }
    opened.cancel(reason);
    RunState state = Session.drive(opened, interruption);
    context.terminal().say("Run " + id + " " + state.status().word() + ".");
    return state.status().ended() ? ExitCode.SUCCEEDED : ExitCode.of(state);
  }

  /** Leaves the message with the process that drives the run, and waits a while for its end. */
  private int tell(Journal journal, String id, String reason) {
    journal.post(id, new Message.Cancel(reason));
    long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < patience) {
      RunSummary now = journal.find(id).get(0);
      if (now.status().ended()) {
        context.terminal().say("Run " + id + " " + now.status().word() + ".");
        return ExitCode.SUCCEEDED;
      }
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    context
        .terminal()
        .say("The process that drives run " + id + " was told; it has not ended the run yet.");
    return ExitCode.SUCCEEDED;
  }

  @Command(
      name = "delete",
      description = "Removes runs and all that was kept of them.",
      sortOptions = false)
  int delete(
      @Parameters(paramLabel = "RUN", arity = "1..*", description = "The runs.")
          List<String> runs) {
    try (WorkflowEngine engine = engine()) {
      List<String> ids = new ArrayList<>();
      runs.forEach(run -> ids.add(RunNames.find(engine.journal(), run)));
      for (String id : ids.stream().distinct().toList()) {
        engine.journal().delete(id);
        context.terminal().say("Deleted run " + id + ".");
      }
      return ExitCode.SUCCEEDED;
    }
  }

  @Command(
      name = "export",
      description = "Prints every event of a run, one JSON object a line.",
      sortOptions = false)
  int export(@Parameters(paramLabel = "RUN", description = "The run.") String run) {
    try (WorkflowEngine engine = engine()) {
      String id = RunNames.find(engine.journal(), run);
      engine
          .journal()
          .read(
              id,
              1,
              event -> context.terminal().json(EventJson.write(new EventJson.Line(id, event))));
      return ExitCode.SUCCEEDED;
    }
  }
}
