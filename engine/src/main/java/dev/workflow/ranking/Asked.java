package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Wanted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is wanted, as it is asked of the index and of the embeddings.
 *
 * @param terms for each word or phrase the stems that count for it, with their weights
 * @param text as it was written
 * @param meant the text with what its everyday words mean
 */
record Asked(List<Map<String, Float>> terms, String text, String meant) {
  private static final int TEXT_CHARS_MAX = 2_000;
  private static final int STEMS_MAX = 96;
  private static final int TERMS_MAX = 96;

  /** Words that say nothing about what is wanted. */
  private static final Set<String> COMMON =
      stems(
          """
          a an the and or but nor so yet of to in on at by for from with without into onto over
          under about as is are was were be been being am do does did doing done has have had
          having i me my mine we us our ours you your yours he him his she her hers it its they
          them their theirs this that these those there here what which who whom whose when where
          why how can could will would shall should may might must not no yes if then else than
          too very just only also please pls any some all each every few more most other such own
          same again now up down out off it's i'm don't doesn't can't let's let want need like
          someone somebody something anything thing things get got give me show tell make much
          many
          """);

  /** With the everyday words and the known names, or with the bare words alone. */
  static Asked of(Wanted wanted, Weights weights, EverydayWords everyday) {
    String text = cut(wanted.text());
    List<String> stems = Stems.of(text).stream().limit(STEMS_MAX).toList();
    Map<List<String>, Map<String, Float>> terms = new LinkedHashMap<>();
    for (String stem : stems) {
      if (!COMMON.contains(stem)) {
        terms.computeIfAbsent(List.of(stem), each -> new LinkedHashMap<>()).put(stem, 1f);
      }
    }
    Set<String> meanings = new LinkedHashSet<>();
    if (weights.everyday() > 0) {
      everyday
          .in(stems)
          .forEach(
              (phrase, meant) -> {
                meanings.addAll(meant);
                Map<String, Float> variants =
                    terms.computeIfAbsent(phrase, each -> new LinkedHashMap<>());
                meant.stream()
                    .flatMap(each -> Stems.of(each).stream())
                    .forEach(stem -> variants.merge(stem, weights.everyday(), Math::max));
              });
      wanted.names().stream()
          .flatMap(name -> Stems.of(cut(name)).stream())
          .filter(stem -> weights.names() > 0 && !COMMON.contains(stem))
          .forEach(stem -> known(terms, stem, weights.names()));
    }
    String meant = meanings.isEmpty() ? text : text + " (" + String.join(", ", meanings) + ")";
    return new Asked(terms.values().stream().limit(TERMS_MAX).toList(), text, meant);
  }

  /** A stem of a known name counts by itself, where the words have not said it. */
  private static void known(
      Map<List<String>, Map<String, Float>> terms, String stem, float weight) {
    terms.computeIfAbsent(List.of(stem), each -> new LinkedHashMap<>()).putIfAbsent(stem, weight);
  }

  private static String cut(String text) {
    return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
  }

  private static Set<String> stems(String text) {
    return new ArrayList<>(Stems.of(text)).stream().collect(Collectors.toUnmodifiableSet());
  }
}
