package dev.workflow.ranking;

import dev.workflow.engine.Embeddings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Finds embeddings: on the class path, else in jars of a folder. */
final class EmbeddingJars {
  private EmbeddingJars() {}

  /**
   * The first ones that are found; the folder need not be there.
   *
   * @throws java.util.ServiceConfigurationError where jars are there and cannot be used
   */
  static Optional<Embeddings> find(Path folder) {
    Optional<Embeddings> near =
        ServiceLoader.load(Embeddings.class, Embeddings.class.getClassLoader()).findFirst();
    if (near.isPresent() || !Files.isDirectory(folder)) {
      return near;
    }
    URL[] jars = jars(folder);
    if (jars.length == 0) {
      return Optional.empty();
    }
    // Never closed: classes are loaded from it for as long as there are rankings.
    URLClassLoader loader = new URLClassLoader(jars, Embeddings.class.getClassLoader());
    return ServiceLoader.load(Embeddings.class, loader).findFirst();
  }

  private static URL[] jars(Path folder) {
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(each -> each.getFileName().toString().endsWith(".jar")).sorted().toList()) {
        jars.add(url(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The folder of embeddings " + folder + " cannot be read", e);
    }
    return jars.toArray(URL[]::new);
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }
}
