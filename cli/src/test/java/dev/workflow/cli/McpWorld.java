package dev.workflow.cli;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A workspace, a home, and {@code workflow mcp} in it. */
final class McpWorld {
  /** A server that lists one tool; it needs nothing but a shell. */
  private static final String SERVER =
      """
      while read -r line; do
        id=$(printf '%s' "$line" | sed -n 's/.*"id":"\\{0,1\\}\\([^",}]*\\).*/\\1/p')
        case "$line" in
          *'"initialize"'*) printf '{"jsonrpc":"2.0","id":"%s","result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"little","version":"1.2"}}}\\n' "$id" ;;
          *'"tools/list"'*) printf '{"jsonrpc":"2.0","id":"%s","result":{"tools":[{"name":"peek","description":"Looks with %s.","inputSchema":{"type":"object"},"outputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}}\\n' "$id" "$API_KEY" ;;
        esac
      done
      """;

  final CommandWorld commands;
  final Path workspace;
  final Path home;

  McpWorld(Path folder) {
    this.commands = new CommandWorld(folder);
    this.workspace = folder.resolve("project");
    this.home = folder.resolve("home");
    commands.with("PATH", System.getenv("PATH"));
    commands.file("project/server.sh", SERVER);
  }

  /** Runs {@code workflow mcp} in the workspace. */
  Result mcp(String... words) {
    List<String> all =
        new ArrayList<>(List.of("mcp", words[0], "--workspace", workspace.toString()));
    all.addAll(List.of(words).subList(1, words.length));
    return commands.run(all.toArray(String[]::new));
  }

  String shared() {
    return read(workspace.resolve(".mcp.json"));
  }

  String own() {
    return read(home.resolve("mcp.json"));
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
