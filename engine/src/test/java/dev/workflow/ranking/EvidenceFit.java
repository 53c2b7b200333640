package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import dev.workflow.ranking.LabelledQueries.Query;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints the numbers of {@link Evidence}: the logistic regression of what is right by what speaks
 * for it, over the queries that are not held aside and all tools.
 */
final class EvidenceFit {
  private static final int ROUNDS = 40;
  private static final double RIDGE = 1e-3;

  private EvidenceFit() {}

  private record Row(Evidence evidence, boolean right) {
    double[] given() {
      Double meaning = evidence.meaning();
      return new double[] {evidence.words(), meaning == null ? 0 : meaning, 1};
    }
  }

  /** With the embeddings of the class path. */
  public static void main(String[] arguments) {
    KeptVectors vectors =
        EmbeddingJars.find(Path.of("none"))
            .map(
                found ->
                    new KeptVectors(
                        found, Path.of(System.getProperty("java.io.tmpdir"), "ranking-vectors")))
            .orElseThrow();
    for (Optional<KeptVectors> with :
        List.of(Optional.<KeptVectors>empty(), Optional.of(vectors))) {
      for (boolean known : new boolean[] {true, false}) {
        double[] fitted = fit(rows(known, with));
        System.out.printf(
            Locale.ROOT,
            "known %s, embeddings %s: words %.1f, meaning %.1f, base %.1f%n",
            known,
            with.isPresent(),
            fitted[0],
            fitted[1],
            fitted[2]);
      }
    }
  }

  private static List<Row> rows(boolean known, Optional<KeptVectors> vectors) {
    Weights weights = new Weights(true, Weights.DEFAULT.names(), known);
    List<Offered> tools = LabelledQueries.tools();
    Prepared prepared = new Prepared(tools, Knowledge.shipped(), weights, vectors.orElse(null));
    List<Row> rows = new ArrayList<>();
    for (Query query : LabelledQueries.queries()) {
      if (!query.held()) {
        List<Evidence> evidence =
            prepared.evidence(Asked.of(Figures.wanted(query), weights), weights);
        for (int i = 0; i < tools.size(); i++) {
          rows.add(new Row(evidence.get(i), query.accept().contains(tools.get(i).id())));
        }
      }
    }
    return rows;
  }

  /** Newton's method, halving a step that makes it worse. */
  private static double[] fit(List<Row> rows) {
    double[] weights = new double[3];
    double loss = loss(rows, weights);
    for (int round = 0; round < ROUNDS; round++) {
      double[] step = step(rows, weights);
      double part = 1;
      double[] next = moved(weights, step, part);
      while (loss(rows, next) > loss && part > 1e-6) {
        part /= 2;
        next = moved(weights, step, part);
      }
      weights = next;
      loss = loss(rows, weights);
    }
    return weights;
  }

  private static double[] step(List<Row> rows, double[] weights) {
    double[][] matrix = new double[3][4];
    for (int i = 0; i < 3; i++) {
      matrix[i][i] = RIDGE;
      matrix[i][3] = RIDGE * weights[i];
    }
    for (Row row : rows) {
      double[] given = row.given();
      double share = 1 / (1 + Math.exp(-product(weights, given)));
      double off = share - (row.right() ? 1 : 0);
      for (int i = 0; i < 3; i++) {
        matrix[i][3] += off * given[i];
        for (int j = 0; j < 3; j++) {
          matrix[i][j] += share * (1 - share) * given[i] * given[j];
        }
      }
    }
    return solved(matrix);
  }

  /** By elimination; the matrix of the regression is positive, so no pivot is needed. */
  private static double[] solved(double[][] matrix) {
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        if (i != j) {
          double times = matrix[j][i] / matrix[i][i];
          for (int k = i; k < 4; k++) {
            matrix[j][k] -= times * matrix[i][k];
          }
        }
      }
    }
    return new double[] {
      matrix[0][3] / matrix[0][0], matrix[1][3] / matrix[1][1], matrix[2][3] / matrix[2][2]
    };
  }

  private static double[] moved(double[] weights, double[] step, double part) {
    double[] next = weights.clone();
    for (int i = 0; i < 3; i++) {
      next[i] -= part * step[i];
    }
    return next;
  }

  private static double loss(List<Row> rows, double[] weights) {
    double sum = RIDGE / 2 * product(weights, weights);
    for (Row row : rows) {
      double odds = product(weights, row.given());
      sum += Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds))) - (row.right() ? odds : 0);
    }
    return sum;
  }

  private static double product(double[] some, double[] others) {
    return some[0] * others[0] + some[1] * others[1] + some[2] * others[2];
  }
}
