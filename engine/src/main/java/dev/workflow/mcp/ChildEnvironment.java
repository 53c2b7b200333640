package dev.workflow.mcp;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment a child process gets: a short allow-list of ours plus what its entry declares.
 * Nothing else of ours is visible to a child, so a key exported for one program never reaches
 * another.
 */
final class ChildEnvironment {
  private static final Set<String> UNIX =
      Set.of("PATH", "HOME", "LANG", "LANGUAGE", "TMPDIR", "TZ", "USER", "LOGNAME", "SHELL");

  private static final Set<String> WINDOWS =
      Set.of(
          "APPDATA",
          "COMSPEC",
          "HOMEDRIVE",
          "HOMEPATH",
          "LOCALAPPDATA",
          "PATHEXT",
          "PROGRAMDATA",
          "PROGRAMFILES",
          "SYSTEMDRIVE",
          "SYSTEMROOT",
          "TEMP",
          "TMP",
          "USERNAME",
          "USERPROFILE",
          "WINDIR");

  private ChildEnvironment() {}

  /** Whether a variable of ours is passed on to every child, and so is no secret. */
  static boolean isShared(String variable) {
    String upper = variable.toUpperCase(Locale.ROOT);
    return UNIX.contains(variable) || variable.startsWith("LC_") || WINDOWS.contains(upper);
  }

  /** The allow-listed part of {@code ours}, overridden by {@code declared}. */
  static Map<String, String> of(Map<String, String> ours, Map<String, String> declared) {
    Map<String, String> child = new TreeMap<>();
    ours.forEach(
        (name, value) -> {
          if (isShared(name)) {
            child.put(name, value);
          }
        });
    child.putAll(declared);
    return child;
  }
}
