package dev.workflow.ranking;

/**
 * What counts, and how much. Chosen on the tuning part of the labelled queries.
 *
 * @param words whether BM25 counts
 * @param names of the words in known names of tools, where a word itself is 1
 * @param phrases whether it counts by which phrases known tools are asked for
 */
record Weights(boolean words, float names, boolean phrases) {
  static final Weights DEFAULT = new Weights(true, 0.25f, true);
}
