package dev.workflow.journal;

import dev.workflow.engine.Cache.Kept;
import dev.workflow.run.StepPath;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The rows of the table of what steps gave. */
final class CacheRows {
  /** Most values that are kept; then the oldest go. */
  static final int ROWS_MAX = 10_000;

  /** Most bytes of all values together; then the oldest go. */
  static final long BYTES_MAX = 256L << 20;

  /** A value whose compact form is longer is not kept. */
  static final int VALUE_BYTES_MAX = 16 << 20;

  private CacheRows() {}

  static Optional<Kept> find(Connection connection, byte[] key) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT run, step, at, value FROM cache WHERE key = ?")) {
      query.setBytes(1, key);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? kept(row) : Optional.empty();
      }
    }
  }

  /** What cannot be read was never there. */
  private static Optional<Kept> kept(ResultSet row) throws SQLException {
    try {
      return Optional.of(
          new Kept(
              new CompactReader(row.getBytes("value"), CacheRows::noBlob).lastValue(),
              row.getString("run"),
              StepPath.parse(row.getString("step")),
              RecordCodec.instant(row.getLong("at"))));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  private static <T> T noBlob(Octets hash) {
    throw new IllegalArgumentException("expected a value in one piece, found a blob");
  }

  /** Puts a value in the place of the one before, and forgets what is too old or too much. */
  static void keep(Connection connection, byte[] key, Kept kept, Instant until)
      throws SQLException {
    byte[] value =
        new CompactWriter(Integer.MAX_VALUE, bytes -> new Octets(bytes))
            .value(kept.output())
            .toBytes();
    if (value.length > VALUE_BYTES_MAX) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO cache(key, run, step, at, until, value)"
                + " VALUES(?, ?, ?, ?, ?, ?)")) {
      insert.setBytes(1, key);
      insert.setString(2, kept.run());
      insert.setString(3, kept.step().toString());
      insert.setLong(4, RecordCodec.nanos(kept.at()));
      insert.setLong(5, RecordCodec.nanos(until));
      insert.setBytes(6, value);
      insert.executeUpdate();
    }
    forget(connection, kept.at());
  }

  private static void forget(Connection connection, Instant now) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM cache WHERE until < ?")) {
      delete.setLong(1, RecordCodec.nanos(now));
      delete.executeUpdate();
    }
    String oldest =
        "DELETE FROM cache WHERE number <= (SELECT max(number) FROM (SELECT number,"
            + " count(*) OVER newer AS rows, sum(length(value)) OVER newer AS bytes FROM cache"
            + " WINDOW newer AS (ORDER BY number DESC)) WHERE rows > ? OR bytes > ?)";
    try (PreparedStatement delete = connection.prepareStatement(oldest)) {
      delete.setInt(1, ROWS_MAX);
      delete.setLong(2, BYTES_MAX);
      delete.executeUpdate();
    }
  }
}
