package dev.workflow.cli;

import dev.workflow.assembly.Plans.NoSuchPlanException;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Journal.NoSuchRunException;
import dev.workflow.engine.Journal.RunBusyException;
import dev.workflow.engine.Journal.SupersededException;
import dev.workflow.mcp.config.ServerFileException;
import dev.workflow.skills.SkillPackageException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns what a command throws into one clear message and an exit code. */
record Failures(Context context) implements IExecutionExceptionHandler {
  private static final Set<String> OUTPUT = Set.of("-o", "--output", "--format");

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    Terminal terminal = context.terminal();
    if (context.arguments().contains(Commands.DEBUG)) {
      terminal.trace(failure);
    }
    if (failure instanceof SkillPackageException problems) {
      return told(problems.problems());
    }
    if (failure instanceof ServerFileException problems) {
      return told(problems.problems());
    }
    int code = code(failure);
    String message = terminal.masked(message(failure));
    terminal.say("workflow: " + message);
    json(
        context,
        code == ExitCode.USAGE ? "usage" : code == ExitCode.BUSY ? "busy" : "failure",
        message);
    return code;
  }

  private int told(List<Problem> problems) {
    context.terminal().problems(problems);
    if (wantsJson(context.arguments())) {
      context.terminal().json(ProblemJson.errors(problems));
    }
    return ExitCode.of(problems, false);
  }

  /** Where standard output carries JSON, it carries one object after a failure, too. */
  static void json(Context context, String kind, String message) {
    if (wantsJson(context.arguments())) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.putArray("errors").addObject().put("kind", kind).put("message", message);
      context.terminal().json(answer);
    }
  }

  private static int code(Exception failure) {
    if (failure instanceof UsageException
        || failure instanceof NoSuchRunException
        || failure instanceof NoSuchPlanException) {
      return ExitCode.USAGE;
    }
    boolean busy = failure instanceof RunBusyException || failure instanceof SupersededException;
    return busy ? ExitCode.BUSY : ExitCode.FAILED;
  }

  private static String message(Exception failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? "unexpected " + failure.getClass().getSimpleName() + "; --debug shows where."
        : message;
  }

  private static boolean wantsJson(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i).toLowerCase(Locale.ROOT);
      if (word.equals("--")) {
        return false;
      }
      if (word.equals("--json") && arguments.get(0).equals("mcp")) {
        return true;
      }
      boolean next = i + 1 < arguments.size() && arguments.get(i + 1).equalsIgnoreCase("json");
      if ((next && OUTPUT.contains(word))
          || word.equals("-ojson")
          || OUTPUT.stream().anyMatch(option -> word.equals(option + "=json"))) {
        return true;
      }
    }
    return false;
  }
}
