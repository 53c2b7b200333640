package dev.workflow.cli;

import dev.workflow.assembly.Home;
import dev.workflow.assembly.WorkflowEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What every command that looks at servers takes. */
final class EngineOptions {
  @Option(
      names = "--mcp-config",
      paramLabel = "FILE",
      description = "More MCP servers, in a file like .mcp.json; they win over all others.")
  private List<Path> mcpConfigs = new ArrayList<>();

  /** An engine in the home of this process that starts nothing by itself. */
  WorkflowEngine open(Context context) {
    return new WorkflowEngine(Home.of(context.environment(), mcpConfigs));
  }

  /** An engine that may start servers: those that a killed process left behind are ended first. */
  WorkflowEngine openToStart(Context context) {
    WorkflowEngine engine = open(context);
    engine
        .reap()
        .forEach(
            left ->
                context
                    .terminal()
                    .say(
                        "Ended server %s (process %d), which a killed process had left behind."
                            .formatted(left.server(), left.pid())));
    return engine;
  }
}
