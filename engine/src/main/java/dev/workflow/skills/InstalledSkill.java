package dev.workflow.skills;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A skill that can be used, or that the lock file says should be there.
 *
 * @param version that it gives itself; empty where it cannot be read
 * @param source and commit as they were recorded; absent: it was not installed by a command
 */
public record InstalledSkill(
    String name,
    String version,
    String description,
    Scope scope,
    Path folder,
    @Nullable String source,
    @Nullable String commit,
    State state) {

  /** Whose skills they are. */
  public enum Scope {
    /** Those of the workspace. */
    project,
    /** Those of the user. */
    user,
    /** Those that come with the product. */
    shipped
  }

  /** How it stands against the lock file. */
  public enum State {
    /** Its files are those that were installed. */
    LOCKED("as installed"),
    /** Its files are others than those that were installed. */
    EDITED("edited since"),
    /** It is recorded, and not there. */
    GONE("recorded, not there"),
    /** It was not installed by a command. */
    OWN("not installed"),
    /** It is no sound skill. */
    UNSOUND("cannot be read");

    private final String words;

    State(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }
}
