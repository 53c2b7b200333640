package dev.workflow.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
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
 *
 * <p>A command is a class whose fields declare, once, what it takes, each with its value:
 *
 * <pre>{@code
 * final class ValidateCommand {
 *   private final Argument<List<Path>> paths =
 *       Argument.parameters("PATH", Path.class, "Workflow files ...");
 *   private final Argument<Boolean> strict =
 *       Argument.flag("--strict", "Fails on what could not be verified, too.");
 *   private final ModelOptions models = new ModelOptions(); // several that commands share
 *
 *   Command command() {
 *     return new Command(this::call, "Checks workflows ...").takes(paths, strict, models);
 *   }
 *
 *   private int call() {
 *     return strict.value() ? ... : ExitCode.SUCCEEDED;
 *   }
 * }
 * }</pre>
 *
 * <p>and one line in {@link #all()}. Picocli's annotations are not used: each costs reflection and
 * a proxy in every process, together a tenth of a short command.
 */
final class Commands {
  /** Of every command; read from the arguments, wherever it stands. */
  static final String DEBUG = "--debug";

  private static final Map<String, Function<Context, Command>> ALL = all();

  private Commands() {}

  private static Map<String, Function<Context, Command>> all() {
    Map<String, Function<Context, Command>> all = new LinkedHashMap<>();
    all.put("run", RunCommand::command);
    all.put("resume", context -> new ResumeCommand(context).command());
    all.put("fork", context -> new ForkCommand(context).command());
    all.put("runs", context -> new RunsCommand(context).command());
    all.put("plan", context -> new PlanCommand(context).command());
    all.put("validate", context -> new ValidateCommand(context).command());
    all.put("test", context -> new TestCommand(context).command());
    all.put("inspect", context -> new InspectCommand(context).command());
    all.put("trace", context -> new TraceCommand(context).command());
    all.put("tools", context -> new ToolsCommand(context).command());
    all.put("mcp", context -> new McpCommand(context).command());
    all.put("lock", context -> new LockCommand(context).command());
    all.put("skill", context -> new SkillCommand(context).command());
    all.put("schema", context -> new SchemaCommand(context).command());
    all.put("completion", context -> new CompletionCommand(context).command());
    all.put("doctor", context -> new DoctorCommand(context).command());
    return all;
  }

  /** The whole command line, ready to execute the arguments. */
  static CommandLine line(Context context, List<String> arguments) {
    Command root = new Main().command();
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    Function<Context, Command> called = ALL.get(first);
    if (called == null) {
      ALL.forEach((name, command) -> root.with(name, command.apply(context)));
    } else {
      root.with(first, called.apply(context));
    }
    return configured(new CommandLine(root.spec()), context);
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
        .registerConverter(Path.class, Path::of) // Picocli's own is called by reflection.
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
    command.getSubcommands().values().stream().distinct().forEach(Commands::addCommonOptions);
  }
}
