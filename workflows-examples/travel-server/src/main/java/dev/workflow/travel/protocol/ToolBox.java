package dev.workflow.travel.protocol;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The tools behind a server. */
public interface ToolBox {
  /** The array of tool definitions that {@code tools/list} gives. */
  JsonNode definitions();

  /** What tool {@code name} answers; empty if there is no such tool. */
  Optional<ToolAnswer> call(String name, ObjectNode arguments);

  /** Names of the tools, for messages. */
  String names();
}
