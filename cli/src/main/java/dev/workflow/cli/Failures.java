package dev.workflow.cli;

import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.RunBusyException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into one clear message and an exit code. */
record Failures(Terminal terminal) implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    if (List.of(parsed.originalArgs().toArray()).contains("--debug")) {
      failure.printStackTrace(terminal.err());
    }
    terminal.say("workflow: " + String.valueOf(failure.getMessage()));
    if (failure instanceof UsageException) {
      return ExitCode.USAGE;
    }
    if (failure instanceof RunBusyException) {
      return ExitCode.BUSY;
    }
    if (failure instanceof JournalException) {
      return ExitCode.FAILED;
    }
    return ExitCode.FAILED;
  }
}
