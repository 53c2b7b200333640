package dev.workflow.expression;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A part of a compiled expression. */
interface Code {

  /**
   * Its value. Times are carried as POJO nodes; {@link Times#out} writes them as text at the end.
   *
   * @throws Stop when there is none
   */
  JsonNode run(Frame frame);

  /** The values of all parts; what stops several of them is reported together. */
  static JsonNode[] all(List<Code> parts, Frame frame) {
    JsonNode[] values = new JsonNode[parts.size()];
    Stop stop = null;
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = parts.get(i).run(frame);
      } catch (Stop s) {
        stop = stop == null ? s : Stop.merge(stop, s);
        if (stop instanceof Stop.OverBudget) {
          throw stop;
        }
      }
    }
    if (stop != null) {
      throw stop;
    }
    return values;
  }
}
