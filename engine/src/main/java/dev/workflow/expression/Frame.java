package dev.workflow.expression;

import dev.workflow.engine.Expressions.Values;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** One evaluation: the values of the moment, the variables of the loops around, the budget. */
final class Frame {
  private final Values values;
  private final JsonNode[] variables;
  private final Budget budget;

  Frame(Values values, int variables, Budget budget) {
    this.values = values;
    this.variables = new JsonNode[variables];
    this.budget = budget;
  }

  Values values() {
    return values;
  }

  Budget budget() {
    return budget;
  }

  JsonNode variable(int slot) {
    JsonNode value = variables[slot];
    return value == null ? NullNode.getInstance() : value;
  }

  void bind(int slot, JsonNode value) {
    variables[slot] = value;
  }
}
