package dev.workflow.cli;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of paths, as shells read it: {@code *} and {@code ?} stay within a name, {@code **}
 * stands for any number of folders, none included, {@code [abc]} for one character and {@code
 * {yaml,yml}} for one of several texts.
 */
final class Glob {
  private static final Pattern MAGIC = Pattern.compile("[*?\\[{]");

  private final Path folder;
  private final Pattern pattern;

  /**
   * @throws UsageException when a bracket or a brace does not end
   */
  Glob(String glob) {
    int magic = glob.length();
    var first = MAGIC.matcher(glob);
    if (first.find()) {
      magic = first.start();
    }
    int slash = glob.lastIndexOf('/', magic);
    this.folder = Path.of(slash < 0 ? "." : slash == 0 ? "/" : glob.substring(0, slash));
    try {
      this.pattern = Pattern.compile(regex(glob.substring(slash + 1)));
    } catch (PatternSyntaxException e) {
      throw new UsageException("Pattern " + glob + ": a bracket or a brace does not end.");
    }
  }

  /** Whether a text is a pattern, and not just a name. */
  static boolean isPattern(String text) {
    return MAGIC.matcher(text).find();
  }

  /** The folder in which to look. */
  Path folder() {
    return folder;
  }

  /** Whether a path, which begins with the folder, is meant. */
  boolean matches(Path path) {
    return pattern.matcher(folder.relativize(path).toString()).matches();
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int at = 0; at < glob.length(); at++) {
      char c = glob.charAt(at);
      if (glob.startsWith("**/", at)) {
        regex.append("(?:.*/)?");
        at += 2;
      } else if (glob.startsWith("**", at)) {
        regex.append(".*");
        at++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '{') {
        regex.append("(?:");
        braces++;
      } else if (c == '}' && braces > 0) {
        regex.append(')');
        braces--;
      } else if (c == ',' && braces > 0) {
        regex.append('|');
      } else if (c == '[') {
        int end = end(glob, at);
        regex.append(characters(glob.substring(at + 1, end)));
        at = end;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }

  /** Where a bracket ends; one that stands first inside belongs to the characters. */
  private static int end(String glob, int at) {
    int first = glob.startsWith("[!", at) ? at + 2 : at + 1;
    int end = glob.indexOf(']', first + 1);
    if (end < 0) {
      throw new PatternSyntaxException("a bracket does not end", glob, at);
    }
    return end;
  }

  /** One character of a name: what stands in brackets means itself, but for a range. */
  private static String characters(String inside) {
    boolean not = inside.startsWith("!");
    StringBuilder regex = new StringBuilder("(?!/)[").append(not ? "^" : "");
    for (int at = not ? 1 : 0; at < inside.length(); at++) {
      char c = inside.charAt(at);
      boolean range = c == '-' && at > (not ? 1 : 0) && at < inside.length() - 1;
      regex.append(range ? "-" : c > 127 || Character.isLetterOrDigit(c) ? c : "\\" + c);
    }
    return regex.append(']').toString();
  }
}
