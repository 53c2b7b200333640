package dev.workflow.skills;

import dev.workflow.definition.Capability;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Skills in folders. A name is looked up in {@code skills/} beside the workflow file, then in those
 * of the workspace; then among the user's skills, then among the shipped ones. The first folder of
 * that name counts.
 */
public final class SkillFolders implements Skills {

  /** Names of one folder in one folder; those of other clients have letters of all scripts. */
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_. -]{0,127}");

  private final SkillReader reader;
  private final Documents documents;
  private final Validator validator;
  private final List<Path> always;
  private final Vocabulary vocabulary = Vocabulary.shipped();

  /**
   * Looks in files only.
   *
   * @param user folder of the user's skills
   * @param shipped folder of the shipped skills; absent: there are none
   */
  public SkillFolders(Documents documents, Validator validator, Path user, @Nullable Path shipped) {
    this.reader = new SkillReader(documents, validator, vocabulary);
    this.documents = documents;
    this.validator = validator;
    this.always = shipped == null ? List.of(user) : List.of(user, shipped);
  }

  @Override
  public Found skill(String name, Path from) {
    List<Path> folders = folders(from);
    List<String> looked = folders.stream().map(Path::toString).toList();
    if (!isName(name)) {
      return new Found(null, looked, List.of());
    }
    for (Path folder : folders) {
      Path candidate = folder.resolve(name);
      if (SkillReader.isSkill(candidate)) {
        SkillReader.Reading reading = reader.read(candidate, name, false);
        return new Found(reading.skill(), looked, reading.problems());
      }
    }
    return new Found(null, looked, List.of());
  }

  /** Whether a folder claims to be a skill. */
  public static boolean isSkill(Path folder) {
    return SkillReader.isSkill(folder);
  }

  /**
   * A sound skill that a person names.
   *
   * @param skill with the folder it was read from
   * @param from folder from which it is found by its name
   */
  public record Named(Skill skill, Path from) {}

  /**
   * The skill that a person names: by its name, or by its folder, which lies in a folder {@code
   * skills}.
   *
   * @param base folder that relative paths are below, and from where names are looked up
   * @throws SkillPackageException when there is none, or it is not sound
   */
  public Named named(String name, Path base) {
    boolean isPath = name.contains("/") || name.equals(".");
    Path folder = base.resolve(isPath ? name : ".").toAbsolutePath().normalize();
    Path around = isPath ? around(name, folder) : folder;
    String own = isPath ? String.valueOf(folder.getFileName()) : name;
    Found found = skill(own, around);
    Skill skill = found.skill();
    if (skill != null) {
      return new Named(skill, around);
    }
    if (!found.problems().isEmpty()) {
      throw new SkillPackageException(found.problems());
    }
    throw SkillPackageException.missing(
        Rule.MISSING_SKILL,
        name,
        "There is no skill `%s`.".formatted(own),
        Nearest.to(own, names(around)).map(near -> "Did you mean `" + near + "`? ").orElse("")
            + "Looked in: "
            + String.join(", ", found.looked())
            + ".");
  }

  private static Path around(String name, Path folder) {
    Path skills = folder.getParent();
    Path around = skills == null ? null : skills.getParent();
    if (skills == null || around == null || !skills.endsWith("skills")) {
      throw SkillPackageException.refused(
          Rule.SKILL_PLACE,
          name,
          "Expected the name of a skill, or its folder in a folder `skills`, found another path.",
          "Move it to skills/NAME, or install it: workflow skill install " + name);
    }
    return around;
  }

  /** The licence that the {@code SKILL.md} of a folder names; empty: it names none. */
  public Optional<String> license(Path folder) {
    return reader.license(folder);
  }

  /**
   * Holds the folder of a skill against all rules, what does not keep it from use included.
   *
   * @param strict whether deviations from the specification of Agent Skills are errors
   */
  public List<Problem> check(Path folder, boolean strict) {
    return new SkillCheck(
            reader, documents, validator, vocabulary, folder.toAbsolutePath().normalize(), strict)
        .problems();
  }

  @Override
  public List<String> names(Path from) {
    Set<String> names = new TreeSet<>();
    folders(from).forEach(folder -> names.addAll(namesIn(folder)));
    return List.copyOf(names);
  }

  @Override
  public Optional<Capability> capability(String name) {
    return vocabulary.capability(name);
  }

  @Override
  public Optional<Capability> offeredBy(String tool) {
    return vocabulary.known(tool);
  }

  @Override
  public Set<String> vocabulary() {
    return vocabulary.names();
  }

  @Override
  public Binding bind(String capability, List<ToolSpec> candidates, Map<String, String> explicit) {
    return new CapabilityMatch(vocabulary, candidates).bind(capability, explicit.get(capability));
  }

  /**
   * SHA-256 of all files of a skill, as lock files write it.
   *
   * @throws SkillPackageException where the folder holds what no package may, such as a link
   */
  public static String hash(Path folder) {
    return PackageTree.of(folder, PackageLimits.DEFAULT).hash();
  }

  /**
   * The files of a skill that are not as they were installed; none where it was not installed.
   *
   * @throws SkillPackageException as {@link #hash}, or where the lock file cannot be understood
   */
  public static List<String> edited(Path folder) {
    Path project = folder.resolve("../..").normalize();
    LockedSkill locked =
        WorkflowLock.read(project.resolve(WorkflowLock.FILE))
            .skill(String.valueOf(folder.getFileName()));
    boolean isOfProject = project.resolve("skills").equals(folder.getParent());
    return locked == null || !isOfProject
        ? List.of()
        : locked.differences(PackageTree.of(folder, PackageLimits.DEFAULT));
  }

  /** Whether a skill may have this name. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches() && PackageNames.flaw(name).isEmpty();
  }

  private List<Path> folders(Path from) {
    List<Path> folders = new ArrayList<>();
    Path beside = from.toAbsolutePath().normalize();
    folders.add(beside.resolve(Workspace.SKILLS));
    folders.add(Workspace.of(beside).resolve(Workspace.SKILLS));
    folders.addAll(always);
    return folders.stream().distinct().toList();
  }

  /** The names of the skills in a folder, sorted. */
  static List<String> namesIn(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(SkillReader::isSkill)
          .map(child -> child.getFileName().toString())
          .filter(SkillFolders::isName)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The folder of skills " + folder + " cannot be read", e);
    }
  }
}
