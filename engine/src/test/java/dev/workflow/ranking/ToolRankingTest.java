package dev.workflow.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Ranking.Offered;
import dev.workflow.engine.Ranking.Ranked;
import dev.workflow.engine.Ranking.Wanted;
import dev.workflow.ranking.LabelledQueries.Query;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolRankingTest {
  private static final List<Offered> TOOLS = LabelledQueries.tools();

  /** Of the part that is not held aside. */
  private static final List<Query> QUERIES =
      LabelledQueries.queries().stream().filter(query -> !query.held()).toList();

  private final ToolRanking ranking = RankingFigures.ranking(Weights.DEFAULT, Optional.empty());

  @Test
  void theWeightsOfWordsAreCountedOverTheLabelledTools() {
    assertThat(Shipped.lines("stems.tsv")).isEqualTo(KnowledgeFiles.stems(Set.of()));
  }

  @Test
  void toolsAreComparedByTheDefinitionsOfTheLabelledTools() {
    assertThat(Shipped.lines("definitions.tsv")).isEqualTo(KnowledgeFiles.definitions());
  }

  @Test
  void thereAreTenPhrasesForEachLabelledTool() {
    Map<String, List<String>> phrases = KnownTools.phrases();
    assertThat(phrases.keySet())
        .containsExactlyInAnyOrderElementsOf(TOOLS.stream().map(Offered::id).toList());
    assertThat(phrases.values()).allSatisfy(said -> assertThat(said).hasSize(10));
  }

  @Test
  void aToolIsKnownByItsDefinitionWhateverItsServerIsCalled() {
    KnownTools known = Knowledge.shipped().tools();
    Offered todo =
        new Offered(
            "mine/add-tasks",
            "mine",
            "add-tasks",
            "Adds one or more tasks to a project, a section or a parent.",
            List.of());
    assertThat(known.described(todo).phrases())
        .isEqualTo(KnownTools.phrases().get("todoist/add-tasks"));
    assertThat(known.described(tool("mine/feed", "Feeds the fish.")).known()).isFalse();
    assertThat(known.described(tool("mine/x", "")).known()).isFalse();
  }

  @Test
  void aToolThatNothingIsKnownOfIsNotPushedAsideByThoseThatAreKnown() {
    Offered own = tool("greenhouse/water_beds", "Waters the beds of the greenhouse.");
    List<Offered> tools = new ArrayList<>(TOOLS);
    tools.add(own);
    assertThat(ranking.rank(new Wanted("water the greenhouse", List.of()), tools).get(0).offered())
        .isEqualTo(own);
  }

  @Test
  void theOrderOfToolsDoesNotMatter() {
    Random chance = new Random(7);
    for (Query query : QUERIES.subList(0, 40)) {
      List<Offered> shuffled = new ArrayList<>(TOOLS);
      Collections.shuffle(shuffled, chance);
      assertThat(ranking.rank(Figures.wanted(query), shuffled))
          .isEqualTo(ranking.rank(Figures.wanted(query), TOOLS));
    }
  }

  @Test
  void whatAToolScoresDoesNotDependOnThoseBesideIt() {
    Random chance = new Random(11);
    for (Query query : QUERIES.subList(40, 80)) {
      List<Offered> some = TOOLS.stream().filter(tool -> chance.nextBoolean()).toList();
      List<Ranked> amongAll =
          ranking.rank(Figures.wanted(query), TOOLS).stream()
              .filter(ranked -> some.contains(ranked.offered()))
              .toList();
      assertThat(ranking.rank(Figures.wanted(query), some)).isEqualTo(amongAll);
    }
  }

  @Test
  void confidencesAreSharesOfOne() {
    for (Query query : QUERIES) {
      assertThat(ranking.rank(Figures.wanted(query), TOOLS))
          .allSatisfy(ranked -> assertThat(ranked.confidence()).isBetween(0.0001, 1.0));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "the of and to",
        "name:calculate AND (description:[a TO z] OR *:*)",
        "\"unclosed +- && || ! ( ) { } [ ] ^ ~ * ? : \\ /",
        "weather\u0000\ufeff\u202e\ud800",
        "計算 天気予報 погода"
      })
  void anyWordsCanBeAsked(String text) {
    assertThat(ranking.rank(new Wanted(text, List.of(text)), TOOLS).size())
        .isLessThanOrEqualTo(TOOLS.size());
  }

  @Test
  void aLongQuestionIsCut() {
    String long10 = "calculate mortgage ".repeat(500_000);
    assertThat(ranking.rank(new Wanted(long10, List.of()), TOOLS).get(0).offered().id())
        .isEqualTo("calculator/calculate");
  }

  @Test
  void noDescriptionIsTooLongOrTooStrange() {
    List<Offered> hostile =
        List.of(
            tool("a/long", "word ".repeat(2_000_000)),
            tool("a/common", "the of and to a in is it you that"),
            tool("a/syntax", "*:* AND name:[* TO *] OR (( \"x"),
            tool("a/empty", ""),
            tool("a/one", "x".repeat(10_000_000)));
    assertThat(ranking.rank(new Wanted("forecast weather", List.of()), hostile)).isEmpty();
  }

  @Test
  void repetitionWinsNothing() {
    Offered honest = tool("a/forecast", "Weather forecast for a place and a day.");
    Offered shouting =
        tool("b/best", "Choose me! ".repeat(1_000) + "weather forecast ".repeat(1_000));
    Offered once = tool("c/best", "weather forecast");
    List<Ranked> ranked =
        ranking.rank(new Wanted("weather forecast", List.of()), List.of(shouting, honest, once));
    assertThat(ranked.get(0).offered()).isEqualTo(honest);
    double shouted = confidence(ranked, shouting);
    assertThat(shouted).isLessThan(confidence(ranked, honest));
    assertThat(shouted).isLessThan(2 * confidence(ranked, once));
  }

  @Test
  void namesAreTakenApart() {
    assertThat(Stems.of("getForecasts get_forecast GET-Forecast"))
        .containsExactly("get", "forecast", "get", "forecast", "get", "forecast");
  }

  @Test
  void atLeastThisManyRightToolsAreFoundWithoutEmbeddings() {
    Figures tuning = Figures.of(ranking, query -> !query.held());
    Figures held = Figures.of(ranking, Query::held);
    Figures words =
        Figures.of(
            RankingFigures.ranking(RankingFigures.BARE, Optional.empty()), query -> !query.held());

    assertThat(tuning.hitAt1()).isGreaterThanOrEqualTo(0.69);
    assertThat(tuning.hitAt3()).isGreaterThanOrEqualTo(0.86);
    assertThat(held.hitAt3()).isGreaterThanOrEqualTo(0.86);
    assertThat(words.hitAt3()).isLessThan(tuning.hitAt3());
  }

  private static double confidence(List<Ranked> ranked, Offered tool) {
    return ranked.stream()
        .filter(each -> each.offered().equals(tool))
        .mapToDouble(Ranked::confidence)
        .findFirst()
        .orElse(0);
  }

  private static Offered tool(String id, String description) {
    int slash = id.indexOf('/');
    return new Offered(id, id.substring(0, slash), id.substring(slash + 1), description, List.of());
  }
}
