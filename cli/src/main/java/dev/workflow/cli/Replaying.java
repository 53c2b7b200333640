package dev.workflow.cli;

import dev.workflow.assembly.Cassettes;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.cassette.Cassette;
import dev.workflow.cassette.CassetteFile;
import dev.workflow.cassette.Replay.Mismatch;
import dev.workflow.check.RunInputs;
import dev.workflow.definition.Problem;
import dev.workflow.run.RunState;
import dev.workflow.trace.RunReport;
import dev.workflow.trace.Words;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs a workflow on a cassette: nothing is started, asked or kept. */
final class Replaying {
  private static final Set<String> GOES_WITH =
      Set.of("--replay", "--input", "--inputs", "--answer", "--limit", "--output", "--progress");

  private final Context context;
  private final Terminal terminal;
  private final RunOptions options;

  Replaying(Context context, RunOptions options) {
    this.context = context;
    this.terminal = context.terminal();
    this.options = options;
  }

  /** Refuses what means nothing where nothing is started. */
  static void refuseOthers(Collection<Argument<?>> arguments) {
    for (Argument<?> argument : arguments) {
      if (argument.spec() instanceof OptionSpec option
          && !GOES_WITH.contains(option.longestName())
          && isGiven(argument.value())) {
        throw new UsageException(
            option.longestName()
                + " does not go with --replay, which starts and keeps nothing. With it go"
                + " --input, --inputs, --answer, --limit, -o and --progress.");
      }
    }
  }

  private static boolean isGiven(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      case Map<?, ?> map -> !map.isEmpty();
      case Collection<?> list -> !list.isEmpty();
      default -> true;
    };
  }

  int replay(WorkflowEngine engine, Source source, Path file, Map<String, RunInputs.Given> inputs) {
    CassetteFile.Reading reading = engine.cassettes().read(file);
    Cassette cassette = reading.cassette();
    if (cassette == null) {
      return refused(reading.problems());
    }
    Views views = new Views(context, options, cassette.run(), engine.clock());
    Cassettes.Replayed replayed;
    try (views) {
      terminal.say(banner(cassette));
      replayed =
          engine
              .cassettes()
              .replay(
                  cassette,
                  new Cassettes.Wish(
                      source.path(), source.text(), inputs, options.answers(), options::limits),
                  views.observer());
    }
    RunState run = replayed.run();
    if (run == null) {
      return refused(replayed.problems());
    }
    tell(run, replayed);
    print(run, replayed, file);
    return replayed.mismatches().isEmpty() ? ExitCode.of(run) : ExitCode.FAILED;
  }

  private int refused(List<Problem> problems) {
    terminal.problems(problems);
    if (options.output() == OutputFormat.json) {
      terminal.json(ProblemJson.errors(problems));
    }
    return ExitCode.of(problems, false);
  }

  private static String banner(Cassette cassette) {
    return """
        ===========================  REPLAY: no AI model answers  =============================
        Models, tools and people give what they gave in run %s of %s,
        which began at %s. Nothing is started, and nothing is kept.
        ======================================================================================="""
        .formatted(cassette.run(), cassette.workflow(), cassette.started());
  }

  private void tell(RunState run, Cassettes.Replayed replayed) {
    for (Mismatch mismatch : replayed.mismatches()) {
      String where = mismatch.step().isEmpty() ? "" : mismatch.step() + ": ";
      terminal.say(Narration.rows("≠ " + where + mismatch.message(), mismatch.details()));
    }
    if (!replayed.unused().isEmpty()) {
      terminal.say("Recorded, but not asked for now: " + String.join(", ", replayed.unused()));
    }
    int differing = replayed.mismatches().size();
    terminal.say(
        "Replay of run %s: %s; it is %s."
            .formatted(
                run.start().run(),
                run.status().word(),
                differing == 0
                    ? "what was recorded"
                    : "not what was recorded in " + Words.counted(differing, "place")));
  }

  private void print(RunState run, Cassettes.Replayed replayed, Path file) {
    if (options.output() != OutputFormat.json) {
      RunOutput.print(run, options.output(), terminal);
      return;
    }
    ObjectNode report = RunReport.of(run);
    ObjectNode replay = report.putObject("replay");
    replay.put("cassette", file.toString());
    replay.put("same", replayed.mismatches().isEmpty());
    ArrayNode differences = replay.putArray("differences");
    for (Mismatch mismatch : replayed.mismatches()) {
      ObjectNode one = differences.addObject();
      if (!mismatch.step().isEmpty()) {
        one.put("step", mismatch.step());
      }
      one.put("message", mismatch.message());
      ArrayNode details = one.putArray("details");
      mismatch.details().forEach(details::add);
    }
    ArrayNode unused = replay.putArray("unused");
    replayed.unused().forEach(unused::add);
    terminal.json(report);
  }
}
