package dev.workflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunBusyException;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.run.Recorded;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class CrashTest {
  @TempDir Path home;
  private final Random chance = new Random(20260131);
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void noProcessIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void nothingThatWasAcknowledgedIsLostWhenTheProcessIsKilled() throws Exception {
    killAgainAndAgain(8);
  }

  @Test
  @Tag("soak")
  void nothingThatWasAcknowledgedIsLostInTwoHundredKills() throws Exception {
    killAgainAndAgain(200);
  }

  private void killAgainAndAgain(int times) throws Exception {
    for (int i = 1; i <= times; i++) {
      Process writer = start("r1", 1 + chance.nextInt(8));
      long acknowledged = killAfter(writer, chance.nextInt(200));
      try (SqliteJournal journal = new SqliteJournal(home)) {
        List<Recorded> kept = Story.read(journal, "r1");
        assertThat(kept.size()).isGreaterThanOrEqualTo((int) acknowledged);
        assertThat(kept.size() % Writer.BATCH).as("whole batches").isZero();
        for (Recorded recorded : kept) {
          assertThat(recorded).isEqualTo(Writer.event(recorded.seq(), recorded.epoch()));
        }
        assertThat(kept.get(kept.size() - 1).epoch()).isEqualTo(i);
        assertThat(journal.find("r1").get(0).driven()).isFalse();
      }
    }
  }

  /** Reads that many acknowledgements, kills in mid-append, and gives the last one. */
  private static long killAfter(Process writer, int acknowledgements) throws Exception {
    BufferedReader lines = writer.inputReader();
    assertThat(lines.readLine()).isEqualTo("ready");
    long last = Long.parseLong(lines.readLine());
    for (int i = 0; i < acknowledgements; i++) {
      last = Long.parseLong(lines.readLine());
    }
    // Through the handle: the process itself would close its output, which is still to be read.
    writer.toHandle().destroyForcibly();
    writer.waitFor();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      last = line.matches("[0-9]+") && Long.parseLong(line) == last + 5 ? last + 5 : last;
    }
    return last;
  }

  @Test
  void aRunThatAnotherProcessDrivesIsBusyUntilItDies() throws Exception {
    Process writer = start("r1", 1);
    acknowledgements(writer, 3);
    try (SqliteJournal journal = new SqliteJournal(home)) {
      assertThat(journal.find("r1").get(0).driven()).isTrue();
      assertThatThrownBy(() -> journal.open("r1", false))
          .isInstanceOf(RunBusyException.class)
          .hasMessageContaining("process " + writer.pid() + " on " + Owner.host());
      assertThatThrownBy(() -> journal.delete("r1")).isInstanceOf(RunBusyException.class);
      writer.destroyForcibly().waitFor();
      assertThat(journal.find("r1").get(0).driven()).isFalse();
      try (RunLog log = journal.open("r1", false)) {
        assertThat(log.epoch()).isEqualTo(2);
      }
    }
  }

  @Test
  void aWriterThatIsTakenOverRecordsNothingMore() throws Exception {
    Process old = start("r1", 4);
    acknowledgements(old, 3);
    try (SqliteJournal journal = new SqliteJournal(home);
        RunLog log = journal.open("r1", true)) {
      long taken = log.lastSeq();
      Story.append(log, Writer.batch(taken + 1, 2));
      String line = old.inputReader().readLine();
      while (line.matches("[0-9]+")) {
        assertThat(Long.parseLong(line)).isLessThanOrEqualTo(taken);
        line = old.inputReader().readLine();
      }
      assertThat(line)
          .endsWith(
              "SupersededException: Run r1: process "
                  + ProcessHandle.current().pid()
                  + " on "
                  + Owner.host()
                  + " took it over; this process (writer 1) records nothing more");
      Process third = start("r1", 1);
      assertThat(third.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(third.errorReader().readLine()).contains("RunBusyException");
      old.destroyForcibly().waitFor();
      assertThat(journal.find("r1").get(0).driven()).isTrue();
      Story.append(log, Writer.batch(taken + 6, 2));
      assertThat(Story.read(journal, "r1")).hasSize((int) taken + 10);
    }
  }

  @Test
  void lookingAtARunThatThisProcessDrivesDoesNotLetItGo() throws Exception {
    try (SqliteJournal journal = new SqliteJournal(home);
        SqliteJournal second = new SqliteJournal(home);
        RunLog log = journal.create("r1")) {
      Story.append(log, Writer.batch(1, 1));
      assertThat(journal.runs().get(0).driven()).isTrue();
      assertThat(second.runs().get(0).driven()).isTrue();
      assertThatThrownBy(() -> second.open("r1", false)).isInstanceOf(RunBusyException.class);
      Process other = start("r1", 1);
      assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(other.errorReader().readLine()).contains("RunBusyException");
    }
  }

  @Test
  void anInterruptDoesNotDisturbALookAtARun() throws Exception {
    acknowledgements(start("r1", 1), 1);
    try (SqliteJournal journal = new SqliteJournal(home)) {
      Thread.currentThread().interrupt();
      assertThat(journal.runs().get(0).driven()).isTrue();
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void messagesReachAnotherProcess() throws Exception {
    Process writer = start("r1", 1);
    acknowledgements(writer, 1);
    try (SqliteJournal journal = new SqliteJournal(home)) {
      journal.post("r1", new Message.Cancel("enough", true));
      writer.outputWriter().append("stop\n").flush();
      assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      try (RunLog log = journal.open("r1", false)) {
        assertThat(log.takeMessages()).containsExactly(new Message.Cancel("enough", true));
      }
    }
  }

  private static void acknowledgements(Process writer, int count) throws IOException {
    BufferedReader lines = writer.inputReader();
    assertThat(lines.readLine()).isEqualTo("ready");
    for (int i = 0; i < count; i++) {
      assertThat(lines.readLine()).matches("[0-9]+");
    }
  }

  private Process start(String run, int underWay) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                home.toString(),
                run,
                Integer.toString(underWay))
            .start();
    started.add(process);
    return process;
  }
}
