package dev.workflow.check;

import static dev.workflow.check.CheckWorld.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.PlanHeader;
import dev.workflow.engine.PlanProposal;
import dev.workflow.engine.Planner.Bounds;
import dev.workflow.engine.Planner.Draft;
import dev.workflow.engine.Planner.Verdict;
import dev.workflow.engine.Resolved;
import dev.workflow.expression.CelExpressions;
import dev.workflow.run.Plan;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.skills.SkillFolders;
import dev.workflow.yaml.YamlDocuments;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PlanCheckTest {
  private static final JsonSchemas SCHEMAS = new JsonSchemas();
  private static final String AROUND =
      """
      name: around
      models: {m: openai/gpt-5}
      mcp: {s: {command: s}}
      agents:
        planner: {model: m, servers: [s]}
        worker: {model: m, servers: [s], tools: [s/look]}
      steps:
        plan: {plan: planner, prompt: go, allow: {agents: [worker], tools: [s/look, s/pay]}}
        go: {workflow: "${plan}"}
      """;

  @TempDir private Path folder;
  private Resolved around;
  private PlanCheck check;

  @BeforeEach
  void aWorkflowWithTools() {
    CheckWorld world =
        new CheckWorld(folder)
            .usable("openai/gpt-5")
            .tool(
                "s",
                "look",
                Effect.READ,
                "{'type':'object','properties':{'n':{'type':'integer'}},'required':['n'],"
                    + "'additionalProperties':false}",
                "{'type':'object','properties':{'found':{'type':'integer'}}}")
            .closed("s", "pay", Effect.DESTRUCTIVE)
            .closed("s", "delete", Effect.DESTRUCTIVE);
    Checked checked = world.check(AROUND);
    assertThat(checked.problems()).isEmpty();
    around = Objects.requireNonNull(checked.definition()).resolved();
    YamlDocuments documents = new YamlDocuments(SCHEMAS);
    check =
        new PlanCheck(
            documents,
            new SkillFolders(documents, SCHEMAS, folder, null),
            new CelExpressions(),
            SCHEMAS);
  }

  private Draft draft(String proposal) {
    Bounds bounds = new Bounds(Set.of("worker"), Set.of("s/look", "s/pay"));
    return new Draft(around, bounds, "plan", "a goal", json(proposal));
  }

  private List<String> problems(String proposal) {
    return switch (check.check(draft(proposal))) {
      case Verdict.Sound sound -> List.of();
      case Verdict.Unsound unsound -> unsound.problems();
    };
  }

  private Verdict.Sound sound(Draft draft) {
    Verdict verdict = check.check(draft);
    assertThat(verdict).isInstanceOf(Verdict.Sound.class);
    return (Verdict.Sound) verdict;
  }

  @Test
  void aSoundProposalBecomesAPlanWithTheAgentsThatItAsks() {
    Verdict.Sound sound =
        sound(
            draft(
                "{'reasons':'why','steps':{'a':{'tool':'s/look','with':{'n':1}},"
                    + "'b':{'agent':'worker','prompt':'see {a.found}'}}}"));

    JsonNode document = sound.workflow().document();
    assertThat(PlanHeader.of(document).orElseThrow().reasons()).isEqualTo("why");
    assertThat(PlanHeader.of(document).orElseThrow().goal()).isEqualTo("a goal");
    assertThat(document.path("agents").propertyNames()).containsExactly("worker");
    assertThat(sound.plan().nodes()).extracting(Plan.Node::id).containsExactly("a", "b");
  }

  @Test
  void theDraftOfASoundPlanIsSoundAndTheSame() {
    Verdict.Sound first =
        sound(
            draft(
                "{'reasons':'why','name':'n','inputs':{'x':'integer'},"
                    + "'steps':{'a':{'steps':{'b':{'set':'${x}'}}}},'outputs':{'o':'${a.b}'}}"));

    Verdict.Sound again =
        sound(Draft.of(around, draft("{}").bounds(), first.workflow().document()));

    assertThat(again).isEqualTo(first);
    assertThat(check.read(first.workflow().document())).isEqualTo(first.workflow());
  }

  @Test
  void whatIsNotAllowedIsRefusedThoughTheWorkflowHasIt() {
    assertThat(problems("{'steps':{'a':{'tool':'s/delete','with':{}}}}"))
        .containsExactly(
            "Step `a`: this plan may not use the tool `s/delete`. Known: s/look, s/pay.");
    assertThat(problems("{'steps':{'a':{'steps':{'b':{'agent':'planner','prompt':'p'}}}}}"))
        .containsExactly("Step `a/b`: this plan may not use the agent `planner`. Known: worker.");
    assertThat(problems("{'steps':{'a':{'agent':{'model':'m'},'prompt':'p'}}}"))
        .containsExactly("Step `a`: this plan may not use the agent `a`. Known: worker.");
    assertThat(problems("{'steps':{'a':{'agent':'${string(1)}','prompt':'p'}}}"))
        .hasSizeGreaterThan(0)
        .first()
        .asString()
        .startsWith("Step `a`: this plan may not use the agent");
  }

  @Test
  void theOneCheckHoldsForPlansToo() {
    assertThat(problems("{'steps':{'a':{'set':'${b}'},'b':{'set':'${a}'}}}"))
        .containsExactly(
            "These steps wait for each other: a -> b -> a. Leave one of these references out; to"
                + " repeat work after a verdict use `revise`.");
    assertThat(problems("{'steps':{'a':{'tool':'s/look','with':{'m':1}}}}"))
        .containsExactly(
            "Argument `n` (integer) of tool `s/look` is missing.",
            "There is no argument `m` of tool `s/look`. Known: n.");
    assertThat(problems("{'steps':{'a':{'tool':'s/look','with':{'n':1}},'b':{'set':'${a.fund}'}}}"))
        .first()
        .asString()
        .contains("fund");
    assertThat(problems("{'steps':{'a':{'sett':1}}}")).isNotEmpty();
    assertThat(problems("{'steps':{}}")).isNotEmpty();
  }

  @Test
  void aPlanCannotWidenWhatHolds() {
    assertThat(
            problems(
                "{'agents':{'worker':{'tools':['s/delete']}},'mcp':{},'limits':{'cost':'9 USD'},"
                    + "'steps':{'a':{'set':1}}}"))
        .hasSize(3)
        .allMatch(problem -> problem.contains("is not for a plan to say"));
    assertThat(problems("{'steps':{'a':{'tool':'s/pay','with':{},'effects':'read'}}}"))
        .containsExactly(
            "Step `a`: a plan does not say what effects a call has; leave out `effects`.");
    assertThat(problems("{'steps':{'a':{'tool':'s/look','with':{'n':1},'cache':'1h'}}}"))
        .contains("Step `a`: a plan does not say what is kept; leave out `cache`.");
    assertThat(problems("{'steps':{'a':{'tool':'s/look','with':{'n':1},'effects':'write'}}}"))
        .isEmpty();
    for (String verb :
        List.of("'workflow':'x.yaml'", "'workflow':'${b}'", "'plan':'worker','prompt':'p'")) {
      assertThat(problems("{'steps':{'a':{" + verb + "},'b':{'set':1}}}"))
          .as(verb)
          .anyMatch(problem -> problem.endsWith("is not for a plan to use."));
    }
  }

  @Test
  void theSchemaOfProposalsIsSoundAndLeavesOutWhatAPlanMayNotSay() {
    JsonNode schema = PlanProposal.SCHEMA;

    assertThat(SCHEMAS.checkSchema(schema)).isEmpty();
    assertThat(schema.path("properties").propertyNames())
        .containsExactly("reasons", "name", "description", "inputs", "steps", "outputs");
    assertThat(schema.at("/$defs/step/properties").propertyNames())
        .contains("tool", "agent", "ask", "steps", "each", "needs")
        .doesNotContain("workflow", "plan", "allow", "skill", "effects", "cache");
    assertThat(schema.toString()).doesNotContain("markdownDescription", "defaultSnippets");
    assertThat(
            SCHEMAS.validate(
                schema,
                json(
                    "{'reasons':'r','steps':{'a':{'tool':'s/look','with':{'n':1}},"
                        + "'b':{'agent':'w','prompt':'p','output':{'n':'integer'}}}}")))
        .isEmpty();
    assertThat(SCHEMAS.validate(schema, json("{'reasons':'r','steps':{'a':{'plan':'x'}}}")))
        .isNotEmpty();
  }
}
