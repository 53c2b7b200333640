package dev.workflow.cli;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import java.util.List;

/** Problems as workflow commands of GitHub Actions, which shows them beside the changed lines. */
final class GithubCommands {
  private GithubCommands() {}

  /**
   * One line for each problem.
   *
   * @param strict whether what could not be verified counts as an error
   */
  static List<String> of(List<Outcome> outcomes, boolean strict, SourceRoot root) {
    return Outcome.problems(outcomes, root).stream()
        .map(problem -> of(problem, strict, root))
        .toList();
  }

  private static String of(Problem problem, boolean strict, SourceRoot root) {
    Place place = problem.place();
    StringBuilder line = new StringBuilder("::").append(command(problem.severity(), strict));
    line.append(" file=").append(property(root.path(place.file())));
    if (place.line() > 0) {
      line.append(",line=").append(place.line());
    }
    if (place.column() > 0) {
      line.append(",col=").append(place.column());
      int end = WordEnd.of(place);
      line.append(end > 0 ? ",endColumn=" + end : "");
    }
    String hint = problem.hint() == null ? "" : "\n" + problem.hint();
    return line.append(",title=")
        .append(property(problem.rule().id()))
        .append("::")
        .append(data(problem.message() + hint))
        .toString();
  }

  private static String command(Problem.Severity severity, boolean strict) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case UNVERIFIED -> strict ? "error" : "notice";
    };
  }

  /** As the toolkit of GitHub Actions escapes the message of a command. */
  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  /** As the toolkit escapes the value of a property. */
  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
