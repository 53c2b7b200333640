package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a step gives against what the tool behind it requires. */
class SupplyTest {
  private static final String TRIP =
      "{'type':'object','required':['from','to'],'properties':{'from':{'type':'string'},"
          + "'to':{'$ref':'#/$defs/place'},'days':{'type':'integer'}}}";

  @TempDir private Path folder = Path.of("unset");

  private String problems(String output) {
    return new CheckWorld(folder)
        .tool(
            "travel",
            "route",
            Effect.READ,
            "{'type':'object','properties':{'trip':%s,'all':{'type':'array','items':%s}},"
                    .formatted(TRIP, TRIP)
                + "'$defs':{'place':{'type':'object','required':['town'],'additionalProperties':false,"
                + "'properties':{'town':{'type':'string'}}}}}",
            null)
        .problems(
            """
            agents: {planner: {model: openai/gpt-5}}
            models: {}
            steps:
              trip:
                agent: planner
                prompt: go
                output: OUTPUT
              route: {tool: travel/route, with: {trip: "${trip}"}}
            """
                .replace("OUTPUT", output));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: string, to: {town: string}} | ",
        "{from: string, to: {town: string}, more: any} | ",
        "{from: string, to: any} | ",
        "{type: object} | ",
        "{type: object, properties: {from: {type: string}}, additionalProperties: true} | ",
        "{from: string} | `to` is required, and it has only `from`",
        "{form: string, to: {town: string}} | `from` is required, and it has only `form`, `to`",
        "{from: string, to: {city: string}} | `to.town` is required, and it has only `city`",
        "{from: string, to: {town: string, far: boolean}} | it has `to.far`, which is refused",
        "{from: integer, to: {town: string}} | `from` is to be string and is integer",
        "{from: string, to: {town: string}, days?: string} | `days` is to be integer and is string",
      })
  void aValueHasToSupplyWhatIsRequired(String output, String misfit) {
    String said = problems(output);

    if (misfit == null) {
      assertThat(said).doesNotContain("unfit-value");
    } else {
      assertThat(said)
          .contains(
              "flow.yaml:8:44: error: The value does not fit the arguments of tool `travel/route`: "
                  + misfit
                  + ". [unfit-value]");
    }
  }

  @Test
  void theElementsOfAListAreLookedAt() {
    CheckWorld world =
        new CheckWorld(folder)
            .tool(
                "travel",
                "route",
                Effect.READ,
                "{'type':'object','properties':{'all':{'type':'array','items':{'type':'object',"
                    + "'required':['to']}}}}",
                null);

    assertThat(
            world.problems(
                """
                steps:
                  trips: {set: [], output: {type: array, items: {type: object, properties: {form: {type: string}}}}}
                  route: {tool: travel/route, with: {all: "${trips}"}}
                """))
        .isEqualTo(
            """
            flow.yaml:3:43: error: The value does not fit the arguments of tool `travel/route`: `[].to` is required, and it has only `form`. [unfit-value]
              3 |   route: {tool: travel/route, with: {all: "${trips}"}}
                |                                           ^
              Let the step that gives it have such a field, or pass the fields one by one.\
            """);
  }
}
