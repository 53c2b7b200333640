package dev.workflow.skills;

import dev.workflow.definition.Skill;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sound skill that was fetched, looked at, and is nowhere on disk yet. */
public final class Candidate {
  private final Skill skill;
  private final PackageTree tree;
  private final SkillWishes wishes;
  private final Origin origin;

  Candidate(Skill skill, PackageTree tree, SkillWishes wishes, Origin origin) {
    this.skill = skill;
    this.tree = tree;
    this.wishes = wishes;
    this.origin = origin;
  }

  /**
   * Where it was found.
   *
   * @param source as a person gives it, without version and ref
   * @param ref version or ref behind the source; empty: none
   * @param repository where a name of a registry leads; absent: it came from elsewhere
   * @param folder in the repository; empty: the top
   * @param commit absent: from no repository
   * @param path of this machine; absent: from elsewhere
   */
  record Origin(
      String source,
      String ref,
      @Nullable String repository,
      String folder,
      @Nullable String commit,
      @Nullable Path path) {}

  public String name() {
    return skill.name();
  }

  public String version() {
    return skill.version();
  }

  public String description() {
    return skill.description();
  }

  /** Where it was found, with the folder and what was asked for. */
  public String source() {
    String folder = origin.folder().isEmpty() ? "" : "/" + origin.folder();
    return origin.source() + folder + origin.ref();
  }

  /** The commit of a git repository; absent: from none. */
  public @Nullable String commit() {
    return origin.commit();
  }

  /** The hash of all its files. */
  public String hash() {
    return tree.hash();
  }

  public List<String> files() {
    return List.copyOf(tree.files().keySet());
  }

  public long bytes() {
    return tree.bytes();
  }

  /** What it may do and wants to use, in plain words, a line each. */
  public List<String> wants() {
    return wishes.lines();
  }

  PackageTree tree() {
    return tree;
  }

  SkillWishes wishes() {
    return wishes;
  }

  /** As the lock file in a folder records it. */
  LockedSkill locked(Path lockFolder) {
    Path path = origin.path();
    return new LockedSkill(
        path == null ? origin.source() : relative(lockFolder, path),
        origin.ref(),
        origin.repository(),
        origin.folder(),
        origin.commit(),
        skill.version(),
        tree.hash(),
        tree.hashes());
  }

  /** The same, found where a record says it is found. */
  Candidate as(LockedSkill locked) {
    Origin recorded =
        new Origin(
            locked.source(),
            locked.ref(),
            locked.repository(),
            locked.commit() == null ? origin.folder() : locked.folder(),
            origin.commit(),
            origin.path());
    return new Candidate(skill, tree, wishes, recorded);
  }

  private static String relative(Path from, Path path) {
    Path base = from.toAbsolutePath().normalize();
    Path target = path.toAbsolutePath().normalize();
    if (!target.startsWith(base)) {
      return target.toString();
    }
    String below =
        base.relativize(target).toString().replace(base.getFileSystem().getSeparator(), "/");
    return below.isEmpty() ? "." : "./" + below;
  }
}
