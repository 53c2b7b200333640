package dev.workflow.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Embeddings;
import dev.workflow.engine.Ranking.Offered;
import dev.workflow.engine.Ranking.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptVectorsTest {
  @TempDir private Path folder;
  private final List<String> made = new ArrayList<>();

  /** Near each other are texts of like length. */
  private final Embeddings byLength =
      new Embeddings() {
        @Override
        public String name() {
          return "by-length";
        }

        @Override
        public float[] vector(String text) {
          made.add(text);
          double angle = Math.min(1.5, text.length() / 100.0);
          return new float[] {(float) Math.cos(angle), (float) Math.sin(angle)};
        }
      };

  @Test
  void aVectorIsMadeOnceForAllProcesses() {
    KeptVectors first = new KeptVectors(byLength, folder);
    float[] vector = first.vector("a text");
    assertThat(first.vector("a text")).isSameAs(vector);
    first.write();

    assertThat(new KeptVectors(byLength, folder).vector("a text")).isEqualTo(vector);
    assertThat(made).containsExactly("a text");
  }

  @Test
  void onlySoManyAreKeptThoseThatWereAskedForLast() {
    KeptVectors vectors = new KeptVectors(byLength, folder, 2);
    List.of("one", "three", "one", "eleven").forEach(vectors::vector);
    vectors.write();
    made.clear();

    KeptVectors again = new KeptVectors(byLength, folder, 2);
    List.of("one", "eleven", "three").forEach(again::vector);
    assertThat(made).containsExactly("three");
  }

  @Test
  void whatCannotBeReadIsMadeAgain() throws IOException {
    KeptVectors vectors = new KeptVectors(byLength, folder);
    vectors.vector("a text");
    vectors.write();
    try (Stream<Path> files = Files.list(folder)) {
      Path file = files.findFirst().orElseThrow();
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 3));
    }
    made.clear();
    new KeptVectors(byLength, folder).vector("a text");
    assertThat(made).containsExactly("a text");
  }

  @Test
  void whereNothingCanBeWrittenItGoesOn() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    KeptVectors vectors = new KeptVectors(byLength, file.resolve("below"));
    vectors.vector("a text");
    vectors.write();
    assertThat(made).containsExactly("a text");
  }

  @Test
  void embeddingsHaveTheirShareInTheConfidence() {
    Offered nothing = new Offered("a/b", "a", "b", "c", List.of());
    Wanted wanted = new Wanted("zzz", List.of());
    ToolRanking with =
        RankingFigures.ranking(Weights.DEFAULT, Optional.of(new KeptVectors(byLength, folder)));

    assertThat(with.method()).isEqualTo("BM25 and by-length");
    double near = with.rank(wanted, List.of(nothing)).get(0).confidence();
    assertThat(near).isGreaterThan(0.5);
    assertThat(
            RankingFigures.ranking(Weights.DEFAULT, Optional.empty())
                .rank(wanted, List.of(nothing)))
        .isEmpty();
    assertThat(made).contains("zzz", "a b: c");
  }
}
