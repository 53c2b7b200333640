package dev.workflow.travel.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A shipped table: UTF-8, tab-separated, {@code #} comments, first line the column names. A table
 * that does not read is a defect of the build and fails with its file and line.
 */
public final class Table {
  private static final String FOLDER = "/dev/workflow/travel/";

  private final String file;
  private final Map<String, Integer> columns;

  private Table(String file, List<String> header) {
    this.file = file;
    this.columns = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      columns.put(header.get(i), i);
    }
  }

  /** All rows of the table {@code file}, in the order of the file. */
  public static <T> List<T> read(String file, Function<Row, T> reader) {
    try (InputStream in = Table.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalStateException(file + ": expected on the class path, found nothing");
      }
      return rows(file, in, reader);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read", e);
    }
  }

  private static <T> List<T> rows(String file, InputStream in, Function<Row, T> reader)
      throws IOException {
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    var rows = new ArrayList<T>();
    Table table = null;
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> cells = List.of(line.split("\t", -1));
      if (table == null) {
        table = new Table(file, cells);
      } else {
        rows.add(reader.apply(new Row(table, number, cells)));
      }
    }
    return List.copyOf(rows);
  }

  /** One line of a table; cells are addressed by column name. */
  public static final class Row {
    private final Table table;
    private final int line;
    private final List<String> cells;

    private Row(Table table, int line, List<String> cells) {
      this.table = table;
      this.line = line;
      this.cells = cells;
      if (cells.size() != table.columns.size()) {
        throw wrong("", table.columns.size() + " cells", cells.size() + "");
      }
    }

    public String text(String column) {
      Integer index = table.columns.get(column);
      if (index == null) {
        throw wrong(column, "a column of this name", table.columns.keySet().toString());
      }
      return cells.get(index);
    }

    public double number(String column) {
      return toNumber(column, text(column));
    }

    /** The parts of a cell between {@code separator}s; none for an empty cell. */
    public List<String> parts(String column, char separator) {
      String cell = text(column);
      return cell.isEmpty() ? List.of() : List.of(cell.split(String.valueOf(separator), -1));
    }

    /** The numbers of a cell, separated by spaces. */
    public List<Double> numbers(String column) {
      return parts(column, ' ').stream().map(part -> toNumber(column, part)).toList();
    }

    /** The failure of this row's {@code column}. */
    public IllegalStateException wrong(String column, String expected, String found) {
      return new IllegalStateException(
          "%s:%d %s: expected %s, found %s".formatted(table.file, line, column, expected, found));
    }

    private double toNumber(String column, String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw wrong(column, "a number", '"' + text + '"');
      }
    }
  }
}
