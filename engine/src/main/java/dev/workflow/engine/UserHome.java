package dev.workflow.engine;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** The home folder of who runs us. */
public final class UserHome {
  private UserHome() {}

  /**
   * {@code $HOME}, as shells and other programs see it; where that is no absolute path, what the
   * system knows of the user.
   */
  public static Path of(Map<String, String> environment) {
    try {
      Path named = Path.of(environment.getOrDefault("HOME", ""));
      if (named.isAbsolute()) {
        return named;
      }
    } catch (InvalidPathException noPath) {
      // as if it were not set
    }
    return Path.of(System.getProperty("user.home"));
  }
}
