/** Keeps the events of runs on disk: synced, hash-chained, one writer per run. */
@org.jspecify.annotations.NullMarked
package dev.workflow.journal;
