package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;

class TestCommandTest {
  private static final String CASES =
      """
      coverage: {branches: 100}
      cases:
        it doubles: {inputs: {n: 4}, expect: {outputs: {twice: 8}}}
        it <never> triples: {inputs: {n: 4}, assert: ["twice == 12"]}
      """;

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aWorkflowWithCases() {
    world = new CommandWorld(folder);
    world.file(
        "all/double.yaml",
        """
        name: double
        inputs: {n: number}
        steps:
          twice: {set: "${n * 2}"}
          big: {when: twice > 100, set: yes}
        outputs: {twice: "${twice}"}
        """);
    world.file("all/double.cases.yaml", CASES);
    world.file("all/node_modules/x/no.cases.yaml", "cases: nonsense\n");
  }

  @Test
  void whatHoldsAndWhatDoesNotIsTold() {
    assertThat(world.run("test", folder.resolve("all").toString()))
        .isEqualTo(
            new Result(
                1,
                """
                FOLDER/all/double.cases.yaml
                  ● it doubles
                  ✗ it <never> triples
                      FOLDER/all/double.cases.yaml:4:49: Does not hold: twice == 12
                        twice is 8
                  steps 1 of 2 (50 %), branches 1 of 2 (50 %)
                      FOLDER/all/double.cases.yaml:1:22: Expected 100 % of the branches to be covered, found 50 %
                        not: `when` of big never held
                2 cases: 1 passed, 1 failed
                """,
                ""));
  }

  @Test
  void oneCaseIsChosenByAPartOfItsName() {
    String workflow = folder.resolve("all/double.yaml").toString();
    Result result = world.run("test", workflow, "--case", "doubles");
    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("● it doubles", "1 case: 1 passed").doesNotContain("triples");
    Result none = world.run("test", workflow, "--case", "halves");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("No case has a name that contains halves");
  }

  @Test
  void whereThereAreNoCasesItSaysWhereTheyWouldStand() {
    world.file("other/w.yaml", "name: w\nsteps: {a: {set: 1}}\n");
    Result result = world.run("test", folder.resolve("other").toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("NAME.cases.yaml");
  }

  @Test
  void aPathThatIsNotThereIsWrongUsage() {
    assertThat(world.run("test", folder.resolve("no.yaml").toString()))
        .isEqualTo(
            new Result(2, "", "workflow: FOLDER/no.yaml: there is no such file or folder.\n"));
  }

  @Test
  void aFileThatCannotBeReadIsToldAndTheOthersRun() {
    world.file("all/a.cases.yaml", "cases: {one: {imputs: {n: 1}}}\n");
    Result result = world.run("test", folder.resolve("all").toString());
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("FOLDER/all/a.cases.yaml:1:15", "Did you mean `inputs`?");
    assertThat(result.out()).contains("● it doubles");
  }

  @Test
  void jsonHoldsAllOfIt() {
    Result result = world.run("test", folder.resolve("all").toString(), "-o", "json");
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.json().path("ok").asBoolean()).isFalse();
    assertThat(result.json().at("/files/0/cases/0/ok").asBoolean()).isTrue();
    assertThat(result.json().at("/files/0/cases/1/failures/0/line").asInt()).isEqualTo(4);
    assertThat(result.json().at("/files/0/coverage/never_taken/0").asString()).isEqualTo("big");
    assertThat(result.json().at("/files/0/shortfalls/0/line").asInt()).isEqualTo(1);
  }

  @Test
  void junitIsXmlWithATestcaseForEachCase() throws Exception {
    Result result = world.run("test", folder.resolve("all").toString(), "-o", "junit");
    Document xml =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(result.out())));
    Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("2");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < xml.getElementsByTagName("testcase").getLength(); i++) {
      names.add(((Element) xml.getElementsByTagName("testcase").item(i)).getAttribute("name"));
    }
    assertThat(names).containsExactly("it doubles", "it <never> triples", "coverage");
    Element failure = (Element) xml.getElementsByTagName("failure").item(0);
    assertThat(failure.getAttribute("message")).isEqualTo("Does not hold: twice == 12");
    assertThat(failure.getTextContent()).contains("twice is 8");
  }

  @Test
  void whatIsFoundInThePlaceOfAConditionIsTold() {
    world.file(
        "all/double.cases.yaml",
        """
        cases:
          parts:
            inputs: {n: 4}
            assert:
              - outputs.twice == 8 and twice > 9 and size(calls) == 0
              - errors.exists(e, e.message == 'gone')
              - not steps.twice.status.contains('succ')
          cut: {inputs: {n: 4}, assert: [math.greatest(twice, 1) == 8]}
        """);
    assertThat(world.run("test", folder.resolve("all").toString()).out())
        .isEqualTo(
            """
            FOLDER/all/double.cases.yaml
              ✗ parts
                  FOLDER/all/double.cases.yaml:5:9: Does not hold: outputs.twice == 8 and twice > 9 and size(calls) == 0
                    not: twice > 9
                    twice is 8
                  FOLDER/all/double.cases.yaml:6:9: Does not hold: errors.exists(e, e.message == 'gone')
                    errors is []
                  FOLDER/all/double.cases.yaml:7:9: Does not hold: not steps.twice.status.contains('succ')
                    steps.twice.status is "succeeded"
              ✗ cut
                  FOLDER/all/double.cases.yaml:8:53: Expected `,` or `)`, found the end.
                    A comma ends an entry of `[...]`: quote it.
                  FOLDER/all/double.cases.yaml:8:56: Expected the end of the expression or an operator, found `)`.
                    A comma ends an entry of `[...]`: quote it.
              steps 1 of 2 (50 %), branches 1 of 2 (50 %)
            2 cases: 0 passed, 2 failed
            """);
  }

  @Test
  void theShippedSkillsAndExamplesPass() throws IOException {
    Path skills = ROOT.resolve("skills");
    Path examples = ROOT.resolve("workflows-examples");
    Result result = world.run("test", skills.toString(), examples.toString());
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    try (Stream<Path> all = Files.list(skills)) {
      all.forEach(skill -> assertThat(result.out()).contains(skill.resolve("cases").toString()));
    }
    for (Path folder : List.of(examples, examples.resolve("patterns"))) {
      try (Stream<Path> all = Files.list(folder)) {
        all.map(Path::toString)
            .filter(name -> name.endsWith(".yaml") && !name.endsWith(".cases.yaml"))
            .map(name -> name.replaceFirst("\\.yaml$", ".cases.yaml"))
            .forEach(cases -> assertThat(result.out()).contains(cases));
      }
    }
  }

  @Test
  void theShippedSkillsAndExamplesPassTheStrictCheckButForServersThatWereNotStarted() {
    Path skills = ROOT.resolve("skills");
    Path examples = ROOT.resolve("workflows-examples");
    Result checked = world.run("skill", "validate", skills.toString(), "--strict");
    assertThat(checked.code()).as(checked.out() + checked.err()).isZero();
    JsonNode found = world.run("validate", "--strict", examples.toString(), "-o", "json").json();
    assertThat(found.findValues("rule"))
        .isNotEmpty()
        .allSatisfy(rule -> assertThat(rule.asString()).isEqualTo("server-not-asked"));
  }
}
