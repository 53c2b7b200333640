package dev.workflow.mcp.config;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server of another client, as an entry of ours.
 *
 * @param entry what means nothing here is kept below {@code x-CLIENT}; empty: it is no server that
 *     could be started here, and the notes say why
 * @param shared whether it stood in a file of the workspace, else in one of the user
 * @param notes what a person should know
 */
public record ImportedServer(
    String name, ObjectNode entry, Path file, boolean shared, List<String> notes) {
  public ImportedServer {
    notes = List.copyOf(notes);
  }

  /** Whether it can be taken over. */
  public boolean isServer() {
    return !entry.isEmpty();
  }
}
