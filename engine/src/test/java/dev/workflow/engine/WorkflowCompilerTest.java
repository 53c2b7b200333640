package dev.workflow.engine;

import static dev.workflow.engine.DefinitionWorld.json;
import static dev.workflow.engine.DefinitionWorld.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.OnError;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.WorkflowCompiler.Compilation;
import dev.workflow.engine.WorkflowCompiler.Mistake;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class WorkflowCompilerTest {
  private static final String OPTIONS =
      "{'type':'object','properties':{'options':{'type':'array','items':{'type':'string'}}}}";

  @Test
  void theStepsOwnOutputComesBeforeTheContractOfItsSkill() {
    DefinitionWorld world =
        new DefinitionWorld()
            .agent("planner", "plan")
            .skill("plan", "{'type':'object'}")
            .step("a", new Verb.Agent("planner", "Go.", List.of()), null, null, OPTIONS)
            .step("b", new Verb.Agent("planner", "Go.", List.of()));

    assertThat(type(world, "a")).isEqualTo(json(OPTIONS));
    assertThat(type(world, "b")).isEqualTo(json("{'type':'object'}"));
  }

  @Test
  void anAgentWithoutAContractWritesText() {
    DefinitionWorld world =
        new DefinitionWorld()
            .agent("free", null)
            .step("a", new Verb.Agent("free", "Go.", List.of()))
            .step("b", new Verb.Agent("nobody", "Go.", List.of()));

    assertThat(type(world, "a")).isEqualTo(json("{'type':'string'}"));
    assertThat(type(world, "b")).as("an unknown agent may give anything").isEqualTo(json("{}"));
  }

  @Test
  void aToolGivesItsOutputSchemaAndOneWithoutGivesAnything() {
    JsonNode nothing = json("{}");
    DefinitionWorld world =
        new DefinitionWorld()
            .tool("files", "list", OPTIONS)
            .tool("files", "read", null)
            .binding("file_list", "files/list")
            .step("a", new Verb.Tool("files", "list", nothing))
            .step("b", new Verb.Tool("files", "read", nothing))
            .step("c", new Verb.Capability("file_list", nothing));

    assertThat(type(world, "a")).isEqualTo(json(OPTIONS));
    assertThat(type(world, "b")).isEqualTo(nothing);
    assertThat(type(world, "c")).isEqualTo(json(OPTIONS));
  }

  @Test
  void aQuestionWithoutAFormIsApprovedOrRejected() {
    DefinitionWorld world = new DefinitionWorld().step("ok", new Verb.Ask("Fine?", null));

    assertThat(step(world, "ok").outputSchema())
        .isEqualTo(
            json(
                "{'type':'object','properties':{'decision':{'type':'string','enum':['approve','reject']},"
                    + "'note':{'type':'string'}},'required':['decision'],'additionalProperties':false}"));
  }

  @Test
  void typesFlowThroughSetStepsWhateverTheirOrder() {
    DefinitionWorld world =
        new DefinitionWorld()
            .step("last", set("{'x':'${middle.first}'}"))
            .step("middle", set("{'first':'${start.options}'}"))
            .step("start", set("{'n':1}"), null, null, OPTIONS);

    assertThat(type(world, "last").at("/properties/x/items/type").asString()).isEqualTo("string");
  }

  @Test
  void theVariableOfAnEachHasTheTypeOfTheElements() {
    DefinitionWorld world =
        new DefinitionWorld()
            .step("start", set("{}"), null, null, OPTIONS)
            .step("each", set("'${o}'"), null, each("o", "start.options", null), null)
            .step("keyed", set("'${o}'"), null, each("o", "start.options", "o"), null)
            .step("after", set("{'all':'${each}'}"));

    assertThat(type(world, "each")).isEqualTo(json("{'type':'array','items':{'type':'string'}}"));
    assertThat(type(world, "keyed"))
        .isEqualTo(json("{'type':'object','additionalProperties':{'type':'string'}}"));
    assertThat(type(world, "after").at("/properties/all")).isEqualTo(type(world, "each"));
  }

  @Test
  void oneOutputOfAnEachIsHeldToTheContractOfOneElement() {
    DefinitionWorld world =
        new DefinitionWorld()
            .agent("planner", null)
            .step("start", set("{}"), null, null, OPTIONS)
            .step(
                "days",
                new Verb.Agent("planner", "plan ${o}", List.of()),
                null,
                each("o", "start.options", null),
                OPTIONS);

    assertThat(step(world, "days").outputSchema()).isEqualTo(json(OPTIONS));
    assertThat(type(world, "days").get("items")).isEqualTo(json(OPTIONS));
  }

  @Test
  void setStepsThatReadEachOtherInACircleHaveAnyType() {
    DefinitionWorld world = new DefinitionWorld().step("a", set("'${b}'")).step("b", set("'${a}'"));

    Compilation compilation = compile(world);

    assertThat(compilation.mistakes()).isEmpty();
    assertThat(type(world, "a")).isEqualTo(json("{}"));
    assertThat(step(world, "a").body().outputs()).containsExactly("b");
  }

  @Test
  void aWorkflowOfTenThousandChainedValuesIsCompiled() {
    DefinitionWorld world = new DefinitionWorld();
    for (int i = 10_000; i > 0; i--) {
      world.step("s" + i, set("'${s" + (i - 1) + "}'"));
    }
    world.step("s0", set("{}"), null, null, OPTIONS);

    assertThat(type(world, "s10000")).isEqualTo(json(OPTIONS));
  }

  @Test
  void everyMistakeIsReportedWithItsPlace() {
    DefinitionWorld world =
        new DefinitionWorld()
            .document(
                "{'steps':{'a':{'when':' nobody','each':'o in  nowhere','tool':'t/t','with':{}}}}")
            .step("ok", set("{}"), null, null, OPTIONS)
            .step(
                "a",
                new Verb.Tool("t", "t", json("{'p':{'q/r':'x ${no.way}','s':'${ok.optons}'}}")),
                "nobody",
                each("o", "nowhere", null),
                null)
            .output("end", "{'is':'${lost}'}");

    assertThat(compile(world).mistakes())
        .containsExactly(
            new Mistake("", Rule.EXPRESSION, "/steps/a/each", 6, "There is no `nowhere`.", null),
            new Mistake("", Rule.EXPRESSION, "/steps/a/with/p/q~1r", 4, "There is no `no`.", null),
            new Mistake(
                "", Rule.EXPRESSION, "/steps/a/with/p/s", 5, "There is no field `optons`.", null),
            new Mistake("", Rule.EXPRESSION, "/steps/a/when", 1, "There is no `nobody`.", null),
            new Mistake("", Rule.EXPRESSION, "/outputs/end/is", 2, "There is no `lost`.", null));
  }

  @Test
  void soundPartsBesideAMistakeKeepTheirReferences() {
    DefinitionWorld world =
        new DefinitionWorld()
            .step("ok", set("{}"))
            .step("a", set("{'good':'${ok} ${steps.ok.status}','bad':'${lost}'}"));

    assertThat(step(world, "a").body().outputs()).containsExactly("ok");
    assertThat(step(world, "a").body().endings()).containsExactly("ok");
    assertThatThrownBy(() -> compile(world).sound())
        .hasMessage(
            "The journaled definition no longer compiles: /steps/a/set/bad: There is no `lost`.");
  }

  @Test
  void eachContextHasItsOwnLocalNames() {
    JsonNode with = json("{'key':'${call.key}','o':'${o} ${run.id}'}");
    DefinitionWorld world =
        new DefinitionWorld()
            .step("start", set("{}"), null, null, OPTIONS)
            .step(
                "a",
                new Verb.Tool("t", "t", with),
                "o",
                each("o", "start.options", "o"),
                null,
                null,
                new OnError.Output(json("'${error.kind} ${o}'")));

    assertThat(compile(world).mistakes()).isEmpty();
    assertThat(step(world, "a").body().locals()).containsExactlyInAnyOrder("call", "o", "run");
    assertThat(Objects.requireNonNull(step(world, "a").when()).locals()).containsExactly("o");
    assertThat(Objects.requireNonNull(step(world, "a").recovery()).locals())
        .containsExactlyInAnyOrder("error", "o");

    DefinitionWorld wrong =
        new DefinitionWorld().step("a", set("{'k':'${call.key}','e':'${error.kind}'}"));
    assertThat(compile(wrong).mistakes())
        .extracting(Mistake::message)
        .containsExactly("There is no `call`.", "There is no `error`.");
  }

  @Test
  void aVerdictIsReadFromTheJudgesOwnOutput() {
    DefinitionWorld world =
        new DefinitionWorld()
            .step("plan", set("{}"))
            .step(
                "judge",
                set("{}"),
                null,
                null,
                new Step.Revise("plan", "judge.options", null, false),
                OPTIONS,
                new OnError.Fail());

    assertThat(Objects.requireNonNull(step(world, "judge").reviseWhen()).outputs())
        .containsExactly("judge");
  }

  @Test
  void aWaitIsADurationOrOneTime() {
    DefinitionWorld world =
        new DefinitionWorld()
            .step("start", set("{}"), null, null, OPTIONS)
            .step("a", new Verb.Wait("20s"))
            .step("b", new Verb.Wait("${start.options}"));

    assertThat(step(world, "a").body().outputs()).isEmpty();
    assertThat(step(world, "b").body().outputs()).containsExactly("start");
  }

  @Test
  void inputsAreTypedByTheirSchema() {
    DefinitionWorld world =
        new DefinitionWorld()
            .inputs(
                "{'properties':{'trip':{'$ref':'#/$defs/trip'}},'$defs':{'trip':{'type':'object'}}}")
            .step("a", set("'${trip}'"));

    assertThat(type(world, "a"))
        .isEqualTo(json("{'$ref':'#/$defs/trip','$defs':{'trip':{'type':'object'}}}"));
  }

  private static Step.Each each(String variable, String in, @Nullable String key) {
    return new Step.Each(variable, in, 0, key, null);
  }

  private static Compilation compile(DefinitionWorld world) {
    return new WorkflowCompiler(new PathExpressions()).compile(world.resolved());
  }

  private static CompiledStep step(DefinitionWorld world, String id) {
    return Objects.requireNonNull(compile(world).workflow().steps().get(id));
  }

  private static JsonNode type(DefinitionWorld world, String id) {
    return step(world, id).resultType();
  }
}
