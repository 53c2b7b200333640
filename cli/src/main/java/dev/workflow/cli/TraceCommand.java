package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.run.RunState;
import dev.workflow.trace.GraphText;
import dev.workflow.trace.RunGraph.Detail;
import dev.workflow.trace.Words;

/** {@code workflow trace}. */
final class TraceCommand {
  private final Argument<String> run =
      Argument.parameter("RUN", String.class, "Its id, a unique beginning of it, or last.");
  private final Argument<GraphText.Form> form =
      Argument.option(
          "--graph=FORM", GraphText.Form.text, "How it is written: ${COMPLETION-CANDIDATES}.");
  private final Command command =
      new Command(this::call, "Reads the journal of a run back as what happened.");
  private final Context context;

  TraceCommand(Context context) {
    this.context = context;
  }

  Command command() {
    return command.with("graph", graph());
  }

  private int call() {
    throw command.mistake("Expected graph, found nothing.");
  }

  private Command graph() {
    return new Command(
            this::draw,
            "Draws what a run has run, with times, attempts and calls.",
            "○ to do  ◉ at work  ● succeeded  ✗ failed  ? in doubt  – not run",
            "Times are counted from the start of the run. Nothing is started.")
        .takes(run, form)
        .footer(
            "",
            "Examples:",
            "  workflow trace graph last",
            "  workflow trace graph last --graph mermaid");
  }

  private int draw() {
    try (WorkflowEngine engine = new EngineOptions().open(context)) {
      RunDrawing drawing = RunDrawing.of(engine, run.value(), Detail.EXECUTION);
      if (form.value() == GraphText.Form.text) {
        context.terminal().data(title(drawing.run()));
        context.terminal().data("");
      }
      context.terminal().data(GraphText.of(drawing.graph(), form.value()));
      return ExitCode.SUCCEEDED;
    }
  }

  private static String title(RunState run) {
    return "Run %s of %s, %s: %s of work%s"
        .formatted(
            run.start().run(),
            run.start().workflow(),
            run.status().word(),
            Words.seconds(run.activeTime()),
            run.start().simulated() ? ", simulated: no AI model answered" : "");
  }
}
