package dev.workflow.cli;

import dev.workflow.engine.Resolved;

/** What is said before a run whose agents are no models. */
final class Banner {
  private Banner() {}

  static String simulated(Resolved resolved) {
    return """
        +----------------------------------------------------------------------------+
        |  No AI model answers in this run.                                          |
        +----------------------------------------------------------------------------+
          Agents give the scripted answers of %s; tools are real.
          For real models set OPENAI_API_KEY, ANTHROPIC_API_KEY or a base URL, or
          choose one: --model ALIAS=PROVIDER/MODEL. Aliases of this run: %s.
        """
        .formatted(resolved.workflow().simulate(), String.join(", ", resolved.models().keySet()))
        .stripTrailing();
  }
}
