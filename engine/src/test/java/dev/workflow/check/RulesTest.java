package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.assembly.Home;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.run.StepError;
import dev.workflow.skills.SkillFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every rule is documented and has a fault that raises it, at the place that {@code places.txt}
 * lists. A fault is {@code rules/RULE.yaml}, or a folder {@code rules/RULE} with a {@code
 * workflow.yaml} or a skill in it. {@code -Dgolden.update=true} writes what is said now.
 */
class RulesTest {
  private static final Path FAULTS = Path.of("src/test/resources/rules");
  private static final Path PLACES = FAULTS.resolve("places.txt");
  private static final Path DOCUMENT = Path.of("../docs/rules.md");
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private static final String NO_FILE = "told of the command line, of which no file holds a line: ";

  /** Tests that raise the rules of packages, which are told of repositories and archives. */
  private static final List<String> OF_PACKAGES =
      Stream.concat(
              Stream.of(
                      "HostilePackage",
                      "SkillInstall",
                      "SkillUpdate",
                      "SkillPublish",
                      "WorkflowLock",
                      "SkillConversions")
                  .map(name -> "src/test/java/dev/workflow/skills/" + name + "Test.java"),
              Stream.of(
                  "src/test/java/dev/workflow/assembly/CassettesTest.java",
                  "../cli/src/test/java/dev/workflow/cli/LockCommandTest.java",
                  "../cli/src/test/java/dev/workflow/cli/SkillConvertingTest.java",
                  "../cli/src/test/java/dev/workflow/cli/SkillRunTest.java"))
          .toList();

  private static final Set<Rule> PACKAGES = told();

  private static Set<Rule> told() {
    Set<Rule> told = EnumSet.range(Rule.PACKAGE_SOURCE, Rule.CONVERSION_INSTRUCTIONS);
    told.addAll(EnumSet.range(Rule.CASSETTE_UNREADABLE, Rule.CASSETTE_WORKFLOW));
    return told;
  }

  /** Rules without a fault, and why. */
  private static final Map<Rule, String> WITHOUT =
      Map.ofEntries(
          Map.entry(Rule.UNKNOWN_INPUT, NO_FILE + "run --input"),
          Map.entry(Rule.MISSING_INPUT, NO_FILE + "run --input"),
          Map.entry(Rule.WRONG_INPUT, NO_FILE + "run --input"),
          Map.entry(Rule.WRONG_OUTPUT, NO_FILE + "fork --output"),
          Map.entry(Rule.TAKEN_BACK, NO_FILE + "fork"),
          Map.entry(Rule.UNUSABLE_MODEL, NO_FILE + "fork --model"),
          Map.entry(Rule.MODEL_NAME, NO_FILE + "--model"),
          Map.entry(Rule.NO_ANSWERS, NO_FILE + "--simulate"),
          Map.entry(Rule.DIGEST_MISMATCH, NO_FILE + "run --digest"),
          Map.entry(Rule.CHANGED_DEFINITION, NO_FILE + "resume"),
          Map.entry(Rule.MCP_SECRET, NO_FILE + "resume"),
          Map.entry(Rule.SKILL_UNREADABLE, "nothing is unreadable for the root of a container"));

  @TempDir Path folder = Path.of("unset");
  private Path faults = Path.of("unset");

  @BeforeEach
  void faults() throws IOException {
    faults = folder.resolve("rules");
    try (Stream<Path> files = Files.walk(FAULTS)) {
      for (Path file : files.toList()) {
        Files.copy(file, faults.resolve(FAULTS.relativize(file).toString()));
      }
    }
    make(Rule.TOO_MANY_STEPS, "steps:\n" + steps(10_001, "{set: 1}"));
    make(Rule.TOO_MANY_JUDGES, judges(101));
    make(Rule.TOO_MANY_EDGES, edges(1_002));
    for (int i = 0; i <= 101; i++) {
      Path file = faults.resolve(Rule.TOO_MANY_WORKFLOWS + "/w" + i + ".yaml");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "steps: {next: {workflow: w" + (i + 1) + ".yaml}}\n");
    }
    Files.createSymbolicLink(faults.resolve(Rule.SKILL_LINK + "/notes.md"), Path.of("SKILL.md"));
    Files.writeString(faults.resolve(Rule.SKILL_SIZE + "/notes.md"), "x".repeat(300_000));
    Files.writeString(
        faults.resolve(Rule.TOO_MANY_WORKFLOWS + "/workflow.yaml"),
        "steps: {next: {workflow: w0.yaml}}\n");
  }

  @Test
  void everyRuleHasAFaultOrAReasonWhyNot() throws IOException {
    Set<String> without = new TreeSet<>();
    Set<String> faulty = new TreeSet<>();
    WITHOUT.keySet().forEach(rule -> without.add(rule.id()));
    PACKAGES.forEach(rule -> without.add(rule.id()));
    try (Stream<Path> files = Files.list(faults)) {
      files
          .filter(file -> !file.endsWith(PLACES.getFileName()))
          .forEach(file -> faulty.add(file.getFileName().toString().replace(".yaml", "")));
    }
    assertThat(faulty).doesNotContainAnyElementsOf(without);
    faulty.addAll(without);
    assertThat(faulty)
        .isEqualTo(
            Arrays.stream(Rule.values())
                .map(Rule::id)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyRuleOfPackagesIsRaisedByATestOfThem() throws IOException {
    StringBuilder tests = new StringBuilder();
    for (String file : OF_PACKAGES) {
      tests.append(Files.readString(Path.of(file)));
    }
    assertThat(PACKAGES).hasSizeGreaterThan(20);
    assertThat(PACKAGES)
        .filteredOn(rule -> !Pattern.compile("[\\[\"]" + rule + "[\\]\"]").matcher(tests).find())
        .isEmpty();
  }

  @Test
  void everyFaultIsFoundAtItsPlace() throws IOException {
    Map<Rule, String> found = new EnumMap<>(Rule.class);
    try (WorkflowEngine engine =
        new WorkflowEngine(new Home(folder.resolve("home"), null, Map.of(), List.of()))) {
      EnumSet<Rule> faulty = EnumSet.allOf(Rule.class);
      faulty.removeAll(WITHOUT.keySet());
      faulty.removeAll(PACKAGES);
      faulty.forEach(rule -> found.put(rule, place(rule, engine)));
    }
    String places = String.join("\n", found.values()) + "\n";
    if (UPDATE) {
      Files.writeString(PLACES, places);
    }
    assertThat(places).isEqualTo(Files.readString(PLACES));
    assertThat(places).doesNotContain("NOT FOUND");
  }

  @Test
  void theDocumentIsWhatTheRulesSayOfThemselves() throws IOException {
    String document = document();
    if (UPDATE) {
      Files.writeString(DOCUMENT, document);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(document);
  }

  private String place(Rule rule, WorkflowEngine engine) {
    return problems(rule, engine).stream()
        .filter(problem -> problem.rule() == rule)
        .sorted(Problem.ORDER)
        .findFirst()
        .map(problem -> rule + "  " + shown(problem))
        .orElse(rule + "  NOT FOUND");
  }

  private String shown(Problem problem) {
    Place place = problem.place();
    String file = faults.relativize(Path.of(place.file())).toString();
    String text = place.text().strip();
    return "%s:%d:%d  %s"
        .formatted(
            file, place.line(), place.column(), text.substring(0, Math.min(80, text.length())));
  }

  /** What the check says in a scripted world, and by itself where nothing may be started. */
  private List<Problem> problems(Rule rule, WorkflowEngine engine) {
    Path own = faults.resolve(rule.id());
    if (SkillFolders.isSkill(own)) {
      return engine.skills().check(own, false);
    }
    Path cases = own.resolve("other.cases.yaml");
    if (Files.exists(cases)) {
      return engine.cases().test(cases, name -> true).problems();
    }
    Path file =
        Files.isDirectory(own) ? own.resolve("workflow.yaml") : faults.resolve(rule + ".yaml");
    List<Problem> scripted = world().check(file, null).problems();
    return scripted.stream().anyMatch(problem -> problem.rule() == rule)
        ? scripted
        : engine.check(CheckRequest.of(file, false), Set.of()).problems();
  }

  private CheckWorld world() {
    String closed = "'additionalProperties': false";
    String path = "'path': {'type': 'string'}";
    String place =
        "{'type':'object','required':['place'],'properties':{'place':{'type':'string'}},%s}";
    CheckWorld world =
        new CheckWorld(folder)
            .tool("travel", "weather_forecast", Effect.READ, place.formatted(closed), null)
            .tool("travel", "web_search")
            .tool("search", "web_search")
            .tool(
                "mail",
                "send",
                Effect.WRITE,
                "{'type':'object','properties':{'body':{'type':'string'}}}",
                null)
            .tool("crm", "customers")
            .tool("crm", "letters")
            .tool("odd", "broken", Effect.READ, "{'type': 'objekt'}", null)
            .tool("files", "count", Effect.READ, "{'type':'object'}", "{'type': 'integer'}")
            .closed("guest", "pay", Effect.WRITE)
            .unapproved("guest")
            .broken("down", StepError.of(ErrorKind.UNAVAILABLE, "it does not start"))
            .broken("stranger", StepError.of(ErrorKind.FORBIDDEN, "Nobody has approved it"))
            .usable("openai/gpt-5");
    world.tool(
        "travel",
        "route",
        Effect.READ,
        "{'type':'object','properties':{'from':%s}}".formatted(place.formatted(closed)),
        null);
    world.tool(
        "files",
        "read_file",
        Effect.READ,
        "{'type':'object','properties':{%s}}".formatted(path),
        null);
    return world.tool(
        "files",
        "write_file",
        Effect.WRITE,
        "{'type':'object','properties':{%s,'content':{'type':'string'}}}".formatted(path),
        null);
  }

  private void make(Rule rule, String text) throws IOException {
    Files.writeString(faults.resolve(rule + ".yaml"), text);
  }

  private static String steps(int count, String step) {
    return IntStream.range(0, count)
        .mapToObj(i -> "  s" + i + ": " + step + "\n")
        .collect(Collectors.joining());
  }

  private static String judges(int count) {
    return "steps:\n"
        + IntStream.range(0, count)
            .mapToObj(
                i ->
                    "  s%d: {set: 1}\n  j%d: {set: \"${s%d}\", revise: {step: s%d, when: \"true\"}}\n"
                        .formatted(i, i, i, i))
            .collect(Collectors.joining());
  }

  /** In a flow each item reads all before it. */
  private static String edges(int items) {
    return "agents: {planner: {model: openai/gpt-5}}\nflow:\n"
        + "  - planner: \"go on\"\n".repeat(items);
  }

  private static String document() {
    StringBuilder text =
        new StringBuilder(
            """
            # Rules

            What `workflow validate` and every command that starts a run can find wrong. The ids are stable: scripts, baselines
            and suppressions may name them. An **error** keeps a workflow from running, a **warning** does not; **unverified** is
            what only a running server could tell (`--probe` asks it, `--strict` counts it as an error).

            """);
    for (Rule rule : Rule.values()) {
      text.append("## ").append(rule.id()).append("\n\n");
      text.append(rule.severity().name().charAt(0))
          .append(rule.severity().name().substring(1).toLowerCase(Locale.ROOT))
          .append(". ")
          .append(rule.meaning())
          .append(" ")
          .append(rule.fix())
          .append("\n\n");
    }
    return text.toString().stripTrailing() + "\n";
  }
}
