package dev.workflow.journal;

import dev.workflow.engine.Journal;

class MemoryJournalTest extends JournalContract {
  @Override
  Journal newJournal() {
    return new MemoryJournal();
  }
}
