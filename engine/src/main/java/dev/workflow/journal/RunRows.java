package dev.workflow.journal;

import dev.workflow.run.RunStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of the table of runs. */
final class RunRows {
  private static final String SELECT =
      "SELECT key, id, epoch, seq, head, workflow, status, simulated, started, ended, forked_from,"
          + " pid, host, since, beat FROM run ";

  private RunRows() {}

  /**
   * One run.
   *
   * @param pid process that drives it, as far as it could say; 0: none
   * @param since when it took the run, in milliseconds since 1970
   * @param beat its last sign of life, likewise
   */
  record Row(
      long key,
      String run,
      long epoch,
      long seq,
      Octets head,
      Glance glance,
      long pid,
      String host,
      long since,
      long beat) {}

  static Optional<Row> byId(Connection connection, String run) throws SQLException {
    return select(connection, "WHERE id = ?", run).stream().findFirst();
  }

  /** The runs that have begun and whose ids start with the prefix, newest first. */
  static List<Row> begun(Connection connection, String prefix) throws SQLException {
    return select(
        connection, "WHERE seq > 0 AND substr(id, 1, length(?1)) = ?1 ORDER BY key DESC", prefix);
  }

  static Optional<Row> newest(Connection connection) throws SQLException {
    return select(connection, "WHERE seq > 0 AND ?1 = ?1 ORDER BY key DESC LIMIT 1", "").stream()
        .findFirst();
  }

  /** Whether the newest event is there and is the one that the run's head is about. */
  static boolean endsWithItsHead(Connection connection, Row row) throws SQLException {
    if (row.seq() == 0) {
      return true;
    }
    try (PreparedStatement query =
        connection.prepareStatement("SELECT mark FROM event WHERE run = ? AND seq = ?")) {
      query.setLong(1, row.key());
      query.setLong(2, row.seq());
      try (ResultSet found = query.executeQuery()) {
        return found.next()
            && RunReader.octets(found, "mark").equals(Chain.after(row.head()).mark());
      }
    }
  }

  /** Adds a run without events whose one writer is this process. */
  static long insert(Connection connection, String run, long now) throws SQLException {
    String sql =
        "INSERT INTO run(id, epoch, seq, head, workflow, status, simulated, started, ended,"
            + " pid, host, since, beat) VALUES(?1, 1, 0, ?2, '', 'RUNNING', 0, 0, 0, ?3, ?4, ?5, ?5)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setString(1, run);
      insert.setBytes(2, Chain.begin(run).head().bytes());
      insert.setLong(3, Owner.pid());
      insert.setString(4, Owner.host());
      insert.setLong(5, now);
      insert.executeUpdate();
    }
    return byId(connection, run).orElseThrow().key();
  }

  /** Makes this process the writer of the next epoch. */
  static void own(Connection connection, long key, long epoch, long now) throws SQLException {
    String sql = "UPDATE run SET epoch = ?, pid = ?, host = ?, since = ?, beat = ? WHERE key = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, epoch);
      update.setLong(2, Owner.pid());
      update.setString(3, Owner.host());
      update.setLong(4, now);
      update.setLong(5, now);
      update.setLong(6, key);
      update.executeUpdate();
    }
  }

  /** Says that the writer of an epoch is gone, unless there is a later one. */
  static void disown(Connection connection, long key, long epoch) throws SQLException {
    String sql =
        "UPDATE run SET pid = NULL, host = NULL, since = NULL, beat = NULL"
            + " WHERE key = ? AND epoch = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, key);
      update.setLong(2, epoch);
      update.executeUpdate();
    }
  }

  /** Removes a run with all that only it used. */
  static void delete(Connection connection, long key) throws SQLException {
    for (String sql :
        List.of(
            "DELETE FROM event WHERE run = ?",
            "DELETE FROM inbox WHERE run = ?",
            "DELETE FROM duration WHERE run = ?",
            "DELETE FROM blob WHERE key IN (SELECT blob FROM blob_use WHERE run = ?1) AND NOT EXISTS"
                + " (SELECT 1 FROM blob_use u WHERE u.blob = blob.key AND u.run <> ?1)",
            "DELETE FROM blob_use WHERE run = ?",
            "DELETE FROM cache WHERE run = (SELECT id FROM run WHERE key = ?)",
            "DELETE FROM run WHERE key = ?")) {
      try (PreparedStatement delete = connection.prepareStatement(sql)) {
        delete.setLong(1, key);
        delete.executeUpdate();
      }
    }
  }

  private static List<Row> select(Connection connection, String where, String argument)
      throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(SELECT + where)) {
      query.setString(1, argument);
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          rows.add(row(found));
        }
      }
    }
    return rows;
  }

  private static Row row(ResultSet row) throws SQLException {
    Glance glance =
        new Glance(
            row.getString("workflow"),
            RunStatus.valueOf(row.getString("status")),
            row.getBoolean("simulated"),
            RecordCodec.instant(row.getLong("started")),
            RecordCodec.instant(row.getLong("ended")),
            row.getString("forked_from"));
    String host = row.getString("host");
    return new Row(
        row.getLong("key"),
        row.getString("id"),
        row.getLong("epoch"),
        row.getLong("seq"),
        RunReader.octets(row, "head"),
        glance,
        row.getLong("pid"),
        host == null ? "" : host,
        row.getLong("since"),
        row.getLong("beat"));
  }
}
