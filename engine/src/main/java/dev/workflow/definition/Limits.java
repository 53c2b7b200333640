package dev.workflow.definition;

import java.time.Duration;

/**
 * Bounds of one run.
 *
 * @param concurrency steps at work at a time, at least 1
 * @param time working time of the run, waiting for people not counted
 * @param toolCalls tool calls of the whole run
 * @param revisions revisions of one {@code revise} that names no {@code max}
 */
public record Limits(int concurrency, Duration time, int toolCalls, int revisions) {

  /** What holds where a workflow says nothing. */
  public static final Limits DEFAULT = new Limits(8, Duration.ofMinutes(30), 200, 2);
}
