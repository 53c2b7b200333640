package dev.workflow.cli;

import dev.workflow.engine.ShellWords;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code workflow completion}. */
final class CompletionCommand {
  private final Argument<Kind> shell =
      Argument.parameter("SHELL", Kind.class, "${COMPLETION-CANDIDATES}.");
  private final Context context;

  CompletionCommand(Context context) {
    this.context = context;
  }

  /** The shells there are scripts for. */
  enum Kind {
    bash,
    zsh,
    fish
  }

  Command command() {
    return new Command(
            this::call, "Prints a script that completes commands and options in a shell.")
        .takes(shell)
        .footer(
            "",
            "Examples:",
            "  source <(workflow completion bash)",
            "  source <(workflow completion zsh)",
            "  workflow completion fish > ~/.config/fish/completions/workflow.fish");
  }

  private int call() {
    CommandLine whole = Commands.whole(context);
    String script =
        switch (shell.value()) {
          case bash, zsh -> AutoComplete.bash("workflow", whole);
          case fish -> fish(whole);
        };
    context.terminal().data(script.stripTrailing());
    return ExitCode.SUCCEEDED;
  }

  private static String fish(CommandLine whole) {
    StringBuilder script = new StringBuilder("# Completions of workflow for the fish shell.\n");
    whole
        .getSubcommands()
        .forEach(
            (name, command) -> {
              word(script, "__fish_use_subcommand", name, command.getCommandSpec());
              String inside = "__fish_seen_subcommand_from " + name;
              command
                  .getSubcommands()
                  .forEach((sub, each) -> word(script, inside, sub, each.getCommandSpec()));
              command.getCommandSpec().options().forEach(option -> option(script, inside, option));
            });
    return script.toString();
  }

  private static void word(StringBuilder script, String when, String name, CommandSpec spec) {
    script
        .append("complete -c workflow -f -n '")
        .append(when)
        .append("' -a ")
        .append(name)
        .append(" -d ")
        .append(ShellWords.quoted(first(spec.usageMessage().description())))
        .append('\n');
  }

  private static void option(StringBuilder script, String when, OptionSpec option) {
    if (option.hidden()) {
      return;
    }
    script.append("complete -c workflow -n '").append(when).append('\'');
    for (String name : option.names()) {
      boolean isLong = name.startsWith("--");
      script.append(isLong ? " -l " : " -s ").append(name.substring(isLong ? 2 : 1));
    }
    script.append(option.arity().max() > 0 ? " -r" : "");
    script.append(" -d ").append(ShellWords.quoted(first(option.description()))).append('\n');
  }

  private static String first(String[] description) {
    return description.length == 0
        ? ""
        : description[0].replaceAll("\\$\\{[A-Z-]+\\}", "one of its values");
  }
}
