package dev.workflow.engine;

/**
 * Turns texts into vectors that are near each other where the texts mean the like. Optional: found
 * as a service ({@link java.util.ServiceLoader}), it makes the ranking of tools better.
 */
public interface Embeddings {

  /** Name and version of what makes the vectors; another name, other vectors. */
  String name();

  /** The vector of a text, of length 1; the same text gives the same vector. */
  float[] vector(String text);
}
