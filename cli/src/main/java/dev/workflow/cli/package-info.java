/** The commands and the terminal view: the only place that prints or exits. */
@org.jspecify.annotations.NullMarked
package dev.workflow.cli;
