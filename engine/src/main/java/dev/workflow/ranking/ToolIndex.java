package dev.workflow.ranking;

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

  /** The place in the list of what is offered. */
  private static final String NUMBER = "number";

  /** How much of the other fields is added to that in which a word counts most. */
  private static final float OTHERS = 0.3f;

  private final List<Described> offered;
  private final StemWeights weights;
  private final IndexSearcher searcher;

  ToolIndex(List<Described> offered, StemWeights weights) {
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

  private static Document document(Described offered, int number) {
    Document document = new Document();
    document.add(new StoredField(NUMBER, number));
    for (ToolField field : ToolField.values()) {
      document.add(new Field(field.name(), Stems.parted(field.of(offered)), words()));
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

  /** Of each that is offered, the share of the most that anything could score; 0: none. */
  double[] scores(Map<String, Float> terms) {
    double[] scores = new double[offered.size()];
    if (terms.isEmpty() || offered.isEmpty()) {
      return scores;
    }
    BooleanQuery.Builder query = new BooleanQuery.Builder();
    double most = 0;
    for (Map.Entry<String, Float> term : terms.entrySet()) {
      query.add(wherever(term.getKey(), term.getValue()), BooleanClause.Occur.SHOULD);
      most += ToolField.NAME.boost() * term.getValue() * weights.of(term.getKey());
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

  private static Query wherever(String stem, float weight) {
    List<Query> ways = new ArrayList<>();
    for (ToolField field : ToolField.values()) {
      Query way = new TermQuery(new Term(field.name(), stem));
      ways.add(new BoostQuery(way, field.boost() * weight));
    }
    return new DisjunctionMaxQuery(ways, OTHERS);
  }
}
