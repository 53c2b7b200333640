package dev.workflow.cli;

import dev.workflow.engine.RunObserver;
import dev.workflow.run.EventJson;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import dev.workflow.trace.RunReport;
import java.util.List;

/** What standard output carries of a run. */
final class RunOutput {
  private RunOutput() {}

  /** Prints the result as the format asks for it. */
  static void print(RunState state, OutputFormat format, Terminal terminal) {
    switch (format) {
      case json -> terminal.json(RunReport.of(state));
      case jsonl -> {}
      case text -> {
        if (state.status().ended() || !state.outputs().isEmpty()) {
          terminal.prettyJson(RunReport.of(state).path("outputs"));
        }
      }
    }
  }

  /** Prints every event as a line. */
  record Stream(String run, Terminal terminal) implements RunObserver {
    @Override
    public void recorded(Recorded recorded) {
      terminal.json(EventJson.write(new EventJson.Line(run, recorded)));
    }
  }

  /** Tells all of them, in order. */
  record Everybody(List<RunObserver> observers) implements RunObserver {
    @Override
    public void recorded(Recorded recorded) {
      observers.forEach(observer -> observer.recorded(recorded));
    }

    @Override
    public void progress(StepPath step, Progress progress) {
      observers.forEach(observer -> observer.progress(step, progress));
    }

    @Override
    public void notice(String text) {
      observers.forEach(observer -> observer.notice(text));
    }
  }
}
