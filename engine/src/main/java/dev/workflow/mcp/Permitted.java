package dev.workflow.mcp;

import dev.workflow.engine.Canonical;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server may ask of us: people by every server, the rest as its entry says. It is declared
 * in the greeting, so that it holds for a session: entries that differ in it share none.
 *
 * @param roots the folders that it is told to work in; empty: it is told nothing of folders
 * @param sampling whether it may have models asked
 */
record Permitted(List<Path> roots, boolean sampling) {
  static final Permitted NOTHING = new Permitted(List.of(), false);

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  Permitted {
    roots = List.copyOf(roots);
  }

  /** What the greeting declares. */
  ObjectNode capabilities() {
    ObjectNode capabilities = JSON.objectNode();
    capabilities.putObject("elicitation").putObject("form");
    if (!roots.isEmpty()) {
      capabilities.putObject("roots");
    }
    if (sampling) {
      capabilities.putObject("sampling");
    }
    return capabilities;
  }

  /** The answer to {@code roots/list}. */
  ObjectNode listOfRoots() {
    ObjectNode result = JSON.objectNode();
    ArrayNode list = result.putArray("roots");
    for (Path root : roots) {
      ObjectNode one = list.addObject().put("uri", uri(root));
      if (root.getFileName() != null) {
        one.put("name", root.getFileName().toString());
      }
    }
    return result;
  }

  /** The same whether the folder exists or not. */
  private static String uri(Path folder) {
    String uri = folder.toUri().toString();
    boolean slash = uri.endsWith("/") && folder.getFileName() != null;
    return slash ? uri.substring(0, uri.length() - 1) : uri;
  }

  /** The key of the sessions that a launch and this make possible. */
  String key(Launch launch) {
    if (roots.isEmpty() && !sampling) {
      return launch.key();
    }
    ArrayNode parts = JSON.arrayNode().add(launch.key()).add(listOfRoots());
    return Canonical.hash(sampling ? parts.add("sampling") : parts);
  }
}
