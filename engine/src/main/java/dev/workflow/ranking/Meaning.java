package dev.workflow.ranking;

import dev.workflow.engine.Embeddings;
import dev.workflow.engine.Ranking.Offered;
import java.util.Locale;

/** What something means, to be compared with what is asked. */
final class Meaning {
  private static final int DESCRIPTION_CHARS = 200;

  /** How much the definition counts where there are phrases, which count 1 together. */
  private static final float DEFINITION = 0.5f;

  private Meaning() {}

  /** Of what is offered: the direction between its definition and its phrases. */
  static float[] of(Described described, Embeddings embeddings) {
    float[] definition = embeddings.vector(text(described.offered()));
    if (!described.known()) {
      return definition;
    }
    float[] said = new float[definition.length];
    described.phrases().forEach(phrase -> add(said, embeddings.vector(phrase), 1));
    float[] both = new float[definition.length];
    add(both, said, 1 / length(said));
    add(both, definition, DEFINITION);
    float[] unit = new float[both.length];
    add(unit, both, 1 / length(both));
    return unit;
  }

  /** From 0, nothing in common, to 1, the same. */
  static double nearness(float[] asked, float[] offered) {
    return Math.max(0, product(asked, offered));
  }

  private static String text(Offered offered) {
    String description = offered.description();
    String begin =
        description.length() > DESCRIPTION_CHARS
            ? description.substring(0, DESCRIPTION_CHARS)
            : description;
    String name = Stems.parted(offered.name()).toLowerCase(Locale.ROOT);
    return (offered.group() + " " + name + ": " + begin).strip();
  }

  private static void add(float[] sum, float[] vector, double times) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += (float) (times * vector[i]);
    }
  }

  private static double length(float[] vector) {
    return Math.sqrt(product(vector, vector));
  }

  private static double product(float[] some, float[] others) {
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += (double) some[i] * others[i];
    }
    return sum;
  }
}
