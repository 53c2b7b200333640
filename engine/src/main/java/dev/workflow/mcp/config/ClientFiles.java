package dev.workflow.mcp.config;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.FileFault;
import dev.workflow.engine.Workspace;
import dev.workflow.mcp.ServerJson;
import dev.workflow.mcp.config.OtherClient.Candidate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads the files of other clients: JSON with comments and trailing commas, TOML, YAML. They are
 * only read.
 *
 * @param documents reads YAML
 * @param environment says where they are
 */
public record ClientFiles(Documents documents, Map<String, String> environment, Path workspace) {
  /** Some clients keep much else in the same file. */
  private static final long MAX_BYTES = 64L << 20;

  public ClientFiles {
    environment = Map.copyOf(environment);
  }

  /** Where a client may have its servers, the files that are not there included. */
  public List<Path> places(OtherClient client) {
    return client.files(environment, workspace).stream().map(Candidate::path).toList();
  }

  /**
   * The servers of a client in its own files; of one that stands in several, that which wins there.
   *
   * @throws ServerFileException when one of them cannot be read
   */
  public List<ImportedServer> servers(OtherClient client) {
    Map<String, ImportedServer> found = new LinkedHashMap<>();
    for (Candidate candidate : client.files(environment, workspace)) {
      if (Files.isRegularFile(candidate.path())) {
        servers(client, candidate).forEach(found::putIfAbsent);
      }
    }
    return List.copyOf(found.values());
  }

  /** The servers of one file that is written as a client writes it. */
  public List<ImportedServer> servers(OtherClient client, Path file) {
    return List.copyOf(servers(client, new Candidate(file, isShared(file))).values());
  }

  /** Whether a file is in the workspace, be it by its name or where a link of its leads. */
  private boolean isShared(Path file) {
    Path named = file.toAbsolutePath().normalize();
    Path shared = Workspace.real(workspace);
    return named.startsWith(workspace.toAbsolutePath().normalize())
        || named.startsWith(shared)
        || Workspace.real(file).startsWith(shared);
  }

  /** By the names that the client gives them: two of them may be one name here. */
  private Map<String, ImportedServer> servers(OtherClient client, Candidate candidate) {
    JsonNode root = read(candidate.path());
    ClientEntry reader = new ClientEntry(client, root);
    Map<String, ImportedServer> servers = new LinkedHashMap<>();
    for (JsonNode section : sections(client, root)) {
      section
          .properties()
          .forEach(
              server ->
                  servers.putIfAbsent(
                      server.getKey(), reader.read(server.getKey(), server.getValue(), candidate)));
    }
    return servers;
  }

  /** The maps of servers in a file, the one that wins first. */
  private List<JsonNode> sections(OtherClient client, JsonNode root) {
    return switch (client) {
      case CLAUDE_DESKTOP, CURSOR, GEMINI -> List.of(root.path("mcpServers"));
      case CLAUDE_CODE ->
          List.of(
              root.path("projects").path(workspace.toString()).path("mcpServers"),
              root.path("mcpServers"));
      case VSCODE -> List.of(root.path("servers"), root.path("mcp").path("servers"));
      case CODEX -> List.of(root.path("mcp_servers"));
      case GOOSE -> List.of(root.path("extensions"));
      case LOOM -> List.of(root.path("mcp").path("servers"), root.path("servers"));
    };
  }

  private JsonNode read(Path file) {
    String name = Objects.requireNonNull(file.getFileName()).toString();
    if (name.endsWith(".yaml") || name.endsWith(".yml")) {
      Documents.Tree tree = documents.tree(file, "");
      if (tree.value() == null) {
        throw new ServerFileException(tree.problems());
      }
      return tree.value();
    }
    try {
      if (!Files.isRegularFile(file)) {
        throw new IOException("there is no such file");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("it has more than " + MAX_BYTES + " bytes");
      }
      String text = Files.readString(file);
      String plain = text.substring(ServerJson.mark(text));
      if (plain.isBlank()) {
        return JsonNodeFactory.instance.objectNode();
      }
      return name.endsWith(".toml") ? new TomlMapper().readTree(plain) : ServerJson.read(plain);
    } catch (JacksonException e) {
      TokenStreamLocation where = e.getLocation();
      // Its text is not repeated: it may hold a secret.
      throw unreadable(
          where == null
              ? Place.file(file.toString())
              : new Place(file.toString(), where.getLineNr(), where.getColumnNr(), ""),
          "is no " + (name.endsWith(".toml") ? "TOML" : "JSON"));
    } catch (IOException e) {
      throw unreadable(Place.file(file.toString()), "cannot be read: " + FileFault.words(e));
    }
  }

  private static ServerFileException unreadable(Place place, String why) {
    return new ServerFileException(
        List.of(Problem.invalid(Rule.JSON, place, "the file " + why, null)));
  }
}
