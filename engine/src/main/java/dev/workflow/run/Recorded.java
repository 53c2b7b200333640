package dev.workflow.run;

import java.time.Instant;

/**
 * An event in its place in a journal.
 *
 * @param seq counted from 1 in the run, without gaps
 * @param time when it was written
 * @param epoch number of the writer that wrote it, from 1; a take-over counts it up
 */
public record Recorded(long seq, Instant time, long epoch, Event event) {}
