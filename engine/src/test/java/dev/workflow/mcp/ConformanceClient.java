package dev.workflow.mcp;

import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The program that the conformance suite tests: it uses the server at the address that it is given
 * as a run does, listing its tools and calling each. The scenario's name is in {@code
 * MCP_CONFORMANCE_SCENARIO}, what else it needs to know in {@code MCP_CONFORMANCE_CONTEXT}.
 */
final class ConformanceClient {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private ConformanceClient() {}

  public static void main(String[] args) throws IOException {
    try {
      use(args[0]);
    } catch (Tools.ToolException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void use(String url) throws IOException {
    Path folder = Files.createTempDirectory("conformance");
    try (McpHost host = new McpHost(folder, System.getenv(), McpSettings.DEFAULT)) {
      String entry = "{'url':'" + url + "'}";
      try (McpTools tools =
          host.tools(
              Entries.list(Layer.USER, folder, Map.of("suite", entry)),
              Set.of(),
              (tool, digest) -> false)) {
        for (ToolSpec tool : Fakes.get(tools.list("suite"))) {
          Tools.Answer answer = Fakes.get(tools.call(call(tool)));
          System.out.println(tool.name() + ": " + answer.value());
        }
      }
    }
  }

  private static Tools.Call call(ToolSpec tool) {
    return new Tools.Call(
        "",
        "suite",
        tool.name(),
        arguments(tool.inputSchema()),
        "key",
        tool.digest(),
        PATIENCE,
        ignored -> {});
  }

  private static JsonNode arguments(JsonNode schema) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    for (JsonNode required : schema.path("required")) {
      String name = required.asString();
      switch (schema.path("properties").path(name).path("type").asString("")) {
        case "number", "integer" -> arguments.put(name, 2);
        case "boolean" -> arguments.put(name, true);
        case "array" -> arguments.putArray(name);
        case "object" -> arguments.putObject(name);
        default -> arguments.put(name, "text");
      }
    }
    return arguments;
  }
}
