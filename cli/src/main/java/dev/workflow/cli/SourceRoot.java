package dev.workflow.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder to which the places of problems are relative: what a service that shows them beside
 * the sources takes as the root of the repository.
 */
record SourceRoot(Path folder) {

  /** The checkout that CI names, else the nearest folder with {@code .git}, else this folder. */
  static SourceRoot of(Map<String, String> environment) {
    Path here = Path.of("").toAbsolutePath().normalize();
    String checkout = environment.getOrDefault("GITHUB_WORKSPACE", "");
    if (!checkout.isBlank() && here.startsWith(Path.of(checkout).normalize())) {
      return new SourceRoot(Path.of(checkout).normalize());
    }
    Path root = here;
    while (root != null && !Files.exists(root.resolve(".git"))) {
      root = root.getParent();
    }
    return new SourceRoot(root == null ? here : root);
  }

  /** Whether a file is below the folder. */
  boolean holds(String file) {
    return absolute(file).startsWith(folder);
  }

  /** The path of a file from the folder, with slashes; of one elsewhere the whole path. */
  String path(String file) {
    Path path = holds(file) ? folder.relativize(absolute(file)) : absolute(file);
    return path.toString().replace('\\', '/');
  }

  /** The same as a URI: relative, or with the scheme {@code file}. */
  String uri(String file) {
    if (!holds(file)) {
      return absolute(file).toUri().toASCIIString();
    }
    try {
      String uri = new URI(null, null, "/" + path(file), null).toASCIIString().substring(1);
      return uri.replace(":", "%3A"); // A first name with a colon would be read as a scheme.
    } catch (URISyntaxException e) {
      throw new IllegalStateException("No path: " + file, e);
    }
  }

  private static Path absolute(String file) {
    return Path.of(file).toAbsolutePath().normalize();
  }
}
