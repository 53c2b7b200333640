package dev.workflow.skills;

import dev.workflow.engine.Validator;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.skills.InstalledSkill.Scope;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A workspace and a home in one folder, and skills to be installed there. */
final class PackageWorld {
  static final String NOTES =
      """
      ---
      name: notes
      description: Takes notes.
      ---
      Take notes.
      """;

  private static final Validator VALIDATOR = new JsonSchemas();

  private final Path folder;

  PackageWorld(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(workspace());
      Files.createDirectories(folder.resolve("home"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path workspace() {
    return folder.resolve("project");
  }

  SkillPackages packages() {
    return packages(PackageLimits.DEFAULT, null);
  }

  SkillPackages packages(PackageLimits limits, @Nullable String token) {
    return new SkillPackages(
        new YamlDocuments(VALIDATOR),
        VALIDATOR,
        new SkillPackages.Setting(
            folder.resolve("home"), null, workspace(), folder.resolve("home/registry.yaml"), token),
        limits);
  }

  /** Finds and installs into the project. */
  Candidate install(String source) {
    Candidate candidate = packages().find(source, null, workspace());
    packages().install(candidate, Scope.project);
    return candidate;
  }

  Path file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All files there are in workspace and home, but for the one that keeps commands apart. */
  List<String> left() {
    try (Stream<Path> project = Files.walk(workspace());
        Stream<Path> home = Files.walk(folder.resolve("home"))) {
      return Stream.concat(project, home)
          .filter(path -> !Files.isDirectory(path) && !path.endsWith("skills/.lock"))
          .filter(path -> !path.endsWith("home/workflow-lock.mutex"))
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What these files say. */
  Map<String, String> texts() {
    SortedMap<String, String> texts = new TreeMap<>();
    left().forEach(path -> texts.put(path, text(path)));
    return texts;
  }

  static PackageTree tree(Map<String, String> files) {
    SortedMap<String, byte[]> bytes = new TreeMap<>();
    files.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
    return new PackageTree(bytes);
  }
}
