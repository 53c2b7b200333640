package dev.workflow.cli;

import dev.workflow.definition.Nearest;
import dev.workflow.engine.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line: exit code 2. */
record Mistakes(Context context) implements IParameterExceptionHandler {
  /** What picocli says of an argument that lacks its equals sign. */
  private static final Pattern PAIR =
      Pattern.compile("option '(--[a-z-]+)' \\((.+)\\) should be in KEY=VALUE format but was (.*)");

  /** What the design names and a later version will bring, by the command it belongs to. */
  private static final Map<String, Set<String>> LATER =
      Map.of(
          "workflow",
          Set.of("init"),
          "workflow trace",
          Set.of("timeline", "cost", "why", "step", "export"),
          "workflow runs",
          Set.of("watch", "import"));

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String message = name + ": " + message(mistake, command, name);
    context.terminal().say(message);
    context.terminal().say("See " + name + " --help.");
    Failures.json(context, "usage", message);
    return ExitCode.USAGE;
  }

  private static String message(ParameterException mistake, CommandLine command, String name) {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched(), command, name);
    }
    String message = String.valueOf(mistake.getMessage());
    Matcher pair = PAIR.matcher(message);
    if (pair.find()) {
      return "%s: expected %s, found %s."
          .formatted(pair.group(1), pair.group(2), ShellWords.quoted(pair.group(3)));
    }
    return Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private static String unmatched(List<String> words, CommandLine command, String name) {
    String first = words.isEmpty() ? "" : words.get(0);
    String word = first.startsWith("-") ? first.replaceFirst("=.*", "") : first;
    if (LATER.getOrDefault(name, Set.of()).contains(word)) {
      return word + " is not supported yet.";
    }
    boolean option = word.startsWith("-");
    List<String> known = new ArrayList<>();
    if (option) {
      command.getCommandSpec().options().stream()
          .filter(each -> !each.hidden())
          .forEach(each -> known.addAll(List.of(each.names())));
    } else {
      known.addAll(command.getSubcommands().keySet());
    }
    if (known.isEmpty()) {
      return ShellWords.quoted(word) + " is one argument too many.";
    }
    Optional<String> near = Nearest.to(word, known);
    return "there is no %s %s."
        .formatted(option ? "option" : "command", ShellWords.quoted(word))
        .concat(near.map(each -> " Did you mean " + each + "?").orElse(""));
  }
}
