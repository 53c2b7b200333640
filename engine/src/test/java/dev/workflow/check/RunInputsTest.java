package dev.workflow.check;

import static dev.workflow.check.CheckWorld.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.check.RunInputs.Given;
import dev.workflow.check.RunInputs.Inputs;
import dev.workflow.definition.ProblemText;
import dev.workflow.schema.JsonSchemas;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RunInputsTest {
  private static final JsonNode SCHEMA =
      json(
          """
          {'type':'object','additionalProperties':false,
           'required':['place','days'],
           'properties':{
             'place':{'type':'string','description':'Where to.'},
             'days':{'type':'integer','minimum':1},
             'budget':{'type':'number'},
             'quick':{'type':'boolean','default':false},
             'tags':{'type':'array','items':{'type':'string'}},
             'mode':{'enum':['car','1',2]},
             'when':{'type':['string','null']}}}
          """);

  @Test
  void textsAreReadAsTheDeclaredType() {
    assertThat(
            given(
                    "place",
                    "7",
                    "days",
                    " 3 ",
                    "budget",
                    "2.50",
                    "quick",
                    "true",
                    "tags",
                    "['a','b']",
                    "mode",
                    "1",
                    "when",
                    "null")
                .values())
        .isEqualTo(
            json(
                """
                {'place':'7','days':3,'budget':2.5,'quick':true,'tags':['a','b'],'mode':'1',
                 'when':null}
                """));
    assertThat(given("place", "x", "days", "3", "mode", "2").values().get("mode"))
        .isEqualTo(json("2"));
  }

  @Test
  void defaultsAreFilledInAndOptionalOnesLeftOut() {
    Inputs inputs = given("place", "Raglan", "days", "2");

    assertThat(inputs.problems()).isEmpty();
    assertThat(inputs.values()).isEqualTo(json("{'place':'Raglan','days':2,'quick':false}"));
  }

  @Test
  void everyMistakeIsToldWithWhatToDo() {
    assertThat(ProblemText.of(given("days", "soon", "plcae", "x", "quick", "yes").problems()))
        .isEqualTo(
            """
            --input days: error: Input `days` does not fit: expected integer, found "soon". [wrong-input]

            --input place: error: Input `place` (string) is required. [missing-input]
              Give it: --input place=VALUE. place: Where to.

            --input plcae: error: There is no input `plcae`. [unknown-input]
              Did you mean `place`?

            --input quick: error: Input `quick` does not fit: expected boolean, found "yes". [wrong-input]""");
  }

  @Test
  void valuesAreTakenAsTheyAre() {
    Inputs inputs =
        new RunInputs(new JsonSchemas())
            .check(
                SCHEMA,
                Map.of(
                    "place", new Given.Value(json("'x'")), "days", new Given.Value(json("'3'"))));

    assertThat(inputs.problems())
        .extracting(problem -> problem.message())
        .containsExactly("Input `days` does not fit: expected integer, found \"3\".");
  }

  @Test
  void numbersBeyondALongAreReadAsNumbersOrRefused() {
    assertThat(given("place", "x", "days", "99999999999999999999").problems()).hasSize(1);
    assertThat(given("place", "x", "days", "1", "budget", "99999999999999999999").problems())
        .isEmpty();
  }

  private static Inputs given(String... namesAndTexts) {
    Map<String, Given> given = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      given.put(namesAndTexts[i], new Given.Text(namesAndTexts[i + 1].replace('\'', '"')));
    }
    return new RunInputs(new JsonSchemas()).check(SCHEMA, given);
  }
}
