package dev.workflow.cli;

import dev.workflow.assembly.Home;
import dev.workflow.assembly.WorkflowEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What every command that uses an engine takes. */
final class EngineOptions {
  @Option(
      names = "--mcp-config",
      paramLabel = "FILE",
      description = "More MCP servers, in a file of the form of .mcp.json; wins over all others.")
  private List<Path> mcpConfigs = new ArrayList<>();

  /** An engine in the home of this process. */
  WorkflowEngine open() {
    return new WorkflowEngine(Home.of(System.getenv(), mcpConfigs));
  }
}
