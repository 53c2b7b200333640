/** Keeps the events of runs on disk: synced, hash-chained, one writer per run; home of SQLite. */
@NullMarked
package dev.workflow.journal;

import org.jspecify.annotations.NullMarked;
