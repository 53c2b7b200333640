package dev.workflow.ranking;

/**
 * How much what counts. Chosen on the tuning part of the labelled queries.
 *
 * @param everyday of what an everyday word means, where a word itself is 1; 0: words as written
 * @param names of the words in known names of tools
 * @param meaning share of the embeddings in the confidence, where there are any
 */
record Weights(float everyday, float names, float meaning) {
  static final Weights DEFAULT = new Weights(0.6f, 0.25f, 0.5f);
}
