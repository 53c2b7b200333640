package dev.workflow.journal;

import dev.workflow.engine.Journal.RunLog;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A process of its own that drives a run until it is killed. It prints {@code ready}, then the
 * sequence number of the last event of each batch that is on disk, or why one is not.
 */
final class Writer {
  static final int BATCH = 5;

  private Writer() {}

  /** The event with that sequence number, the same in every process. */
  static Recorded event(long seq, long epoch) {
    StepPath step = StepPath.of("s" + seq);
    String output = "o".repeat((int) (seq % 97));
    return Story.at(
        seq,
        epoch,
        seq % 2 == 0
            ? new StepStarted(step, 1)
            : new StepSucceeded(step, JsonNodeFactory.instance.stringNode(output)));
  }

  static List<Recorded> batch(long first, long epoch) {
    List<Recorded> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(event(first + i, epoch));
    }
    return batch;
  }

  /** Takes the home, the run, and how many batches may be under way. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (SqliteJournal journal = new SqliteJournal(Path.of(arguments[0]));
        RunLog log =
            journal.find(arguments[1]).isEmpty()
                ? journal.create(arguments[1])
                : journal.open(arguments[1], false)) {
      System.out.println("ready");
      Semaphore underWay = new Semaphore(Integer.parseInt(arguments[2]));
      while (System.in.available() == 0) {
        underWay.acquire();
        List<Recorded> batch = batch(log.lastSeq() + 1, log.epoch());
        long last = batch.get(BATCH - 1).seq();
        log.append(
            batch,
            failure -> {
              System.out.println(failure == null ? last : failure.toString());
              underWay.release();
            });
      }
    }
  }
}
