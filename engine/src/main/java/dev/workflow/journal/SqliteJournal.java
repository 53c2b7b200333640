package dev.workflow.journal;

import dev.workflow.engine.Cache;
import dev.workflow.engine.Journal;
import dev.workflow.journal.RunRows.Row;
import dev.workflow.journal.SqliteLog.Opened;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a home folder, in one SQLite database that several processes may use at a time.
 * Nothing is opened before it is needed, and reading makes no files.
 */
public final class SqliteJournal implements Journal {
  static final String TAKE_OVER = "Wait for it, or take the run over with --take-over.";

  private final Home home;
  private final Settings settings;
  private final ReadConnection reading;
  private final Set<SqliteLog> logs = new HashSet<>();
  private @Nullable Committer committer;
  private boolean closed;

  /** The journal of a folder, which is made when something is first recorded. */
  public SqliteJournal(Path home) {
    this(home, Settings.DEFAULT);
  }

  SqliteJournal(Path home, Settings settings) {
    this.home = new Home(home);
    this.settings = settings;
    this.reading = new ReadConnection(this.home, settings);
  }

  @Override
  public RunLog create(String run) {
    Home.requireRunId(run);
    return opened("begin a run", connection -> create(connection, run));
  }

  @Override
  public RunLog open(String run, boolean takeOver) {
    Home.requireRunId(run);
    requireJournal(run);
    return opened("open a run", connection -> open(connection, run, takeOver));
  }

  private Opened create(Connection connection, String run) throws SQLException {
    Optional<Row> known = RunRows.byId(connection, run);
    if (known.isPresent()) {
      Row row = known.get();
      if (row.seq() > 0 || isDriven(row)) {
        throw new JournalException(
            "Run " + run + ": there is a run of that id already. Choose another id.", null);
      }
      // Its process died before the first event.
      RunRows.delete(connection, row.key());
    }
    RunLock lock = RunLock.tryTake(home.lock(run), 1);
    if (lock == null) {
      throw new RunBusyException("Run " + run + ": another process is beginning it");
    }
    return undoing(
        lock,
        () -> {
          long key = RunRows.insert(connection, run, settings.time().millis());
          Octets head = Chain.begin(run).head();
          return new Opened(run, key, 1, 0, head, Glance.NOTHING, lock);
        });
  }

  private Opened open(Connection connection, String run, boolean takeOver) throws SQLException {
    Row row = row(connection, run);
    if (!takeOver && isDriven(row)) {
      throw busy(row, TAKE_OVER);
    }
    if (!RunRows.endsWithItsHead(connection, row)) {
      throw RunReader.damaged(row, row.seq(), "it is missing, or not the last one written", null);
    }
    long epoch = row.epoch() + 1;
    RunLock lock = RunLock.tryTake(home.lock(run), epoch);
    if (lock == null) {
      throw busy(row, TAKE_OVER);
    }
    return undoing(
        lock,
        () -> {
          RunRows.own(connection, row.key(), epoch, settings.time().millis());
          return new Opened(run, row.key(), epoch, row.seq(), row.head(), row.glance(), lock);
        });
  }

  private interface Opening {
    Opened run() throws SQLException;
  }

  private static Opened undoing(RunLock lock, Opening opening) throws SQLException {
    try {
      return opening.run();
    } catch (SQLException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private SqliteLog opened(String verb, Committer.Job<Opened> job) {
    Opened[] taken = new Opened[1];
    Committer writer = committer();
    try {
      Opened opened =
          writer.call(
              verb,
              connection -> {
                taken[0] = job.run(connection);
                return taken[0];
              });
      SqliteLog log = new SqliteLog(this, writer, settings, opened);
      synchronized (this) {
        logs.add(log);
      }
      return log;
    } catch (RuntimeException e) {
      if (taken[0] != null) {
        taken[0].lock().close();
      }
      throw e;
    }
  }

  @Override
  public void read(String run, long fromSeq, Consumer<Recorded> reader) {
    requireJournal(run);
    Row row = reading.query("be read", connection -> row(connection, run));
    new RunReader(reading, row).read(fromSeq, reader);
  }

  @Override
  public List<RunSummary> runs() {
    return summaries("");
  }

  @Override
  public List<RunSummary> find(String prefix) {
    if (prefix.equals("last")) {
      return home.hasJournal()
          ? reading.query("be read", RunRows::newest).map(this::summary).stream().toList()
          : List.of();
    }
    List<RunSummary> found = summaries(prefix);
    List<RunSummary> exact = found.stream().filter(run -> run.run().equals(prefix)).toList();
    return exact.isEmpty() ? found : exact;
  }

  private List<RunSummary> summaries(String prefix) {
    if (!home.hasJournal()) {
      return List.of();
    }
    return reading.query("be read", connection -> RunRows.begun(connection, prefix)).stream()
        .map(this::summary)
        .toList();
  }

  private RunSummary summary(Row row) {
    return row.glance().summary(row.run(), row.pid() > 0 && isDriven(row), row.seq());
  }

  @Override
  public void delete(String run) {
    requireJournal(run);
    Path lock = home.lock(run);
    committer()
        .call(
            "delete a run",
            connection -> {
              Row row = row(connection, run);
              if (isDriven(row)) {
                throw busy(row, cancelFirst(row.run()));
              }
              RunRows.delete(connection, row.key());
              removed(lock);
              return row;
            });
  }

  /** Inside the transaction, so that nobody locks a file that is about to go. */
  private static void removed(Path lock) {
    try {
      Files.deleteIfExists(lock);
    } catch (IOException e) {
      throw new JournalException("Lock " + lock + ": cannot be removed (" + e + ")", e);
    }
  }

  @Override
  public void post(String run, Message message) {
    requireJournal(run);
    committer()
        .call(
            "leave a message",
            connection -> {
              Row row = row(connection, run);
              if (Inbox.count(connection, row.key()) >= Inbox.MESSAGES_MAX) {
                throw new JournalException(
                    "Run "
                        + run
                        + ": "
                        + Inbox.MESSAGES_MAX
                        + " messages wait already. Resume the run, so that it takes them.",
                    null);
              }
              Inbox.post(connection, row.key(), message);
              return row;
            });
  }

  Inbox.Taken messages(long key, long after) {
    return reading.query("be read", connection -> Inbox.after(connection, key, after));
  }

  @Override
  public Map<String, Duration> durations(String workflow) {
    return home.hasJournal()
        ? reading.query("be read", connection -> DurationRows.medians(connection, workflow))
        : Map.of();
  }

  /** A log has stored all it ever will: what it leaves behind is put in order. */
  void closed(SqliteLog log) {
    try {
      if (log.failure() == null) {
        StepTimes times = new StepTimes();
        if (log.glance().status() == RunStatus.SUCCEEDED) {
          read(log.run(), 1, times::see);
        }
        committer().call("close a run", connection -> leave(connection, log, times));
      }
    } finally {
      log.lock().close();
      synchronized (this) {
        logs.remove(log);
      }
    }
  }

  private Long leave(Connection connection, SqliteLog log, StepTimes times) throws SQLException {
    if (log.lastSeq() == 0) {
      RunRows.delete(connection, log.key());
      removed(home.lock(log.run()));
    } else {
      RunRows.disown(connection, log.key(), log.epoch());
      Inbox.forget(connection, log.key(), log.taken());
      DurationRows.insert(connection, log.key(), log.glance().workflow(), times.medians());
    }
    return log.key();
  }

  /** What steps gave, kept beside their runs and removed with them. */
  public Cache cache() {
    return cache(CacheRows.Bounds.DEFAULT);
  }

  Cache cache(CacheRows.Bounds bounds) {
    return new SqliteCache(home, reading, this::committer, bounds);
  }

  /** Gives all locks back and waits until everything is on disk. */
  @Override
  public void close() {
    List<SqliteLog> open;
    synchronized (this) {
      open = List.copyOf(logs);
    }
    open.forEach(SqliteLog::close);
    Committer writer;
    synchronized (this) {
      closed = true;
      writer = committer;
    }
    reading.close();
    if (writer != null) {
      writer.close();
    }
  }

  private synchronized Committer committer() {
    if (closed) {
      throw new JournalException("Journal " + home + ": is closed", null);
    }
    Committer open = committer;
    if (open == null) {
      open = new Committer(home, settings);
      committer = open;
    }
    return open;
  }

  private boolean isDriven(Row row) {
    return RunLock.isHeld(home.lock(row.run()), row.epoch());
  }

  private static Row row(Connection connection, String run) throws SQLException {
    return RunRows.byId(connection, run).orElseThrow(() -> noSuchRun(run));
  }

  private void requireJournal(String run) {
    if (!home.hasJournal()) {
      throw noSuchRun(run);
    }
  }

  private static NoSuchRunException noSuchRun(String run) {
    return new NoSuchRunException("Run " + run + ": there is no such run. See workflow runs list.");
  }

  static String cancelFirst(String run) {
    return "Wait for it, or end it first: workflow runs cancel " + run;
  }

  private RunBusyException busy(Row row, String whatToDo) {
    Duration silent = Duration.ofMillis(Math.max(0, settings.time().millis() - row.beat()));
    return new RunBusyException(
        "Run "
            + row.run()
            + ": process "
            + row.pid()
            + " on "
            + row.host()
            + " drives it since "
            + Instant.ofEpochMilli(row.since())
            + " (last sign of life "
            + silent.toSeconds()
            + " s ago). "
            + whatToDo);
  }
}
