package dev.workflow.cli;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.People;
import dev.workflow.engine.People.Kind;
import dev.workflow.engine.People.Question;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Validator;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Looks at the answers of {@code --answer} before anything is started. */
record GivenAnswers(Validator validator) {

  /**
   * Answers to questions that a run will ask. Those inside another workflow are looked at when they
   * are asked.
   *
   * @throws UsageException at the first that can never be taken
   */
  void check(Map<String, JsonNode> answers, Workflow workflow) {
    answers.forEach(
        (text, answer) -> {
          StepPath path = path(text);
          if (!isInAnother(path, workflow)) {
            fits(future(path, at -> find(at, workflow), workflow, null, answer), answer, List.of());
          }
        });
  }

  private static boolean isInAnother(StepPath path, Workflow workflow) {
    for (StepPath at = path.parent(); at != null; at = at.parent()) {
      Step around = find(at, workflow);
      if (around != null && around.verb().word().equals("workflow")) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Step find(StepPath path, Workflow workflow) {
    return workflow.allSteps().stream()
        .filter(step -> step.name().equals(path.name()))
        .findFirst()
        .orElse(null);
  }

  /**
   * Answers to what a run waits for, or will still ask.
   *
   * @throws UsageException at the first that cannot be taken
   */
  void check(Map<String, JsonNode> answers, RunState run, Resolved definition) {
    List<Question> pending = People.pending(run);
    answers.forEach(
        (step, answer) -> {
          StepPath path = path(step);
          Question asked =
              pending.stream()
                  .filter(question -> question.step().equals(path))
                  .findFirst()
                  .orElseGet(() -> cutOff(path, run));
          fits(
              asked == null
                  ? future(path, definition::step, definition.workflow(), run, answer)
                  : asked,
              answer,
              pending);
        });
  }

  private static StepPath path(String step) {
    try {
      return StepPath.parse(step);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--answer " + step + ": " + e.getMessage());
    }
  }

  /** A call that was under way when the run was cut off may turn out to be in doubt. */
  private static @Nullable Question cutOff(StepPath path, RunState run) {
    StepInfo step = run.step(path);
    boolean working = step != null && step.status() == StepStatus.RUNNING;
    return working && run.status() == RunStatus.RUNNING
        ? new Question(path, Kind.IN_DOUBT, "its call was cut off", null, null, null)
        : null;
  }

  private static Question future(
      StepPath path,
      Function<StepPath, @Nullable Step> steps,
      Workflow workflow,
      @Nullable RunState run,
      JsonNode answer) {
    Step step = steps.apply(path);
    StepPath failed = path.parent();
    Step failing = failed == null ? null : steps.apply(failed);
    if (path.last().id().equals(StepPath.APPROVE)
        && failed != null
        && failing != null
        && failing.onError() instanceof OnError.Replan
        && isShaped(failed, steps)) {
      return Question.of(path, "another plan after a failure", null);
    }
    StepInfo now = run == null ? null : run.step(path);
    boolean open = now == null || !now.status().ended();
    if (step != null && open && isShaped(path, steps)) {
      if (step.verb() instanceof Verb.Ask ask) {
        return Question.of(path, ask.text(), ask.form());
      }
      if (step.onError() instanceof OnError.Ask) {
        return new Question(path, Kind.FAILURE, "it failed", null, step.output(), null);
      }
      if (callsTools(step.verb()) && answer.has("action")) {
        return new Question(path, Kind.ELICITATION, "its server asks", null, null, null);
      }
    }
    boolean known = now != null || (step != null && isShaped(path, steps));
    throw new UsageException("--answer " + path + ": " + nothingAsked(path, known, workflow, run));
  }

  /** Whether a server may ask something while the step is at work. */
  private static boolean callsTools(Verb verb) {
    return verb instanceof Verb.Tool
        || verb instanceof Verb.Capability
        || verb instanceof Verb.Agent
        || verb instanceof Verb.Skill;
  }

  /** Whether the path names an element exactly where its steps fan out. */
  private static boolean isShaped(StepPath path, Function<StepPath, @Nullable Step> steps) {
    for (StepPath at = path; at != null; at = at.parent()) {
      Step step = steps.apply(at);
      if (step == null || (step.each() == null) != (at.last().key() == null)) {
        return false;
      }
    }
    return true;
  }

  /** A path that the step can have in a run. */
  private static StepPath example(Step step, Workflow workflow) {
    StepPath path = null;
    for (String id : step.name().split("/", -1)) {
      StepPath at = path == null ? StepPath.of(id) : path.child(id);
      Step around = find(at, workflow);
      Step.Each each = around == null ? null : around.each();
      path = each == null ? at : at.element(each.key() == null ? "0" : "KEY");
    }
    return path == null ? StepPath.of(step.id()) : path;
  }

  private static String nothingAsked(
      StepPath path, boolean known, Workflow workflow, @Nullable RunState run) {
    List<StepPath> asks =
        workflow.allSteps().stream()
            .filter(
                step -> step.verb() instanceof Verb.Ask || step.onError() instanceof OnError.Ask)
            .map(step -> example(step, workflow))
            .toList();
    StepInfo now = run == null ? null : run.step(path);
    String why =
        now != null && now.status().ended()
            ? "the step has ended (" + now.status().word() + ")."
            : known ? "the step asks nobody." : "there is no step " + path + ".";
    List<String> names =
        run == null
            ? asks.stream().map(StepPath::toString).toList()
            : People.pending(run).stream().map(question -> question.step().toString()).toList();
    String near =
        Nearest.to(path.toString(), names).map(name -> " Did you mean " + name + "?").orElse("");
    String what = run == null ? "Steps that ask: " : "Waiting for an answer: ";
    return why + near + " " + what + (names.isEmpty() ? "none" : String.join(", ", names)) + ".";
  }

  private void fits(Question question, JsonNode answer, List<Question> pending) {
    String complaint = question.complaint(validator, answer);
    if (complaint == null) {
      return;
    }
    StringBuilder message = new StringBuilder("--answer " + question.step() + ": " + complaint);
    message.append(".\nExpected ").append(AnswerSample.expected(question));
    for (Question open : pending) {
      message.append("\nWaiting: ").append(open.step()).append(": ").append(open.text());
    }
    throw new UsageException(message.toString());
  }
}
