package dev.workflow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.run.FatedRun;
import dev.workflow.run.Recorded;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** What is on disk of random runs of every construct, crashed, paused and cancelled. */
@Execution(ExecutionMode.CONCURRENT)
class StoredBytesTest {
  private static final int SEEDS = 10_000;
  private static final int ALL_INLINE = Integer.MAX_VALUE;

  @Test
  void oneSeedIsOneJournalToTheByte() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(bytes(FatedRun.journal(seed)))
          .as("seed %d", seed)
          .isEqualTo(bytes(FatedRun.journal(seed)));
    }
  }

  @Test
  void whatIsStoredIsReadAsWhatWasWritten() {
    for (long seed = 1; seed <= SEEDS / 10; seed++) {
      RecordCodec writer = new RecordCodec();
      RecordCodec reader = new RecordCodec();
      for (Recorded recorded : FatedRun.journal(seed)) {
        Octets stored = write(writer, recorded);
        assertThat(reader.read(recorded.seq(), stored, StoredBytesTest::noBlob).get())
            .isEqualTo(recorded);
      }
    }
  }

  private static byte[] bytes(List<Recorded> journal) {
    RecordCodec codec = new RecordCodec();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    journal.forEach(recorded -> all.writeBytes(write(codec, recorded).bytes()));
    return all.toByteArray();
  }

  private static Octets write(RecordCodec codec, Recorded recorded) {
    return codec.write(
        recorded,
        ALL_INLINE,
        blob -> {
          throw new IllegalStateException("nothing is too long");
        });
  }

  private static JsonNode noBlob(Octets hash) {
    throw new IllegalStateException("there is no blob " + hash);
  }
}
