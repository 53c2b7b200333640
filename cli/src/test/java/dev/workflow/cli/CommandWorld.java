package dev.workflow.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Executes commands in this process, in a folder and a home of their own. */
final class CommandWorld {
  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();
  private Screen screen = Screen.NONE;
  private String typed = "";

  CommandWorld(Path folder) {
    this.folder = folder;
    environment.put("WORKFLOW_HOME", folder.resolve("home").toString());
  }

  /** What a command printed and how it ended; durations stand as {@code T}. */
  record Result(int code, String out, String err) {
    JsonNode json() {
      return JsonMapper.shared().readTree(out);
    }
  }

  /** From now on a person sits at a terminal and types these lines. */
  CommandWorld typing(String... lines) {
    screen = new Screen(true, true, true, false);
    typed = String.join("\n", lines) + "\n";
    return this;
  }

  CommandWorld with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Writes a file into the folder and gives its path. */
  String file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a file of the folder. */
  CommandWorld remove(String name) {
    try {
      Files.delete(folder.resolve(name));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Result run(String... arguments) {
    return piped(typed, arguments);
  }

  /** The same with a text on standard input. */
  Result piped(String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, false, UTF_8), new PrintStream(err, false, UTF_8), screen);
    int code =
        Main.execute(
            new Context(
                terminal,
                new ByteArrayInputStream(input.getBytes(UTF_8)),
                environment,
                List.of(arguments)));
    return new Result(code, text(out), text(err));
  }

  private String text(ByteArrayOutputStream stream) {
    return stream
        .toString(UTF_8)
        .replace(folder.toString(), "FOLDER")
        .replaceAll("\\b[0-9]+\\.[0-9] s\\b", "T s");
  }
}
