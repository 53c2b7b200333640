package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts in how many tools of the labelled data a stem occurs; writes the file that is shipped. */
final class StemCounts {
  private StemCounts() {}

  /** The lines of the file, without its comment. */
  static List<String> lines() {
    List<Offered> tools = LabelledQueries.tools();
    Map<String, Integer> counts = new TreeMap<>();
    for (Offered tool : tools) {
      StringBuilder text = new StringBuilder();
      for (ToolField field : ToolField.values()) {
        text.append(field.of(tool)).append(". ");
      }
      new HashSet<>(Stems.of(text.toString())).forEach(stem -> counts.merge(stem, 1, Integer::sum));
    }
    List<String> lines = new java.util.ArrayList<>();
    lines.add(String.valueOf(tools.size()));
    counts.forEach((stem, count) -> lines.add(stem + "\t" + count));
    return lines;
  }

  /** Writes it to the file that is named. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(
        Path.of(arguments[0]),
        "# In how many tools each stem occurs. Written by StemCounts.\n"
            + String.join("\n", lines())
            + "\n");
  }
}
