package dev.workflow.ranking;

import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.Explanation;
import org.apache.lucene.search.TermStatistics;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.PerFieldSimilarityWrapper;
import org.apache.lucene.search.similarities.Similarity;

/**
 * BM25 with the weight of words and the usual length of texts given. In the plain one both are
 * those of the texts in the index, and what a tool scores changes with each tool beside it.
 */
final class FieldBm25 extends PerFieldSimilarityWrapper {

  /** From about which number of occurrences on a further one adds little. */
  private static final float SATURATION = 1.2f;

  /** How much a long text is held against its words. */
  private static final float LENGTH = 0.5f;

  private final StemWeights weights;

  FieldBm25(StemWeights weights) {
    this.weights = weights;
  }

  @Override
  public Similarity get(String field) {
    ToolField of = ToolField.valueOf(field);
    return new Given(weights, of.usualStems(), of == ToolField.GROUP ? 0 : LENGTH);
  }

  private static final class Given extends BM25Similarity {
    private final StemWeights weights;
    private final float usualStems;

    Given(StemWeights weights, float usualStems, float length) {
      super(SATURATION, length);
      this.weights = weights;
      this.usualStems = usualStems;
    }

    @Override
    public Explanation idfExplain(CollectionStatistics collection, TermStatistics term) {
      return Explanation.match(weights.of(term.term().utf8ToString()), "given weight of a word");
    }

    @Override
    protected float avgFieldLength(CollectionStatistics collection) {
      return usualStems;
    }
  }
}
