/**
 * Vectors of texts by a small model inside the process; nothing leaves the machine. Found as a
 * service where its jars are.
 */
@org.jspecify.annotations.NullMarked
package dev.workflow.embeddings;
