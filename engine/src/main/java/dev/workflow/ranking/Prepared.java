package dev.workflow.ranking;

import dev.workflow.engine.Embeddings;
import dev.workflow.engine.Ranking.Offered;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is offered, made ready to be asked many times. */
final class Prepared {
  private final List<Offered> offered;
  private final List<Described> described;
  private final ToolIndex index;
  private final @Nullable Embeddings embeddings;
  private final List<float[]> meanings;

  Prepared(
      List<Offered> offered,
      Knowledge knowledge,
      Weights weights,
      @Nullable Embeddings embeddings) {
    this.offered = List.copyOf(offered);
    this.described =
        offered.stream()
            .map(
                each ->
                    weights.phrases()
                        ? knowledge.tools().described(each)
                        : new Described(each, List.of()))
            .toList();
    this.index = new ToolIndex(described, knowledge.stems());
    this.embeddings = embeddings;
    this.meanings =
        embeddings == null
            ? List.of()
            : described.stream().map(each -> Meaning.of(each, embeddings)).toList();
  }

  List<Offered> offered() {
    return offered;
  }

  /** Of each that is offered, in order. */
  List<Evidence> evidence(Asked asked, Weights weights) {
    double[] words = weights.words() ? index.scores(asked.terms()) : new double[offered.size()];
    float[] meant =
        embeddings == null || asked.text().isBlank() ? null : embeddings.vector(asked.text());
    List<Evidence> evidence = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      Double near = meant == null ? null : Meaning.nearness(meant, meanings.get(i));
      evidence.add(new Evidence(words[i], near, described.get(i).known()));
    }
    return evidence;
  }
}
