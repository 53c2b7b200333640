package dev.workflow.cli;

/** {@code -o}: what standard output carries. */
enum OutputFormat {
  /** For people. */
  text,
  /** One object at the end. */
  json,
  /** One event a line. */
  jsonl
}
