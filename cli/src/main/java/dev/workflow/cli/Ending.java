package dev.workflow.cli;

import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import java.util.Map;

/** The last words about a run: how it ended, why, and the exact line that goes on. */
record Ending(Terminal terminal) {

  void say(RunState state) {
    String id = state.start().run();
    for (StepInfo step : state.all()) {
      if (step.status() == StepStatus.FAILED && step.error() != null) {
        terminal.say("✗ " + step.path() + ": " + step.error().message());
        step.error().details().forEach(detail -> terminal.say("    " + detail));
      }
    }
    state.warnings().forEach(terminal::say);
    terminal.say("run " + id + " " + state.status().word());
    for (Map.Entry<StepPath, Prepared.Question> question : state.questions().entrySet()) {
      terminal.say(question.getKey() + " asks: " + question.getValue().text());
      terminal.say("  " + answerLine(id, question.getKey(), question.getValue()));
    }
    for (Event.StepInDoubt doubt : state.doubts()) {
      terminal.say(doubt.step() + " is in doubt: " + doubt.reason());
      for (String decision : new String[] {"retry", "done", "fail"}) {
        terminal.say("  " + resume(id, doubt.step(), "{\"decision\":\"" + decision + "\"}"));
      }
    }
    if (state.status() == RunStatus.STOPPED && state.doubts().isEmpty()) {
      terminal.say("go on: workflow resume " + id + " --limit " + state.limitReached() + "=...");
    }
    if (state.status() == RunStatus.RUNNING) {
      terminal.say("go on: workflow resume " + id);
    }
  }

  private static String answerLine(String run, StepPath step, Prepared.Question question) {
    return resume(
        run, step, question.form() == null ? "{\"decision\":\"approve\"}" : "{...}");
  }

  private static String resume(String run, StepPath step, String answer) {
    return "workflow resume " + run + " --answer '" + step + "=" + answer + "'";
  }
}
