package dev.workflow.assembly;

import dev.workflow.engine.Documents;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is kept of a definition in the journal of a run, so that a resume needs no file: the
 * definition itself, which servers were approved, where it came from and whether steps are cached.
 */
final class KeptDefinition {
  private static final String APPROVED = "approved";
  private static final String SOURCE = "source";
  private static final String FILES = "files";
  private static final String CACHE = "cache";
  private static final String LOCKED = "locked";

  private final ResolvedJson json;

  KeptDefinition(Documents documents) {
    this.json = new ResolvedJson(documents);
  }

  /**
   * What is to be kept.
   *
   * @param approved keys of servers
   * @param file that the definition was read from; absent: from no file
   */
  ObjectNode write(Resolved resolved, Set<String> approved, @Nullable Path file) {
    ObjectNode kept = (ObjectNode) json.write(resolved);
    ArrayNode keys = kept.putArray(APPROVED);
    approved.stream().sorted().forEach(keys::add);
    if (file != null) {
      Provenance.of(file).ifPresent(source -> kept.set(SOURCE, source.write()));
      ArrayNode others = kept.putArray(FILES);
      Provenance.others(file, resolved).forEach(source -> others.add(source.write()));
    }
    return kept;
  }

  /** The same of another definition that the run of this one goes over to. */
  JsonNode adopted(JsonNode before, Resolved resolved, Set<String> approved, Path file) {
    return taken(before, List.of(CACHE, LOCKED), write(resolved, approved, file));
  }

  /** The same for a fork of the run: it comes from the files that this one came from. */
  JsonNode forked(JsonNode before, Resolved resolved, Set<String> approved) {
    return taken(before, List.of(SOURCE, FILES, CACHE, LOCKED), write(resolved, approved, null));
  }

  private static JsonNode taken(JsonNode from, List<String> keys, ObjectNode kept) {
    for (String key : keys) {
      if (from.has(key)) {
        kept.set(key, from.get(key));
      }
    }
    return kept;
  }

  /** The definition that a run goes by now. */
  Resolved read(RunState run) {
    return json.read(run.definition());
  }

  /** The definition as it last came from files: another way that a run went stands in none. */
  Resolved fromFiles(RunState run) {
    JsonNode definition = run.start().definition();
    for (Event.PlanChanged change : run.planChanges()) {
      if (change.reason() != Event.Reason.REPLANNED) {
        definition = change.definition();
      }
    }
    return json.read(definition);
  }

  static Set<String> approved(JsonNode kept) {
    Set<String> keys = new HashSet<>();
    kept.path(APPROVED).forEach(key -> keys.add(key.asString("")));
    return keys;
  }

  static void useNoCache(ObjectNode kept) {
    kept.put(CACHE, false);
  }

  static boolean usesCache(JsonNode kept) {
    return kept.path(CACHE).asBoolean(true);
  }

  /** The run goes on with the servers that it began with, whatever becomes of their files. */
  static void lockServers(ObjectNode kept) {
    kept.put(LOCKED, true);
  }

  static boolean locksServers(JsonNode kept) {
    return kept.path(LOCKED).asBoolean(false);
  }

  /** The file it came from, and what became of it. */
  static Optional<Origin> origin(JsonNode kept) {
    return Provenance.read(kept.path(SOURCE)).map(Provenance::now);
  }

  /** The other files it came from, such as those of skills and other workflows. */
  static List<Origin> otherFiles(JsonNode kept) {
    List<Origin> files = new ArrayList<>();
    for (JsonNode other : kept.path(FILES)) {
      Provenance.read(other).map(Provenance::now).ifPresent(files::add);
    }
    return files;
  }
}
