package dev.workflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.engine.Journal.DamagedException;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunBusyException;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.run.Event.RunResumed;
import dev.workflow.run.Event.StepPrepared;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Timeout(120)
class SqliteStoreTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");
  @TempDir Path folder;

  private Path home() {
    return folder.resolve("home");
  }

  @Test
  void lookingMakesNoFiles() {
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThat(journal.runs()).isEmpty();
      assertThat(journal.find("last")).isEmpty();
      assertThat(journal.durations("travel")).isEmpty();
      assertThatThrownBy(() -> journal.read("r1", 1, recorded -> {}))
          .hasMessage("Run r1: there is no such run. See workflow runs list.");
    }
    assertThat(home()).doesNotExist();
  }

  @Test
  void onlyTheOwnerMayReadWhatIsKept() throws IOException {
    try (SqliteJournal journal = new SqliteJournal(home());
        RunLog log = journal.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      try (Stream<Path> files = Files.walk(home())) {
        assertThat(files.map(SqliteStoreTest::permissions))
            .containsExactlyInAnyOrder(
                "home rwx------",
                "locks rwx------",
                "r1.lock rw-------",
                "journal.db rw-------",
                "journal.db-wal rw-------",
                "journal.db-shm rw-------");
      }
    }
  }

  private static String permissions(Path file) {
    try {
      return file.getFileName()
          + " "
          + PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileThatOthersMayReadIsClosedToThem() throws IOException {
    record(Story.finished("r1", "travel", 1));
    Path file = home().resolve("journal.db");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThat(journal.runs()).hasSize(1);
    }
    assertThat(permissions(file)).isEqualTo("journal.db rw-------");
  }

  @Test
  void networkFileSystemsAreKnownByName() {
    assertThat(List.of("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "NFS"))
        .allMatch(Home::isNetwork);
    assertThat(List.of("ext4", "xfs", "btrfs", "apfs", "overlay", "tmpfs", "zfs", "fuseblk"))
        .noneMatch(Home::isNetwork);
  }

  @Test
  void eventsOutliveTheProcessThatWroteThem() {
    List<Recorded> events = Story.ongoing("r1", 700);
    try (SqliteJournal journal = new SqliteJournal(home())) {
      Story.record(journal, events);
    }
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThat(Story.read(journal, "r1")).isEqualTo(events);
      assertThat(journal.find("last").get(0).events()).isEqualTo(700);
    }
  }

  @Test
  void oneReadsWhileAnotherWrites() {
    List<Recorded> events = Story.ongoing("r1", 40);
    try (SqliteJournal writer = new SqliteJournal(home());
        SqliteJournal reader = new SqliteJournal(home());
        RunLog log = writer.create("r1")) {
      for (Recorded recorded : events) {
        Story.append(log, List.of(recorded));
        assertThat(Story.read(reader, "r1")).isEqualTo(events.subList(0, (int) recorded.seq()));
      }
      assertThat(reader.find("r1").get(0).driven()).isTrue();
    }
  }

  @Test
  void manyMayBeTheFirstAtTheSameTime() throws Exception {
    CountDownLatch all = new CountDownLatch(8);
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        String run = "r" + i;
        writers.add(
            threads.submit(
                () -> {
                  all.countDown();
                  all.await();
                  record(Story.ongoing(run, 20));
                  return run;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get(60, TimeUnit.SECONDS);
      }
    }
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThat(journal.runs()).hasSize(8);
      assertThat(Story.read(journal, "r7")).isEqualTo(Story.ongoing("r7", 20));
    }
  }

  @Test
  void aReaderMayUseTheJournalItReads() {
    record(Story.ongoing("r1", 600));
    try (SqliteJournal journal = new SqliteJournal(home())) {
      List<Long> counts = new ArrayList<>();
      journal.read("r1", 599, recorded -> counts.add(journal.find("r1").get(0).events()));
      assertThat(counts).containsExactly(600L, 600L);
    }
  }

  @Test
  void theErrorOfABusyRunSaysWhoDrivesItAndWhatToDo() {
    Settings noon = settings(Settings.DEFAULT.blobBytes(), 0, InstantSource.fixed(NOON));
    Settings later =
        settings(Settings.DEFAULT.blobBytes(), 0, InstantSource.fixed(NOON.plusSeconds(90)));
    try (SqliteJournal first = new SqliteJournal(home(), noon);
        SqliteJournal second = new SqliteJournal(home(), later);
        RunLog log = first.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      assertThatThrownBy(() -> second.open("r1", false))
          .isInstanceOf(RunBusyException.class)
          .hasMessage(
              "Run r1: process "
                  + ProcessHandle.current().pid()
                  + " on "
                  + Owner.host()
                  + " drives it since 2026-02-01T12:00:00Z (last sign of life 90 s ago)."
                  + " Wait for it, or take the run over with --take-over.");
    }
  }

  @Test
  void theErrorOfASupersededWriterSaysWhoTookOver() {
    try (SqliteJournal first = new SqliteJournal(home());
        SqliteJournal second = new SqliteJournal(home());
        RunLog log = first.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      try (RunLog taken = second.open("r1", true)) {
        assertThat(taken.epoch()).isEqualTo(2);
        Recorded late = Story.at(2, 1, new StepStarted(StepPath.of("a"), 1));
        assertThat(Story.failure(log, List.of(late)))
            .hasMessage(
                "Run r1: process "
                    + ProcessHandle.current().pid()
                    + " on "
                    + Owner.host()
                    + " took it over; this process (writer 1) records nothing more");
      }
    }
  }

  @Test
  void aWriterThatIsIdleGivesSignsOfLife() {
    Settings quick =
        new Settings(64, Duration.ofSeconds(5), Duration.ofMillis(20), 0, InstantSource.system());
    try (SqliteJournal journal = new SqliteJournal(home(), quick);
        RunLog log = journal.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      long before = Raw.number(home(), "SELECT beat FROM run");
      Raw.await(() -> Raw.number(home(), "SELECT beat FROM run") > before + 40);
    }
    assertThat(Raw.number(home(), "SELECT count(*) FROM run WHERE pid IS NULL")).isEqualTo(1);
  }

  @Test
  void bigValuesAreStoredOnceAndGoWithTheLastRunThatUsesThem() {
    JsonNode big = JSON.stringNode("y".repeat(70_000));
    try (SqliteJournal journal = new SqliteJournal(home())) {
      for (String run : List.of("r1", "r2")) {
        List<Recorded> events = new ArrayList<>(Story.begun(run, "travel"));
        events.add(Story.at(2, 1, new StepSucceeded(StepPath.of("a"), big)));
        JsonNode inside = JSON.objectNode().set("deep", JSON.arrayNode().add(big));
        events.add(Story.at(3, 1, new StepSucceeded(StepPath.of("b"), inside)));
        Story.record(journal, events);
      }
      assertThat(Raw.number(home(), "SELECT count(*) FROM blob")).isEqualTo(1);
      assertThat(Raw.number(home(), "SELECT max(length(record)) FROM event")).isLessThan(300);
      journal.delete("r1");
      assertThat(Story.read(journal, "r2").get(1).event())
          .isEqualTo(new StepSucceeded(StepPath.of("a"), big));
      journal.delete("r2");
    }
    for (String table : List.of("blob", "blob_use", "event", "run", "duration", "inbox")) {
      assertThat(Raw.number(home(), "SELECT count(*) FROM " + table)).as(table).isZero();
    }
    assertThat(home().resolve("locks")).isEmptyDirectory();
  }

  @Test
  void messagesComeAgainUntilSomethingWasRecordedAfterThem() {
    Message cancel = new Message.Cancel("enough", true);
    try (SqliteJournal journal = new SqliteJournal(home());
        RunLog log = journal.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      journal.post("r1", cancel);
      assertThat(log.takeMessages()).containsExactly(cancel);
      try (SqliteJournal second = new SqliteJournal(home());
          RunLog taken = second.open("r1", true)) {
        assertThat(taken.takeMessages()).containsExactly(cancel);
        Story.append(taken, List.of(Story.at(2, 2, new RunResumed(Story.LIMITS))));
        assertThat(Raw.number(home(), "SELECT count(*) FROM inbox")).isZero();
      }
    }
  }

  @Test
  void aFloodOfMessagesIsStopped() {
    try (SqliteJournal journal = new SqliteJournal(home());
        RunLog log = journal.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      for (int i = 0; i < 1_000; i++) {
        journal.post("r1", new Message.Cancel("again", false));
      }
      assertThatThrownBy(() -> journal.post("r1", new Message.Cancel("again", false)))
          .hasMessage("Run r1: 1000 messages wait already. Resume the run, so that it takes them.");
      assertThat(log.takeMessages()).hasSize(1_000);
    }
  }

  @Test
  void anOlderDatabaseIsBroughtUpToDateWithItsRuns() {
    record(Story.finished("r1", "travel", 1));
    Raw.execute(
        home(),
        "ALTER TABLE run DROP COLUMN forked_from",
        "DROP TABLE cache",
        "PRAGMA user_version=1");
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThat(journal.runs())
          .singleElement()
          .satisfies(run -> assertThat(run.run()).isEqualTo("r1"))
          .satisfies(run -> assertThat(run.forkedFrom()).isNull());
      journal.create("r2").close();
    }
    assertThat(Raw.number(home(), "PRAGMA user_version")).isEqualTo(3);
  }

  @Test
  void aNewerDatabaseIsRefused() {
    record(Story.finished("r1", "travel", 1));
    Raw.execute(home(), "PRAGMA user_version=99");
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThatThrownBy(journal::runs)
          .isInstanceOf(JournalException.class)
          .hasMessage(
              "Journal "
                  + home()
                  + ": expected version 3 or older, found 99."
                  + " A newer workflow has used it: update this one.");
      assertThatThrownBy(() -> journal.create("r2")).hasMessageContaining("found 99");
    }
  }

  @Test
  void anotherDatabaseIsRefusedAndLeftAlone() throws IOException {
    Files.createDirectories(home());
    Raw.execute(home(), "CREATE TABLE friends(name TEXT)");
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThatThrownBy(() -> journal.create("r1"))
          .isInstanceOf(DamagedException.class)
          .hasMessage(
              "Journal " + home() + ": expected a journal of workflow, found another database");
    }
    assertThat(Raw.number(home(), "SELECT count(*) FROM sqlite_schema")).isEqualTo(1);
  }

  @Test
  void aFullDiskPoisonsTheJournalUntilItIsOpenedAgain() {
    JsonNode output = JSON.stringNode("z".repeat(30_000));
    List<Recorded> events = new ArrayList<>(Story.begun("r1", "travel"));
    long acknowledged = 0;
    try (SqliteJournal journal =
            new SqliteJournal(home(), settings(1 << 16, 60, InstantSource.system()));
        RunLog log = journal.create("r1")) {
      Story.append(log, events);
      JournalException failure = null;
      while (failure == null) {
        acknowledged = log.lastSeq();
        StepSucceeded event = new StepSucceeded(StepPath.of("s" + acknowledged), output);
        events.add(Story.at(acknowledged + 1, 1, event));
        failure = Story.failure(log, events.subList((int) acknowledged, events.size()));
      }
      assertThat(failure)
          .hasMessage(
              "Journal "
                  + home()
                  + ": cannot record events: the disk is full. Free some space, then resume the run.");
      assertThat(Story.failure(log, List.of())).isSameAs(failure);
      try (RunLog other = journal.create("r2")) {
        assertThat(Story.failure(other, Story.begun("r2", "travel"))).isSameAs(failure);
      }
    }
    try (SqliteJournal journal = new SqliteJournal(home())) {
      assertThat(Story.read(journal, "r1")).isEqualTo(events.subList(0, (int) acknowledged));
      try (RunLog log = journal.open("r1", false)) {
        Story.append(log, List.of(Story.at(acknowledged + 1, 2, new RunResumed(Story.LIMITS))));
      }
    }
  }

  @Test
  void aValueThatIsNoJsonFailsTheLogAndNothingOfItsBatchIsKept() {
    try (SqliteJournal journal = new SqliteJournal(home())) {
      try (RunLog log = journal.create("r1")) {
        Story.append(log, Story.begun("r1", "travel"));
        Recorded sound = Story.at(2, 1, new StepStarted(StepPath.of("a"), 1));
        Recorded unsound = Story.at(3, 1, new StepSucceeded(StepPath.of("a"), JSON.pojoNode("x")));
        assertThat(Story.failure(log, List.of(sound, unsound)))
            .hasMessage("Run r1, event 3: cannot be recorded: expected a JSON value, found POJO");
        assertThat(Story.failure(log, List.of())).isNotNull();
      }
      assertThat(Story.read(journal, "r1")).hasSize(1);
      journal.open("r1", false).close();
    }
  }

  @Test
  void aStepThatDoesNothingTakesAtMost150Bytes() {
    int steps = 20_000;
    try (SqliteJournal journal = new SqliteJournal(home());
        RunLog log = journal.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
      List<Recorded> events = new ArrayList<>();
      Instant now = NOON;
      for (int i = 0; i < steps; i++) {
        StepPath step = StepPath.of("step_" + i);
        JsonNode output = JSON.nullNode();
        for (var event :
            List.of(
                new StepPrepared(step, new Prepared.Value(output)),
                new StepStarted(step, 1),
                new StepSucceeded(step, output))) {
          now = now.plusNanos(123_456);
          events.add(new Recorded(events.size() + 2, now, 1, event));
        }
      }
      Story.append(log, events);
    }
    long bytes =
        Raw.number(
            home(), "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
    assertThat(bytes / steps).isLessThanOrEqualTo(150);
  }

  private void record(List<Recorded> events) {
    try (SqliteJournal journal = new SqliteJournal(home())) {
      Story.record(journal, events);
    }
  }

  private static Settings settings(int blobBytes, int pagesMax, InstantSource time) {
    return new Settings(blobBytes, Duration.ofSeconds(5), Duration.ofSeconds(10), pagesMax, time);
  }
}
