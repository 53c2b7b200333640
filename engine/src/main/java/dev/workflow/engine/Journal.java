package dev.workflow.engine;

import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Keeps the events of all runs of one home. Every method may throw {@link JournalException}. */
public interface Journal extends AutoCloseable {

  /**
   * Begins an empty run and takes its lock.
   *
   * @throws JournalException when a run of that id exists
   */
  RunLog create(String run);

  /**
   * Takes the lock of an existing run and starts a new epoch.
   *
   * @param takeOver also when another process seems to hold it
   * @throws RunBusyException when another process drives the run
   * @throws NoSuchRunException when there is no such run
   */
  RunLog open(String run, boolean takeOver);

  /**
   * Reads the events of a run from a sequence number on, in order, verifying the chain.
   *
   * @throws NoSuchRunException when there is no such run
   * @throws DamagedException at the first event that is not as it was written
   */
  void read(String run, long fromSeq, Consumer<Recorded> reader);

  /** All runs that have begun, newest first. */
  List<RunSummary> runs();

  /**
   * The runs whose id starts with the prefix, newest first; a whole id gives that run alone, {@code
   * last} the newest one.
   */
  List<RunSummary> find(String prefix);

  /**
   * Removes a run and the blobs only it used.
   *
   * @throws RunBusyException when a process drives the run
   */
  void delete(String run);

  /**
   * Leaves a message for the process that drives the run, now or when it is next opened.
   *
   * @throws NoSuchRunException when there is no such run
   */
  void post(String run, Message message);

  /** Median duration of each step in earlier succeeded runs of the workflow, by its name. */
  Map<String, Duration> durations(String workflow);

  @Override
  void close();

  /** The end of a run's journal that its one writer holds. */
  interface RunLog extends AutoCloseable {

    /** The writer's epoch, from 1. */
    long epoch();

    /** The sequence number of the newest event; 0: none. */
    long lastSeq();

    /**
     * Appends events, in order, all or none. Returns at once. An empty list waits for what was
     * appended before it.
     *
     * @param durable called once, on another thread and in the order of the appends, with null when
     *     the events are on disk, else with the failure; after a failure every further append fails
     *     too
     */
    void append(List<Recorded> events, Consumer<@Nullable JournalException> durable);

    /**
     * Takes the messages that other processes left. They are gone for good with the next append or
     * close: after a crash before that they come again.
     */
    List<Message> takeMessages();

    /** Waits until all appends are on disk, then gives the lock back. */
    @Override
    void close();
  }

  /** What one process tells the process that drives a run. */
  sealed interface Message {
    /**
     * Cancel the run.
     *
     * @param undo whether what it has done is to be taken back
     */
    record Cancel(String reason, boolean undo) implements Message {}

    /** An answer to a pending question, or a decision about a call in doubt. */
    record Answer(String step, JsonNode answer) implements Message {}
  }

  /**
   * A run at a glance.
   *
   * @param status as of the last event; {@code RUNNING} with {@code driven} false: it was cut off
   * @param driven whether a live process holds its lock
   * @param ended time of the last event
   * @param forkedFrom the run that it is a fork of; absent: it is none
   */
  record RunSummary(
      String run,
      String workflow,
      RunStatus status,
      boolean simulated,
      boolean driven,
      Instant started,
      Instant ended,
      long events,
      @Nullable String forkedFrom) {}

  /** The journal cannot do what was asked; nothing was recorded by the call. */
  class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public JournalException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** There is no such run. */
  final class NoSuchRunException extends JournalException {
    private static final long serialVersionUID = 1;

    public NoSuchRunException(String message) {
      super(message, null);
    }
  }

  /** What is stored is not what was written: it is damaged, missing or out of order. */
  final class DamagedException extends JournalException {
    private static final long serialVersionUID = 1;

    public DamagedException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Another process took the run over: this writer can record nothing more. */
  final class SupersededException extends JournalException {
    private static final long serialVersionUID = 1;

    public SupersededException(String message) {
      super(message, null);
    }
  }

  /** Another process drives the run. */
  final class RunBusyException extends JournalException {
    private static final long serialVersionUID = 1;

    public RunBusyException(String message) {
      super(message, null);
    }
  }

  /** The newest event of a kind, for views that need no whole fold. */
  default Optional<Recorded> last(String run, Class<? extends Event> kind) {
    Recorded[] found = new Recorded[1];
    read(run, 1, recorded -> found[0] = kind.isInstance(recorded.event()) ? recorded : found[0]);
    return Optional.ofNullable(found[0]);
  }
}
