package dev.workflow.mcp;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Documents;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The servers in force: for each alias the entry of the highest layer that defines it, as a whole.
 *
 * @param entries by alias, in reading order; those switched off are among them
 * @param hidden entries that a higher layer defines anew, the highest first
 * @param unsound names whose entries are wrong, as the problems say
 * @param problems of all files that were read
 */
public record ServerList(
    Map<String, ServerEntry> entries,
    List<ServerEntry> hidden,
    Set<String> unsound,
    List<Problem> problems) {
  public ServerList {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    hidden = List.copyOf(hidden);
    unsound = Set.copyOf(unsound);
    problems = List.copyOf(problems);
  }

  /** The entries that the one in force hides. */
  public List<ServerEntry> hiddenBy(ServerEntry entry) {
    return hidden.stream().filter(other -> other.alias().equals(entry.alias())).toList();
  }

  /**
   * What a run journals: each entry as written, with its origin. Variables are not expanded, and a
   * secret that stands in the file itself is left there.
   */
  public JsonNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    for (ServerEntry entry : entries.values()) {
      ServerOrigin origin = entry.origin();
      ObjectNode kept = json.putObject(entry.alias());
      kept.put("layer", origin.layer().name())
          .put("file", origin.file())
          .put("folder", origin.folder().toString())
          .put("workspace", origin.workspace().toString())
          .set("entry", kept(entry));
    }
    return json;
  }

  /** A workflow is journaled as a whole, so taking its own entries apart would hide nothing. */
  private static JsonNode kept(ServerEntry entry) {
    return entry.origin().layer() == Layer.WORKFLOW
        ? entry.written()
        : WrittenSecrets.without(entry.written());
  }

  /**
   * The same as its files have it now; a file that is gone or cannot be read counts as it did.
   *
   * @param home where the user's file is
   */
  public ServerList now(Path home) {
    CurrentEntries current = new CurrentEntries(home, entries.values(), news -> {});
    return new ServerList(current.now().entries(), hidden, unsound, problems);
  }

  /** The list that {@link #toJson} kept; secrets that stand in its files are read again. */
  public static ServerList fromJson(JsonNode json) {
    Map<String, ServerEntry> entries = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> kept : json.properties()) {
      JsonNode value = kept.getValue();
      ServerOrigin origin =
          new ServerOrigin(
              Layer.valueOf(value.path("layer").asString()),
              value.path("file").asString(),
              Path.of(value.path("folder").asString()),
              Path.of(value.path("workspace").asString()));
      ObjectNode alone = JsonNodeFactory.instance.objectNode();
      JsonNode entry = WrittenSecrets.with(kept.getKey(), value.path("entry"), origin, problems);
      alone.set(kept.getKey(), entry);
      ServerReader reader = new ServerReader(new Nowhere(origin.file()), origin, problems);
      entries.putAll(reader.read(alone, ""));
    }
    Set<String> unsound = new HashSet<>(json.propertyNames());
    unsound.removeAll(entries.keySet());
    return new ServerList(entries, List.of(), unsound, problems);
  }

  /** The places of a file whose text is not at hand. */
  private record Nowhere(String file) implements Documents.Source {
    @Override
    public Place place(String pointer) {
      return Place.file(file);
    }

    @Override
    public Place key(String pointer) {
      return Place.file(file);
    }

    @Override
    public Place inside(String pointer, int offset) {
      return Place.file(file);
    }
  }
}
