package dev.workflow.journal;

import dev.workflow.engine.Journal.JournalException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The connection for reading, opened when it is first needed; one query at a time. */
final class ReadConnection implements AutoCloseable {
  private final Home home;
  private final Settings settings;
  private @Nullable Connection connection;
  private boolean closed;

  /** A query. */
  interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  ReadConnection(Home home, Settings settings) {
    this.home = home;
    this.settings = settings;
  }

  /**
   * Runs a query.
   *
   * @param verb for the error, such as {@code be read}
   */
  synchronized <T> T query(String verb, Query<T> query) {
    if (closed) {
      throw new JournalException("Journal " + home + ": is closed", null);
    }
    Connection open = connection;
    if (open == null) {
      open = Database.reader(home, settings);
      connection = open;
    }
    try {
      return query.run(open);
    } catch (SQLException e) {
      throw Database.failure(home, verb, e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw Database.failure(home, "be closed", e);
      }
    }
  }
}
