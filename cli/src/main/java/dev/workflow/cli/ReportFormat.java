package dev.workflow.cli;

/** In which form {@code validate} tells what it found. */
enum ReportFormat {
  text,
  json,
  sarif,
  junit,
  github
}
