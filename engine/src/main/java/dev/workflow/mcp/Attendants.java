package dev.workflow.mcp;

import dev.workflow.engine.Elicitor;
import dev.workflow.engine.Sampler;

/**
 * Who answers what a server asks in the midst of one call.
 *
 * @param maxSamplings how often it may have a model asked
 */
record Attendants(Elicitor elicitor, Sampler sampler, int maxSamplings) {
  static final Attendants NOBODY = new Attendants(Elicitor.NOBODY, Sampler.NONE, 0);
}
