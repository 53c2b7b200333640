package dev.workflow.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the workflow files that paths mean. */
final class WorkflowFiles {
  private static final Set<String> NEVER = Set.of("node_modules", "target", "build");
  private static final Pattern YAML = Pattern.compile(".*\\.ya?ml");
  private static final Pattern WORKFLOW = Pattern.compile("(?m)^[\"']?(steps|flow)[\"']?\\s*:");
  private static final long BYTES_MAX = 1 << 20;

  private WorkflowFiles() {}

  /**
   * The files as they are named, and of each folder all YAML files that hold {@code steps} or
   * {@code flow}, in the order of their names. Those in the folder of a skill are checked with the
   * workflows that use the skill, which give them their tools.
   *
   * @throws UsageException when a folder holds none
   */
  static List<Path> in(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        List<Path> found = below(path);
        if (found.isEmpty()) {
          throw new UsageException("Folder " + path + ": there is no workflow file in it.");
        }
        files.addAll(found);
      } else {
        files.add(path);
      }
    }
    return files.stream().distinct().toList();
  }

  private static List<Path> below(Path folder) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
              String name = String.valueOf(each.getFileName());
              boolean skipped =
                  !each.equals(folder)
                      && (name.startsWith(".") || NEVER.contains(name) || isSkill(each));
              return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile() && isWorkflow(file, attributes.size())) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("Folder " + folder + " cannot be read: " + e.getMessage(), e);
    }
    Collections.sort(found);
    return found;
  }

  private static boolean isSkill(Path folder) {
    return Stream.of("skill.yaml", "SKILL.md").map(folder::resolve).anyMatch(Files::isRegularFile);
  }

  private static boolean isWorkflow(Path file, long size) throws IOException {
    return size <= BYTES_MAX
        && YAML.matcher(String.valueOf(file.getFileName())).matches()
        && WORKFLOW.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).find();
  }
}
