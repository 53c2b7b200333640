package dev.workflow.skills;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what a Markdown text links to in its own folder. Code is no text, and links nowhere. */
final class MarkdownLinks {
  private static final Pattern FENCE = Pattern.compile(" {0,3}(```+|~~~+).*");
  private static final Pattern CODE = Pattern.compile("(`+)(?!`).*?(?<!`)\\1(?!`)");
  private static final Pattern INLINE =
      Pattern.compile("\\]\\(\\s{0,9}(?:<([^<>]{1,1000})>|([^\\s()<>]{1,1000}))");
  private static final Pattern DEFINITION =
      Pattern.compile("^ {0,3}\\[[^\\]]{1,200}\\]:\\s{1,9}(?:<([^<>]{1,1000})>|(\\S{1,1000}))");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

  private MarkdownLinks() {}

  /**
   * A link to a file.
   *
   * @param line index of its line
   * @param column index in the line at which its target begins
   * @param target as it is written, without what follows a {@code #} or {@code ?}
   */
  record Link(int line, int column, String target) {}

  static List<Link> of(List<String> lines) {
    List<Link> links = new ArrayList<>();
    String fence = "";
    for (int i = 0; i < lines.size(); i++) {
      Matcher mark = FENCE.matcher(lines.get(i));
      if (mark.matches()) {
        String found = mark.group(1);
        if (fence.isEmpty()) {
          fence = found;
        } else if (found.startsWith(fence)) {
          fence = "";
        }
      } else if (fence.isEmpty()) {
        String text =
            CODE.matcher(lines.get(i)).replaceAll(code -> " ".repeat(code.group().length()));
        find(INLINE, text, i, links);
        find(DEFINITION, text, i, links);
      }
    }
    return links;
  }

  private static void find(Pattern pattern, String text, int line, List<Link> links) {
    Matcher link = pattern.matcher(text);
    while (link.find()) {
      int group = link.group(1) != null ? 1 : 2;
      String target = link.group(group).replaceFirst("[#?].*", "");
      boolean computed = target.contains("{") || target.contains("$");
      if (!target.isEmpty() && !SCHEME.matcher(target).matches() && !computed) {
        links.add(new Link(line, link.start(group), target));
      }
    }
  }

  /** The file that is meant; null: it is no path. */
  static @Nullable Path resolve(Path folder, String target) {
    try {
      String decoded = URLDecoder.decode(target.replace("+", "%2B"), StandardCharsets.UTF_8);
      return folder.resolve(decoded).normalize();
    } catch (InvalidPathException e) {
      return null;
    } catch (IllegalArgumentException e) {
      return folder.resolve(target).normalize();
    }
  }
}
