package dev.workflow.journal;

import dev.workflow.engine.Journal.JournalException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a journal that writes. Whatever has been appended, by however many runs, while
 * it was syncing goes into the next transaction together. After a transaction of appends has failed
 * nothing more is stored: what the disk holds is no longer known, and a second sync might report
 * success all the same.
 */
final class Committer implements AutoCloseable {
  private static final int GROUP_MAX = 1_024;

  private final Home home;
  private final Settings settings;
  private final Connection connection;
  private final Appends appends;
  private final Thread thread;
  private final ExecutorService callbacks;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Task> queue = new ArrayDeque<>();
  private boolean closed;
  private @Nullable JournalException poison;

  /** Work for the thread. */
  private sealed interface Task {
    record Append(Batch batch) implements Task {}

    record Call(Job<?> job, String verb, CompletableFuture<Object> answer) implements Task {}
  }

  /** A transaction of its own; what it throws undoes it. */
  interface Job<T> {
    T run(Connection connection) throws SQLException;
  }

  Committer(Home home, Settings settings) {
    this.home = home;
    this.settings = settings;
    connection = Database.writer(home, settings);
    appends = new Appends(connection, settings);
    callbacks =
        Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().daemon().name("journal-callbacks").unstarted(task));
    thread = Thread.ofPlatform().daemon().name("journal-committer").start(this::work);
  }

  /** Stores a batch soon; its call-back says when. */
  void append(Batch batch) {
    lock.lock();
    try {
      if (!closed) {
        queue.add(new Task.Append(batch));
        changed.signalAll();
        return;
      }
    } finally {
      lock.unlock();
    }
    batch.log().ended();
    JournalException failure = new JournalException("Journal " + home + ": is closed", null);
    Thread.ofPlatform().daemon().start(() -> batch.durable().accept(failure));
  }

  /**
   * Does a job in a transaction and waits for it.
   *
   * @param verb for the error, such as {@code be read}
   */
  <T> T call(String verb, Job<T> job) {
    CompletableFuture<Object> answer = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed) {
        throw new JournalException("Journal " + home + ": is closed", null);
      }
      queue.add(new Task.Call(job, verb, answer));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      @SuppressWarnings("unchecked") // the answer is what the job gave
      T value = (T) answer.join();
      return value;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** Does what was asked for until now, then ends the thread. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    callbacks.shutdown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    long beaten = System.nanoTime();
    for (List<Task> tasks = next(); !isOver(tasks); tasks = next()) {
      if (!tasks.isEmpty()) {
        switch (tasks.get(0)) {
          case Task.Call call -> call(call);
          case Task.Append first -> store(batches(tasks));
        }
      }
      if (System.nanoTime() - beaten >= settings.heartbeat().toNanos()) {
        beat();
        beaten = System.nanoTime();
      }
    }
    try {
      appends.close();
      connection.close();
    } catch (SQLException e) {
      // Everything acknowledged is on disk already; the next opening tidies up.
      return;
    }
  }

  private boolean isOver(List<Task> tasks) {
    lock.lock();
    try {
      return tasks.isEmpty() && closed && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** One call, or all appends up to the next call; nothing when nothing came for a while. */
  private List<Task> next() {
    lock.lock();
    try {
      List<Task> tasks = new ArrayList<>();
      long nanos = settings.heartbeat().toNanos();
      while (queue.isEmpty() && !closed && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      while (!queue.isEmpty() && (tasks.isEmpty() || isMore(tasks))) {
        tasks.add(queue.remove());
      }
      return tasks;
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts the committer", e);
    } finally {
      lock.unlock();
    }
  }

  private boolean isMore(List<Task> tasks) {
    return tasks.size() < GROUP_MAX
        && tasks.get(0) instanceof Task.Append
        && queue.peek() instanceof Task.Append;
  }

  private void beat() {
    try {
      appends.beat();
    } catch (SQLException e) {
      // Only messages depend on it, and the next one will do.
      return;
    }
  }

  private static List<Batch> batches(List<Task> tasks) {
    List<Batch> batches = new ArrayList<>(tasks.size());
    for (Task task : tasks) {
      if (task instanceof Task.Append append) {
        batches.add(append.batch());
      }
    }
    return batches;
  }

  private void store(List<Batch> batches) {
    if (poison == null) {
      try {
        begin();
        appends.store(batches);
        execute("COMMIT");
      } catch (SQLException | RuntimeException | Error e) {
        // Whatever it was, the thread lives on and everybody who waits is told.
        poison = failure("record events", e);
        rollback();
      }
    }
    for (Batch batch : batches) {
      JournalException failure = poison == null ? batch.log().failure() : poison;
      if (failure != null) {
        batch.log().fail(failure);
      }
      batch.log().ended();
      callbacks.execute(() -> batch.durable().accept(failure));
    }
  }

  private void call(Task.Call call) {
    try {
      begin();
      Object answer = call.job().run(connection);
      execute("COMMIT");
      call.answer().complete(answer);
    } catch (SQLException | RuntimeException | Error e) {
      rollback();
      call.answer().completeExceptionally(failure(call.verb(), e));
    }
  }

  private JournalException failure(String verb, Throwable cause) {
    return switch (cause) {
      case JournalException known -> known;
      case SQLException sql -> Database.failure(home, verb, sql);
      default -> new JournalException("Journal " + home + ": cannot " + verb + ": " + cause, cause);
    };
  }

  private void begin() throws SQLException {
    execute("BEGIN IMMEDIATE");
  }

  private void rollback() {
    try {
      execute("ROLLBACK");
    } catch (SQLException noTransaction) {
      // SQLite has rolled back by itself, as it does on a full disk.
      return;
    }
  }

  private void execute(String command) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }
}
