package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import org.jspecify.annotations.Nullable;

/** Ends the reading of a file at a mistake after which the rest means nothing. */
final class YamlMistake extends RuntimeException {

  private static final long serialVersionUID = 1;
  private final Rule rule;
  private final int offset;
  private final @Nullable String hint;

  YamlMistake(Rule rule, int offset, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.rule = rule;
    this.offset = offset;
    this.hint = hint;
  }

  Rule rule() {
    return rule;
  }

  int offset() {
    return offset;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  @Nullable String hint() {
    return hint;
  }
}
