package dev.workflow.cli;

import dev.workflow.assembly.Home;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerLayers;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.Trust;
import dev.workflow.mcp.config.ServerFile;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Says what a change has done, from when it counts, and what it still needs. */
record McpAnnouncement(Context context, McpPlace place, McpPlace.Scope scope) {

  /** Tells of one server; its exit code. */
  int of(String done, String name, ServerFile.Changed changed, boolean json) {
    Terminal terminal = context.terminal();
    ServerFile file = place.of(scope, context);
    terminal.problems(changed.warnings());
    if (changed.written()) {
      terminal.say("%s server %s: %s (scope %s).".formatted(done, name, file.path(), scope));
      terminal.say(
          "This counts from now on; a run under way goes over at its next call of the server,"
              + " unless it is locked.");
    } else {
      terminal.say(
          "Server %s is so already in %s (scope %s); nothing was written."
              .formatted(name, file.path(), scope));
    }
    standing(name);
    if (json) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer
          .put("server", name)
          .put("did", done.toLowerCase(Locale.ROOT))
          .put("scope", scope.toString())
          .put("file", file.path().toString())
          .put("written", changed.written());
      terminal.json(answer);
    }
    return ExitCode.SUCCEEDED;
  }

  /** Which entry is in force now, where there is another, and whether it has to be approved. */
  private void standing(String name) {
    Home home = Home.of(context.environment(), List.of());
    ServerList servers = ServerLayers.read(home.folder(), place.workspace(), List.of(), List.of());
    ServerEntry entry = servers.entries().get(name);
    if (entry == null) {
      return;
    }
    servers
        .hiddenBy(entry)
        .forEach(
            hidden ->
                context
                    .terminal()
                    .say(
                        "The server %s of %s is in force; that of %s is hidden by it."
                            .formatted(name, entry.origin().file(), hidden.origin().file())));
    Trust trust = new Trust(home.folder(), context.environment());
    if (entry.enabled() && !trust.decide(List.of(entry), Set.of()).isEmpty()) {
      context.terminal().say("It starts only after your approval:");
      context.terminal().say("  " + context.line("mcp", "trust", name));
    }
  }
}
