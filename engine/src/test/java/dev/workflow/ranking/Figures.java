package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import dev.workflow.engine.Ranking.Ranked;
import dev.workflow.engine.Ranking.Wanted;
import dev.workflow.ranking.LabelledQueries.Query;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How often a right tool is the first, and among the first three.
 *
 * @param queries how many were asked
 */
record Figures(int queries, int first, int firstThree) {

  double hitAt1() {
    return (double) first / queries;
  }

  double hitAt3() {
    return (double) firstThree / queries;
  }

  /** Asks those queries that have a right answer, of all tools. */
  static Figures of(ToolRanking ranking, Predicate<Query> meant) {
    return of(query -> ranking, meant);
  }

  /** The same where each query has a ranking of its own. */
  static Figures of(Function<Query, ToolRanking> rankings, Predicate<Query> meant) {
    List<Offered> tools = LabelledQueries.tools();
    int queries = 0;
    int first = 0;
    int firstThree = 0;
    for (Query query : LabelledQueries.queries()) {
      if (!query.accept().isEmpty() && meant.test(query)) {
        List<Boolean> right =
            rankings.apply(query).rank(wanted(query), tools).stream()
                .limit(3)
                .map(Ranked::offered)
                .map(tool -> query.accept().contains(tool.id()))
                .toList();
        queries++;
        first += !right.isEmpty() && right.get(0) ? 1 : 0;
        firstThree += right.contains(true) ? 1 : 0;
      }
    }
    return new Figures(queries, first, firstThree);
  }

  /** A capability is asked for as a binding asks for it. */
  static Wanted wanted(Query query) {
    return query.capability()
        ? new Wanted(
            query.text().replace('_', ' ') + ": " + query.words(),
            LabelledQueries.knownNames(query.text()))
        : new Wanted(query.text(), List.of());
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f | %.3f", hitAt1(), hitAt3());
  }
}
