package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.cassette.CassetteFile;
import dev.workflow.cassette.Recording.NoCassetteException;
import dev.workflow.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the cassette of a run goes. */
final class RecordOption implements Arguments {
  private final Argument<@Nullable Path> file =
      Argument.optionOrNull(
          "--record=CASSETTE",
          Path.class,
          "Writes what models, tools and people were asked and gave, for --replay and tests;"
              + " nothing is taken from the cache.");
  private final Context context;

  RecordOption(Context context) {
    this.context = context;
  }

  @Override
  public List<Argument<?>> each() {
    return file.each();
  }

  boolean isGiven() {
    return file.value() != null;
  }

  /** Before anything is started: the file must be there to be written. */
  void apply(WorkflowEngine engine) {
    Path wanted = file.value();
    if (wanted != null) {
      check("--record " + wanted, wanted);
      engine.useNoCache();
    }
  }

  static void check(String what, Path wanted) {
    Path folder = wanted.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UsageException(what + ": there is no folder " + folder + ".");
    }
    if (!CassetteFile.mayWrite(wanted)) {
      throw new UsageException(
          what + ": there is something else than a cassette; it is not written over.");
    }
  }

  /** Takes the cassette of a run that is driven no more; gives the exit code. */
  int take(WorkflowEngine engine, RunState run, int code) {
    Path wanted = file.value();
    if (wanted == null) {
      return code;
    }
    boolean written = write(context, engine, run.start().run(), wanted);
    if (written && !run.status().ended()) {
      context.terminal().say("To have the rest as well, go on with --record " + wanted);
    }
    return written || code != ExitCode.SUCCEEDED ? code : ExitCode.FAILED;
  }

  /** Writes the cassette of a run, or says why there is none. */
  static boolean write(Context context, WorkflowEngine engine, String run, Path file) {
    try {
      engine.cassettes().record(run, file);
      context.terminal().say("Recorded: " + file);
      return true;
    } catch (NoCassetteException e) {
      context.terminal().say("Not recorded. " + e.getMessage());
    } catch (IOException e) {
      context.terminal().say("Not recorded: " + file + " cannot be written: " + e.getMessage());
    }
    return false;
  }
}
