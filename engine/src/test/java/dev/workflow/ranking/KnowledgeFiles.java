package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts the files of {@link Knowledge} over the labelled tools and the phrases for them. */
final class KnowledgeFiles {
  private KnowledgeFiles() {}

  /** What is known where these servers are not: neither their phrases nor the counts of theirs. */
  static Knowledge without(Set<String> servers) {
    StemWeights stems = StemWeights.read(stems(servers));
    return new Knowledge(stems, KnownTools.shipped(stems, server -> !servers.contains(server)));
  }

  /** In how many tools of other servers each stem occurs; the number of these tools first. */
  static List<String> stems(Set<String> without) {
    Map<String, List<String>> phrases = KnownTools.phrases();
    Map<String, Integer> counts = new TreeMap<>();
    int tools = 0;
    for (Offered tool : LabelledQueries.tools()) {
      if (!without.contains(tool.group())) {
        tools++;
        StringBuilder text = new StringBuilder();
        for (ToolField field : ToolField.values()) {
          text.append(field.of(new Described(tool, phrases.getOrDefault(tool.id(), List.of()))))
              .append(". ");
        }
        new HashSet<>(Stems.of(text.toString()))
            .forEach(stem -> counts.merge(stem, 1, Integer::sum));
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(String.valueOf(tools));
    counts.forEach((stem, count) -> lines.add(stem + "\t" + count));
    return lines;
  }

  /** By which stems the description of each tool is compared. */
  static List<String> definitions() {
    return LabelledQueries.tools().stream()
        .map(
            tool ->
                tool.id()
                    + "\t"
                    + String.join(
                        " ",
                        KnownTools.compared(
                            ToolField.DESCRIPTION.of(new Described(tool, List.of())))))
        .toList();
  }

  /** Writes both into the folder that is named. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    write(
        folder.resolve("definitions.tsv"),
        "# By which stems the description of each tool is compared. Written by KnowledgeFiles.",
        definitions());
    write(
        folder.resolve("stems.tsv"),
        "# In how many tools each stem occurs, or in phrases for them. Written by KnowledgeFiles.",
        stems(Set.of()));
  }

  private static void write(Path file, String comment, List<String> lines) throws IOException {
    Files.writeString(file, comment + "\n" + String.join("\n", lines) + "\n");
  }
}
