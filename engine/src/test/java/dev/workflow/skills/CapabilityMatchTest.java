package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Capability;
import dev.workflow.definition.Effect;
import dev.workflow.engine.Skills.Binding;
import dev.workflow.engine.ToolSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

class CapabilityMatchTest {
  private final Vocabulary vocabulary = Vocabulary.shipped();

  @Test
  void anExplicitBindingWinsOverAnExactName() {
    assertThat(bind("weather_forecast", "b/oracle", "a/weather_forecast", "b/oracle"))
        .isEqualTo(new Binding.Bound(tool("b/oracle"), "named in bindings"));
  }

  @Test
  void anExplicitBindingToNothingIsNeverReplacedByAGuess() {
    assertThat(bind("weather_forecast", "b/oracle", "a/weather_forecast"))
        .isEqualTo(
            new Binding.Absent(
                "bindings names `b/oracle`. Looked at: server `a` (weather_forecast)."));
  }

  @Test
  void anExactNameWinsOverTheVocabularyHoweverItIsSpelt() {
    assertThat(bind("weather_forecast", null, "a/get_forecast", "b/weatherForecast"))
        .isEqualTo(new Binding.Bound(tool("b/weatherForecast"), "has the capability's name"));
  }

  @Test
  void theVocabularyKnowsOtherNames() {
    assertThat(bind("weather_forecast", null, "a/other", "b/Get-Forecast"))
        .isEqualTo(new Binding.Bound(tool("b/Get-Forecast"), "the vocabulary lists its name"));
  }

  @Test
  void twoThatFitEquallyWellAreAmbiguous() {
    assertThat(bind("tide_data", null, "a/tide_data", "b/tide_data", "c/get_tides"))
        .isEqualTo(new Binding.Ambiguous(List.of(tool("a/tide_data"), tool("b/tide_data"))));
    assertThat(bind("tide_data", null, "a/get_tides", "a/tide_times"))
        .isEqualTo(new Binding.Ambiguous(List.of(tool("a/get_tides"), tool("a/tide_times"))));
  }

  @Test
  void theSameToolTwiceIsOne() {
    assertThat(bind("tide_data", null, "a/tide_data", "a/tide_data"))
        .isEqualTo(new Binding.Bound(tool("a/tide_data"), "has the capability's name"));
  }

  @Test
  void whatIsAbsentSaysWhatWasLookedAt() {
    assertThat(bind("tide_data", null, "b/x", "a/z", "a/y"))
        .isEqualTo(
            new Binding.Absent(
                "Looked at: server `a` (y, z), server `b` (x). Known names for it: get_tides,"
                    + " tide_times, tide_predictions, get_tide_predictions."));
    assertThat(bind("own_thing", null))
        .isEqualTo(new Binding.Absent("There were no tools to look at."));
  }

  @Test
  void aCapabilityOfOnesOwnIsBoundByItsName() {
    assertThat(bind("own_thing", null, "a/own_thing"))
        .isEqualTo(new Binding.Bound(tool("a/own_thing"), "has the capability's name"));
  }

  @Test
  void reasoningIsTheModelsOwnUnlessAToolIsNamedForIt() {
    assertThat(bind("structured_reasoning", null, "a/structured_reasoning"))
        .isEqualTo(new Binding.Model());
    assertThat(bind("structured_reasoning", "a/think", "a/think"))
        .isEqualTo(new Binding.Bound(tool("a/think"), "named in bindings"));
  }

  @Test
  void noToolNameOfTheVocabularyStandsForTwoCapabilities() {
    Map<String, String> seen = new HashMap<>();
    for (String name : vocabulary.names()) {
      Capability capability = vocabulary.capability(name).orElseThrow();
      assertThat(capability.description()).endsWith(".");
      assertThat(seen.put(CapabilityMatch.plain(name), name)).isNull();
      for (String tool : capability.tools()) {
        assertThat(seen.put(CapabilityMatch.plain(tool), name)).as(tool).isNull();
      }
    }
    assertThat(vocabulary.names()).hasSizeGreaterThanOrEqualTo(40);
  }

  private Binding bind(String capability, @Nullable String explicit, String... tools) {
    List<ToolSpec> candidates = Arrays.stream(tools).map(CapabilityMatchTest::tool).toList();
    return new CapabilityMatch(vocabulary, candidates).bind(capability, explicit);
  }

  private static ToolSpec tool(String fullName) {
    int slash = fullName.indexOf('/');
    return new ToolSpec(
        fullName.substring(0, slash),
        fullName.substring(slash + 1),
        "",
        "",
        JsonNodeFactory.instance.objectNode(),
        null,
        Effect.READ,
        true,
        "d");
  }
}
