package dev.workflow.journal;

import dev.workflow.engine.Journal.DamagedException;
import dev.workflow.engine.Journal.JournalException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The SQLite file of a home: how it is opened, its tables, and what its errors mean to people. */
final class Database {
  private static final int APPLICATION_ID = 0x776b666c;

  /** The steps from each version to the next; version n is what the first n steps give. */
  private static final List<List<String>> MIGRATIONS =
      List.of(
          List.of(
              """
              CREATE TABLE run(
                key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
                epoch INTEGER NOT NULL, seq INTEGER NOT NULL, head BLOB NOT NULL,
                workflow TEXT NOT NULL, status TEXT NOT NULL, simulated INTEGER NOT NULL,
                started INTEGER NOT NULL, ended INTEGER NOT NULL, definition BLOB,
                pid INTEGER, host TEXT, since INTEGER, beat INTEGER)""",
              "CREATE INDEX run_workflow ON run(workflow, status)",
              """
              CREATE TABLE event(
                run INTEGER NOT NULL, seq INTEGER NOT NULL, record BLOB NOT NULL,
                mark BLOB NOT NULL, PRIMARY KEY(run, seq)) WITHOUT ROWID""",
              """
              CREATE TABLE blob(
                key INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, bytes BLOB NOT NULL)""",
              """
              CREATE TABLE blob_use(
                run INTEGER NOT NULL, blob INTEGER NOT NULL, PRIMARY KEY(run, blob)) WITHOUT ROWID""",
              "CREATE INDEX blob_use_blob ON blob_use(blob)",
              """
              CREATE TABLE inbox(
                key INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL,
                message BLOB NOT NULL)""",
              "CREATE INDEX inbox_run ON inbox(run)",
              """
              CREATE TABLE duration(
                run INTEGER NOT NULL, step TEXT NOT NULL, nanos INTEGER NOT NULL,
                PRIMARY KEY(run, step)) WITHOUT ROWID"""),
          List.of("ALTER TABLE run ADD COLUMN forked_from TEXT"),
          List.of(
              """
              CREATE TABLE cache(
                number INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL UNIQUE,
                run TEXT NOT NULL, step TEXT NOT NULL, at INTEGER NOT NULL,
                until INTEGER NOT NULL, value BLOB NOT NULL, seal BLOB NOT NULL)""",
              "CREATE INDEX cache_run ON cache(run)",
              "CREATE INDEX cache_until ON cache(until)"));

  private Database() {}

  /** The version of the tables that this class makes. */
  static int version() {
    return MIGRATIONS.size();
  }

  /** Opens the file for writing; makes and migrates what is missing. */
  static Connection writer(Home home, Settings settings) {
    home.prepare();
    return opened(home, settings, List.of("PRAGMA secure_delete=ON"));
  }

  /** Opens the file for reading alone, beside any writer. */
  static Connection reader(Home home, Settings settings) {
    home.prepare();
    return opened(home, settings, List.of("PRAGMA query_only=ON"));
  }

  private static Connection opened(Home home, Settings settings, List<String> afterwards) {
    String file = home.database().toString();
    try {
      SQLiteConfig config = new SQLiteConfig();
      config.setBusyTimeout((int) settings.busy().toMillis());
      Connection connection = config.createConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=FULL");
        if (settings.pagesMax() > 0) {
          statement.execute("PRAGMA max_page_count=" + settings.pagesMax());
        }
        migrate(statement, home);
        for (String command : afterwards) {
          statement.execute(command);
        }
        return connection;
      } catch (SQLException | JournalException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(home, "be opened", e);
    }
  }

  private static void migrate(Statement statement, Home home) throws SQLException {
    int found = number(statement, "PRAGMA user_version");
    if (found == version() && number(statement, "PRAGMA application_id") == APPLICATION_ID) {
      return;
    }
    if (found > version()) {
      throw new JournalException(
          "Journal "
              + home
              + ": expected version "
              + version()
              + " or older, found "
              + found
              + ". A newer workflow has used it: update this one.",
          null);
    }
    statement.execute("BEGIN IMMEDIATE");
    try {
      migrateLocked(statement, home);
      statement.execute("COMMIT");
    } catch (SQLException | JournalException e) {
      statement.execute("ROLLBACK");
      throw e;
    }
  }

  /** Another process may have done it in the meantime. */
  private static void migrateLocked(Statement statement, Home home) throws SQLException {
    int found = number(statement, "PRAGMA user_version");
    boolean ours =
        found > 0
            ? number(statement, "PRAGMA application_id") == APPLICATION_ID
            : number(statement, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!ours) {
      throw new DamagedException(
          "Journal " + home + ": expected a journal of workflow, found another database", null);
    }
    for (List<String> step : MIGRATIONS.subList(found, version())) {
      for (String command : step) {
        statement.execute(command);
      }
    }
    statement.execute("PRAGMA application_id=" + APPLICATION_ID);
    statement.execute("PRAGMA user_version=" + version());
  }

  private static int number(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? rows.getInt(1) : 0;
    }
  }

  /**
   * What an error of SQLite means.
   *
   * @param verb what could not be done, such as {@code be read}
   */
  static JournalException failure(Home home, String verb, SQLException cause) {
    String start = "Journal " + home + ": cannot " + verb + ": ";
    if (!(cause instanceof SQLiteException sqlite)) {
      return new JournalException(start + cause.getMessage(), cause);
    }
    SQLiteErrorCode code = sqlite.getResultCode();
    return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
      case SQLITE_FULL ->
          new JournalException(
              start + "the disk is full. Free some space, then resume the run.", cause);
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new JournalException(
              start + "another process has been writing for too long. Try again.", cause);
      case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT ->
          new DamagedException(
              start
                  + "the file is damaged ("
                  + code.message
                  + "). Put a copy of it back, or move it away to begin an empty journal.",
              cause);
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
          new JournalException(
              start + "the file may not be written or opened. Check who owns it.", cause);
      case SQLITE_IOERR ->
          new JournalException(
              start + "the disk reports an error (" + code.message + "). Check it.", cause);
      default -> new JournalException(start + cause.getMessage(), cause);
    };
  }
}
