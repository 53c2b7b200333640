package dev.workflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.workflow.engine.Journal;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.NoSuchRunException;
import dev.workflow.engine.Journal.RunBusyException;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.engine.Journal.SupersededException;
import dev.workflow.run.AnyEvent;
import dev.workflow.run.Event;
import dev.workflow.run.Event.PlanChanged;
import dev.workflow.run.Event.RunFinished;
import dev.workflow.run.Event.RunPaused;
import dev.workflow.run.Event.RunResumed;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.Plan;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What every journal does. Whoever implements one extends this class. */
@Timeout(120)
abstract class JournalContract {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final List<Journal> opened = new ArrayList<>();

  /** A new journal on an empty store. */
  abstract Journal newJournal();

  private synchronized Journal journal() {
    if (opened.isEmpty()) {
      opened.add(newJournal());
    }
    return opened.get(0);
  }

  @AfterEach
  void closeJournals() {
    opened.forEach(Journal::close);
  }

  @Test
  void whatWasAppendedIsReadBackInOrder() {
    List<Recorded> events = Story.finished("r1", "travel", 1);
    try (RunLog log = journal().create("r1")) {
      Story.append(log, events.subList(0, 2));
      Story.append(log, events.subList(2, events.size()));
    }
    assertThat(Story.read(journal(), "r1")).isEqualTo(events);
  }

  @Test
  void everyKindOfEventIsReadBackAsItWas() {
    List<Recorded> events = new ArrayList<>();
    for (Event event : AnyEvent.wild().list().ofSize(300).sample()) {
      events.add(Story.at(events.size() + 1, 1, event));
    }
    try (RunLog log = journal().create("r1")) {
      Story.append(log, events);
    }
    assertThat(Story.read(journal(), "r1")).isEqualTo(events);
  }

  @Test
  void bigValuesAreReadBackAsTheyWere() {
    String big = "x".repeat(100_000);
    JsonNode value = JSON.objectNode().put("a", big).set("b", JSON.arrayNode().add(big).add(1));
    List<Recorded> events = new ArrayList<>(Story.begun("r1", "travel"));
    events.add(Story.at(2, 1, new StepSucceeded(StepPath.of("a"), value)));
    events.add(Story.at(3, 1, new StepSucceeded(StepPath.of("b"), value)));
    try (RunLog log = journal().create("r1")) {
      Story.append(log, events);
    }
    assertThat(Story.read(journal(), "r1")).isEqualTo(events);
  }

  @Test
  void readingStartsWhereItIsTold() {
    List<Recorded> events = Story.ongoing("r1", 600);
    Story.record(journal(), events);
    List<Recorded> read = new ArrayList<>();
    journal().read("r1", 513, read::add);
    assertThat(read).isEqualTo(events.subList(512, 600));
    journal().read("r1", 601, recorded -> read.clear());
    assertThat(read).isNotEmpty();
  }

  @Test
  void theNewestEventOfAKindIsFound() {
    List<Recorded> events = Story.finished("r1", "travel", 1);
    Story.record(journal(), events);
    assertThat(journal().last("r1", StepStarted.class)).contains(events.get(1));
    assertThat(journal().last("r1", RunPaused.class)).isEmpty();
  }

  @Test
  void aLogCountsItsEventsAndItsEpochs() {
    try (RunLog log = journal().create("r1")) {
      assertThat(log.epoch()).isEqualTo(1);
      assertThat(log.lastSeq()).isZero();
      Story.append(log, Story.begun("r1", "travel"));
      assertThat(log.lastSeq()).isEqualTo(1);
    }
    try (RunLog log = journal().open("r1", false)) {
      assertThat(log.epoch()).isEqualTo(2);
      assertThat(log.lastSeq()).isEqualTo(1);
      Story.append(log, List.of(Story.at(2, 2, new RunResumed(Story.LIMITS))));
    }
    assertThat(Story.read(journal(), "r1"))
        .extracting(Recorded::seq, Recorded::epoch, Recorded::time)
        .containsExactly(tuple(1L, 1L, Story.time(1)), tuple(2L, 2L, Story.time(2)));
  }

  @Test
  void callBacksComeOnceInOrderAndOnAnotherThread() throws Exception {
    List<Recorded> order = Collections.synchronizedList(new ArrayList<>());
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch all = new CountDownLatch(50);
    List<Recorded> events = Story.ongoing("r1", 50);
    try (RunLog log = journal().create("r1")) {
      for (Recorded recorded : events) {
        log.append(
            List.of(recorded),
            failure -> {
              assertThat(failure).isNull();
              order.add(recorded);
              thread.set(Thread.currentThread());
              all.countDown();
            });
      }
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(order).isEqualTo(events);
    assertThat(thread.get()).isNotSameAs(Thread.currentThread());
  }

  @Test
  void anEmptyAppendWaitsForWhatWasAppendedBefore() {
    try (RunLog log = journal().create("r1")) {
      CompletableFuture<Boolean> first = new CompletableFuture<>();
      log.append(Story.begun("r1", "travel"), failure -> first.complete(failure == null));
      Story.append(log, List.of());
      assertThat(first).isCompletedWithValue(true);
    }
    assertThat(Story.read(journal(), "r1")).hasSize(1);
  }

  @Test
  void closingInACallBackGivesTheLockBack() throws Exception {
    RunLog log = journal().create("r1");
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    log.append(
        Story.begun("r1", "travel"),
        failure -> {
          log.close();
          closed.complete(true);
        });
    assertThat(closed.get(20, TimeUnit.SECONDS)).isTrue();
    try (RunLog again = journal().open("r1", false)) {
      assertThat(again.epoch()).isEqualTo(2);
    }
  }

  @Test
  void eventsThatDoNotFollowAreRefusedAndNothingIsRecorded() {
    try (RunLog log = journal().create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      Event event = new StepStarted(StepPath.of("a"), 1);
      assertThatThrownBy(() -> log.append(List.of(Story.at(3, 1, event)), failure -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Run r1: expected event 2 of writer 1, found event 3 of writer 1");
      assertThatThrownBy(() -> log.append(List.of(Story.at(2, 9, event)), failure -> {}))
          .hasMessage("Run r1: expected event 2 of writer 1, found event 2 of writer 9");
      Story.append(log, List.of(Story.at(2, 1, event)));
    }
    assertThat(Story.read(journal(), "r1")).hasSize(2);
  }

  @Test
  void aClosedLogTakesNothing() {
    RunLog log = journal().create("r1");
    Story.append(log, Story.begun("r1", "travel"));
    log.close();
    log.close();
    assertThatThrownBy(() -> log.append(List.of(), failure -> {}))
        .isInstanceOf(JournalException.class)
        .hasMessage("Run r1: its log is closed");
  }

  @Test
  void aSecondWriterIsRefusedUntilTheFirstIsDone() {
    RunLog log = journal().create("r1");
    Story.append(log, Story.begun("r1", "travel"));
    assertThatThrownBy(() -> journal().open("r1", false))
        .isInstanceOf(RunBusyException.class)
        .hasMessageStartingWith("Run r1: ")
        .hasMessageEndingWith("Wait for it, or take the run over with --take-over.");
    assertThatThrownBy(() -> journal().delete("r1"))
        .isInstanceOf(RunBusyException.class)
        .hasMessageStartingWith("Run r1: ")
        .hasMessageEndingWith("Wait for it, or end it first: workflow runs cancel r1");
    log.close();
    journal().open("r1", false).close();
  }

  @Test
  void afterATakeOverTheOldWriterRecordsNothing() {
    RunLog old = journal().create("r1");
    Story.append(old, Story.begun("r1", "travel"));
    try (RunLog taken = journal().open("r1", true)) {
      assertThat(taken.epoch()).isEqualTo(2);
      Story.append(taken, List.of(Story.at(2, 2, new RunResumed(Story.LIMITS))));
      Recorded late = Story.at(2, 1, new StepStarted(StepPath.of("a"), 1));
      assertThat(Story.failure(old, List.of(late))).isInstanceOf(SupersededException.class);
      assertThat(Story.failure(old, List.of())).isInstanceOf(SupersededException.class);
      old.close();
      assertThatThrownBy(() -> journal().open("r1", false)).isInstanceOf(RunBusyException.class);
      Story.append(taken, List.of(Story.at(3, 2, new StepStarted(StepPath.of("a"), 1))));
    }
    assertThat(Story.read(journal(), "r1")).extracting(Recorded::epoch).containsExactly(1L, 2L, 2L);
  }

  @Test
  void idsAreUsedOnceAndNamedSoundly() {
    Story.record(journal(), Story.finished("r1", "travel", 1));
    assertThatThrownBy(() -> journal().create("r1"))
        .isInstanceOf(JournalException.class)
        .hasMessage("Run r1: there is a run of that id already. Choose another id.");
    for (String id : List.of("", "last", "../x", "a/b", ".a", "a b", "x".repeat(129))) {
      assertThatThrownBy(() -> journal().create(id))
          .isInstanceOf(JournalException.class)
          .hasMessageStartingWith("Run id \"" + id + "\": expected 1 to 128 letters");
    }
  }

  @Test
  void aRunThatNeverBeganLeavesNothing() {
    journal().create("r1").close();
    assertThat(journal().runs()).isEmpty();
    journal().create("r1").close();
    try (RunLog begun = journal().create("r2")) {
      assertThat(begun.lastSeq()).isZero();
      assertThat(journal().find("last")).isEmpty();
      Story.append(begun, Story.begun("r2", "travel"));
      assertThat(journal().find("last")).hasSize(1);
    }
  }

  @Test
  void anUnknownRunIsAClearError() {
    assertThatThrownBy(() -> journal().open("r9", false)).isInstanceOf(NoSuchRunException.class);
    assertThatThrownBy(() -> journal().read("r9", 1, recorded -> {}))
        .isInstanceOf(NoSuchRunException.class)
        .hasMessage("Run r9: there is no such run. See workflow runs list.");
    assertThatThrownBy(() -> journal().delete("r9")).isInstanceOf(NoSuchRunException.class);
    assertThatThrownBy(() -> journal().post("r9", new Message.Cancel("enough", true)))
        .isInstanceOf(NoSuchRunException.class);
    Story.record(journal(), Story.finished("r1", "travel", 1));
    assertThatThrownBy(() -> journal().open("r9", false)).isInstanceOf(NoSuchRunException.class);
    assertThatThrownBy(() -> journal().delete("r9")).isInstanceOf(NoSuchRunException.class);
  }

  @Test
  void runsAreListedNewestFirstWithTheirState() {
    Story.record(journal(), Story.finished("r1", "travel", 1));
    RunLog log = journal().create("r2");
    Story.append(log, Story.begun("r2", "digest"));
    assertThat(journal().runs())
        .containsExactly(
            new RunSummary(
                "r2", "digest", RunStatus.RUNNING, false, true, Story.START, Story.START, 1, null),
            new RunSummary(
                "r1",
                "travel",
                RunStatus.SUCCEEDED,
                false,
                false,
                Story.START,
                Story.time(4),
                4,
                null));
    log.close();
    assertThat(journal().runs().get(0).driven()).isFalse();
  }

  @Test
  void aForkIsListedWithTheRunThatItComesFrom() {
    try (RunLog log = journal().create("r2")) {
      Story.append(log, Story.begun("r2", "travel"));
      PlanChanged forked =
          new PlanChanged(
              Event.Reason.FORKED,
              new Plan(List.of(), Map.of(), Map.of()),
              JsonNodeFactory.instance.objectNode(),
              JsonNodeFactory.instance.objectNode(),
              List.of(),
              List.of(),
              new Event.Origin("r1", StepPath.of("plan")),
              null);
      Story.append(log, List.of(Story.at(2, 1, forked)));
      Story.append(log, List.of(Story.at(3, 1, new RunPaused(RunStatus.WAITING, "", Map.of()))));
    }
    assertThat(journal().runs()).extracting(RunSummary::forkedFrom).containsExactly("r1");
  }

  @Test
  void theStatusFollowsPausesAndResumes() {
    try (RunLog log = journal().create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      Story.append(log, List.of(Story.at(2, 1, new RunPaused(RunStatus.WAITING, "ask", Map.of()))));
    }
    assertThat(journal().find("r1").get(0).status()).isEqualTo(RunStatus.WAITING);
    try (RunLog log = journal().open("r1", false)) {
      Story.append(log, List.of(Story.at(3, 2, new RunResumed(Story.LIMITS))));
      assertThat(journal().find("r1").get(0).status()).isEqualTo(RunStatus.RUNNING);
      Event end = new RunFinished(RunStatus.FAILED, Map.of(), List.of());
      Story.append(log, List.of(Story.at(4, 2, end)));
    }
    assertThat(journal().find("r1").get(0).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void runsAreFoundByPrefixWholeIdOrLast() {
    for (String run : List.of("ab1", "ab", "ac1")) {
      Story.record(journal(), Story.finished(run, "travel", 1));
    }
    assertThat(journal().find("a")).extracting(RunSummary::run).containsExactly("ac1", "ab", "ab1");
    assertThat(journal().find("ab")).extracting(RunSummary::run).containsExactly("ab");
    assertThat(journal().find("ab1")).extracting(RunSummary::run).containsExactly("ab1");
    assertThat(journal().find("last")).extracting(RunSummary::run).containsExactly("ac1");
    assertThat(journal().find("zz")).isEmpty();
    assertThat(journal().find("a*")).isEmpty();
  }

  @Test
  void aDeletedRunIsGoneAndItsIdIsFree() {
    Story.record(journal(), Story.finished("r1", "travel", 1));
    Story.record(journal(), Story.finished("r2", "travel", 1));
    journal().delete("r1");
    assertThat(journal().runs()).extracting(RunSummary::run).containsExactly("r2");
    assertThatThrownBy(() -> Story.read(journal(), "r1")).isInstanceOf(NoSuchRunException.class);
    assertThat(Story.read(journal(), "r2")).hasSize(4);
    Story.record(journal(), Story.finished("r1", "travel", 1));
    assertThat(Story.read(journal(), "r1")).hasSize(4);
  }

  @Test
  void messagesReachTheWriterOnceAndInOrder() {
    Message cancel = new Message.Cancel("enough", true);
    Message answer = new Message.Answer("approve", JSON.objectNode().put("decision", "approve"));
    try (RunLog log = journal().create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      journal().post("r1", cancel);
      journal().post("r1", answer);
      assertThat(log.takeMessages()).containsExactly(cancel, answer);
      assertThat(log.takeMessages()).isEmpty();
      journal().post("r1", cancel);
      assertThat(log.takeMessages()).containsExactly(cancel);
    }
    journal().post("r1", answer);
    try (RunLog log = journal().open("r1", false)) {
      assertThat(log.takeMessages()).containsExactly(answer);
    }
  }

  @Test
  void durationsAreMediansOfEarlierSucceededRuns() {
    assertThat(journal().durations("travel")).isEmpty();
    for (int run = 1; run <= 3; run++) {
      Story.record(journal(), Story.finished("r" + run, "travel", run));
    }
    Story.record(journal(), Story.finished("other", "digest", 50));
    Story.record(journal(), Story.failed("bad", "travel", 50));
    assertThat(journal().durations("travel")).isEqualTo(Map.of("a", Duration.ofSeconds(2)));
  }

  @Test
  void onlyTheNewestNineRunsCountForDurations() {
    for (int run = 1; run <= 12; run++) {
      Story.record(journal(), Story.finished("r" + run, "travel", run));
    }
    assertThat(journal().durations("travel")).isEqualTo(Map.of("a", Duration.ofSeconds(8)));
  }

  @Test
  void theDurationOfAnEachIsThatOfTheWhole() {
    StepPath days = StepPath.of("days");
    List<Recorded> events = new ArrayList<>(Story.begun("r1", "travel"));
    events.add(Story.at(2, 1, new StepStarted(days.element("0"), 1)));
    events.add(Story.at(3, 1, new StepStarted(days.element("1"), 1)));
    events.add(Story.at(4, 1, new StepSucceeded(days.element("0"), JSON.nullNode())));
    events.add(Story.at(5, 1, new StepSucceeded(days.element("1"), JSON.nullNode())));
    events.add(Story.at(6, 1, new StepSucceeded(days, null)));
    events.add(Story.at(7, 1, new RunFinished(RunStatus.SUCCEEDED, Map.of(), List.of())));
    Story.record(journal(), events);
    assertThat(journal().durations("travel")).isEqualTo(Map.of("days", Duration.ofSeconds(4)));
  }

  @Test
  void durationsOfAResumedRunCountItsWholeLife() {
    List<Recorded> events = Story.finished("r1", "travel", 5);
    try (RunLog log = journal().create("r1")) {
      Story.append(log, events.subList(0, 3));
    }
    try (RunLog log = journal().open("r1", false)) {
      Story.append(log, List.of(Story.at(4, 2, events.get(3).event())));
    }
    assertThat(journal().durations("travel")).isEqualTo(Map.of("a", Duration.ofSeconds(5)));
  }

  @Test
  void aClosedJournalTakesNothing() {
    Story.record(journal(), Story.finished("r1", "travel", 1));
    journal().close();
    assertThatThrownBy(() -> journal().create("r2"))
        .isInstanceOf(JournalException.class)
        .hasMessageEndingWith("is closed");
  }

  @Test
  void aHundredRunsAppendAtTheSameTime() throws Exception {
    List<Future<?>> runs = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        String run = "r" + i;
        runs.add(
            threads.submit(
                () -> {
                  try (RunLog log = journal().create(run)) {
                    Story.ongoing(run, 30).forEach(event -> Story.append(log, List.of(event)));
                  }
                }));
      }
      for (Future<?> run : runs) {
        run.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(journal().runs()).hasSize(100);
    for (int i = 0; i < 100; i++) {
      assertThat(Story.read(journal(), "r" + i)).isEqualTo(Story.ongoing("r" + i, 30));
    }
  }
}
