package dev.workflow.journal;

import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Recorded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a run that this process writes. Events become bytes in the thread that appends them,
 * so that the committer has only to store.
 */
final class SqliteLog implements RunLog {
  private final SqliteJournal journal;
  private final Committer committer;
  private final Settings settings;
  private final Opened opened;
  private final RecordCodec codec = new RecordCodec();
  private final Chain chain;
  private Glance glance;
  private long seq;
  private long taken;
  private int pending;
  private boolean closed;
  private @Nullable JournalException failure;

  /**
   * What opening a run gave.
   *
   * @param key of the run in the tables
   * @param seq of the newest event
   * @param head its hash
   */
  record Opened(
      String run, long key, long epoch, long seq, Octets head, Glance glance, RunLock lock) {}

  SqliteLog(SqliteJournal journal, Committer committer, Settings settings, Opened opened) {
    this.journal = journal;
    this.committer = committer;
    this.settings = settings;
    this.opened = opened;
    this.chain = Chain.after(opened.head());
    this.glance = opened.glance();
    this.seq = opened.seq();
  }

  String run() {
    return opened.run();
  }

  long key() {
    return opened.key();
  }

  RunLock lock() {
    return opened.lock();
  }

  @Override
  public long epoch() {
    return opened.epoch();
  }

  @Override
  public synchronized long lastSeq() {
    return seq;
  }

  synchronized Glance glance() {
    return glance;
  }

  /** Why nothing more is stored; null: nothing has failed. */
  synchronized @Nullable JournalException failure() {
    return failure;
  }

  /** From now on nothing more is stored. */
  synchronized void fail(JournalException cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** An append has been stored, or never will be. */
  synchronized void ended() {
    pending--;
    notifyAll();
  }

  @Override
  public synchronized void append(
      List<Recorded> events, Consumer<@Nullable JournalException> durable) {
    if (closed) {
      throw new JournalException("Run " + run() + ": its log is closed", null);
    }
    requireNext(run(), epoch(), seq, events);
    pending++;
    committer.append(batch(events, durable));
  }

  /** Events that do not follow are a mistake of the caller; nothing is recorded. */
  static void requireNext(String run, long epoch, long lastSeq, List<Recorded> events) {
    long next = lastSeq + 1;
    for (Recorded recorded : events) {
      if (recorded.seq() != next || recorded.epoch() != epoch) {
        throw new IllegalArgumentException(
            "Run %s: expected event %d of writer %d, found event %d of writer %d"
                .formatted(run, next, epoch, recorded.seq(), recorded.epoch()));
      }
      next++;
    }
  }

  private Batch batch(List<Recorded> events, Consumer<@Nullable JournalException> durable) {
    long first = seq + 1;
    List<Batch.Entry> entries = new ArrayList<>(events.size());
    Map<Octets, Octets> blobs = new LinkedHashMap<>();
    JournalException unsound = null;
    Octets definition = null;
    try {
      for (Recorded recorded : events) {
        Octets record = codec.write(recorded, settings.blobBytes(), bytes -> keep(blobs, bytes));
        entries.add(new Batch.Entry(record, chain.add(recorded.seq(), record)));
        glance = glance.after(recorded);
        seq = recorded.seq();
        if (recorded.event() instanceof RunStarted started) {
          definition = digest(started);
        }
      }
    } catch (IllegalArgumentException e) {
      unsound =
          new JournalException(
              "Run " + run() + ", event " + (seq + 1) + ": cannot be recorded: " + e.getMessage(),
              e);
    }
    return new Batch(
        this, entries, first, chain.head(), glance, definition, blobs, taken, unsound, durable);
  }

  private static Octets keep(Map<Octets, Octets> blobs, byte[] bytes) {
    Octets hash = Chain.sha256(bytes);
    blobs.put(hash, new Octets(bytes));
    return hash;
  }

  private static Octets digest(RunStarted started) {
    return Chain.sha256(
        new CompactWriter(Integer.MAX_VALUE, Chain::sha256).value(started.definition()).toBytes());
  }

  @Override
  public List<Message> takeMessages() {
    long after;
    synchronized (this) {
      after = taken;
    }
    Inbox.Taken messages = journal.messages(key(), after);
    synchronized (this) {
      taken = Math.max(taken, messages.last());
    }
    return messages.messages();
  }

  synchronized long taken() {
    return taken;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      awaitAppends();
    }
    journal.closed(this);
  }

  private synchronized void awaitAppends() {
    boolean interrupted = false;
    while (pending > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
