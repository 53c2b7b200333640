package dev.workflow.journal;

import java.time.Duration;
import java.time.InstantSource;

/**
 * What tests set about a store.
 *
 * @param blobBytes a value whose compact form is longer is stored apart, once
 * @param busy longest wait for another process that writes
 * @param heartbeat between two signs of life of a writer that writes nothing
 * @param pagesMax bound on the database file in pages of 4 KiB; 0: none
 * @param time for signs of life; the times of events come with the events
 */
record Settings(
    int blobBytes, Duration busy, Duration heartbeat, int pagesMax, InstantSource time) {

  static final Settings DEFAULT =
      new Settings(
          64 * 1024, Duration.ofSeconds(30), Duration.ofSeconds(10), 0, InstantSource.system());
}
