package dev.workflow.cli;

import dev.workflow.assembly.SourceFiles;
import dev.workflow.skills.SkillFileNames;
import dev.workflow.skills.SkillFolders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the workflows and skills that paths mean: files, folders and patterns of files. */
final class Checkables {
  private static final Pattern YAML = Pattern.compile(".*\\.ya?ml");
  private static final Pattern WORKFLOW = Pattern.compile("(?m)^[\"']?(steps|flow)[\"']?\\s*:");

  /** How much of a file is looked at; a longer one is too large for a workflow, and told so. */
  private static final int BYTES_MAX = 1 << 20;

  private final boolean onlySkills;

  private Checkables(boolean onlySkills) {
    this.onlySkills = onlySkills;
  }

  /**
   * Files as they are named; of each folder all YAML files that hold {@code steps} or {@code flow},
   * and all folders of skills, in the order of their names; of a pattern such as {@code
   * "flows/**}{@code /*.yaml"} those of them that it matches. Links are not followed, and hidden
   * folders and those of builds are left out.
   *
   * @throws UsageException when a folder or a pattern means nothing
   */
  static List<Checkable> in(List<Path> paths) {
    return new Checkables(false).all(paths);
  }

  /**
   * The same of skills alone.
   *
   * @throws UsageException when a path means no skill
   */
  static List<Checkable> skillsIn(List<Path> paths) {
    return new Checkables(true).all(paths);
  }

  private List<Checkable> all(List<Path> paths) {
    Map<Path, Checkable> all = new LinkedHashMap<>();
    paths.forEach(path -> in(path).forEach(each -> all.putIfAbsent(each.path(), each)));
    return List.copyOf(all.values());
  }

  private List<Checkable> in(Path path) {
    if (Files.isDirectory(path)) {
      return some(
          below(path, found -> true),
          "Folder %s: there is no %s in it."
              .formatted(path, onlySkills ? "skill" : "workflow file"));
    }
    if (!Files.exists(path) && Glob.isPattern(path.toString())) {
      Glob glob = new Glob(path.toString());
      return some(
          Files.isDirectory(glob.folder()) ? below(glob.folder(), glob::matches) : List.of(),
          "Pattern %s: it matches %s."
              .formatted(path, onlySkills ? "no skill" : "no workflow file and no skill"));
    }
    if (SkillFileNames.makesSkill(name(path)) && Files.exists(path)) {
      Path folder = path.getParent();
      return List.of(Checkable.skill(folder == null ? Path.of(".") : folder));
    }
    if (onlySkills) {
      throw new UsageException(
          path + ": expected a folder with skill.yaml or SKILL.md, found none.");
    }
    return List.of(Checkable.workflow(path));
  }

  private static List<Checkable> some(List<Checkable> found, String otherwise) {
    if (found.isEmpty()) {
      throw new UsageException(otherwise);
    }
    return found;
  }

  private List<Checkable> below(Path folder, Predicate<Path> meant) {
    List<Checkable> found = new ArrayList<>();
    try {
      for (Path each : SourceFiles.below(folder, SkillFolders::isSkill)) {
        Path path = each.equals(folder) ? each : each.normalize();
        if (Files.isDirectory(each)) {
          if (isMeant(each, meant)) {
            found.add(Checkable.skill(path));
          }
        } else if (!onlySkills && meant.test(each) && isWorkflow(each)) {
          found.add(Checkable.workflow(path));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Folder " + folder + " cannot be read: " + e.getMessage(), e);
    }
    return found;
  }

  /** A skill is found by its folder or by the files that make it one. */
  private static boolean isMeant(Path skill, Predicate<Path> meant) throws IOException {
    if (meant.test(skill)) {
      return true;
    }
    try (Stream<Path> files = Files.list(skill)) {
      return files.filter(file -> SkillFileNames.makesSkill(name(file))).anyMatch(meant);
    }
  }

  private static boolean isWorkflow(Path file) throws IOException {
    if (!YAML.matcher(name(file)).matches()) {
      return false;
    }
    try (InputStream content = Files.newInputStream(file)) {
      String beginning = new String(content.readNBytes(BYTES_MAX), StandardCharsets.UTF_8);
      return WORKFLOW.matcher(beginning).find();
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
