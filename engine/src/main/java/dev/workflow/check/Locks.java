package dev.workflow.check;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Skill;
import dev.workflow.engine.LockEntry;
import dev.workflow.skills.SkillPackageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lock files of workflows. */
public interface Locks {

  /** There are none. */
  Locks NONE =
      new Locks() {
        @Override
        public Lock of(Path folder, @Nullable Path file) {
          return Lock.NONE;
        }

        @Override
        public String hash(Skill skill) {
          return "";
        }

        @Override
        public List<String> edited(Skill skill) {
          return List.of();
        }
      };

  /**
   * What is locked of a workflow.
   *
   * @param folder that it works in
   * @param file absent: it was read from none
   */
  Lock of(Path folder, @Nullable Path file);

  /**
   * SHA-256 of all files of a skill, as lock files write it.
   *
   * @throws SkillPackageException where its folder holds what no package may, such as a link
   */
  String hash(Skill skill);

  /** The files of a skill that are not as they were installed; none where it was not installed. */
  List<String> edited(Skill skill);

  /** What is made of a lock. */
  enum Mode {
    /** There is none, or it does not matter. */
    IGNORE,
    /** It decides what capabilities are bound to, and is about to be written anew. */
    RENEW,
    /** It decides what capabilities are bound to; what drifts is told. */
    TELL,
    /** The same, and a tool that is another one than was locked must not be called. */
    STOP,
    /** Whatever drifts is an error. */
    STRICT
  }

  /**
   * What is locked of one workflow.
   *
   * @param file the lock file
   * @param name of the workflow in it; empty: it can have none
   * @param entry absent: nothing is locked of it
   * @param chosen capability to {@code server/tool} that somebody has just chosen
   * @param demanded whether it must have an entry
   * @param problems of the lock file; where there are any it was not read
   */
  record Lock(
      Path file,
      String name,
      @Nullable LockEntry entry,
      Map<String, String> chosen,
      boolean demanded,
      Mode mode,
      List<Problem> problems) {
    /** There is no lock. */
    public static final Lock NONE =
        new Lock(Path.of(""), "", null, Map.of(), false, Mode.IGNORE, List.of());

    public Lock {
      problems = List.copyOf(problems);
    }
  }
}
