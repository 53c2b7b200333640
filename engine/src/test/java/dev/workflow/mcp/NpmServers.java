package dev.workflow.mcp;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The official servers of npm, installed once under {@code target}. Where they cannot be had, the
 * tests that need them are reported as not run, with the reason.
 */
public final class NpmServers {
  private static final String VERSION = "2026.8.31";
  private static final List<String> NAMES =
      List.of("everything", "filesystem", "memory", "sequential-thinking");
  private static final Path FOLDER = Npm.folder("npm-servers");

  private NpmServers() {}

  /** The script of a server; skips the calling test when there is none. */
  public static Path script(String name) {
    Path script =
        FOLDER.resolve("node_modules/@modelcontextprotocol/server-" + name + "/dist/index.js");
    if (!Files.exists(script)) {
      Npm.install(
          FOLDER,
          NAMES.stream().map(it -> "@modelcontextprotocol/server-" + it + "@" + VERSION).toList());
    }
    if (!Files.exists(script)) {
      Npm.notRun("the npm package of server-" + name + " could not be installed");
    }
    return script;
  }
}
