/** Asks language models, real ones and the scripted one, and counts what they use. */
@org.jspecify.annotations.NullMarked
package dev.workflow.models;
