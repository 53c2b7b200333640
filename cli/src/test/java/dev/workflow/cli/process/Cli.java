package dev.workflow.cli.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts {@code workflow} as a process of its own, with an empty home and no provider configured.
 */
final class Cli {
  private static final long PATIENCE_SECONDS = 120;
  private static final int KILLED = 128 + 9;
  private final Path home;
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  /** A command line in a folder, with its state in a home. */
  Cli(Path home, Path folder) {
    this.home = home;
    this.folder = folder;
  }

  /** The same command line with its state in another home. */
  Cli in(Path otherHome) {
    Cli other = new Cli(otherHome, folder);
    other.environment.putAll(environment);
    return other;
  }

  /** Sets a variable for every command that follows. */
  Cli with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Path home() {
    return home;
  }

  /** What a command said, and how it ended. */
  record Result(int exit, String out, String err) {
    /** The one object on standard output. */
    JsonNode json() {
      return JsonMapper.shared().readTree(out);
    }

    @Override
    public String toString() {
      return "exit " + exit + "\n--- out\n" + out + "\n--- err\n" + err;
    }
  }

  /** Runs a command to its end. */
  Result run(String... args) {
    return start(args).await();
  }

  /** Starts a command. */
  Started start(String... args) {
    List<String> command = program();
    Collections.addAll(command, args);
    return launch(command);
  }

  /** Starts a command whose lines on standard output are told one by one, as they come. */
  Started start(Consumer<String> line, String... args) {
    List<String> command = program();
    Collections.addAll(command, args);
    Process process = process(command, "");
    return new Started(
        process, told(process.getInputStream(), line), all(process.getErrorStream()));
  }

  /** Runs a line as a person's shell does, with {@code workflow} on the path. */
  Result shell(String line) {
    putOnPath();
    return launch(List.of("sh", "-c", line)).await();
  }

  /** Runs a line in a terminal, where somebody types; what is shown there is {@code out}. */
  Result terminal(String line, String typed) {
    putOnPath();
    return launch(List.of("script", "-qec", line, "/dev/null"), typed).await();
  }

  private void putOnPath() {
    StringBuilder script = new StringBuilder("#!/bin/sh\nexec");
    program().forEach(word -> script.append(" '").append(word).append('\''));
    Path bin = home.resolveSibling("bin");
    try {
      Files.createDirectories(bin);
      Path file = Files.writeString(bin.resolve("workflow"), script.append(" \"$@\"\n"));
      if (!file.toFile().setExecutable(true)) {
        throw new IOException(file + " cannot be made executable");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("PATH", bin + ":" + System.getenv("PATH"));
  }

  /** The program without arguments. */
  private static List<String> program() {
    List<String> command = new ArrayList<>();
    if (ignoresInterrupts()) {
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(Program.command());
    return command;
  }

  /** Whether we are a background job of a shell, whose children would never see Ctrl-C. */
  private static boolean ignoresInterrupts() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    } catch (IOException noLinux) {
      return false;
    }
  }

  private Started launch(List<String> command) {
    return launch(command, "");
  }

  private Started launch(List<String> command, String typed) {
    Process process = process(command, typed);
    return new Started(process, all(process.getInputStream()), all(process.getErrorStream()));
  }

  private Process process(List<String> command, String typed) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> env = builder.environment();
    env.keySet().removeIf(name -> name.endsWith("_API_KEY") || name.endsWith("_BASE_URL"));
    env.remove("WORKFLOW_COMMAND");
    env.put("WORKFLOW_HOME", home.toString());
    env.putAll(environment);
    try {
      Process process = builder.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(typed.getBytes(StandardCharsets.UTF_8));
      }
      return process;
    } catch (IOException e) {
      throw new IllegalStateException("java cannot be started", e);
    }
  }

  private static CompletableFuture<String> all(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            return "";
          }
        },
        Cli::beside);
  }

  private static CompletableFuture<String> told(InputStream in, Consumer<String> listener) {
    return CompletableFuture.supplyAsync(
        () -> {
          List<String> lines = new ArrayList<>();
          try (BufferedReader reader =
              new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              lines.add(line);
              listener.accept(line);
            }
          } catch (IOException closed) {
            // what was read until then is what there is
          }
          return String.join("\n", lines);
        },
        Cli::beside);
  }

  /** A thread of its own: it reads for as long as a process lives. */
  private static void beside(Runnable reading) {
    Thread.ofPlatform().daemon().start(reading);
  }

  /** A command under way. */
  record Started(Process process, CompletableFuture<String> out, CompletableFuture<String> err) {

    Result await() {
      try {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("The command does not end: " + process.info());
        }
        return new Result(process.exitValue(), out.join(), err.join());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    /**
     * Kills it the hard way so long after a moment; whether it was still there. The moment need not
     * come.
     */
    boolean killAfter(CompletableFuture<?> moment, long millis) {
      try {
        CompletableFuture.anyOf(moment, process.onExit()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.waitFor(millis, TimeUnit.MILLISECONDS);
        // Through the handle: the process itself would close its output, which is still to be read.
        process.toHandle().destroyForcibly();
        out.join();
        return process.waitFor() == KILLED;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      } catch (ExecutionException | TimeoutException e) {
        process.destroyForcibly();
        throw new AssertionError("The command does not end: " + process.info(), e);
      }
    }
  }

  /** The root of the repository. */
  static Path repository() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("workflows-examples"))) {
      at = at.getParent();
    }
    if (at == null) {
      throw new IllegalStateException("Tests run inside the repository");
    }
    return at;
  }
}
