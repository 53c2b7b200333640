package dev.workflow.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Stack;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Finds where, in a command line, the command line of another program begins. */
final class ForeignCommand {
  private static final String MARK = "--";

  private ForeignCommand() {}

  /** Whether a word is the address of a server, which no arguments follow. */
  static boolean isAddress(String word) {
    return word.matches("(?i)https?://.*");
  }

  /** Puts {@code --} before the other program, where the person has not. */
  @SuppressWarnings("JdkObsolete") // Picocli hands its words over on a Stack.
  static void mark(Stack<String> words, CommandSpec command, int parametersBefore) {
    List<String> inOrder = new ArrayList<>(words);
    Collections.reverse(inOrder);
    int begin = begin(inOrder, command, parametersBefore);
    if (begin >= 0 && !isAddress(inOrder.get(begin))) {
      inOrder.add(begin, MARK);
      Collections.reverse(inOrder);
      words.clear();
      words.addAll(inOrder);
    }
  }

  private static int begin(List<String> words, CommandSpec command, int parametersBefore) {
    int parameters = 0;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals(MARK)) {
        return -1;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        if (parameters++ == parametersBefore) {
          return i;
        }
      } else {
        OptionSpec option = command.findOption(word);
        i += option != null && option.arity().min() > 0 ? 1 : 0;
      }
    }
    return -1;
  }
}
