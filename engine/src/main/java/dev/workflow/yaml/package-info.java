/** Reads YAML into a JSON tree that remembers the line and column of every value. */
@org.jspecify.annotations.NullMarked
package dev.workflow.yaml;
