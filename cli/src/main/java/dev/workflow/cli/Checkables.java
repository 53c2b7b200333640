package dev.workflow.cli;

import dev.workflow.skills.SkillFolders;
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
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds the workflows and skills that paths mean: files, folders and patterns of files. */
final class Checkables {
  private static final Set<String> NEVER = Set.of("node_modules", "target", "build");
  private static final Set<String> OF_SKILLS = Set.of("skill.yaml", "SKILL.md");
  private static final Pattern YAML = Pattern.compile(".*\\.ya?ml");
  private static final Pattern WORKFLOW = Pattern.compile("(?m)^[\"']?(steps|flow)[\"']?\\s*:");
  private static final long BYTES_MAX = 1 << 20;

  private Checkables() {}

  /**
   * Files as they are named; of each folder all YAML files that hold {@code steps} or {@code flow},
   * and all folders of skills, in the order of their names; of a pattern such as {@code
   * "flows/**}{@code /*.yaml"} those of them that it matches. Links are not followed, and hidden
   * folders and those of builds are left out.
   *
   * @throws UsageException when a folder or a pattern means nothing
   */
  static List<Checkable> in(List<Path> paths) {
    List<Checkable> all = new ArrayList<>();
    paths.forEach(path -> all.addAll(in(path)));
    return all.stream().distinct().toList();
  }

  private static List<Checkable> in(Path path) {
    if (Files.isDirectory(path)) {
      return some(
          below(path, found -> true), "Folder " + path + ": there is no workflow file in it.");
    }
    if (!Files.exists(path) && Glob.isPattern(path.toString())) {
      Glob glob = new Glob(path.toString());
      return some(
          Files.isDirectory(glob.folder()) ? below(glob.folder(), glob::matches) : List.of(),
          "Pattern " + path + ": it matches no workflow file and no skill.");
    }
    if (OF_SKILLS.contains(name(path)) && Files.exists(path)) {
      Path folder = path.getParent();
      return List.of(Checkable.skill(folder == null ? Path.of(".") : folder));
    }
    return List.of(Checkable.workflow(path));
  }

  private static List<Checkable> some(List<Checkable> found, String otherwise) {
    if (found.isEmpty()) {
      throw new UsageException(otherwise);
    }
    return found;
  }

  /** A skill is found by its folder or by the files that make it one. */
  private static List<Checkable> below(Path folder, Predicate<Path> meant) {
    List<Checkable> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
              if (!each.equals(folder)
                  && (name(each).startsWith(".") || NEVER.contains(name(each)))) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              if (!SkillFolders.isSkill(each)) {
                return FileVisitResult.CONTINUE;
              }
              if (meant.test(each)
                  || OF_SKILLS.stream().map(each::resolve).filter(Files::exists).anyMatch(meant)) {
                found.add(Checkable.skill(each.equals(folder) ? each : each.normalize()));
              }
              return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile()
                  && meant.test(file)
                  && isWorkflow(file, attributes.size())) {
                found.add(Checkable.workflow(file.normalize()));
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

  private static boolean isWorkflow(Path file, long size) throws IOException {
    return size <= BYTES_MAX
        && YAML.matcher(name(file)).matches()
        && WORKFLOW.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).find();
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
