package dev.workflow.ranking;

import dev.workflow.engine.Embeddings;
import dev.workflow.engine.Ranking.Offered;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How near in meaning to what is asked something is. */
final class Meaning {
  private static final int DESCRIPTION_CHARS = 200;

  private final Embeddings embeddings;
  private final float[] written;
  private final float[] meant;

  private Meaning(Embeddings embeddings, float[] written, float[] meant) {
    this.embeddings = embeddings;
    this.written = written;
    this.meant = meant;
  }

  /** Of what is asked; null: there are no embeddings. */
  static @Nullable Meaning of(Asked asked, @Nullable Embeddings embeddings) {
    return embeddings == null
        ? null
        : new Meaning(
            embeddings, embeddings.vector(asked.text()), embeddings.vector(asked.meant()));
  }

  /** From 0, nothing in common, to 1, the same; the mean over the text and what it means. */
  double nearness(Offered offered) {
    float[] vector = embeddings.vector(text(offered));
    return Math.max(0, (product(written, vector) + product(meant, vector)) / 2);
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

  private static double product(float[] some, float[] others) {
    double sum = 0;
    for (int i = 0; i < some.length; i++) {
      sum += (double) some[i] * others[i];
    }
    return sum;
  }
}
