package dev.workflow.mcp;

import java.nio.file.Path;

/**
 * Where a server entry comes from.
 *
 * @param file the file that defines it, as it was named when it was read
 * @param folder the folder of that file; a relative {@code cwd} counts from here
 * @param workspace the folder that servers start in unless they say otherwise
 */
public record ServerOrigin(Layer layer, String file, Path folder, Path workspace) {

  /** The file, from wherever this process is. */
  Path path() {
    return folder.toAbsolutePath().resolve(Path.of(file).getFileName()).normalize();
  }

  /** The places that may define servers, highest precedence first. */
  public enum Layer {
    COMMAND_LINE("--mcp-config"),
    WORKFLOW("workflow"),
    WORKSPACE("workspace"),
    USER("user");

    private final String word;

    Layer(String word) {
      this.word = word;
    }

    /** The word of messages and JSON. */
    public String word() {
      return word;
    }

    /** Whether its entries are the user's own, so that they need no approval. */
    public boolean isUsersOwn() {
      return this == COMMAND_LINE || this == USER;
    }
  }
}
