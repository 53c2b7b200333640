package dev.workflow.mcp.config;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.DurableFile;
import dev.workflow.engine.FileFault;
import dev.workflow.engine.Workspace;
import dev.workflow.mcp.ServerJson;
import dev.workflow.mcp.ServerLayers;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file that defines MCP servers and may be changed: the workspace's {@code .mcp.json} or the
 * user's {@code mcp.json}. Entries that are not meant keep every byte. Readers, and a process that
 * is killed, find the old file or the new one; of several writers each finds what the one before it
 * wrote.
 *
 * @param layer whose file it is
 * @param path where it is or will be
 * @param workspace that paths of its entries are relative to
 */
public record ServerFile(Layer layer, Path path, Path workspace) {
  /** How long a writer waits for another one. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String EMPTY = "{\n  \"mcpServers\": {}\n}\n";

  /**
   * What came of a change.
   *
   * @param written whether the file is another one now
   * @param warnings about the entry that stands in it
   */
  public record Changed(boolean written, List<Problem> warnings) {
    public Changed {
      warnings = List.copyOf(warnings);
    }
  }

  /** The file of a workspace. */
  public static ServerFile ofWorkspace(Path workspace) {
    return new ServerFile(Layer.WORKSPACE, workspace.resolve(Workspace.SERVERS), workspace);
  }

  /**
   * The user's own file.
   *
   * @param workspace that the servers would start in
   */
  public static ServerFile ofUser(Path home, Path workspace) {
    return new ServerFile(Layer.USER, home.resolve(ServerLayers.USER_FILE), workspace);
  }

  /**
   * The entry of a server as it is written; absent: there is none.
   *
   * @throws ServerFileException when the file cannot be read
   */
  public @Nullable JsonNode entry(String name) {
    JsonText text = read();
    return text.get(List.of(key(text), name));
  }

  /**
   * The names of all servers in the file, sound or not.
   *
   * @throws ServerFileException when the file cannot be read
   */
  public List<String> names() {
    JsonText text = read();
    JsonNode servers = text.get(List.of(key(text)));
    return servers == null ? List.of() : List.copyOf(servers.propertyNames());
  }

  /**
   * Changes the entry of one server.
   *
   * @param change from what is there, absent where nothing is, to what shall be there, absent where
   *     nothing shall be
   * @return what was done
   * @throws ServerFileException when the file cannot be read, or the entry would be wrong
   * @throws UncheckedIOException when it cannot be written, also when another process is at it
   */
  public Changed change(String name, UnaryOperator<@Nullable JsonNode> change) {
    return change(name, change, step -> {});
  }

  Changed change(
      String name, UnaryOperator<@Nullable JsonNode> change, Consumer<DurableFile.Step> done) {
    read(); // Beside what is no file of servers no lock is made.
    try {
      Path file = Files.exists(path) ? path.toRealPath() : path;
      DurableFile.makeFolder(file, layer == Layer.USER);
      try (WriteLock lock = WriteLock.take(file, PATIENCE)) {
        JsonText before = read();
        String key = key(before);
        JsonNode entry = change.apply(before.get(List.of(key, name)));
        JsonText after =
            entry == null
                ? before.without(List.of(key, name))
                : before.with(List.of(key, name), entry);
        if (after.equals(before)) {
          return new Changed(false, List.of());
        }
        List<Problem> warnings = entry == null ? List.of() : check(name, entry);
        readAgain(before, after, key, name, entry);
        byte[] text = after.text().getBytes(StandardCharsets.UTF_8);
        DurableFile.replace(lock.file(), text, layer == Layer.USER, done);
        return new Changed(true, warnings);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(FileFault.words(e), e);
    }
  }

  /** What is about to be written must say what was meant, and of all else what it said before. */
  private void readAgain(
      JsonText before, JsonText after, String key, String name, @Nullable JsonNode entry) {
    ObjectNode meant = (ObjectNode) ServerJson.read(before.text());
    ObjectNode servers = meant.withObjectProperty(key);
    if (entry == null) {
      servers.remove(name);
    } else {
      servers.set(name, ServerJson.read(entry.toString())); // Numbers as they are read.
    }
    try {
      if (meant.equals(ServerJson.read(after.text()))) {
        return;
      }
    } catch (JacksonException broken) {
      // Refused like what says something else.
    }
    throw new ServerFileException(
        List.of(
            Problem.invalid(
                Rule.JSON,
                Place.file(path.toString()),
                "the place of server '" + name + "' is not found; nothing was written",
                "Edit the file by hand.")));
  }

  private JsonText read() {
    if (!Files.exists(path)) {
      return new JsonText(EMPTY);
    }
    List<Problem> unreadable =
        ServerLayers.read(layer, path, workspace).problems().stream()
            .filter(problem -> problem.rule() == Rule.JSON || problem.rule() == Rule.MCP_FILE)
            .toList();
    try {
      if (Files.isRegularFile(path) && Files.size(path) == 0) {
        return new JsonText(EMPTY);
      }
      if (!unreadable.stream().allMatch(this::isWithoutServers)) {
        throw new ServerFileException(unreadable);
      }
      return new JsonText(Files.readString(path));
    } catch (IOException e) {
      throw new ServerFileException(
          List.of(
              Problem.invalid(
                  Rule.JSON,
                  Place.file(path.toString()),
                  "the file cannot be read: " + FileFault.words(e),
                  null)));
    }
  }

  /** Whether nothing is wrong but that a map has no servers yet, under no name like theirs. */
  private boolean isWithoutServers(Problem problem) {
    try {
      JsonNode root =
          problem.rule() == Rule.MCP_FILE && problem.hint() == null
              ? ServerJson.read(Files.readString(path))
              : MissingNode.getInstance();
      return root.isObject() && !root.has(ServerLayers.keyOf(root));
    } catch (IOException e) {
      return false;
    }
  }

  private static String key(JsonText text) {
    return ServerLayers.keyOf(Objects.requireNonNull(text.get(List.of())));
  }

  /**
   * Refuses an entry that nobody could start; other entries may be as wrong as they were.
   *
   * @return warnings
   * @throws ServerFileException naming what is wrong with it
   */
  public List<Problem> check(String name, JsonNode entry) {
    ObjectNode alone = JsonNodeFactory.instance.objectNode();
    alone.putObject(ServerLayers.SERVERS).set(name, entry);
    List<Problem> problems =
        ServerLayers.parse(layer, path, alone.toString(), workspace).problems().stream()
            .map(this::withoutPlace)
            .toList();
    if (problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR)) {
      throw new ServerFileException(problems);
    }
    return problems;
  }

  /** What is not written has no line. */
  private Problem withoutPlace(Problem problem) {
    return new Problem(
        problem.severity(),
        problem.kind(),
        problem.rule(),
        Place.file(path.toString()),
        problem.message(),
        problem.hint());
  }
}
