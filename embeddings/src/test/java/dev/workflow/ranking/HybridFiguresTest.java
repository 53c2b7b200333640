package dev.workflow.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.ranking.LabelledQueries.Query;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of {@code docs/ranking.md} that need embeddings, a little below what was reached. */
class HybridFiguresTest {
  @TempDir private Path folder;

  @Test
  void embeddingsAreFoundAndMakeTheRankingBetter() {
    Optional<KeptVectors> vectors =
        EmbeddingJars.find(folder).map(found -> new KeptVectors(found, folder));
    ToolRanking hybrid = RankingFigures.ranking(Weights.DEFAULT, vectors);

    assertThat(hybrid.method()).isEqualTo("BM25 and all-minilm-l6-v2-q");
    Figures tuning = Figures.of(hybrid, query -> !query.held());
    Figures held = Figures.of(hybrid, Query::held);
    assertThat(tuning.hitAt3()).isGreaterThanOrEqualTo(0.94);
    assertThat(held.hitAt3()).isGreaterThanOrEqualTo(0.93);
  }
}
