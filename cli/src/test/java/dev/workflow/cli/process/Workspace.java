package dev.workflow.cli.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A folder of a user with workflows and servers in it, and a home beside it.
 *
 * @param folder the workspace
 */
record Workspace(Path folder, Cli cli) {

  /** An empty workspace in a folder for tests. */
  static Workspace in(Path folder) {
    try {
      Path root = folder.toRealPath();
      Path files = Files.createDirectories(root.resolve("workspace"));
      return new Workspace(files, new Cli(root.resolve("home"), files));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A workspace with the server that misbehaves on demand, {@code faulty.mjs}. */
  static Workspace withServer(Path folder) {
    assumeTrue(hasProgram("node"), "not run: node is missing");
    return in(folder).resource("faulty.mjs");
  }

  /** Puts a resource of the acceptance tests here. */
  Workspace resource(String name) {
    try (InputStream in = Workspace.class.getResourceAsStream("/acceptance/" + name)) {
      Files.copy(Objects.requireNonNull(in, name), folder.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file. */
  Workspace file(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a file; none where there is no file. */
  List<String> lines(String name) {
    try {
      Path file = folder.resolve(name);
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When a server last did something wrong, by its own clock, which is ours. */
  Instant lastFault() {
    return Instant.ofEpochMilli(Long.parseLong(lines("faults.txt").getLast()));
  }

  /** The servers that were started here and still live. */
  List<Long> living() {
    return lines("pids.txt").stream()
        .map(Long::valueOf)
        .filter(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
        .toList();
  }

  /** Whether a program can be started here. */
  static boolean hasProgram(String name) {
    try {
      Process process = new ProcessBuilder(name, "--version").redirectErrorStream(true).start();
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
