package dev.workflow.travel.place;

/** How a place lies to the tide. */
public sealed interface TideAccess {
  /** No sea at this place. */
  record Inland() implements TideAccess {}

  /** On the sea, but no shipped port stands for its tide. */
  record Unrepresented() implements TideAccess {}

  /** The tide port whose curve stands for this place. */
  record Port(String id) implements TideAccess {}
}
