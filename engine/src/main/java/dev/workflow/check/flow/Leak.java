package dev.workflow.check.flow;

import java.util.Set;

/**
 * A step through which private data can leave together with untrusted content.
 *
 * @param part name of the workflow that the step is of; empty: the root
 * @param pointer of what makes the call, in the long form
 * @param unknown the servers whose tools are not known and would have to be of the worst kind;
 *     none: it is so with what is known
 */
public record Leak(String part, String pointer, String message, String hint, Set<String> unknown) {
  public Leak {
    unknown = Set.copyOf(unknown);
  }
}
