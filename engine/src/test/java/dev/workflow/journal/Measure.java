package dev.workflow.journal;

import dev.workflow.engine.Journal.RunLog;
import dev.workflow.run.Event;
import dev.workflow.run.Event.StepPrepared;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.node.JsonNodeFactory;

/** How fast and how small the journal is: run it with an empty folder as its argument. */
final class Measure {
  private static final int STRICT = 6_000;
  private static final int GROUPED = 300_000;

  private Measure() {}

  public static void main(String[] arguments) throws InterruptedException {
    Path home = Path.of(arguments[0]);
    try (SqliteJournal journal = new SqliteJournal(home)) {
      strict(journal, "warm", STRICT);
      strict(journal, "strict", STRICT);
      grouped(journal, "one", 1, 3);
      grouped(journal, "hundred", 100, 3);
      long start = System.nanoTime();
      int[] count = new int[1];
      journal.read("one0", 1, recorded -> count[0]++);
      print("read and verify: %.1f us/event".formatted(micros(start) / count[0]));
    }
    long bytes =
        Raw.number(home, "SELECT page_count*page_size FROM pragma_page_count, pragma_page_size");
    long events = Raw.number(home, "SELECT sum(seq) FROM run");
    print("size: %.1f bytes/event, three events to a step".formatted((double) bytes / events));
  }

  /** Each event is on disk before the next is appended. */
  private static void strict(SqliteJournal journal, String run, int events) {
    try (RunLog log = journal.create(run)) {
      Story.append(log, Story.begun(run, "measure"));
      List<Recorded> story = story(events);
      double[] took = new double[events];
      for (int i = 0; i < events; i++) {
        long start = System.nanoTime();
        Story.append(log, story.subList(i, i + 1));
        took[i] = micros(start);
      }
      Arrays.sort(took);
      print(
          "%s: p50 %.0f us, p99 %.0f us, mean %.0f us/event"
              .formatted(
                  run,
                  took[events / 2],
                  took[events * 99 / 100],
                  Arrays.stream(took).average().orElse(0)));
    }
  }

  /** Several runs append batches without waiting. */
  private static void grouped(SqliteJournal journal, String name, int runs, int batch)
      throws InterruptedException {
    int events = GROUPED / runs / batch * batch;
    List<Recorded> story = story(events);
    List<RunLog> logs = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      logs.add(journal.create(name + i));
      Story.append(logs.get(i), Story.begun(name + i, "measure"));
    }
    CountDownLatch all = new CountDownLatch(runs * events / batch);
    long start = System.nanoTime();
    for (int at = 0; at < events; at += batch) {
      for (RunLog log : logs) {
        log.append(story.subList(at, at + batch), failure -> all.countDown());
      }
    }
    all.await();
    double micros = micros(start);
    print(
        "%d runs: %.0f events/s, %.1f us/event"
            .formatted(runs, runs * events * 1e6 / micros, micros / events / runs));
    logs.forEach(RunLog::close);
  }

  /** Steps that do nothing, three events each. */
  private static List<Recorded> story(int events) {
    List<Recorded> story = new ArrayList<>();
    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    while (story.size() < events) {
      StepPath step = StepPath.of("step_" + story.size() / 3);
      Event event =
          switch (story.size() % 3) {
            case 0 ->
                new StepPrepared(step, new Prepared.Value(JsonNodeFactory.instance.nullNode()));
            case 1 -> new StepStarted(step, 1);
            default -> new StepSucceeded(step, JsonNodeFactory.instance.nullNode());
          };
      now = now.plusNanos(123_456);
      story.add(new Recorded(story.size() + 2, now, 1, event));
    }
    return story;
  }

  private static double micros(long start) {
    return (System.nanoTime() - start) / 1e3;
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
