package dev.workflow.ranking;

/** What is known of tools before any is offered. */
record Knowledge(StemWeights stems, KnownTools tools) {

  /** What the engine brings along. */
  static Knowledge shipped() {
    StemWeights stems = StemWeights.shipped();
    return new Knowledge(stems, KnownTools.shipped(stems, server -> true));
  }
}
