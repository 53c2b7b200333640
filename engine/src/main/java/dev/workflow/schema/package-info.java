/** Checks values against JSON Schema and says in plain words where they break it. */
@org.jspecify.annotations.NullMarked
package dev.workflow.schema;
