/** The Model Context Protocol over standard input and output, served one message after another. */
@org.jspecify.annotations.NullMarked
package dev.workflow.travel.protocol;
