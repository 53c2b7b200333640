package dev.workflow.ranking;

import org.jspecify.annotations.Nullable;

/**
 * How like what is asked something is.
 *
 * @param words the share of the most that BM25 could give
 * @param meaning the nearness by embeddings; null: there are none
 * @param known whether phrases are known for it, so that it is found by more, and it tells more
 *     where it is not found
 */
record Evidence(double words, @Nullable Double meaning, boolean known) {

  /**
   * By logistic regression over the tuning part and all tools, as {@code EvidenceFit} prints it.
   */
  private record Fitted(double words, double meaning, double base) {}

  private static final Fitted KNOWN_BY_WORDS = new Fitted(17.5, 0, -6.8);
  private static final Fitted UNKNOWN_BY_WORDS = new Fitted(17.8, 0, -6.0);
  private static final Fitted KNOWN_BY_BOTH = new Fitted(4.8, 13.6, -9.3);
  private static final Fitted UNKNOWN_BY_BOTH = new Fitted(4.5, 11.7, -7.4);

  /** How many of a hundred such tools are right, as a share; 0: nothing in common. */
  double confidence() {
    double near = meaning == null ? 0 : meaning;
    if (words == 0 && near == 0) {
      return 0;
    }
    Fitted fitted =
        meaning == null
            ? known ? KNOWN_BY_WORDS : UNKNOWN_BY_WORDS
            : known ? KNOWN_BY_BOTH : UNKNOWN_BY_BOTH;
    double odds = fitted.words() * words + fitted.meaning() * near + fitted.base();
    return 1 / (1 + Math.exp(-odds));
  }
}
