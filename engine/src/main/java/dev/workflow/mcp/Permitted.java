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
 */
record Permitted(List<Path> roots) {
  static final Permitted NOTHING = new Permitted(List.of());

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
    return roots.isEmpty()
        ? launch.key()
        : Canonical.hash(JSON.arrayNode().add(launch.key()).add(listOfRoots()));
  }
}
