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
import dev.workflow.trace.Words;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow runs}. */
final class RunsCommand {
  private final Command command =
      new Command(
          this::call,
          "Lists, shows, compares, cancels, deletes and exports runs.",
          "A run is named by its id, a unique beginning of it, or last.");
  private final Context context;

  RunsCommand(Context context) {
    this.context = context;
  }

  Command command() {
    return command
        .with("cancel", cancel())
        .with("delete", delete())
        .with("diff", diff())
        .with("export", export())
        .with("list", list())
        .with("record", record())
        .with("save", new RunsSaving(context).command())
        .with("show", show());
  }

  private int call() {
    throw command.mistake(
        "Expected one of list, show, diff, cancel, delete, export, record, save, found nothing.");
  }

  private static Argument<String> one() {
    return Argument.parameter("RUN", String.class, "The run.");
  }

  private WorkflowEngine engine() {
    return new EngineOptions().open(context);
  }

  private Command list() {
    Argument<DataFormat> output = DataFormat.option();
    return new Command(() -> list(output.value()), "Lists all runs, newest first.").takes(output);
  }

  private int list(DataFormat output) {
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
          RunStory.status(run)
              + (run.simulated() ? ", simulated" : "")
              + (run.forkedFrom() == null ? "" : ", fork of " + run.forkedFrom()),
          RunStory.time(run.started()),
          Words.seconds(Duration.between(run.started(), run.driven() ? now : run.ended())));
    }
    columns.lines().forEach(context.terminal()::data);
  }

  private static ObjectNode json(List<RunSummary> runs) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("runs");
    for (RunSummary run : runs) {
      ObjectNode one =
          list.addObject()
              .put("run", run.run())
              .put("workflow", run.workflow())
              .put("status", run.status().word())
              .put("driven", run.driven())
              .put("simulated", run.simulated())
              .put("started", run.started().toString())
              .put("ended", run.ended().toString())
              .put("events", run.events());
      if (run.forkedFrom() != null) {
        one.put("forked_from", run.forkedFrom());
      }
    }
    return answer;
  }

  private Command show() {
    Argument<String> run = one();
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> show(run.value(), output.value()),
            "Shows all parts of a run: sessions, steps, questions and answers, result.")
        .takes(run, output);
  }

  private int show(String run, DataFormat output) {
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

  private Command diff() {
    Argument<String> one = Argument.parameter("A", String.class, "A run.");
    Argument<String> other = Argument.second("B", String.class, "Another run.");
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> diff(one.value(), other.value(), output.value()),
            "Compares two runs step by step; exit code 0: they do not differ, 1: they do.",
            "When things happened makes no difference.")
        .takes(one, other, output);
  }

  private int diff(String one, String other, DataFormat output) {
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

  private Command cancel() {
    Argument<String> run = one();
    Argument<String> reason =
        Argument.option("--reason=TEXT", "workflow runs cancel", "Kept in the journal.");
    Argument<Boolean> undo =
        Argument.flag("--undo", "Takes back what the run has done, as the undo of its steps says.");
    return new Command(
            () -> cancel(run.value(), new Message.Cancel(reason.value(), undo.value())),
            "Cancels a run for good, whoever drives it; nothing new starts.")
        .takes(run, reason, undo);
  }

  private int cancel(String run, Message.Cancel message) {
    WorkflowEngine engine = engine();
    try (Interruption interruption = Interruption.watch(engine)) {
      RunSummary summary = RunNames.summary(engine.journal(), run);
      if (summary.status().ended()) {
        context.terminal().say("Run " + summary.run() + " has ended: " + summary.status().word());
        return ExitCode.SUCCEEDED;
      }
      return summary.driven()
          ? tell(engine.journal(), summary.run(), message)
          : cancelHere(engine, summary.run(), message, interruption);
    }
  }

  private int cancelHere(
      WorkflowEngine engine, String id, Message.Cancel message, Interruption interruption) {
    Run opened;
    try {
      opened = engine.resume(id, null, false, null, People.NOBODY, RunObserver.NONE);
    } catch (RunBusyException somebodyWasFaster) {
      return tell(engine.journal(), id, message);
    }
    opened.cancel(message.reason(), message.undo());
    RunState state = Session.drive(opened, interruption);
    context.terminal().say("Run " + id + " " + state.status().word() + ".");
    return state.status().ended() ? ExitCode.SUCCEEDED : ExitCode.of(state);
  }

  /** Leaves the message with the process that drives the run, and waits a while for its end. */
  private int tell(Journal journal, String id, Message.Cancel message) {
    journal.post(id, message);
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

  private Command delete() {
    Argument<List<String>> runs = Argument.parameters("RUN", String.class, "The runs.");
    return new Command(() -> delete(runs.value()), "Removes runs and all that was kept of them.")
        .takes(runs);
  }

  private int delete(List<String> runs) {
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

  private Command record() {
    Argument<String> run = one();
    Argument<Path> file =
        Argument.second("CASSETTE", Path.class, "The file; one that is there must be a cassette.");
    return new Command(
            () -> record(run.value(), file.value()),
            "Writes what models, tools and people were asked in a run, and what they gave.",
            "The same as run --record, afterwards: for run --replay, and for cassette in cases.")
        .takes(run, file);
  }

  private int record(String run, Path file) {
    RecordOption.check(file.toString(), file);
    try (WorkflowEngine engine = engine()) {
      String id = RunNames.find(engine.journal(), run);
      return RecordOption.write(context, engine, id, file) ? ExitCode.SUCCEEDED : ExitCode.FAILED;
    }
  }

  private Command export() {
    Argument<String> run = one();
    return new Command(
            () -> export(run.value()), "Prints every event of a run, one JSON object a line.")
        .takes(run);
  }

  private int export(String run) {
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
