package dev.workflow.journal;

import dev.workflow.engine.Journal.JournalException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one append, ready to be stored.
 *
 * @param records in order; empty: only the order of the call-backs matters
 * @param firstSeq of the first record
 * @param head hash of the last record
 * @param glance after the last record
 * @param definition digest of the definition, where the first record is the start of the run
 * @param blobs big values by their hash
 * @param taken key of the last message of the inbox that needs not be kept any longer
 * @param unsound why it cannot be stored at all; absent: it can
 */
record Batch(
    SqliteLog log,
    List<Entry> records,
    long firstSeq,
    Octets head,
    Glance glance,
    @Nullable Octets definition,
    Map<Octets, Octets> blobs,
    long taken,
    @Nullable JournalException unsound,
    Consumer<@Nullable JournalException> durable) {

  /** The bytes of one event, and the start of its hash. */
  record Entry(Octets record, Octets mark) {}

  long lastSeq() {
    return firstSeq + records.size() - 1;
  }
}
