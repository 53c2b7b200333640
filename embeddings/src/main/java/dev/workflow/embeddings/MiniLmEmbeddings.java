package dev.workflow.embeddings;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.workflow.engine.Embeddings;
import org.jspecify.annotations.Nullable;

/** The quantized all-MiniLM-L6-v2, whose vectors have 384 numbers. Loaded by the first text. */
public final class MiniLmEmbeddings implements Embeddings {
  private @Nullable EmbeddingModel model;

  /** For the service loader. */
  public MiniLmEmbeddings() {}

  @Override
  public String name() {
    return "all-minilm-l6-v2-q";
  }

  @Override
  public synchronized float[] vector(String text) {
    EmbeddingModel loaded = model;
    if (loaded == null) {
      loaded = load();
      model = loaded;
    }
    float[] vector = loaded.embed(text).content().vector();
    double length = 0;
    for (float number : vector) {
      length += (double) number * number;
    }
    float[] unit = vector.clone();
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (unit[i] / Math.sqrt(length));
    }
    return unit;
  }

  /** The model looks for its file with the class loader of the thread, which need not be ours. */
  private static EmbeddingModel load() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(MiniLmEmbeddings.class.getClassLoader());
    try {
      return new AllMiniLmL6V2QuantizedEmbeddingModel();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
