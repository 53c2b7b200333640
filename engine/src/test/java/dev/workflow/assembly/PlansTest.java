package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.assembly.Plans.Kept;
import dev.workflow.assembly.Plans.NoSuchPlanException;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.ProblemText;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class PlansTest {
  private static final Path EXAMPLES = Path.of("../workflows-examples").toAbsolutePath();
  @TempDir private Path folder;
  private WorkflowEngine engine;

  @BeforeEach
  void open() {
    Home home =
        new Home(
            folder.resolve("home"), EXAMPLES.getParent(), Map.of("OPENAI_API_KEY", "k"), List.of());
    engine = new WorkflowEngine(home);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private Checked check(Path file) {
    Checked checked = engine.check(CheckRequest.of(file, false), Set.of());
    Objects.requireNonNull(checked.tools()).close();
    assertThat(checked.isOk()).as(ProblemText.of(checked.problems())).isTrue();
    return checked;
  }

  private static Checked.Definition definition(Checked checked) {
    return Objects.requireNonNull(checked.definition());
  }

  private Kept keep(Path file) {
    return engine
        .plans()
        .keep(
            definition(check(file))
                .asPlan(
                    new PlanHeader(
                        null,
                        "A goal",
                        "2027-02-06T08:00:00Z",
                        null,
                        null,
                        String.valueOf(file.getParent()),
                        Map.of(),
                        Map.of())));
  }

  private ObjectNode written(Checked checked) {
    ObjectNode node =
        new ResolvedJson(engine.documents()).write(definition(checked).resolved()).asObject();
    node.set("workflow", PlanHeader.without(node.get("workflow")));
    node.get("servers").forEach(server -> ((ObjectNode) server).remove("file"));
    return node;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "travel.yaml",
        "dag.yaml",
        "nested.yaml",
        "trips.yaml",
        "weekend.yaml",
        "repo-digest.yaml"
      })
  void anExampleThatBecameAPlanIsCheckedToTheSameDefinition(String example) throws IOException {
    Path file = EXAMPLES.resolve(example);
    Checked before = check(file);

    Kept plan = keep(file);
    Checked asPlan = check(plan.file());

    assertThat(plan.problems()).isEmpty();
    assertThat(definition(asPlan).plan()).isEqualTo(definition(before).plan());
    assertThat(written(asPlan)).isEqualTo(written(before));
    Path again =
        Files.writeString(
            folder.resolve(example),
            YamlText.of(PlanHeader.without(Objects.requireNonNull(plan.workflow()).document())));
    assertThat(engine.documents().workflow(again).workflow())
        .isEqualTo(engine.documents().workflow(file).workflow());
  }

  private Path workflow(String name, int value) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        "name: " + name + "\nsteps: {a: {set: %d}}\n".formatted(value));
  }

  @Test
  void theSamePlanIsKeptOnce() throws IOException {
    Kept first = keep(workflow("One two", 1));
    Kept second = keep(workflow("One two", 2));

    assertThat(keep(workflow("One two", 1)).id()).isEqualTo(first.id());
    assertThat(first.id()).matches("one-two-[0-9a-f]{6}");
    assertThat(engine.plans().list())
        .extracting(Kept::id)
        .containsExactlyInAnyOrder(first.id(), second.id());
  }

  @Test
  void onlyTheUserMayReadAPlan() throws IOException {
    Path file = keep(workflow("one", 1)).file();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void aPlanIsFoundByAnUnambiguousBeginning() throws IOException {
    Kept one = keep(workflow("one", 1));
    Kept other = keep(workflow("one", 2));

    assertThat(engine.plans().find(one.id()).id()).isEqualTo(one.id());
    assertThatThrownBy(() -> engine.plans().find("one"))
        .isInstanceOf(NoSuchPlanException.class)
        .hasMessageStartingWith(
            "Expected the id of one plan, found `one`, with which several begin: one-");
    assertThat(engine.plans().delete(one.id()).id()).isEqualTo(one.id());
    assertThat(engine.plans().find("one").id()).isEqualTo(other.id());
    assertThatThrownBy(() -> engine.plans().find("../secret"))
        .isInstanceOf(NoSuchPlanException.class)
        .hasMessageStartingWith("There is no plan `../secret` in ");
  }

  @Test
  void aFileThatIsNoPlanIsListedWithTheReason() throws IOException {
    Path plans = Files.createDirectories(folder.resolve("home/plans"));
    Files.writeString(plans.resolve("x.json"), "{\"steps\": {\"a\": {\"set\": 1}}}");

    Kept listed = engine.plans().list().get(0);

    assertThat(listed.header()).isNull();
    assertThat(ProblemText.of(listed.problems()).replace(plans + "/", ""))
        .isEqualTo(
            """
            x.json:1:1: error: Expected a plan, found a workflow without the key `plan`. [no-plan]
              1 | {"steps": {"a": {"set": 1}}}
                | ^
              `workflow plan create --from FILE` makes a plan of a workflow file.\
            """);
  }

  @Test
  void aPlanWhoseFolderIsGoneSaysSo() throws IOException {
    Path work = Files.createDirectories(folder.resolve("work"));
    Path file = Files.writeString(work.resolve("w.yaml"), "steps: {a: {set: 1}}");
    Kept plan = keep(file);
    Files.delete(file);
    Files.delete(work);

    Checked checked = engine.check(CheckRequest.of(plan.file(), false), Set.of());

    assertThat(ProblemText.of(checked.problems()))
        .contains("error: There is no folder " + work + ", which the plan works in.");
  }

  @Test
  void aPlanWhoseSkillSaysSomethingElseNowIsRefused() throws IOException {
    Files.createDirectories(folder.resolve(".git"));
    Path skill = Files.createDirectories(folder.resolve("skills/brief"));
    Files.writeString(
        skill.resolve("SKILL.md"), "---\nname: brief\ndescription: d\n---\nBe brief.");
    Path file =
        Files.writeString(
            folder.resolve("w.yaml"),
            "agents: {a: {model: openai/x, skill: brief}}\nsteps: {b: {agent: a, prompt: p}}\n");
    Kept plan = keep(file);
    check(plan.file());

    Files.writeString(skill.resolve("SKILL.md"), "---\nname: brief\ndescription: d\n---\nBe long.");
    Checked changed = engine.check(CheckRequest.of(plan.file(), false), Set.of());

    assertThat(ProblemText.of(changed.problems()))
        .contains(
            "error: Expected the skill `brief` that the plan was made with, found another"
                + " definition. [pin-mismatch]");
    assertThat(changed.worst()).isEqualTo(dev.workflow.definition.Problem.Kind.UNTRUSTED);
  }
}
