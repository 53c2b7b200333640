/**
 * The kernel: {@link dev.workflow.run.Decider} turns the fold of a run's events into the next
 * events and commands. Pure: no clock, chance, thread, file or logger; they arrive inside events.
 */
@NullMarked
package dev.workflow.run;

import org.jspecify.annotations.NullMarked;
