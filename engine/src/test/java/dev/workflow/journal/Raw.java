package dev.workflow.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.sqlite.SQLiteConfig;

/** Looks into, and spoils, the database behind the back of the journal. */
final class Raw {
  private Raw() {}

  static long number(Path home, String query) {
    try (Connection connection = open(home);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  static void execute(Path home, String... commands) {
    try (Connection connection = open(home);
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(String.join(";", commands), e);
    }
  }

  private static Connection open(Path home) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(5_000);
    return config.createConnection("jdbc:sqlite:" + home.resolve("journal.db"));
  }

  /** Waits until something holds, at most twenty seconds. */
  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not within twenty seconds");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
