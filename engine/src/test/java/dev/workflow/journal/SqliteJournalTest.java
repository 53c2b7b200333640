package dev.workflow.journal;

import dev.workflow.engine.Journal;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteJournalTest extends JournalContract {
  @TempDir Path home;

  @Override
  Journal newJournal() {
    return new SqliteJournal(home);
  }
}
