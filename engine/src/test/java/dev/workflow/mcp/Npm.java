package dev.workflow.mcp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Packages of npm, installed below {@code target}. */
final class Npm {
  private static final int INSTALL_SECONDS = 240;

  private Npm() {}

  /** A folder of this build. */
  static Path folder(String name) {
    return Path.of("target", name).toAbsolutePath();
  }

  /** Installs packages into a folder; skips the calling test where there is no npm. */
  static void install(Path folder, List<String> packages) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("package.json"), "{\"private\": true}");
      List<String> command = new ArrayList<>(List.of("npm", "install", "--no-audit", "--no-fund"));
      command.addAll(packages);
      Process npm =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("npm.log").toFile())
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

  /** Skips the calling test and says why. */
  static void notRun(String reason) {
    System.out.println("NOT RUN: " + reason);
    assumeTrue(false, reason);
  }
}
