package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import java.util.List;

/**
 * What is offered with what is said when it is wanted.
 *
 * @param phrases none: nothing that is known is like it
 */
record Described(Offered offered, List<String> phrases) {
  Described {
    phrases = List.copyOf(phrases);
  }

  boolean known() {
    return !phrases.isEmpty();
  }
}
