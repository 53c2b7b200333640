package dev.workflow.cli;

import java.util.ArrayList;
import java.util.List;

/** A table whose columns are as wide as what stands in them. */
final class Columns {
  private final List<String[]> rows = new ArrayList<>();

  Columns(String... titles) {
    rows.add(titles);
  }

  void row(String... cells) {
    String[] safe = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      safe[i] = Printable.line(cells[i], 60);
    }
    rows.add(safe);
  }

  List<String> lines() {
    int columns = rows.get(0).length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
