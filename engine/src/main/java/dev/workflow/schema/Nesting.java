package dev.workflow.schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import tools.jackson.databind.JsonNode;

/** Measures depth without recursion, so that no value can overflow the stack. */
final class Nesting {
  private Nesting() {}

  static boolean isDeeperThan(JsonNode value, int levels) {
    if (!value.isContainer()) {
      return false;
    }
    Deque<Iterator<JsonNode>> open = new ArrayDeque<>();
    open.push(value.iterator());
    while (!open.isEmpty()) {
      if (open.size() > levels) {
        return true;
      }
      Iterator<JsonNode> level = open.element();
      if (!level.hasNext()) {
        open.pop();
        continue;
      }
      JsonNode child = level.next();
      if (child.isContainer()) {
        open.push(child.iterator());
      }
    }
    return false;
  }
}
