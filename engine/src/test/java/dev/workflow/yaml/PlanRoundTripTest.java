package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Reading;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A plan is a workflow in its long form, in JSON: both ways nothing is lost. */
class PlanRoundTripTest {
  private static final PlanHeader HEADER =
      new PlanHeader(
          "a-1",
          "A day \u0007\u007f\u0090\ufffe in \"Raglan\" \uD83D\uDE00 \u2028",
          "2027-02-06T08:00:00Z",
          "So it is.",
          "261121-6v3p4n",
          "/home/me",
          Map.of("travel", Map.of("geocode", "0".repeat(64))),
          Map.of("travel-plan", "1".repeat(64)));

  @Property(tries = 300)
  void aWorkflowThatBecameAPlanAndAWorkflowAgainIsEqual(@ForAll("longForms") ObjectNode document) {
    Workflow before = Yaml.sound(document.toString());

    String json = PlanText.of(HEADER.over(before.document()));
    Workflow plan = Yaml.sound(json);
    String yaml = YamlText.of(PlanHeader.without(plan.document()));

    assertThat(Yaml.sound(yaml)).isEqualTo(before);
    assertThat(PlanHeader.of(plan.document())).contains(HEADER);
    assertThat(violations(Yaml.json(json))).isEmpty();
  }

  @Provide
  Arbitrary<ObjectNode> longForms() {
    return LongForms.documents();
  }

  @Test
  void aShortFormBecomesAPlanInItsLongForm() {
    Workflow before = Yaml.sound(ShortFormTest.SEED);

    Workflow plan = Yaml.sound(PlanText.of(HEADER.over(before.document())));

    assertThat(plan.document().has("flow")).isFalse();
    assertThat(plan.steps()).isEqualTo(before.steps());
  }

  @Test
  void aProblemOfAPlanHasItsPlaceInTheJson() {
    Reading reading =
        Yaml.read(
            """
            {
              "name": "trip",
              "plan": {"goal": "A day", "pins": {"skills": {"travel-plan": "abc"}}},
              "steps": {
                "place": {"tool": "geocode"}
              }
            }
            """);

    assertThat(ProblemText.of(reading.problems()))
        .isEqualTo(
            """
            w.yaml:3:64: error: Expected a SHA-256 as 64 hexadecimal digits for \
            `plan.pins.skills.travel-plan`, found the text "abc". [wrong-value]
              3 |   "plan": {"goal": "A day", "pins": {"skills": {"travel-plan": "abc"}}},
                |                                                                ^

            w.yaml:5:23: error: Expected a tool as server/tool for `steps.place.tool`, found the \
            text "geocode". [wrong-value]
              5 |     "place": {"tool": "geocode"}
                |                       ^
              Such as `tool: travel/weather_forecast`.\
            """);
  }

  @Test
  void thePublishedSchemaOfPlansAsksForWhatAWorkflowNeedNotHave() {
    assertThat(violations(Yaml.json("{\"steps\":{\"a\":{\"set\":1}}}"))).hasSize(2);
    assertThat(
            violations(
                Yaml.json(
                    "{\"name\":\"n\",\"plan\":{\"goal\":\"g\"},\"steps\":{\"a\":{\"set\":1}}}")))
        .hasSize(2);
  }

  /** By the schema of plans, in which that of workflows stands in the place of its reference. */
  private static java.util.List<String> violations(JsonNode plan) {
    ObjectNode schema = Shipped.schema("plan.schema.json").deepCopy().asObject();
    assertThat(schema.remove("$ref").stringValue()).isEqualTo(Shipped.WORKFLOW);
    ObjectNode whole = Shipped.schema(Shipped.WORKFLOW).deepCopy().asObject();
    schema.remove("$id");
    schema.remove("$schema");
    whole.putArray("allOf").add(schema);
    return Yaml.VALIDATOR.validate(whole, plan).stream().map(v -> v.text()).toList();
  }
}
