package dev.workflow.mcp;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.engine.Workspace;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * Collects the servers of all places that may define them. The highest layer wins, alias by alias
 * and the whole entry: {@code --mcp-config}, the workflow's {@code mcp:}, the workspace's {@code
 * .mcp.json}, the user's {@code mcp.json}.
 */
public final class ServerLayers {
  /** The user's own file, in the home folder. */
  public static final String USER_FILE = "mcp.json";

  /** The one key of such a file. */
  public static final String SERVERS = "mcpServers";

  /** The same key, as some clients write it. */
  public static final String OTHER_SERVERS = "servers";

  private final Path workspace;
  private final Function<Path, Tree> reader;
  private final Map<String, ServerEntry> entries = new LinkedHashMap<>();
  private final List<ServerEntry> hidden = new ArrayList<>();
  private final Set<String> unsound = new HashSet<>();
  private final List<Problem> problems = new ArrayList<>();

  private ServerLayers(Path workspace, Function<Path, Tree> reader) {
    this.workspace = workspace;
    this.reader = reader;
  }

  /**
   * The {@code mcp:} of a workflow.
   *
   * @param file the workflow file
   * @param folder that its paths are relative to
   * @param servers alias to entry
   * @param source finds the places of {@code /mcp/ALIAS}
   */
  public record Inline(Path file, Path folder, JsonNode servers, Documents.Source source) {}

  /**
   * Reads all layers.
   *
   * @param home {@code $WORKFLOW_HOME}
   * @param workspace as {@link Workspace} finds it
   * @param configs files of {@code --mcp-config}; a later one wins
   * @param inline of the workflow and those it runs; an alias must mean the same in all of them
   */
  public static ServerList read(
      Path home, Path workspace, List<Path> configs, List<Inline> inline) {
    ServerLayers layers = new ServerLayers(workspace, JsonFile::read);
    for (Path config : configs.reversed()) {
      layers.file(config, Layer.COMMAND_LINE);
    }
    layers.clashes(inline);
    inline.forEach(layers::inline);
    layers.optional(workspace.resolve(Workspace.SERVERS), Layer.WORKSPACE);
    layers.optional(home.resolve(USER_FILE), Layer.USER);
    return layers.list();
  }

  /** Reads one file of a layer, which must be there. */
  public static ServerList read(Layer layer, Path file, Path workspace) {
    ServerLayers layers = new ServerLayers(workspace, JsonFile::read);
    layers.file(file, layer);
    return layers.list();
  }

  /** The servers that a text would define, were it the content of a file. */
  public static ServerList parse(Layer layer, Path file, String text, Path workspace) {
    ServerLayers layers =
        new ServerLayers(workspace, path -> JsonFile.parse(path.toString(), text));
    layers.file(file, layer);
    return layers.list();
  }

  private ServerList list() {
    problems.sort(Problem.ORDER);
    return new ServerList(entries, hidden, unsound, problems);
  }

  private void optional(Path file, Layer layer) {
    if (Files.exists(file)) {
      file(file, layer);
    }
  }

  private void file(Path file, Layer layer) {
    Tree tree = reader.apply(file);
    problems.addAll(tree.problems());
    JsonNode root = tree.value();
    if (root == null) {
      return;
    }
    String key = keyOf(root);
    if (!root.path(key).isObject()) {
      problems.add(
          Problem.invalid(
              Rule.MCP_FILE,
              tree.source().place(root.has(key) ? "/" + key : ""),
              "expected {\"mcpServers\": {NAME: {...}}}, found "
                  + (root.has(key) ? Fields.kind(root.path(key)) : "no mcpServers"),
              root.isObject()
                  ? Nearest.to(SERVERS, root.propertyNames()).map(ServerLayers::rename).orElse(null)
                  : null));
      return;
    }
    add(root.path(key), "/" + key, tree.source(), origin(layer, file));
  }

  /** The key of a file's servers, also where there are none yet. */
  public static String keyOf(JsonNode root) {
    return root.has(OTHER_SERVERS) && !root.has(SERVERS) ? OTHER_SERVERS : SERVERS;
  }

  private static String rename(String found) {
    return "Rename '" + found + "' to '" + SERVERS + "'.";
  }

  private void clashes(List<Inline> inline) {
    Map<String, Inline> first = new LinkedHashMap<>();
    for (Inline one : inline) {
      for (Map.Entry<String, JsonNode> entry : one.servers().properties()) {
        Inline before = first.putIfAbsent(entry.getKey(), one);
        if (before != null && !before.servers().get(entry.getKey()).equals(entry.getValue())) {
          problems.add(
              Problem.invalid(
                  Rule.SERVER_CLASH,
                  one.source().key("/mcp/" + entry.getKey()),
                  "Server `%s` is another one in %s.".formatted(entry.getKey(), before.file()),
                  "Give one of them another name, or make the entries equal."));
        }
      }
    }
  }

  private void inline(Inline inline) {
    add(
        inline.servers(),
        "/mcp",
        inline.source(),
        origin(Layer.WORKFLOW, inline.file(), inline.folder()));
  }

  private ServerOrigin origin(Layer layer, Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    return origin(layer, file, Objects.requireNonNull(absolute.getParent()));
  }

  private ServerOrigin origin(Layer layer, Path file, Path folder) {
    return new ServerOrigin(layer, file.toString(), folder, workspace);
  }

  private void add(JsonNode servers, String at, Documents.Source source, ServerOrigin origin) {
    Map<String, ServerEntry> sound = new ServerReader(source, origin, problems).read(servers, at);
    servers.propertyNames().stream().filter(name -> !sound.containsKey(name)).forEach(unsound::add);
    for (ServerEntry entry : sound.values()) {
      ServerEntry winner = entries.putIfAbsent(entry.alias(), entry);
      if (winner != null && !winner.origin().equals(origin)) {
        hidden.add(entry);
      }
    }
  }
}
