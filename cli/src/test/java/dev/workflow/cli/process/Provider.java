package dev.workflow.cli.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A model provider that speaks a real wire protocol: the fake of the engine's tests, as a process.
 *
 * @param url for {@code OPENAI_BASE_URL}
 */
record Provider(Process process, String url) implements AutoCloseable {
  private static final String VARIABLE = "OPENAI_BASE_URL=";

  /** A provider that answers by the rules of a resource. */
  static Provider start(Path folder, String rules) {
    Path tests = Cli.repository().resolve("engine/target/test-classes");
    if (!Files.isDirectory(tests)) {
      throw new IllegalStateException("Build the engine's tests first: " + tests + " is missing");
    }
    try (InputStream in = Provider.class.getResourceAsStream(rules)) {
      Path file = folder.resolve("provider-rules.json");
      Files.copy(Objects.requireNonNull(in, rules), file);
      List<String> command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path") + File.pathSeparator + tests,
              "dev.workflow.models.FakeProvider",
              "0",
              file.toString());
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new Provider(process, address(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String address(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (line == null || !line.startsWith(VARIABLE)) {
      process.destroyForcibly();
      throw new IOException("The provider said: " + line);
    }
    return line.substring(VARIABLE.length());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
