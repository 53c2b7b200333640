package dev.workflow.ranking;

import dev.workflow.ranking.LabelledQueries.Query;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Prints the table of {@code docs/ranking.md}. With `held` also of the third that is kept aside;
 * whoever tunes leaves that out.
 */
final class RankingFigures {
  /** The words as they are written. */
  static final Weights BARE = new Weights(true, 0, false);

  private RankingFigures() {}

  /** With the embeddings of the class path, where there are any. */
  public static void main(String[] arguments) {
    boolean held = List.of(arguments).contains("held");
    System.out.println(String.join("\n", table(held)));
  }

  /** The lines of the table. */
  static List<String> table(boolean held) {
    Optional<KeptVectors> vectors =
        EmbeddingJars.find(Path.of("none"))
            .map(
                found ->
                    new KeptVectors(
                        found, Path.of(System.getProperty("java.io.tmpdir"), "ranking-vectors")));
    Map<String, Function<Query, ToolRanking>> rankings = new LinkedHashMap<>();
    rankings.put("BM25", all(ranking(BARE, Optional.empty())));
    rankings.put("BM25 and vocabulary", all(ranking(Weights.DEFAULT, Optional.empty())));
    rankings.put("the same, servers unknown", leftOut(Optional.empty()));
    if (vectors.isPresent()) {
      rankings.put("embeddings", all(ranking(new Weights(false, 0, false), vectors)));
      rankings.put("hybrid", all(ranking(Weights.DEFAULT, vectors)));
      rankings.put("the same, servers unknown ", leftOut(vectors));
    }
    Map<String, Predicate<Query>> parts = new LinkedHashMap<>();
    parts.put("tuning", query -> !query.held());
    if (held) {
      parts.put("held aside", Query::held);
    }
    List<String> lines = new ArrayList<>();
    lines.add("| part | queries | ranking | hit@1 | hit@3 | hit@3 of capabilities | of tasks |");
    lines.add("|---|---|---|---|---|---|---|");
    parts.forEach(
        (part, meant) ->
            rankings.forEach((name, ranking) -> lines.add(line(part, name, ranking, meant))));
    return lines;
  }

  private static String line(
      String part, String name, Function<Query, ToolRanking> ranking, Predicate<Query> meant) {
    Figures all = Figures.of(ranking, meant);
    Figures capabilities = Figures.of(ranking, meant.and(Query::capability));
    Figures tasks = Figures.of(ranking, meant.and(query -> !query.capability()));
    return "| %s | %d | %s | %s | %.3f | %.3f |"
        .formatted(part, all.queries(), name.strip(), all, capabilities.hitAt3(), tasks.hitAt3());
  }

  static ToolRanking ranking(Weights weights, Optional<KeptVectors> vectors) {
    return new ToolRanking(weights, Knowledge::shipped, () -> vectors);
  }

  private static Function<Query, ToolRanking> all(ToolRanking ranking) {
    return query -> ranking;
  }

  /** Of a query nothing is known about the servers whose tools are right, of all others all. */
  static Function<Query, ToolRanking> leftOut(Optional<KeptVectors> vectors) {
    Map<Set<String>, ToolRanking> rankings = new HashMap<>();
    return query ->
        rankings.computeIfAbsent(
            query.servers(),
            servers -> {
              Knowledge rest = KnowledgeFiles.without(servers);
              return new ToolRanking(Weights.DEFAULT, () -> rest, () -> vectors);
            });
  }
}
