package dev.workflow.yaml;

import dev.workflow.definition.Rule;

/** What one file may cost. More is an error with a place, not an outage. */
final class Budget {

  static final int FILE_BYTES_MAX = 1024 * 1024;
  static final int DEPTH_MAX = 100;
  static final int ALIASES_MAX = 10;
  static final int NODES_MAX = 100_000;
  static final int DIGITS_MAX = 400;

  private int aliases;
  private int nodes;

  /** Counts nodes, those that an alias stands for included. */
  void nodes(int count, int offset) {
    nodes += count;
    if (nodes > NODES_MAX) {
      throw new YamlMistake(
          Rule.YAML_TOO_LARGE,
          offset,
          "Expected at most 100,000 values in a file, aliases expanded; found more.",
          "Split the file, or let a step read the data while it runs.");
    }
  }

  void alias(int offset) {
    aliases++;
    if (aliases > ALIASES_MAX) {
      throw new YamlMistake(
          Rule.YAML_TOO_LARGE,
          offset,
          "Expected at most 10 aliases (`*name`) in a file, found more.",
          "Write the value out.");
    }
  }

  static void depth(int depth, int offset) {
    if (depth > DEPTH_MAX) {
      throw new YamlMistake(
          Rule.YAML_TOO_LARGE,
          offset,
          "Expected at most 100 levels of nesting, found more.",
          "Flatten the value.");
    }
  }
}
