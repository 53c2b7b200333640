package dev.workflow.cli;

/** What standard output carries, of commands that show something. */
enum DataFormat {
  /** For people. */
  text,
  /** One object. */
  json;

  static Argument<DataFormat> option() {
    return option("What standard output carries: ${COMPLETION-CANDIDATES}.");
  }

  static Argument<DataFormat> option(String description) {
    return Argument.option("-o, --output=FORMAT", text, description);
  }
}
