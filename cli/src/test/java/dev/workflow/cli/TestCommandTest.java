package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class TestCommandTest {
  private static final String CASES =
      """
      coverage: {branches: 100}
      cases:
        it doubles: {inputs: {n: 4}, expect: {outputs: {twice: 8}}}
        it <never> triples: {inputs: {n: 4}, assert: ["twice == 12"]}
      """;

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
  void theShippedSkillsAndExamplesPass() {
    Path root = Path.of("..").toAbsolutePath().normalize();
    assertThat(root.resolve("skills")).isDirectory();
    Result result =
        world.run(
            "test",
            root.resolve("skills").toString(),
            root.resolve("workflows-examples").toString());
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("travel.cases.yaml", "day-check.yaml", "verdict.yaml");
  }
}
