package dev.workflow.assembly;

import dev.workflow.cases.CaseFile;
import dev.workflow.skills.SkillFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the files of cases stand. */
public final class CaseFiles {
  private CaseFiles() {}

  /** Those at a path: itself, those of a workflow, or all in a folder and below it. */
  public static List<Path> at(Path path) throws IOException {
    if (Files.isRegularFile(path)) {
      return isCases(path) ? List.of(path) : ofWorkflow(path);
    }
    return SourceFiles.below(path, folder -> false).stream().filter(CaseFiles::isCases).toList();
  }

  /** Those of a workflow: one beside it, or none. */
  public static List<Path> ofWorkflow(Path file) {
    String name = String.valueOf(file.getFileName());
    String stem = isYaml(file) ? name.substring(0, name.lastIndexOf('.')) : name;
    Path cases = file.resolveSibling(stem + CaseFile.SUFFIX);
    return Files.isRegularFile(cases) ? List.of(cases) : List.of();
  }

  /** Those of a skill, in its folder of them. */
  public static List<Path> ofSkill(Path skill) throws IOException {
    Path folder = skill.resolve(CaseFile.FOLDER);
    return Files.isDirectory(folder) ? at(folder) : List.of();
  }

  private static boolean isCases(Path file) {
    return String.valueOf(file.getFileName()).endsWith(CaseFile.SUFFIX) || isOfSkill(file);
  }

  private static boolean isOfSkill(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    Path skill = folder == null ? null : folder.getParent();
    return folder != null
        && skill != null
        && folder.endsWith(CaseFile.FOLDER)
        && isYaml(file)
        && SkillFolders.isSkill(skill);
  }

  private static boolean isYaml(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }
}
