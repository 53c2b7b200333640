package dev.workflow.skills;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the lock file says of an installed skill.
 *
 * @param source as it was given, without a version or ref; of a folder or archive, its path from
 *     where the lock file is
 * @param ref version or ref behind the source, such as {@code @1.2.0} or {@code #main}; empty: none
 * @param repository where a source of a registry leads; absent: the source is the address itself
 * @param folder of the skill in its repository; empty: the top
 * @param commit that was installed, of a git repository
 * @param version that the skill gives itself
 * @param tree hash of all files
 * @param files the hash of each
 */
public record LockedSkill(
    String source,
    String ref,
    @Nullable String repository,
    String folder,
    @Nullable String commit,
    String version,
    String tree,
    Map<String, String> files) {

  public LockedSkill {
    files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
  }

  static LockedSkill read(JsonNode node) {
    Map<String, String> files = new LinkedHashMap<>();
    node.path("files").forEachEntry((path, hash) -> files.put(path, hash.asString("")));
    return new LockedSkill(
        node.path("source").asString(""),
        node.path("ref").asString(""),
        node.has("repository") ? node.get("repository").asString("") : null,
        node.path("folder").asString(""),
        node.has("commit") ? node.get("commit").asString("") : null,
        node.path("version").asString(""),
        node.path("tree").asString(""),
        files);
  }

  /** The paths of the files that are others than these, or not there on one side; none: equal. */
  List<String> differences(PackageTree now) {
    Map<String, String> hashes = now.hashes();
    Set<String> paths = new TreeSet<>(hashes.keySet());
    paths.addAll(files.keySet());
    paths.removeIf(path -> Objects.equals(hashes.get(path), files.get(path)));
    return List.copyOf(paths);
  }

  /** The same with other files. */
  LockedSkill as(String otherVersion, PackageTree now) {
    return new LockedSkill(
        source, ref, repository, folder, commit, otherVersion, now.hash(), now.hashes());
  }

  /** Writes it over what stood there; what other versions of the product keep there stays. */
  void write(ObjectNode node) {
    node.put("source", source);
    optional(node, "ref", ref.isEmpty() ? null : ref);
    optional(node, "repository", repository);
    optional(node, "folder", folder.isEmpty() ? null : folder);
    optional(node, "commit", commit);
    node.put("version", version);
    node.put("tree", tree);
    ObjectNode hashes = node.putObject("files");
    files.forEach(hashes::put);
  }

  private static void optional(ObjectNode node, String key, @Nullable String value) {
    if (value == null) {
      node.remove(key);
    } else {
      node.put(key, value);
    }
  }
}
