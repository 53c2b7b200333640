package dev.workflow.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/** The root command: without a subcommand it says what there is. */
public final class Main {
  private final Command command =
      new Command(
              this::help, "Runs multi-agent workflows written in YAML, journaled and resumable.")
          .footer(
              "",
              "First steps:",
              "  workflow run workflows-examples/travel.yaml --input destination=Raglan",
              "  workflow validate workflows-examples",
              "  workflow inspect workflows-examples/travel.yaml",
              "",
              "workflow COMMAND --help says more. State lives in $WORKFLOW_HOME, by default in",
              "~/.workflow.",
              "",
              "Exit codes: 0 succeeded, 1 the run failed, 2 usage, 3 invalid definition,",
              "4 something is missing, 5 waits for a person, 6 stopped by a limit or a policy,",
              "7 driven by another process, 8 a call in doubt needs a decision, 9 not trusted,",
              "130 interrupted, to be resumed.");

  public static void main(String[] args) {
    int code = execute(args);
    if (code != ExitCode.SUCCEEDED || othersRun()) {
      System.exit(code);
    }
    // Returning ends the process as well, without the search of the whole class path for somebody
    // who wants to log the exit.
  }

  private static boolean othersRun() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> !thread.isDaemon() && thread != Thread.currentThread());
  }

  /** Executes one command with the streams of this process and returns its exit code. */
  static int execute(String... args) {
    return execute(
        new Context(
            Terminal.ofProcess(System.getenv()), System.in, System.getenv(), List.of(args)));
  }

  /** Executes the command line of a context and returns its exit code. */
  static int execute(Context context) {
    List<String> arguments = context.arguments();
    CommandLine line = Commands.line(context, arguments);
    return line.execute(arguments.toArray(String[]::new));
  }

  Command command() {
    command.spec().name("workflow").versionProvider(new Version());
    return command;
  }

  private int help() {
    CommandLine line = command.spec().commandLine();
    line.getOut().print(line.getUsageMessage(line.getColorScheme()));
    line.getOut().flush();
    return ExitCode.SUCCEEDED;
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"workflow " + number()};
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }
  }
}
