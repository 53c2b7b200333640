package dev.workflow.mcp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The official servers of npm, installed once under {@code target}. Where they cannot be had, the
 * tests that need them are reported as not run, with the reason.
 */
public final class NpmServers {
  private static final String VERSION = "2026.8.31";
  private static final List<String> NAMES =
      List.of("everything", "filesystem", "memory", "sequential-thinking");
  private static final Path FOLDER = Path.of("target", "npm-servers").toAbsolutePath();
  private static final int INSTALL_SECONDS = 120;

  private NpmServers() {}

  /** The script of a server; skips the calling test when there is none. */
  public static Path script(String name) {
    Path script =
        FOLDER.resolve("node_modules/@modelcontextprotocol/server-" + name + "/dist/index.js");
    if (!Files.exists(script)) {
      install();
    }
    if (!Files.exists(script)) {
      notRun("the npm package of server-" + name + " could not be installed");
    }
    return script;
  }

  private static void install() {
    try {
      Files.createDirectories(FOLDER);
      Files.writeString(FOLDER.resolve("package.json"), "{\"private\": true}");
      List<String> command = new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund"));
      NAMES.forEach(name -> command.add("@modelcontextprotocol/server-" + name + "@" + VERSION));
      Process npm =
          new ProcessBuilder(command)
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(FOLDER.resolve("npm.log").toFile())
              .start();
      if (!npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
        npm.destroyForcibly();
      }
    } catch (IOException e) {
      notRun("npm is missing: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void notRun(String reason) {
    System.out.println("NOT RUN: " + reason);
    assumeTrue(false, reason);
  }
}
