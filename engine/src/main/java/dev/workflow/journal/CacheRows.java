package dev.workflow.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The rows of the table of what steps gave. */
final class CacheRows {

  /**
   * How much is kept.
   *
   * @param rows most values; then the oldest go
   * @param bytes most bytes of all of them in their compact form; then the oldest go
   * @param valueBytes a value whose compact form is longer is not kept
   */
  record Bounds(int rows, long bytes, int valueBytes) {
    static final Bounds DEFAULT = new Bounds(10_000, 256L << 20, 16 << 20);
  }

  /** What lasts so long lasts for ever. */
  private static final Instant NEVER = Instant.parse("2262-01-01T00:00:00Z");

  private CacheRows() {}

  /**
   * A value as it is stored.
   *
   * @param key hash of its key
   * @param at in nanoseconds since 1970
   * @param seal over all the others, by which damage is noticed
   */
  record Row(Octets key, String run, String step, long at, Octets value, Octets seal) {}

  static Optional<Row> find(Connection connection, Octets key) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT run, step, at, value, seal FROM cache WHERE key = ?")) {
      query.setBytes(1, key.bytes());
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Row(
                    key,
                    row.getString("run"),
                    row.getString("step"),
                    row.getLong("at"),
                    new Octets(row.getBytes("value")),
                    new Octets(row.getBytes("seal"))))
            : Optional.empty();
      }
    }
  }

  /** Puts a value in the place of the one before, and forgets what is too old or too much. */
  static void keep(Connection connection, Row row, Instant until, Bounds bounds)
      throws SQLException {
    if (row.value().bytes().length > bounds.valueBytes()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO cache(key, run, step, at, until, value, seal)"
                + " VALUES(?, ?, ?, ?, ?, ?, ?)")) {
      insert.setBytes(1, row.key().bytes());
      insert.setString(2, row.run());
      insert.setString(3, row.step());
      insert.setLong(4, row.at());
      insert.setLong(5, until.isBefore(NEVER) ? RecordCodec.nanos(until) : Long.MAX_VALUE);
      insert.setBytes(6, row.value().bytes());
      insert.setBytes(7, row.seal().bytes());
      insert.executeUpdate();
    }
    forget(connection, row.at(), bounds);
  }

  private static void forget(Connection connection, long now, Bounds bounds) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM cache WHERE until < ?")) {
      delete.setLong(1, now);
      delete.executeUpdate();
    }
    String oldest =
        "DELETE FROM cache WHERE number <= (SELECT max(number) FROM (SELECT number,"
            + " count(*) OVER newer AS rows, sum(length(value)) OVER newer AS bytes FROM cache"
            + " WINDOW newer AS (ORDER BY number DESC)) WHERE rows > ? OR bytes > ?)";
    try (PreparedStatement delete = connection.prepareStatement(oldest)) {
      delete.setInt(1, bounds.rows());
      delete.setLong(2, bounds.bytes());
      delete.executeUpdate();
    }
  }
}
