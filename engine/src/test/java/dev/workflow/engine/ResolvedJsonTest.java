package dev.workflow.engine;

import static dev.workflow.engine.DefinitionWorld.json;
import static dev.workflow.engine.DefinitionWorld.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Money;
import dev.workflow.definition.Policy;
import dev.workflow.definition.SkillFile;
import dev.workflow.definition.Workflow;
import dev.workflow.run.StepPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ResolvedJsonTest {
  private final Resolved plain =
      new DefinitionWorld()
          .document("{'name':'test','steps':{'a':{'set':1}}}")
          .skill("plan", "{'type':'string'}")
          .skill("free", null)
          .tool("files", "list", "{'type':'object'}")
          .tool("files", "read", null)
          .binding("file_list", "files/list")
          .step("a", set("1"))
          .resolved();

  private final Resolved full =
      new Resolved(
          plain.workflow(),
          Map.of(
              "planner",
              new Agent(
                  "planner",
                  "gpt-5",
                  "plan",
                  null,
                  "brief",
                  List.of("files"),
                  List.of("files/list"),
                  new Policy(false, true, true, 7),
                  new Allowance(10_000, Money.parse("1.50 USD"), 8, 9, Duration.ofSeconds(90), 1),
                  true)),
          plain.skills(),
          plain.tools(),
          plain.bindings(),
          Map.of("weather_forecast", List.of("files/list", "other/list")),
          Map.of("planner", List.of("files/list")),
          Map.of(
              "gpt-5",
              List.of(
                  ModelRef.of("openai", "gpt-5"),
                  new ModelRef("openai", "x", "http://localhost:1", 0.1, "low", 4096, true))),
          json("{'replies':[]}"),
          json("{'files':{'command':'files'}}"),
          Map.of(
              "openai/gpt-5",
              Price.of(
                      json(
                          "{'input_cost_per_token':1.5e-6,'output_cost_per_token':1e-5,'mode':'chat'}"))
                  .orElseThrow()),
          Map.of("legs/day.yaml", plain));

  private final ResolvedJson codec = new ResolvedJson(new OneWorkflow(plain.workflow()));

  @Test
  void whatWasWrittenIsReadBackEqual() {
    String text = JsonMapper.shared().writeValueAsString(codec.write(full));

    assertThat(codec.read(JsonMapper.shared().readTree(text))).isEqualTo(full);
    assertThat(codec.read(codec.write(plain))).isEqualTo(plain);
  }

  @Test
  void aDefinitionOfAnotherVersionIsRefused() {
    assertThatThrownBy(() -> codec.read(json("{'version':2}")))
        .hasMessage(
            "This definition was journaled in version 2 of its format; this engine reads version 1."
                + " Resume the run with the engine that started it.");
  }

  @Test
  void whatAStepOfAnotherWorkflowGivesIsFoundThere() {
    JsonNode definition =
        json(
            """
            {'workflow': {'steps': {'g': {'steps': {'w': {'workflow': 'legs/a.yaml'}}}}},
             'outputs': {},
             'tools': {},
             'workflows': {
               'legs/a.yaml': {
                 'workflow': {'steps': {'pay': {'tool': 's/t'}}},
                 'outputs': {'pay': {'type': 'object'}},
                 'tools': {'s/t': {'output': {'type': 'array'}}}}}}
            """);

    assertThat(ResolvedJson.outputOfStep(definition, StepPath.parse("g[0]/w~1/pay")))
        .isEqualTo(json("{'type': 'object'}"));
    assertThat(ResolvedJson.outputOfStep(definition, StepPath.parse("pay"))).isNull();
    assertThat(ResolvedJson.outputOf(definition, "s/t")).isEqualTo(json("{'type': 'array'}"));
  }

  @Test
  void whatAStepInTheWorkflowOfASkillGivesIsFoundWithoutReadingIt() {
    JsonNode definition =
        json(
            """
            {'workflow': {'steps': {'go': {'agent': 'guide'}, 'too': {'workflow': 'day'}}},
             'agents': {'guide': {'skill': 'day'}, 'too': {'skill': 'day'}},
             'skills': {'day': {'workflow': 'flows/main.yaml'}},
             'workflows': {
               '@guide@day/flows/main.yaml': {
                 'workflow': {'steps': {'more': {'workflow': 'more.yaml'}}}},
               '@guide@day/flows/more.yaml': {'outputs': {'a': {'type': 'string'}}},
               '@too@day/flows/main.yaml': {'outputs': {'a': {'type': 'number'}}}}}
            """);

    assertThat(ResolvedJson.outputOfStep(definition, StepPath.parse("go/more/a")))
        .isEqualTo(json("{'type': 'string'}"));
    assertThat(ResolvedJson.outputOfStep(definition, StepPath.parse("too/a")))
        .isEqualTo(json("{'type': 'number'}"));
  }

  @Test
  void theTextsBesideASkillAreKeptWholeAndComparedByTheirHashes() {
    Resolved one = withFile("a");
    JsonNode written = codec.write(one);

    assertThat(written.at("/skills/s/files/f.md").stringValue()).isEqualTo("a");
    assertThat(codec.read(written).skills()).isEqualTo(one.skills());
    assertThat(
            ResolvedJson.skillText(Objects.requireNonNull(one.skills().get("s")))
                .at("/files/f.md")
                .stringValue())
        .isEqualTo(Canonical.hash("a"));
    assertThat(
            new Difference(one, withFile("b"), false, Set.of())
                .changes().stream().map(Object::toString).toList())
        .anyMatch(change -> change.contains("skill") && change.contains("files"));
  }

  private static Resolved withFile(String text) {
    return new DefinitionWorld()
        .document("{'name':'test','steps':{}}")
        .skill("s", null, new SkillFile("f.md", text))
        .resolved();
  }

  @Test
  void aMissingFieldIsNamed() {
    assertThatThrownBy(() -> codec.read(json("{'version':1,'workflow':{'name':'test'}}")))
        .hasMessageContaining("must have the field \"agents\"");
  }

  /** Knows one workflow by its long form. */
  private record OneWorkflow(Workflow workflow) implements Documents {
    @Override
    public Workflow restore(JsonNode document) {
      return workflow;
    }

    @Override
    public Reading workflow(Path file) {
      throw unexpected();
    }

    @Override
    public Reading workflow(String name, String text) {
      throw unexpected();
    }

    @Override
    public Tree tree(Path file, String schema) {
      throw unexpected();
    }

    @Override
    public Tree part(Path file, String text) {
      throw unexpected();
    }

    private static UnsupportedOperationException unexpected() {
      return new UnsupportedOperationException("Only long forms are read here.");
    }
  }
}
