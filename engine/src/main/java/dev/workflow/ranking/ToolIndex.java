package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/**
 * What is offered, in an index in memory that is asked by BM25. Queries are built, never parsed.
 */
final class ToolIndex {

  /** Of a description, or of all parameters; what follows is not looked at. */
  static final int CHARS_MAX = 4_000;

  /** The number in {@link #offered}. */
  private static final String NUMBER = "number";

  /** How much of the other fields is added to that in which a word counts most. */
  private static final float OTHERS = 0.3f;

  private final List<Offered> offered;
  private final StemWeights weights;
  private final IndexSearcher searcher;

  ToolIndex(List<Offered> offered, StemWeights weights) {
    this.offered = List.copyOf(offered);
    this.weights = weights;
    FieldBm25 similarity = new FieldBm25(weights);
    try {
      ByteBuffersDirectory directory = new ByteBuffersDirectory();
      IndexWriterConfig config = new IndexWriterConfig(Stems.analyzer()).setSimilarity(similarity);
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (int number = 0; number < offered.size(); number++) {
          writer.addDocument(document(offered.get(number), number));
        }
      }
      this.searcher = new IndexSearcher(DirectoryReader.open(directory));
      searcher.setSimilarity(similarity);
    } catch (IOException e) {
      throw new UncheckedIOException("An index in memory cannot be made", e);
    }
  }

  private static Document document(Offered offered, int number) {
    Document document = new Document();
    document.add(new StoredField(NUMBER, number));
    for (ToolField field : ToolField.values()) {
      String text = field.of(offered);
      String cut = text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
      document.add(new Field(field.name(), Stems.parted(cut), words()));
    }
    return document;
  }

  private static FieldType words() {
    FieldType words = new FieldType();
    words.setTokenized(true);
    words.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    words.freeze();
    return words;
  }

  List<Offered> offered() {
    return offered;
  }

  /** Of each that is offered, the share of the most that anything could score; 0: none. */
  double[] scores(List<Map<String, Float>> terms) {
    double[] scores = new double[offered.size()];
    if (terms.isEmpty() || offered.isEmpty()) {
      return scores;
    }
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    double most = 0;
    for (Map<String, Float> variants : terms) {
      query.add(ways(variants), BooleanClause.Occur.SHOULD);
      most +=
          ToolField.NAME.boost()
              * variants.entrySet().stream()
                  .mapToDouble(each -> each.getValue() * weights.of(each.getKey()))
                  .max()
                  .orElse(0);
    }
    try {
      StoredFields stored = searcher.storedFields();
      for (ScoreDoc hit : searcher.search(query.build(), offered.size()).scoreDocs) {
        IndexableField number = stored.document(hit.doc).getField(NUMBER);
        scores[number.numericValue().intValue()] = hit.score / most;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("An index in memory cannot be read", e);
    }
    return scores;
  }

  private static Query ways(Map<String, Float> variants) {
    List<Query> ways = new ArrayList<>();
    variants.forEach(
        (stem, weight) -> {
          for (ToolField field : ToolField.values()) {
            ways.add(
                new BoostQuery(
                    new TermQuery(new Term(field.name(), stem)), field.boost() * weight));
          }
        });
    return new DisjunctionMaxQuery(ways, OTHERS);
  }
}
