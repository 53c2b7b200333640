package dev.workflow.travel.tide;

/** Which of the moon's 18.6-year modulations a constituent follows. */
enum NodalRule {
  NONE,
  M2,
  M2_SQUARED,
  M2_CUBED,
  K2,
  L2,
  O1,
  K1,
  J1
}
