package dev.workflow.journal;

import dev.workflow.engine.Journal.SupersededException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores batches inside a transaction that the {@link Committer} has begun. */
final class Appends implements AutoCloseable {
  private static final String ADVANCE =
      """
      UPDATE run SET seq = ?, head = ?, workflow = ?, status = ?, simulated = ?, started = ?,
        ended = ?, forked_from = ?, definition = coalesce(?, definition)
      WHERE key = ? AND epoch = ? AND seq = ?""";

  private final Connection connection;
  private final Settings settings;
  private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();

  Appends(Connection connection, Settings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /** Stores the batches whose writers still hold their runs; tells the others that they do not. */
  void store(List<Batch> batches) throws SQLException {
    PreparedStatement insert =
        statement("INSERT INTO event(run, seq, record, mark) VALUES(?, ?, ?, ?)");
    boolean any = false;
    for (Batch batch : batches) {
      if (batch.records().isEmpty() && batch.unsound() == null) {
        continue;
      }
      if (batch.log().failure() == null && advance(batch)) {
        long seq = batch.firstSeq();
        for (Batch.Entry entry : batch.records()) {
          insert.setLong(1, batch.log().key());
          insert.setLong(2, seq++);
          insert.setBytes(3, entry.record().bytes());
          insert.setBytes(4, entry.mark().bytes());
          insert.addBatch();
          any = true;
        }
        storeBlobs(batch);
        if (batch.taken() > 0) {
          Inbox.forget(connection, batch.log().key(), batch.taken());
        }
      }
    }
    if (any) {
      insert.executeBatch();
    }
  }

  /** The condition on epoch and sequence number is what makes one writer per run a fact. */
  private boolean advance(Batch batch) throws SQLException {
    if (batch.unsound() != null) {
      batch.log().fail(batch.unsound());
      return false;
    }
    Glance glance = batch.glance();
    PreparedStatement update = statement(ADVANCE);
    update.setLong(1, batch.lastSeq());
    update.setBytes(2, batch.head().bytes());
    update.setString(3, glance.workflow());
    update.setString(4, glance.status().name());
    update.setBoolean(5, glance.simulated());
    update.setLong(6, RecordCodec.nanos(glance.started()));
    update.setLong(7, RecordCodec.nanos(glance.ended()));
    update.setString(8, glance.forkedFrom());
    update.setBytes(9, batch.definition() == null ? null : batch.definition().bytes());
    update.setLong(10, batch.log().key());
    update.setLong(11, batch.log().epoch());
    update.setLong(12, batch.firstSeq() - 1);
    if (update.executeUpdate() == 1) {
      return true;
    }
    batch.log().fail(superseded(batch.log()));
    return false;
  }

  private SupersededException superseded(SqliteLog log) throws SQLException {
    PreparedStatement query = statement("SELECT epoch, pid, host FROM run WHERE key = ?");
    query.setLong(1, log.key());
    try (ResultSet row = query.executeQuery()) {
      String by =
          row.next()
              ? (row.getLong(2) > 0
                      ? "process " + row.getLong(2) + " on " + row.getString(3)
                      : "another process")
                  + " took it over"
              : "it was deleted";
      return new SupersededException(
          "Run "
              + log.run()
              + ": "
              + by
              + "; this process (writer "
              + log.epoch()
              + ") records nothing more");
    }
  }

  private void storeBlobs(Batch batch) throws SQLException {
    for (Map.Entry<Octets, Octets> blob : batch.blobs().entrySet()) {
      PreparedStatement insert =
          statement("INSERT INTO blob(hash, bytes) VALUES(?, ?) ON CONFLICT(hash) DO NOTHING");
      insert.setBytes(1, blob.getKey().bytes());
      insert.setBytes(2, blob.getValue().bytes());
      insert.executeUpdate();
      PreparedStatement use =
          statement("INSERT OR IGNORE INTO blob_use SELECT ?, key FROM blob WHERE hash = ?");
      use.setLong(1, batch.log().key());
      use.setBytes(2, blob.getKey().bytes());
      use.executeUpdate();
    }
  }

  /** A sign of life for the runs that this process drives. */
  void beat() throws SQLException {
    PreparedStatement update = statement("UPDATE run SET beat = ? WHERE pid = ? AND host = ?");
    update.setLong(1, settings.time().millis());
    update.setLong(2, Owner.pid());
    update.setString(3, Owner.host());
    update.executeUpdate();
  }

  private PreparedStatement statement(String sql) throws SQLException {
    @Nullable PreparedStatement known = statements.get(sql);
    if (known == null) {
      known = connection.prepareStatement(sql);
      statements.put(sql, known);
    }
    return known;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements.values()) {
      statement.close();
    }
  }
}
