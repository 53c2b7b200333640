/** Checks values against JSON Schema 2020-12 and says where they break it. */
@org.jspecify.annotations.NullMarked
package dev.workflow.schema;
