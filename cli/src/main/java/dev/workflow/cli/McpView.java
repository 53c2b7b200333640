package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.engine.ShellWords;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.config.ServerFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which servers are looked at: all layers of a workspace, and those of a workflow. */
final class McpView implements Arguments {
  private final Argument<@Nullable Path> from =
      Argument.optionOrNull("--from=FILE", Path.class, "With the servers of a workflow.");
  private final Argument<@Nullable Path> workspace = McpPlace.workspaceOption();
  private final EngineOptions engineOptions = new EngineOptions();

  @Override
  public List<Argument<?>> each() {
    List<Argument<?>> all = new ArrayList<>(List.of(from, workspace));
    all.addAll(engineOptions.each());
    return all;
  }

  WorkflowEngine open(Context context) {
    return engineOptions.open(context);
  }

  ServerList servers(WorkflowEngine engine) {
    return from.value() == null
        ? engine.serversOf(McpPlace.workspace(workspace.value()))
        : engine.servers(from.value());
  }

  /** The folder of the workspace that approvals belong to. */
  Path workspaceFolder(WorkflowEngine engine) {
    Path file = from.value();
    return file == null ? McpPlace.workspace(workspace.value()) : engine.workspaceOf(file);
  }

  /**
   * The entry in force under a name; what is wrong with files is told.
   *
   * @throws ServerFileException when its entry, or a file that may have it, is wrong
   * @throws UsageException that says which there are
   */
  static ServerEntry entry(Terminal terminal, ServerList servers, String name) {
    ServerEntry entry = servers.entries().get(name);
    boolean unread =
        servers.problems().stream()
            .anyMatch(problem -> Set.of(Rule.JSON, Rule.MCP_FILE).contains(problem.rule()));
    if (entry == null && (unread || servers.unsound().contains(name))) {
      throw new ServerFileException(servers.problems());
    }
    terminal.problems(servers.problems());
    if (entry == null) {
      throw new UsageException(
          "There is no server %s. %s"
              .formatted(ShellWords.quoted(name), Nearest.hint(name, servers.entries().keySet())));
    }
    return entry;
  }
}
