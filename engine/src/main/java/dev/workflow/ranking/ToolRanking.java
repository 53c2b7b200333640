package dev.workflow.ranking;

import dev.workflow.engine.Ranking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Ranks by BM25 over names, descriptions, parameters and the phrases by which known tools are asked
 * for; and by embeddings, where there are any. Nothing is loaded before it is first asked. Safe for
 * several threads.
 */
public final class ToolRanking implements Ranking {
  private static final double STEPS = 10_000;

  private final Weights weights;
  private final Supplier<Knowledge> knowledge;
  private final Supplier<Optional<KeptVectors>> vectors;
  private @Nullable Loaded loaded;
  private @Nullable Prepared prepared;

  ToolRanking(
      Weights weights, Supplier<Knowledge> knowledge, Supplier<Optional<KeptVectors>> vectors) {
    this.weights = weights;
    this.knowledge = knowledge;
    this.vectors = vectors;
  }

  /** With the embeddings of the class path, or else of the jars in {@code embeddings} of a home. */
  public static ToolRanking in(Path home) {
    return new ToolRanking(
        Weights.DEFAULT,
        () -> Knowledge.shipped(),
        () ->
            EmbeddingJars.find(home.resolve("embeddings"))
                .map(found -> new KeptVectors(found, home.resolve("vectors"))));
  }

  /** What only those need who rank: most commands make a ranking and never ask it. */
  private record Loaded(Knowledge knowledge, @Nullable KeptVectors vectors) {
    /**
     * Tells at its start that the JVM runs without a module that we do not need; kept alive here.
     */
    private static final Logger MODULES =
        Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

    private static final Comparator<Ranked> LIKELIEST =
        Comparator.comparingDouble(Ranked::confidence)
            .reversed()
            .thenComparing(ranked -> ranked.offered().id());
  }

  private Loaded loaded() {
    Loaded ready = loaded;
    if (ready == null) {
      Loaded.MODULES.setLevel(Level.OFF);
      ready = new Loaded(knowledge.get(), vectors.get().orElse(null));
      loaded = ready;
    }
    return ready;
  }

  @Override
  public synchronized String method() {
    KeptVectors meaning = loaded().vectors();
    return meaning == null ? "BM25" : "BM25 and " + meaning.name();
  }

  @Override
  public synchronized List<Ranked> rank(Wanted wanted, List<Offered> offered) {
    Loaded ready = loaded();
    Prepared current = prepared;
    if (current == null || !current.offered().equals(offered)) {
      current = new Prepared(offered, ready.knowledge(), weights, ready.vectors());
      prepared = current;
    }
    List<Evidence> evidence = current.evidence(Asked.of(wanted, weights), weights);
    List<Ranked> ranked = new ArrayList<>();
    for (int i = 0; i < offered.size(); i++) {
      double rounded = Math.round(evidence.get(i).confidence() * STEPS) / STEPS;
      if (rounded > 0) {
        ranked.add(new Ranked(offered.get(i), rounded));
      }
    }
    if (ready.vectors() != null) {
      ready.vectors().write();
    }
    ranked.sort(Loaded.LIKELIEST);
    return List.copyOf(ranked);
  }
}
