package dev.workflow.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command: without a subcommand it says how it is used and exits 2. */
@Command(
    name = "workflow",
    description = "Runs multi-agent workflows written in YAML.",
    mixinStandardHelpOptions = true,
    subcommands = {RunCommand.class, ResumeCommand.class},
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Executes one command and returns its exit code. */
  static int execute(String... args) {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(new Failures(Terminal.ofProcess()))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected a command, found none");
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"workflow " + (version == null ? "development" : version)};
    }
  }
}
