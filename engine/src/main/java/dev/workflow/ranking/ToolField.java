package dev.workflow.ranking;

/** What is looked at of what is offered. */
enum ToolField {
  NAME(1.5f, 3),
  GROUP(1, 1.5f),
  DESCRIPTION(1, 40),
  PARAMETERS(0.5f, 40),
  PHRASES(1, 80);

  /** What follows is not looked at. */
  private static final int CHARS_MAX = 4_000;

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

  /** At most {@link #CHARS_MAX} of it. */
  String of(Described described) {
    String text = whole(described);
    return text.length() > CHARS_MAX ? text.substring(0, CHARS_MAX) : text;
  }

  private String whole(Described described) {
    return switch (this) {
      case NAME -> described.offered().name();
      case GROUP -> described.offered().group();
      case DESCRIPTION -> described.offered().description();
      case PARAMETERS -> String.join(". ", described.offered().parameters());
      case PHRASES -> String.join(". ", described.phrases());
    };
  }
}
