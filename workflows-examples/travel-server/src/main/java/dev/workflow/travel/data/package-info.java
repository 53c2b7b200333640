/** Reading the shipped tables, and the word for a question they cannot answer. */
@org.jspecify.annotations.NullMarked
package dev.workflow.travel.data;
