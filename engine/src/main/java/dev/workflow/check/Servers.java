package dev.workflow.check;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Source;
import dev.workflow.engine.Tools;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Finds the MCP servers that a workflow can use: its own, and those of the files around it. */
public interface Servers {

  /**
   * Finds them and starts none.
   *
   * @param workflows the workflow, and then those that its steps run; their entries count alike
   */
  Opened open(List<Written> workflows);

  /**
   * A workflow that may define servers.
   *
   * @param source places of its own entries, below {@code /mcp}
   * @param folder that its paths are relative to, and whose workspace is its own
   */
  record Written(Workflow workflow, Source source, Path file, Path folder) {}

  /**
   * The servers of one workflow.
   *
   * @param entries the entries to journal, environment not expanded
   * @param required servers without which no run of the workflow may start, whether a step uses
   *     them or not, each with the place of its entry
   * @param hashes of each entry as it is written, without secrets, by alias
   * @param problems of the entries; a server that is not trusted is told by {@link Tools#list}
   */
  record Opened(
      Tools tools,
      JsonNode entries,
      Map<String, Place> required,
      Map<String, String> hashes,
      List<Problem> problems) {
    public Opened {
      hashes = Map.copyOf(hashes);
      required = Map.copyOf(required);
      problems = List.copyOf(problems);
    }
  }
}
