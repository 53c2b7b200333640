package dev.workflow.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The commands there are, in the order of the help. Only the one that is called is made: describing
 * all of them would take longer than most of them run.
 */
final class Commands {
  /** Of every command; read from the arguments, wherever it stands. */
  static final String DEBUG = "--debug";

  private static final Map<String, Function<Context, Object>> ALL = all();

  private Commands() {}

  private static Map<String, Function<Context, Object>> all() {
    Map<String, Function<Context, Object>> all = new LinkedHashMap<>();
    all.put("run", RunCommand::new);
    all.put("resume", ResumeCommand::new);
    all.put("fork", ForkCommand::new);
    all.put("runs", RunsCommand::new);
    all.put("validate", ValidateCommand::new);
    all.put("inspect", InspectCommand::new);
    all.put("tools", ToolsCommand::new);
    all.put("schema", SchemaCommand::new);
    all.put("completion", CompletionCommand::new);
    all.put("doctor", DoctorCommand::new);
    return all;
  }

  /** The whole command line, ready to execute the arguments. */
  static CommandLine line(Context context, List<String> arguments) {
    CommandLine line = new CommandLine(new Main());
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    Function<Context, Object> called = ALL.get(first);
    if (called == null) {
      ALL.forEach((name, command) -> line.addSubcommand(name, command.apply(context)));
    } else {
      line.addSubcommand(first, called.apply(context));
    }
    return configured(line, context);
  }

  /** With all commands, whatever is called. */
  static CommandLine whole(Context context) {
    return line(context, List.of());
  }

  private static CommandLine configured(CommandLine line, Context context) {
    Terminal terminal = context.terminal();
    addCommonOptions(line);
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("--version")
                .versionHelp(true)
                .description("Shows the version.")
                .build());
    return line.setExecutionExceptionHandler(new Failures(context))
        .setParameterExceptionHandler(new Mistakes(context))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setOut(new PrintWriter(new Lines(terminal::data), false))
        .setErr(new PrintWriter(new Lines(terminal::say), false))
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
  }

  private static void addCommonOptions(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this help.")
                .build())
        .addOption(
            OptionSpec.builder(DEBUG)
                .type(boolean.class)
                .description("Shows the stack trace of a failure.")
                .build());
    command
        .getCommandSpec()
        .usageMessage()
        .abbreviateSynopsis(true)
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n");
    command.getSubcommands().values().forEach(Commands::addCommonOptions);
  }
}
