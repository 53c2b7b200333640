package dev.workflow.journal;

import dev.workflow.engine.Journal.DamagedException;
import dev.workflow.run.Recorded;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the events of one run and checks every link of the chain, also of those before the first
 * one wanted. Rows are fetched in portions, so that a slow reader holds nobody up.
 */
final class RunReader {
  private static final int PORTION = 256;

  private final ReadConnection connection;
  private final RunRows.Row row;
  private final Chain chain;
  private final RecordCodec codec = new RecordCodec();
  private long seq;

  RunReader(ReadConnection connection, RunRows.Row row) {
    this.connection = connection;
    this.row = row;
    this.chain = Chain.begin(row.run());
  }

  private record Stored(long seq, Octets record, Octets mark) {}

  /** Gives the events from a sequence number on up to the newest at the time of the call. */
  void read(long fromSeq, Consumer<Recorded> reader) {
    while (seq < row.seq()) {
      List<Stored> portion = connection.query("be read", this::portion);
      if (portion.isEmpty()) {
        throw damaged(seq + 1, "it is missing", null);
      }
      for (Stored stored : portion) {
        Supplier<Recorded> event = verified(stored);
        if (stored.seq() >= fromSeq) {
          reader.accept(decoded(stored.seq(), event));
        }
      }
    }
    if (!chain.head().equals(row.head())) {
      throw damaged(seq, "the end of the journal is not the one that was written", null);
    }
  }

  private List<Stored> portion(Connection open) throws SQLException {
    String sql =
        "SELECT seq, record, mark FROM event WHERE run = ? AND seq > ? AND seq <= ?"
            + " ORDER BY seq LIMIT "
            + PORTION;
    try (PreparedStatement query = open.prepareStatement(sql)) {
      query.setLong(1, row.key());
      query.setLong(2, seq);
      query.setLong(3, row.seq());
      List<Stored> portion = new ArrayList<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          portion.add(new Stored(rows.getLong(1), octets(rows, "record"), octets(rows, "mark")));
        }
      }
      return portion;
    }
  }

  private Supplier<Recorded> verified(Stored stored) {
    if (stored.seq() != seq + 1) {
      throw damaged(seq + 1, "it is missing; the next one is event " + stored.seq(), null);
    }
    seq = stored.seq();
    if (!chain.add(seq, stored.record()).equals(stored.mark())) {
      throw damaged(seq, "its bytes are not those that were written", null);
    }
    try {
      return codec.read(seq, stored.record(), this::blob);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw damaged(seq, "it cannot be understood (" + e.getMessage() + ")", e);
    }
  }

  private Recorded decoded(long at, Supplier<Recorded> event) {
    try {
      return event.get();
    } catch (IllegalArgumentException e) {
      throw damaged(at, "it cannot be understood (" + e.getMessage() + ")", e);
    }
  }

  private JsonNode blob(Octets hash) {
    Octets bytes = connection.query("be read", open -> blob(open, hash));
    if (bytes.bytes().length == 0) {
      throw damaged(seq, "its value " + hash + " is missing", null);
    }
    if (!Chain.sha256(bytes.bytes()).equals(hash)) {
      throw damaged(seq, "its value is not the one that was written", null);
    }
    return new CompactReader(bytes.bytes(), this::blob).lastValue();
  }

  /** The bytes of a blob; none where it is missing. */
  private static Octets blob(Connection open, Octets hash) throws SQLException {
    try (PreparedStatement query = open.prepareStatement("SELECT bytes FROM blob WHERE hash = ?")) {
      query.setBytes(1, hash.bytes());
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? octets(rows, "bytes") : new Octets(new byte[0]);
      }
    }
  }

  /** A damaged row may hold nothing where bytes are due. */
  static Octets octets(ResultSet row, String column) throws SQLException {
    byte[] bytes = row.getBytes(column);
    return new Octets(bytes == null ? new byte[0] : bytes);
  }

  private DamagedException damaged(long at, String what, @Nullable Throwable cause) {
    return damaged(row, at, what, cause);
  }

  static DamagedException damaged(
      RunRows.Row row, long at, String what, @Nullable Throwable cause) {
    return new DamagedException(
        "Run "
            + row.run()
            + ", event "
            + at
            + ": "
            + what
            + ". The journal is damaged from there on: restore it from a backup, or delete the run.",
        cause);
  }
}
