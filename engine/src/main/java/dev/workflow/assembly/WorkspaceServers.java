package dev.workflow.assembly;

import dev.workflow.check.Servers;
import dev.workflow.engine.Workspace;
import dev.workflow.mcp.McpHost;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerLayers;
import dev.workflow.mcp.ServerLayers.Inline;
import dev.workflow.mcp.ServerList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Finds the servers of a workflow in all layers. */
record WorkspaceServers(Home home, Supplier<McpHost> host, Set<String> approved)
    implements Servers {

  @Override
  public Opened open(List<Written> workflows) {
    ServerList servers = of(home, workflows);
    Written first = workflows.get(0);
    Map<String, String> hashes = new LinkedHashMap<>();
    servers.entries().values().stream()
        .filter(ServerEntry::enabled)
        .forEach(entry -> hashes.put(entry.alias(), entry.hash()));
    return new Opened(
        host.get().tools(servers, approved, WorkspaceLocks.pinned(first.folder(), first.file())),
        servers.toJson(),
        UsedServers.required(servers.entries().values()),
        hashes,
        servers.problems());
  }

  /** The servers of a workflow in all layers. */
  static ServerList of(Home home, List<Written> workflows) {
    List<Inline> inline = new ArrayList<>();
    for (Written written : workflows) {
      ObjectNode entries = JsonNodeFactory.instance.objectNode();
      written.workflow().servers().forEach(entries::set);
      inline.add(new Inline(written.file(), written.folder(), entries, written.source()));
    }
    return ServerLayers.read(
        home.folder(), Workspace.of(workflows.get(0).folder()), home.mcpConfigs(), inline);
  }
}
