package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Wanted;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is wanted, as it is asked of the index and of the embeddings.
 *
 * @param terms the stems that count, with their weights
 * @param text as it was written
 */
record Asked(Map<String, Float> terms, String text) {
  private static final int TEXT_CHARS_MAX = 2_000;
  private static final int STEMS_MAX = 96;

  static Asked of(Wanted wanted, Weights weights) {
    String text = cut(wanted.text());
    Map<String, Float> terms = new LinkedHashMap<>();
    Stems.of(text).stream()
        .limit(STEMS_MAX)
        .filter(stem -> !Stems.COMMON.contains(stem))
        .forEach(stem -> terms.put(stem, 1f));
    wanted.names().stream()
        .flatMap(name -> Stems.of(cut(name)).stream())
        .filter(stem -> weights.names() > 0 && !Stems.COMMON.contains(stem))
        .limit(STEMS_MAX)
        .forEach(stem -> terms.putIfAbsent(stem, weights.names()));
    return new Asked(terms, text);
  }

  private static String cut(String text) {
    return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
  }
}
