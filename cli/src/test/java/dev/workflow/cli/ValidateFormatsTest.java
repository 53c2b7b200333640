package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.schema.JsonSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What CI reads of {@code validate}, each held against the schema of its format. */
class ValidateFormatsTest {
  private static final String ODD_NAME = "all/it's 50%, ü:1.yaml";

  @TempDir private Path folder = Path.of("unset");
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aFolderOfFiles() {
    world = new CommandWorld(folder).with("GITHUB_WORKSPACE", "/nowhere");
    world.file("all/good.yaml", "name: good\nsteps: {one: {set: 1}}\n");
    world.file(
        "all/bad.yaml",
        "name: bad\nsteps:\n  one: {set: \"${tow}\"}\n  two: {set: 2, neds: [one]}\n");
    world.file(
        "all/server.yaml", "mcp: {srv: {command: no-such-program}}\nsteps: {a: {tool: srv/x}}\n");
    world.file("all/skills/dull/skill.yaml", "name: dull\ndescription: Says nothing.\n");
    world.file("all/skills/dull/instructions.md", "See [it](nowhere.md).\n");
  }

  private String all() {
    return folder.resolve("all").toString();
  }

  private JsonNode sarif(String... more) throws IOException {
    List<String> line = new ArrayList<>(List.of("validate", all(), "-o", "sarif"));
    line.addAll(List.of(more));
    Result result = world.run(line.toArray(String[]::new));
    JsonNode log = result.json();
    assertThat(violations(log)).isEmpty();
    assertThat(log.at("/runs/0/invocations/0/exitCode").asInt()).isEqualTo(result.code());
    assertThat(result.err()).isEmpty();
    return log.at("/runs/0");
  }

  private static List<?> violations(JsonNode log) throws IOException {
    try (InputStream schema =
        ValidateFormatsTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
      JsonNode official = JsonMapper.shared().readTree(Objects.requireNonNull(schema));
      return new JsonSchemas().validate(official, log);
    }
  }

  @Test
  void aLogThatDoesNotFitTheSchemaIsSeen() throws IOException {
    JsonNode wrong =
        JsonMapper.shared()
            .readTree(
                "{\"version\": \"2.1.0\", \"runs\": [{\"results\": [{\"level\": \"bad\"}]}]}");

    assertThat(violations(wrong)).isNotEmpty();
  }

  @Test
  void sarifSaysRulesLevelsAndRegions() throws IOException {
    JsonNode run = sarif();
    JsonNode rules = run.at("/tool/driver/rules");

    assertThat(run.path("results").findValuesAsString("ruleId"))
        .containsExactly("expression", "unknown-key", "server-not-asked", "broken-link");
    for (JsonNode result : run.path("results")) {
      JsonNode rule = rules.path(result.path("ruleIndex").asInt());
      assertThat(rule.path("id")).isEqualTo(result.path("ruleId"));
      assertThat(rule.path("helpUri").asString())
          .endsWith("rules.md#" + rule.path("id").asString());
    }
    assertThat(run.path("results").findValuesAsString("level"))
        .containsExactly("error", "error", "note", "warning");
    assertThat(run.at("/results/1/locations/0/physicalLocation/region").toString())
        .isEqualTo("{\"startLine\":4,\"startColumn\":17,\"endColumn\":21}");
    assertThat(sarif("--strict").path("results").findValuesAsString("level"))
        .containsExactly("error", "error", "error", "warning");
  }

  @Test
  void sarifListsFilesWithoutProblems() throws IOException {
    assertThat(sarif().path("artifacts").findValuesAsString("uri"))
        .anyMatch(uri -> uri.endsWith("all/good.yaml"));
  }

  @Test
  void aFingerprintStaysWhenLinesAreInsertedAboveAndDiffersInEachPlace() throws IOException {
    List<String> before = sarif().findValuesAsString("primaryLocationLineHash");
    world.file(
        "all/bad.yaml",
        """
        # more

        name: bad
        steps:
          # more
          one: {set: "${tow}"}

          two: {set: 2, neds: [one]}
        """);

    assertThat(sarif().findValuesAsString("primaryLocationLineHash")).isEqualTo(before);
    assertThat(before).doesNotHaveDuplicates().hasSize(4);
  }

  @Test
  void equalLinesHaveDifferentFingerprints() {
    Problem problem = problem(new Place("a.yaml", 1, 1, "a: b"), "Wrong.");
    Outcome outcome =
        outcome("a.yaml", problem, problem(new Place("a.yaml", 2, 1, "a: b"), "Wrong."));

    assertThat(
            Sarif.of(List.of(outcome), false, new SourceRoot(folder), 3)
                .findValuesAsString("primaryLocationLineHash"))
        .doesNotHaveDuplicates()
        .allMatch(print -> print.matches("[0-9a-f]{16}:[12]"));
  }

  @Test
  void whatIsWrongInAFileThatAnotherNamesIsToldOnce() throws IOException {
    world.file("all/outer.yaml", "steps: {inner: {workflow: ./bad.yaml}}\n");

    assertThat(sarif().path("results").findValuesAsString("ruleId"))
        .containsExactly("expression", "unknown-key", "server-not-asked", "broken-link");
  }

  @Test
  void filesBelowTheRootAreRelativeAndOthersAreNot() {
    String below = folder.resolve(ODD_NAME).toString();
    JsonNode log =
        Sarif.of(
            List.of(
                outcome(below, problem(Place.file(below), "Wrong.")),
                outcome("/elsewhere/b.yaml", problem(Place.file("/elsewhere/b.yaml"), "Wrong."))),
            false,
            new SourceRoot(folder),
            3);

    assertThat(log.at("/runs/0/results/0/locations/0/physicalLocation/artifactLocation").toString())
        .isEqualTo("{\"uri\":\"all/it's%2050%25,%20%C3%BC%3A1.yaml\",\"uriBaseId\":\"%SRCROOT%\"}");
    assertThat(log.at("/runs/0/results/1/locations/0/physicalLocation/artifactLocation").toString())
        .isEqualTo("{\"uri\":\"file:///elsewhere/b.yaml\"}");
  }

  @Test
  void junitHasATestCaseForEachFileAndSkill() throws Exception {
    Result result = world.run("validate", all(), "-o", "junit");
    Element suites = junit(result.out());

    assertThat(result.code()).isEqualTo(3);
    assertThat(suites.getAttribute("tests")).isEqualTo("4");
    assertThat(suites.getAttribute("failures")).isEqualTo("1");
    Element failure = (Element) suites.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("type")).isEqualTo("expression");
    assertThat(failure.getAttribute("message")).isEqualTo("There is no `tow`. (1 of 2 errors)");
    assertThat(failure.getTextContent())
        .contains("bad.yaml:3:17: error: There is no `tow`. [expression]")
        .contains("Did you mean `needs`?");
    assertThat(suites.getElementsByTagName("system-out").getLength()).isEqualTo(2);
    assertThat(
            junit(world.run("validate", all(), "-o", "junit", "--strict").out())
                .getAttribute("failures"))
        .isEqualTo("2");
  }

  @Test
  void junitHoldsNoCharacterThatXmlCannot() throws Exception {
    Problem problem =
        problem(Place.file("a.yaml"), "Found \"\u001b[2J\u0000\u202e\uffff<&>'\n\ud800x");
    String xml = CheckXml.of(List.of(outcome("a.yaml", problem)), new SourceRoot(folder));

    assertThat(
            ((Element) junit(xml).getElementsByTagName("failure").item(0)).getAttribute("message"))
        .isEqualTo("Found \"\\u001B[2J\\u0000\\u202E\\uFFFF<&>'\n\\uD800x");
    assertThat(Printable.text(xml)).isEqualTo(xml);
  }

  private static Element junit(String xml) throws Exception {
    URL schema = Objects.requireNonNull(ValidateFormatsTest.class.getResource("/junit.xsd"));
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(schema)
        .newValidator()
        .validate(new StreamSource(new StringReader(xml)));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)))
        .getDocumentElement();
  }

  @Test
  void githubGetsACommandForEachProblem() {
    Result result = world.run("validate", all(), "--format", "github");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).isEmpty();
    assertThat(result.out().lines().map(line -> line.replaceAll("file=\\S*/all/", "file=")))
        .containsExactly(
            "::error file=bad.yaml,line=3,col=17,endColumn=20,title=expression::There is no"
                + " `tow`.%0ADid you mean `two`?",
            "::error file=bad.yaml,line=4,col=17,endColumn=21,title=unknown-key::Expected a known"
                + " key in `steps.two`, found `neds`.%0ADid you mean `needs`?",
            "::notice file=server.yaml,line=2,col=19,endColumn=24,title=server-not-asked::Server"
                + " `srv` was never started here, so this is not verified: tool `x` of step"
                + " `a`.%0A`--probe` starts it and looks.",
            "::warning"
                + " file=skills/dull/instructions.md,line=1,col=10,endColumn=20,title=broken-link::Expected"
                + " a file of the skill's folder, found a link to `nowhere.md`, which does not"
                + " exist.%0AA link is relative to the folder of the skill.");
  }

  @Test
  void githubCommandsAreEscapedAsTheToolkitDoes() {
    String file = folder.resolve(ODD_NAME).toString();
    Problem problem = problem(new Place(file, 1, 0, ""), "100%: a, b\r\n::error::x");

    assertThat(GithubCommands.of(List.of(outcome(file, problem)), false, new SourceRoot(folder)))
        .containsExactly(
            "::error file=all/it's 50%25%2C ü%3A1.yaml,line=1,title=unknown-key::"
                + "100%25: a, b%0D%0A::error::x");
  }

  @Test
  void aMistakeOfTheCommandLineIsAnObjectWhereOneIsExpected() {
    for (String format : List.of("--format=json", "--output=json", "-o=json", "-ojson")) {
      assertThat(world.run("validate", "no*where", format).json().at("/errors/0/kind").asString())
          .isEqualTo("usage");
    }
    assertThat(world.run("validate", "no*where", "--format", "sarif").out()).isEmpty();
  }

  private static Problem problem(Place place, String message) {
    return new Problem(Severity.ERROR, Kind.INVALID, Rule.UNKNOWN_KEY, place, message, null);
  }

  private static Outcome outcome(String file, Problem... problems) {
    return new Outcome(Checkable.workflow(Path.of(file)), List.of(problems), 0, false);
  }
}
