package dev.workflow.expression;

/** Types without parts. */
enum Simple implements Type {
  /** Anything: checked when evaluated. */
  ANY,
  NULL,
  BOOLEAN,
  INTEGER,
  /** An integer too. */
  NUMBER,
  STRING,
  TIMESTAMP,
  DURATION
}
