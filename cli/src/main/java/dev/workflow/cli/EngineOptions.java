package dev.workflow.cli;

import dev.workflow.assembly.Home;
import dev.workflow.assembly.WorkflowEngine;
import java.nio.file.Path;
import java.util.List;

/** What every command that looks at servers takes. */
final class EngineOptions implements Arguments {
  private final Argument<List<Path>> mcpConfigs =
      Argument.options(
          "--mcp-config=FILE",
          Path.class,
          "More MCP servers, in a file like .mcp.json; they win over all others.");

  @Override
  public List<Argument<?>> each() {
    return List.of(mcpConfigs);
  }

  /**
   * An engine in the home of this process. It starts nothing by itself; servers that a killed
   * process left behind are ended first, also by commands that only look.
   */
  WorkflowEngine open(Context context) {
    WorkflowEngine engine = new WorkflowEngine(Home.of(context.environment(), mcpConfigs.value()));
    context.terminal().hide(engine::secrets);
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
