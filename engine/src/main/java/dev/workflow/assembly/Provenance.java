package dev.workflow.assembly;

import dev.workflow.assembly.Origin.Since;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.SkillGraph;
import dev.workflow.skills.SkillFileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file that a run was started from, kept with the run so that a later change can be told.
 *
 * @param digest SHA-256 of its text, hexadecimal
 */
record Provenance(Path file, String digest) {
  /** Of a file as it is now; empty where it cannot be read. */
  static Optional<Provenance> of(Path file) {
    try {
      Path whole = file.toAbsolutePath().normalize();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(whole));
      return Optional.of(new Provenance(whole, HexFormat.of().formatHex(digest)));
    } catch (IOException e) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Of the other files of a definition: workflows that it runs, its skills and its answers. */
  static List<Provenance> others(Path root, Resolved resolved) {
    Set<Path> files = new LinkedHashSet<>();
    Path file = root.toAbsolutePath().normalize();
    resolved.workflows().keySet().forEach(name -> files.add(fileOf(name, file, resolved)));
    String answers = resolved.workflow().simulate();
    if (answers != null && resolved.answers() != null) {
      files.add(file.resolveSibling(answers));
    }
    addSkills(resolved, files);
    resolved.workflows().values().forEach(part -> addSkills(part, files));
    return files.stream()
        .filter(other -> !other.normalize().equals(file))
        .map(Provenance::of)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Where a workflow was read: beside the root, or in the folder of its skill. */
  private static Path fileOf(String name, Path root, Resolved resolved) {
    return SkillGraph.of(name)
        .flatMap(
            graph ->
                Optional.ofNullable(resolved.part(graph.from()).skills().get(graph.skill()))
                    .map(skill -> Path.of(skill.folder()).resolve(graph.file())))
        .orElse(root.resolveSibling(name));
  }

  private static void addSkills(Resolved resolved, Set<Path> files) {
    for (Skill skill : resolved.skills().values()) {
      Path folder = Path.of(skill.folder());
      SkillFileNames.OWN.forEach(name -> files.add(folder.resolve(name)));
      skill.files().forEach(file -> files.add(folder.resolve(file.path())));
    }
  }

  /** What {@link #write} kept; empty where the run did not come from a file. */
  static Optional<Provenance> read(JsonNode kept) {
    return kept.isObject()
        ? Optional.of(
            new Provenance(
                Path.of(kept.path("file").asString("")), kept.path("sha256").asString("")))
        : Optional.empty();
  }

  /** What became of the file since. */
  Origin now() {
    Since since =
        Files.notExists(file)
            ? Since.GONE
            : of(file)
                .map(today -> today.equals(this) ? Since.SAME : Since.CHANGED)
                .orElse(Since.UNREADABLE);
    return new Origin(file, since);
  }

  ObjectNode write() {
    return JsonNodeFactory.instance.objectNode().put("file", file.toString()).put("sha256", digest);
  }
}
