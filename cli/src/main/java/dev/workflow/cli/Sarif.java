package dev.workflow.cli;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Canonical;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Outcomes as SARIF 2.1.0, which code scanning services read. Braces in messages stand as they are:
 * no service that shows them takes doubled ones back.
 */
final class Sarif {
  /** Where the documents of this version are read; the published schemas have the same root. */
  static final String DOCUMENTS = "https://workflow.dev/docs/";

  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  private static final String ROOT = "%SRCROOT%";
  private static final int PRINT_DIGITS = 16;

  private final SourceRoot root;
  private final List<Outcome> outcomes;
  private final List<Problem> problems;
  private final boolean strict;
  private final List<Rule> rules;
  private final Map<String, Integer> printed = new HashMap<>();

  private Sarif(List<Outcome> outcomes, boolean strict, SourceRoot root) {
    this.root = root;
    this.outcomes = outcomes;
    this.problems = Outcome.problems(outcomes, root);
    this.strict = strict;
    this.rules = problems.stream().map(Problem::rule).distinct().sorted().toList();
  }

  /**
   * One log with one run.
   *
   * @param strict whether what could not be verified counts as an error
   * @param exitCode of the command
   */
  static ObjectNode of(List<Outcome> outcomes, boolean strict, SourceRoot root, int exitCode) {
    return new Sarif(outcomes, strict, root).log(exitCode);
  }

  private ObjectNode log(int exitCode) {
    ObjectNode log = JsonNodeFactory.instance.objectNode();
    log.put("$schema", SCHEMA);
    log.put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "workflow");
    driver.put("version", Main.Version.number());
    driver.put("informationUri", DOCUMENTS + "ci.md");
    ArrayNode descriptors = driver.putArray("rules");
    rules.forEach(rule -> descriptors.add(descriptor(rule)));
    ObjectNode invocation = run.putArray("invocations").addObject();
    invocation.put("executionSuccessful", true);
    invocation.put("exitCode", exitCode);
    run.putObject("originalUriBaseIds")
        .putObject(ROOT)
        .putObject("description")
        .put("text", "The root of the repository, or the folder that the command ran in.");
    run.put("columnKind", "utf16CodeUnits");
    artifacts(run.putArray("artifacts"));
    ArrayNode results = run.putArray("results");
    problems.forEach(problem -> results.add(result(problem)));
    return log;
  }

  private static ObjectNode descriptor(Rule rule) {
    ObjectNode descriptor = JsonNodeFactory.instance.objectNode();
    descriptor.put("id", rule.id());
    descriptor.put("name", pascal(rule.id()));
    descriptor.putObject("shortDescription").put("text", rule.meaning());
    descriptor.putObject("fullDescription").put("text", rule.meaning() + " " + rule.fix());
    descriptor
        .putObject("help")
        .put("text", rule.fix())
        .put("markdown", rule.meaning() + "\n\n" + rule.fix());
    descriptor.put("helpUri", DOCUMENTS + "rules.md#" + rule.id());
    descriptor.putObject("defaultConfiguration").put("level", level(rule.severity(), false));
    return descriptor;
  }

  private static String pascal(String id) {
    return Arrays.stream(id.split("-"))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** What was looked at, so that a file without problems is known to have none. */
  private void artifacts(ArrayNode artifacts) {
    Map<String, String> files = new LinkedHashMap<>();
    outcomes.stream()
        .filter(outcome -> !outcome.subject().isSkill())
        .map(outcome -> outcome.subject().path().toString())
        .forEach(file -> files.put(root.uri(file), file));
    problems.stream()
        .map(problem -> problem.place().file())
        .forEach(file -> files.putIfAbsent(root.uri(file), file));
    files.values().forEach(file -> artifacts.addObject().set("location", location(file)));
  }

  private ObjectNode result(Problem problem) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("ruleId", problem.rule().id());
    result.put("ruleIndex", rules.indexOf(problem.rule()));
    result.put("level", level(problem.severity(), strict));
    String hint = problem.hint() == null ? "" : "\n" + problem.hint();
    result.putObject("message").put("text", problem.message() + hint);
    ObjectNode physical = result.putArray("locations").addObject().putObject("physicalLocation");
    physical.set("artifactLocation", location(problem.place().file()));
    region(problem.place(), physical);
    result.putObject("partialFingerprints").put("primaryLocationLineHash", print(problem));
    return result;
  }

  private static String level(Problem.Severity severity, boolean strict) {
    return switch (severity) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case UNVERIFIED -> strict ? "error" : "note";
    };
  }

  private ObjectNode location(String file) {
    ObjectNode location = JsonNodeFactory.instance.objectNode().put("uri", root.uri(file));
    return root.holds(file) ? location.put("uriBaseId", ROOT) : location;
  }

  private static void region(Place place, ObjectNode physical) {
    if (place.line() > 0) {
      ObjectNode region = physical.putObject("region").put("startLine", place.line());
      if (place.column() > 0) {
        region.put("startColumn", place.column());
        int end = WordEnd.of(place);
        if (end > 0) {
          region.put("endColumn", end);
        }
      }
    }
  }

  /**
   * The same for the same problem when lines are put in above it: the file, the rule and the text
   * of the line, counted where they occur together more than once.
   */
  private String print(Problem problem) {
    Place place = problem.place();
    List<String> parts = new ArrayList<>();
    parts.add(root.path(place.file()));
    parts.add(problem.rule().id());
    parts.add(place.text().isBlank() ? problem.message() : place.text().strip());
    String hash = Canonical.hash(String.join("\n", parts)).substring(0, PRINT_DIGITS);
    return hash + ":" + printed.merge(hash, 1, Integer::sum);
  }
}
