package dev.workflow.travel;

import dev.workflow.travel.protocol.ToolAnswer;
import java.util.Set;

/** One tool: what it is called, what it takes, what it answers. Its schemas are in tools.json. */
interface Tool {
  String name();

  Set<String> arguments();

  /**
   * The answer to one call.
   *
   * @throws dev.workflow.travel.data.Refusal if the question cannot be answered as asked
   */
  ToolAnswer.Result answer(Arguments arguments);
}
