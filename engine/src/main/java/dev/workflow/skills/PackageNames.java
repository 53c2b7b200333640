package dev.workflow.skills;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which names files of a package may have: those that mean the same file, inside the folder of the
 * skill, on every system.
 */
final class PackageNames {
  private static final int PATH_BYTES_MAX = 512;
  private static final int NAME_BYTES_MAX = 200;
  private static final String NEVER = "<>:\"|?*";
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
  private static final Pattern SHORT_GIT = Pattern.compile("git~[0-9]+");
  private static final Pattern DEVICE =
      Pattern.compile("(con|prn|aux|nul|conin\\$|conout\\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])");

  private PackageNames() {}

  /** Why a path may not be in a package; empty: it may. */
  static Optional<String> flaw(String path) {
    if (path.startsWith("/") || DRIVE.matcher(path).matches()) {
      return Optional.of("it is an absolute path");
    }
    if (path.indexOf('\\') >= 0) {
      return Optional.of("it holds a backslash, which parts folders on some systems");
    }
    if (bytes(path) > PATH_BYTES_MAX) {
      return Optional.of("it is longer than " + PATH_BYTES_MAX + " bytes");
    }
    for (String name : path.split("/", -1)) {
      Optional<String> flaw = flawOfName(name);
      if (flaw.isPresent()) {
        return flaw;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> flawOfName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      return Optional.of("it holds an empty name");
    }
    if (name.equals("..") || name.equals(".")) {
      return Optional.of("`" + name + "` could lead out of the folder");
    }
    if (lower.equals(".git") || SHORT_GIT.matcher(lower).matches()) {
      return Optional.of("a repository inside a skill could bring hooks along");
    }
    Optional<String> hidden =
        name.codePoints()
            .filter(PackageNames::isHidden)
            .mapToObj("it holds the invisible or control character U+%04X"::formatted)
            .findFirst();
    if (hidden.isPresent()) {
      return hidden;
    }
    if (name.chars().anyMatch(c -> NEVER.indexOf(c) >= 0)) {
      return Optional.of("it holds one of " + NEVER + ", which some systems do not take");
    }
    if (name.startsWith(" ") || name.endsWith(" ") || name.endsWith(".")) {
      return Optional.of("a name that begins or ends with a space or ends with a dot is another");
    }
    int dot = lower.indexOf('.');
    if (DEVICE.matcher(dot < 0 ? lower : lower.substring(0, dot).stripTrailing()).matches()) {
      return Optional.of("`" + name + "` is a device on some systems");
    }
    return bytes(name) > NAME_BYTES_MAX
        ? Optional.of("a name in it is longer than " + NAME_BYTES_MAX + " bytes")
        : Optional.empty();
  }

  /** Two paths with the same key are one file on some systems. */
  static String key(String path) {
    return Normalizer.normalize(path, Normalizer.Form.NFKC)
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  private static boolean isHidden(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
