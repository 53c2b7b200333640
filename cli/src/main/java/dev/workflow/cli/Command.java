package dev.workflow.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A command, as its help describes it, and what it does; its result is the exit code. */
final class Command implements Callable<Integer> {
  private final Callable<Integer> action;
  private final CommandSpec spec;

  Command(Callable<Integer> action, String... description) {
    this.action = action;
    // In code and not by annotations, which would cost every start some 30 ms of reflection.
    this.spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .description(description)
        .sortOptions(false)
        .abbreviateSynopsis(true)
        .synopsisSubcommandLabel("COMMAND")
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n");
  }

  /** What it takes, in the order of the help. */
  Command takes(Arguments... arguments) {
    for (Arguments some : arguments) {
      some.each().forEach(each -> spec.add(each.spec()));
    }
    return this;
  }

  /** A command below this one; the help shows them in the order they were added. */
  Command with(String name, Command command) {
    spec.addSubcommand(name, command.spec);
    return this;
  }

  /** Another name of it, to be given before it is added to the one above. */
  Command alias(String name) {
    spec.aliases(name);
    return this;
  }

  /**
   * From here on everything belongs to a command of somebody else, whatever it looks like: behind
   * the first parameters, where the next is no address. {@code --} says the same.
   */
  Command endsWithCommand(int parametersBefore) {
    spec.preprocessor(
        (words, command, argument, info) -> {
          ForeignCommand.mark(words, command, parametersBefore);
          return false;
        });
    return this;
  }

  /** The last lines of the help. */
  Command footer(String... lines) {
    spec.usageMessage().footer(lines);
    return this;
  }

  @Override
  public Integer call() throws Exception {
    return action.call();
  }

  /** What to throw where the command line is wrong in a way that only the command knows. */
  ParameterException mistake(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  CommandSpec spec() {
    return spec;
  }
}
