package dev.workflow.skills;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What differs between two versions of a package, as people read it. */
final class TreeDifference {
  private static final int CONTEXT = 2;
  private static final int LINES_MAX = 300;
  private static final int LINES_OF_FILE_MAX = 2_000;

  private final List<String> lines = new ArrayList<>();

  private TreeDifference() {}

  /** A unified difference of texts, bounded; of other files that they differ. */
  static List<String> of(PackageTree before, PackageTree after) {
    TreeDifference difference = new TreeDifference();
    SortedSet<String> paths = new TreeSet<>(PackageTree.ORDER);
    paths.addAll(before.files().keySet());
    paths.addAll(after.files().keySet());
    int unseen = 0;
    for (String path : paths) {
      byte @Nullable [] old = before.files().get(path);
      byte @Nullable [] now = after.files().get(path);
      if (Arrays.equals(old, now)) {
        continue;
      }
      if (difference.lines.size() < LINES_MAX) {
        difference.file(path, old, now);
      } else {
        unseen++;
      }
    }
    return difference.bounded(unseen);
  }

  private List<String> bounded(int unseen) {
    int more = lines.size() - LINES_MAX;
    List<String> shown = new ArrayList<>(lines.subList(0, Math.min(lines.size(), LINES_MAX)));
    if (more > 0) {
      shown.add("... and %,d more lines".formatted(more));
    }
    if (unseen > 0) {
      shown.add("... and %,d more files".formatted(unseen));
    }
    return shown;
  }

  private void file(String path, byte @Nullable [] before, byte @Nullable [] after) {
    Optional<List<String>> old = text(before);
    Optional<List<String>> now = text(after);
    if (old.isEmpty() || now.isEmpty()) {
      lines.add("%s: %s -> %s".formatted(path, size(before), size(after)));
      return;
    }
    lines.add("--- " + (before == null ? "/dev/null" : path));
    lines.add("+++ " + (after == null ? "/dev/null" : path));
    hunks(old.get(), now.get());
  }

  private static String size(byte @Nullable [] bytes) {
    return bytes == null ? "nothing" : Sizes.of(bytes.length);
  }

  private static Optional<List<String>> text(byte @Nullable [] bytes) {
    if (bytes == null) {
      return Optional.of(List.of());
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      List<String> all = text.lines().toList();
      return text.indexOf('\0') >= 0 || all.size() > LINES_OF_FILE_MAX
          ? Optional.empty()
          : Optional.of(all);
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** One line of a difference: {@code ' '}, {@code '-'} or {@code '+'} and the text. */
  private record Line(char mark, String text, int before, int after) {}

  private void hunks(List<String> before, List<String> after) {
    List<Line> all = compared(before, after);
    boolean[] shown = new boolean[all.size()];
    for (int i = 0; i < shown.length; i++) {
      if (all.get(i).mark() != ' ') {
        int to = Math.min(shown.length, i + CONTEXT + 1);
        Arrays.fill(shown, Math.max(0, i - CONTEXT), to, true);
      }
    }
    for (int i = 0; i < shown.length; i++) {
      Line line = all.get(i);
      if (shown[i]) {
        if (i == 0 || !shown[i - 1]) {
          lines.add("@@ -%d +%d @@".formatted(line.before(), line.after()));
        }
        lines.add(line.mark() + line.text());
      }
    }
  }

  /** By the longest common subsequence; both are bounded in length. */
  private static List<Line> compared(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<Line> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add(new Line(' ', before.get(i), ++i, ++j));
      } else if (j >= after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', before.get(i), ++i, j + 1));
      } else {
        lines.add(new Line('+', after.get(j), i + 1, ++j));
      }
    }
    return lines;
  }
}
