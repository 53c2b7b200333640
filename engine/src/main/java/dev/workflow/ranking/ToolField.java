package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;

/** What is looked at of what is offered. */
enum ToolField {
  NAME(1.5f, 3),
  GROUP(1, 1.5f),
  DESCRIPTION(1, 40),
  PARAMETERS(0.5f, 40);

  private final float boost;
  private final float usualStems;

  ToolField(float boost, float usualStems) {
    this.boost = boost;
    this.usualStems = usualStems;
  }

  /** How much a word counts here. */
  float boost() {
    return boost;
  }

  /** How long it usually is; in a longer one a word counts less. */
  float usualStems() {
    return usualStems;
  }

  String of(Offered offered) {
    return switch (this) {
      case NAME -> offered.name();
      case GROUP -> offered.group();
      case DESCRIPTION -> offered.description();
      case PARAMETERS -> String.join(". ", offered.parameters());
    };
  }
}
