package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Values;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.expression.CelExpressions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the short form writes is understood by the expression language. */
class WrittenOutExpressionsTest {

  private final Expressions expressions = new CelExpressions();

  @Test
  void aPersonSeesWhatWasMadeAndJudgedOrThatThereIsNothing() {
    Workflow seed = Yaml.sound(ShortFormTest.SEED);
    Types types =
        new Types(
            Map.of(),
            Map.of(
                "planner", Yaml.json("{\"type\": \"object\", \"properties\": {\"days\": {}}}"),
                "verifier", Yaml.json("{\"type\": \"string\"}")),
            Map.of());
    String ask = seed.document().at("/steps/user/ask").stringValue();

    assertThat(expressions.text(ask, types).evaluate(values(Map.of("planner", "{\"days\":1}"))))
        .isEqualTo(
            new Outcome.Value(
                Yaml.json(
                    "\"review and approve\\n"
                        + "\\n"
                        + "planner:\\n"
                        + "{\\\"days\\\":1}\\n"
                        + "\\n"
                        + "verifier:\\n"
                        + "(none)\"")));
  }

  @Test
  void aDerivedOutputGivesTheConditionItsTypes() {
    String condition =
        "not judge.ok and judge.score < 3 or judge.issues.size() > 0 or judge.grade == 'x'";
    Workflow workflow =
        Yaml.sound(
            """
            agents: {judge: {}, planner: {}}
            flow:
              - planner: "plan"
              - judge: "judge"
              - "if %s then planner.revise"
            """
                .formatted(condition));
    Step judge = workflow.steps().get(1);
    JsonNode output = judge.output();
    assertThat(output).isNotNull();
    Types types = new Types(Map.of(), Map.of("judge", output), Map.of());

    assertThat(expressions.compile(condition, types, Wanted.BOOLEAN).outputs())
        .containsExactly("judge");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type", "list", "map", "size", "string", "int", "bool", "user", "item", "has", "max", "dyn"
      })
  void aNameThatIsAllowedIsAnExpression(String name) {
    assertThat(ProblemText.of(Yaml.read("steps: {" + name + ": {set: 1}}").problems())).isEmpty();
    assertThat(compile(name).outputs()).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"for", "in", "null", "and", "not", "while", "inputs", "steps", "package"})
  void aNameThatIsRefusedIsNone(String name) {
    assertThat(Yaml.read("steps: {\"" + name + "\": {set: 1}}").problems())
        .extracting(problem -> problem.rule())
        .containsExactly(Rule.RESERVED_NAME);
  }

  private Expressions.Expression compile(String name) {
    Types types = new Types(Map.of(), Map.of(name, Yaml.json("{\"type\": \"integer\"}")), Map.of());
    return expressions.compile(name + " > 0", types, Wanted.BOOLEAN);
  }

  private static Values values(Map<String, String> outputs) {
    return new Values() {
      @Override
      public JsonNode inputs() {
        return Yaml.json("{}");
      }

      @Override
      public @Nullable JsonNode output(String step) {
        String output = outputs.get(step);
        return output == null ? null : Yaml.json(output);
      }

      @Override
      public JsonNode ending(String step) {
        return Yaml.json("{\"status\": \"skipped\"}");
      }

      @Override
      public @Nullable JsonNode local(String name) {
        return null;
      }
    };
  }
}
