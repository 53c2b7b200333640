package dev.workflow.cli;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import java.util.Collection;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Problems for scripts. */
final class ProblemJson {
  private ProblemJson() {}

  /** {@code {"errors": [...]}}: why nothing was started. */
  static ObjectNode errors(Collection<Problem> problems) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode errors = answer.putArray("errors");
    problems.stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .sorted(Problem.ORDER)
        .forEach(problem -> errors.add(of(problem)));
    return answer;
  }

  /** {@code {severity, kind, rule, file, line?, column?, message, hint?}}. */
  static ObjectNode of(Problem problem) {
    Place place = problem.place();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
    node.put("kind", problem.kind().name().toLowerCase(Locale.ROOT));
    node.put("rule", problem.rule().id());
    node.put("file", place.file());
    if (place.line() > 0) {
      node.put("line", place.line());
    }
    if (place.column() > 0) {
      node.put("column", place.column());
    }
    node.put("message", problem.message());
    if (problem.hint() != null) {
      node.put("hint", problem.hint());
    }
    return node;
  }
}
