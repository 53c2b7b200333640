package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.engine.Ranking;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Skills.Need;
import dev.workflow.engine.Skills.Proposal;
import dev.workflow.engine.ToolExperience;
import dev.workflow.engine.ToolExperience.Tally;
import dev.workflow.engine.ToolSpec;
import dev.workflow.ranking.LabelledQueries;
import dev.workflow.ranking.LabelledQueries.Query;
import dev.workflow.ranking.ToolRanking;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.skills.SkillFolders;
import dev.workflow.yaml.YamlDocuments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RankedSkillsTest {
  private static final String PLACE =
      "{\"type\":\"object\",\"properties\":{\"place\":{\"type\":\"string\"}},\"required\":[\"place\"]}";

  private static final String ACCOUNT =
      PLACE.replace("\"required\":[\"place\"]", "\"required\":[\"place\",\"account_id\"]");

  private static final ToolSpec FORECAST =
      tool(
          "sky/daily_weather_outlook",
          "Tells the weather to expect at a place on a date: forecast of temperature and rain.",
          Effect.READ);

  private static final ToolSpec CHART =
      tool("draw/bar_chart", "Draws bars of numbers.", Effect.READ);

  @TempDir private Path home;
  private ToolRanking ranking = ToolRanking.in(Path.of("none"));

  @BeforeEach
  void aHomeWithoutEmbeddings() {
    ranking = ToolRanking.in(home);
  }

  @Test
  void aToolThatIsByFarTheLikeliestIsCertain() {
    Proposal proposal = proposed("weather_forecast", FORECAST, CHART).orElseThrow();

    assertThat(proposal.certain()).isTrue();
    assertThat(proposal.tools()).containsExactly(FORECAST);
    assertThat(proposal.reason())
        .matches("by far the likeliest \\(sky/daily_weather_outlook \\d\\.\\d\\d\\)");
  }

  @Test
  void ofThreeThatAreAlikeNoneIsChosen() {
    Proposal proposal =
        proposed("weather_forecast", FORECAST, of("b", FORECAST), of("a", FORECAST)).orElseThrow();

    assertThat(proposal.certain()).isFalse();
    assertThat(proposal.tools()).extracting(ToolSpec::server).containsExactly("a", "b", "sky");
    assertThat(proposal.reason()).endsWith("(too near each other)");
  }

  @Test
  void whatHasNothingInCommonIsNotProposed() {
    assertThat(proposed("weather_forecast", CHART)).isEmpty();
    assertThat(proposed("weather_forecast")).isEmpty();
  }

  @Test
  void aToolOfHigherEffectThanExpectedIsProposedOnly() {
    ToolSpec writes = tool(FORECAST.fullName(), FORECAST.description(), Effect.WRITE);
    Proposal proposal = proposed("weather_forecast", writes).orElseThrow();

    assertThat(proposal.certain()).isFalse();
    assertThat(proposal.reason()).endsWith("(its effect is write, expected read)");
  }

  @Test
  void aToolThatRequiresWhatNobodySuppliesIsNoCandidate() {
    ToolSpec account = with(FORECAST, ACCOUNT);

    assertThat(proposed("weather_forecast", account)).isEmpty();
    assertThat(proposed(new Need("weather_forecast", Set.of("place")), account)).isEmpty();
    assertThat(proposed(new Need("weather_forecast", Set.of("place", "account_id")), account))
        .isPresent();
    assertThat(proposed(new Need("weather_forecast", Set.of("town")), FORECAST)).isEmpty();
  }

  @Test
  void earlierRunsPutToolsInOrderWithinBoundsAndMakeNoneCertain() {
    ToolSpec other = of("able", FORECAST);
    ToolExperience earlier =
        capability ->
            Map.of(FORECAST.fullName(), new Tally(1_000_000, 0), other.fullName(), new Tally(0, 9));
    RankedSkills known = new RankedSkills(vocabulary(), ranking, earlier);
    Need need = new Need("weather_forecast", null);

    Proposal proposal = known.propose(need, List.of(other, FORECAST)).orElseThrow();
    assertThat(proposal.tools()).containsExactly(FORECAST, other);
    assertThat(proposal.certain()).isFalse();
    assertThat(known.propose(need, List.of(CHART))).isEmpty();
    assertThat(proposed("weather_forecast", other, FORECAST).orElseThrow().tools())
        .containsExactly(other, FORECAST);
  }

  @Test
  void whatIsBoundByNameIsNeverRanked() {
    Ranking none =
        new Ranking() {
          @Override
          public List<Ranked> rank(Wanted wanted, List<Offered> offered) {
            throw new AssertionError("ranked");
          }

          @Override
          public String method() {
            return "none";
          }
        };
    RankedSkills skills = new RankedSkills(vocabulary(), none, ToolExperience.NONE);
    ToolSpec named = tool("sky/get_forecast", "", Effect.READ);

    assertThat(skills.bind("weather_forecast", List.of(named), Map.of()))
        .isInstanceOf(Skills.Binding.Bound.class);
  }

  @Test
  void toolsThatHaveNothingToDoWithItChangeNothing() {
    List<ToolSpec> tools = labelled();
    RankedSkills skills = new RankedSkills(vocabulary(), ranking, ToolExperience.NONE);
    int certain = 0;
    for (Query query : LabelledQueries.queries()) {
      if (query.capability() && !query.held()) {
        Need need = new Need(query.text(), null);
        Proposal amongAll = skills.propose(need, tools).orElse(null);
        if (amongAll != null) {
          assertThat(skills.propose(need, amongAll.tools())).contains(amongAll);
          certain += amongAll.certain() ? 1 : 0;
        }
      }
    }
    assertThat(certain).isGreaterThan(2);
  }

  @Test
  void aCapabilityOfOnesOwnIsProposedOnly() {
    Proposal proposal = proposed("daily_weather_outlook_forecast", FORECAST).orElseThrow();

    assertThat(proposal.tools()).containsExactly(FORECAST);
    assertThat(proposal.certain()).isFalse();
    assertThat(proposal.reason())
        .endsWith("(a capability that is not of the vocabulary is never bound by ranking)");
  }

  @Test
  void ofTheLabelledCapabilitiesWhatIsCertainIsRight() {
    List<ToolSpec> tools = labelled();
    int certain = 0;
    for (Query query : LabelledQueries.queries()) {
      if (query.capability() && !query.held()) {
        Proposal proposal =
            proposed(new Need(query.text(), null), tools.toArray(ToolSpec[]::new)).orElse(null);
        if (proposal != null && proposal.certain()) {
          certain++;
          assertThat(query.accept()).contains(proposal.tools().get(0).fullName());
        }
      }
    }
    assertThat(certain).isGreaterThan(2);
  }

  /** The labelled tools as if none changed anything and each got its arguments. */
  private static List<ToolSpec> labelled() {
    return LabelledQueries.tools().stream()
        .map(
            offered ->
                with(
                    tool(offered.id(), offered.description(), Effect.READ),
                    "{\"type\":\"object\"}"))
        .toList();
  }

  private Optional<Proposal> proposed(String capability, ToolSpec... tools) {
    return proposed(new Need(capability, null), tools);
  }

  private Optional<Proposal> proposed(Need need, ToolSpec... tools) {
    return new RankedSkills(vocabulary(), ranking, ToolExperience.NONE)
        .propose(need, List.of(tools));
  }

  private SkillFolders vocabulary() {
    JsonSchemas schemas = new JsonSchemas();
    return new SkillFolders(new YamlDocuments(schemas), schemas, home, null);
  }

  private static ToolSpec of(String server, ToolSpec tool) {
    return tool(server + "/" + tool.name(), tool.description(), tool.effect());
  }

  private static ToolSpec tool(String fullName, String description, Effect effect) {
    int slash = fullName.indexOf('/');
    return new ToolSpec(
        fullName.substring(0, slash),
        fullName.substring(slash + 1),
        "",
        description,
        JsonMapper.shared().readTree(PLACE),
        null,
        effect,
        true,
        "digest");
  }

  private static ToolSpec with(ToolSpec tool, String inputSchema) {
    return new ToolSpec(
        tool.server(),
        tool.name(),
        tool.title(),
        tool.description(),
        JsonMapper.shared().readTree(inputSchema),
        null,
        tool.effect(),
        tool.openWorld(),
        tool.digest());
  }
}
