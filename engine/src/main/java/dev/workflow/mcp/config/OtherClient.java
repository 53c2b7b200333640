package dev.workflow.mcp.config;

import dev.workflow.engine.UserHome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A client whose servers can be taken over, and where it keeps them. */
public enum OtherClient {
  CLAUDE_DESKTOP,
  CLAUDE_CODE,
  CURSOR,
  VSCODE,
  GEMINI,
  CODEX,
  GOOSE,
  LOOM;

  /** As the command line names it, such as {@code claude-desktop}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return word();
  }

  /**
   * A file that a client may have.
   *
   * @param shared whether it belongs to the workspace, else to the user
   */
  public record Candidate(Path path, boolean shared) {}

  /** Where it keeps its servers, the place that wins for it first; files need not be there. */
  List<Candidate> files(Map<String, String> environment, Path workspace) {
    Path home = UserHome.of(environment);
    List<Candidate> files = new ArrayList<>();
    switch (this) {
      case CLAUDE_DESKTOP ->
          own(files, settings(home, environment).resolve("Claude/claude_desktop_config.json"));
      case CLAUDE_CODE -> own(files, home.resolve(".claude.json"));
      case CURSOR -> both(files, workspace, home, ".cursor/mcp.json");
      case VSCODE -> {
        files.add(new Candidate(workspace.resolve(".vscode/mcp.json"), true));
        own(files, settings(home, environment).resolve("Code/User/mcp.json"));
      }
      case GEMINI -> both(files, workspace, home, ".gemini/settings.json");
      case CODEX -> {
        files.add(new Candidate(workspace.resolve(".codex/config.toml"), true));
        String named = environment.getOrDefault("CODEX_HOME", "");
        Path folder = named.isBlank() ? home.resolve(".codex") : Path.of(named);
        own(files, folder.resolve("config.toml"));
      }
      case GOOSE ->
          own(
              files,
              environment.containsKey("APPDATA")
                  ? settings(home, environment).resolve("Block/goose/config/config.yaml")
                  : home.resolve(".config/goose/config.yaml"));
      case LOOM -> {
        files.add(new Candidate(workspace.resolve(".loom/mcp.toml"), true));
        files.add(new Candidate(workspace.resolve("mcp.toml"), true));
        files.add(new Candidate(workspace.resolve("loom.toml"), true));
        own(files, home.resolve(".loom/mcp.toml"));
        own(files, home.resolve(".loom/loom.toml"));
      }
    }
    return files;
  }

  private static void own(List<Candidate> files, Path path) {
    files.add(new Candidate(path, false));
  }

  private static void both(List<Candidate> files, Path workspace, Path home, String name) {
    files.add(new Candidate(workspace.resolve(name), true));
    own(files, home.resolve(name));
  }

  /** Where programs of this system keep their settings. */
  private static Path settings(Path home, Map<String, String> environment) {
    if (environment.containsKey("APPDATA")) {
      return Path.of(environment.get("APPDATA"));
    }
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    return home.resolve(mac ? "Library/Application Support" : ".config");
  }
}
