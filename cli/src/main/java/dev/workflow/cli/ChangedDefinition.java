package dev.workflow.cli;

import dev.workflow.assembly.Adoption;
import dev.workflow.assembly.Origin;
import dev.workflow.assembly.Origin.Since;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.run.Change;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a resume does about files that are not what they were: it goes on where they mean the same,
 * or are gone, refuses where they do not, and adopts them where it is told to.
 */
final class ChangedDefinition {
  private final Context context;
  private final WorkflowEngine engine;
  private final RunOptions options;
  private final RunState state;
  private final String run;

  ChangedDefinition(Context context, WorkflowEngine engine, RunOptions options, RunState state) {
    this.context = context;
    this.engine = engine;
    this.options = options;
    this.state = state;
    this.run = state.start().run();
  }

  /**
   * How the resume goes on.
   *
   * @param code exit code of one that is refused; absent: it goes on
   * @param adoption what it goes over to; absent: it goes on as it was
   */
  record Way(@Nullable Integer code, @Nullable Adoption adoption) {
    static final Way ON = new Way(null, null);
  }

  /** Where nothing is to be adopted. */
  Way asItWas() {
    List<Origin> files = files();
    Path changed =
        files.stream()
            .filter(file -> file.since() == Since.CHANGED)
            .map(Origin::file)
            .findFirst()
            .orElse(null);
    sayWhatIsGone(files);
    Origin root = engine.origin(state).orElse(null);
    if (changed == null || root == null || isGone(root)) {
      return Way.ON;
    }
    Checked checked = engine.check(request(root.file(), false, Map.of()), Set.of());
    TrustedCheck.close(checked);
    Checked.Definition definition = checked.definition();
    if (definition == null || checked.worst() == Problem.Kind.INVALID) {
      List<Problem> problems =
          checked.problems().stream().filter(each -> each.severity() == Severity.ERROR).toList();
      context.terminal().problems(problems);
      return refuse("is not sound any more", problems, files);
    }
    List<Change> changes = engine.changes(state, definition.resolved());
    if (changes.isEmpty()) {
      return Way.ON;
    }
    changes.forEach(change -> context.terminal().say("  " + change.text()));
    List<Problem> problems =
        changes.stream()
            .map(
                change ->
                    Problem.invalid(
                        Rule.CHANGED_DEFINITION,
                        Place.file(changed.toString()),
                        change.text() + ".",
                        "Adopt it with resume --adopt, or restore the file."))
            .toList();
    return refuse("has changed since it began", problems, files);
  }

  private Way refuse(String why, List<Problem> problems, List<Origin> files) {
    Terminal terminal = context.terminal();
    terminal.say("Run %s was not resumed: its definition %s.".formatted(run, why));
    terminal.say("Go over to it, keeping what is equal:");
    terminal.say("  " + context.line("resume", run, "--adopt"));
    terminal.say(
        "Or restore "
            + files.stream()
                .filter(file -> file.since() == Since.CHANGED)
                .map(file -> file.file().toString())
                .collect(Collectors.joining(", "))
            + " and resume as before.");
    printErrors(problems);
    return new Way(ExitCode.INVALID, null);
  }

  private List<Origin> files() {
    List<Origin> files = new ArrayList<>();
    engine.origin(state).ifPresent(files::add);
    files.addAll(engine.otherFiles(state));
    return files;
  }

  private static boolean isGone(Origin file) {
    return file.since() == Since.GONE || file.since() == Since.UNREADABLE;
  }

  private void sayWhatIsGone(List<Origin> files) {
    for (Origin file : files) {
      if (isGone(file)) {
        String became = file.since() == Since.GONE ? " is gone" : " cannot be read";
        context
            .terminal()
            .say("! " + file.file() + became + "; going on with the journaled definition.");
      }
    }
  }

  /**
   * Where the files are to be adopted as they are now.
   *
   * @param trust {@code --trust}
   */
  Way adopted(boolean trust) {
    Origin root = engine.origin(state).orElse(null);
    if (root == null || isGone(root)) {
      throw new UsageException(
          root == null
              ? "--adopt: run " + run + " did not begin from a file."
              : "--adopt: " + root.file() + " is gone. Without --adopt the run goes on as it was.");
    }
    CheckRequest request =
        request(root.file(), true, engine.journal().durations(state.start().workflow()));
    TrustedCheck.Outcome outcome =
        new TrustedCheck(context, engine, trust).check(request, Set.of());
    Checked checked = outcome.checked();
    if (outcome.refused()) {
      printErrors(checked.problems());
      return new Way(ExitCode.UNTRUSTED, null);
    }
    outcome.close();
    context.terminal().problems(checked.problems());
    Checked.Definition definition = checked.definition();
    if (!checked.isOk() || definition == null) {
      printErrors(checked.problems());
      return new Way(ExitCode.of(checked.problems(), false), null);
    }
    return look(engine.adoption(state, definition, outcome.approved(), root.file()));
  }

  private Way look(Adoption adoption) {
    Terminal terminal = context.terminal();
    if (!adoption.problems().isEmpty()) {
      terminal.problems(adoption.problems());
      terminal.say(
          "A run keeps its inputs. To begin from here with others: "
              + context.line("fork", run, "--at", "STEP", "--input", "K=V"));
      printErrors(adoption.problems());
      return new Way(ExitCode.INVALID, null);
    }
    if (adoption.changes().isEmpty()) {
      terminal.say("The definition means what it did: there is nothing to adopt.");
      return Way.ON;
    }
    if (!adoption.impact().busy().isEmpty()) {
      for (StepPath step : adoption.impact().busy()) {
        terminal.say(
            "Step %s has a call in doubt and would begin anew. Decide about it first, with the"
                    .formatted(step)
                + " definition as it was: restore the file, then");
        terminal.say(
            "  " + context.line("resume", run, "--answer", step + "={\"decision\":\"done\"}"));
      }
      return new Way(ExitCode.IN_DOUBT, null);
    }
    if (!adoption.impact().lost().isEmpty()) {
      for (StepPath step : adoption.impact().lost()) {
        terminal.say(
            "What step %s did is to be taken back by its `undo` should the run fail, and the new"
                    .formatted(step)
                + " definition lacks it; or it is being taken back already. Keep the step and its"
                + " `undo`, or resume without --adopt.");
      }
      return new Way(ExitCode.INVALID, null);
    }
    say("Adopted", adoption.changes().stream().map(Change::text).toList());
    say(
        "Steps that begin anew",
        adoption.impact().again().stream().map(StepPath::toString).sorted().toList());
    return new Repeating(context, options.yes()).confirm(adoption.repeated())
        ? new Way(null, adoption)
        : new Way(ExitCode.WAITING, null);
  }

  private void say(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      context.terminal().say(title + ":");
      lines.forEach(line -> context.terminal().say("  " + line));
    }
  }

  /** Scripted answers stay scripted, real models real. */
  private CheckRequest request(Path file, boolean probe, Map<String, Duration> learned) {
    return new CheckRequest(
        file, null, probe, ModelOptions.asBefore(engine, state.start().simulated()), learned);
  }

  private void printErrors(List<Problem> problems) {
    if (options.output() == OutputFormat.json) {
      context.terminal().json(ProblemJson.errors(problems));
    }
  }
}
