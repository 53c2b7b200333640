package dev.workflow.yaml;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One item of the chain of a short form. */
sealed interface FlowItem {

  /** Pointer of the item in the short form. */
  String pointer();

  /** Work: one piece, or several at the same time. */
  record Work(String pointer, List<Piece> pieces) implements FlowItem {
    public Work {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * {@code if CONDITION then TARGET.revise}, a verdict on the item before.
   *
   * @param at where the condition begins in the text
   * @param targetAt where the target begins in the text
   */
  record Verdict(String pointer, String condition, int at, String target, int targetAt)
      implements FlowItem {}

  /**
   * One step in the making.
   *
   * @param pointer of its value in the short form; its key is the name
   * @param name agent, {@code user}, or id of a step
   * @param body a prompt, a question, or a step in long form
   * @param when condition around it; absent: none
   * @param each {@code x in EXPR} around it; absent: none
   */
  record Piece(
      String pointer, String name, JsonNode body, @Nullable Around when, @Nullable Around each) {

    boolean isStep() {
      return body.isObject();
    }

    boolean asksPerson() {
      return !isStep() && name.equals("user");
    }
  }

  /**
   * What stands in the key around a piece.
   *
   * @param pointer of the value whose key it is
   * @param at where the text begins in the key
   */
  record Around(String pointer, String text, int at) {
    static final Both NONE = new Both(null, null);

    /** What stands around a piece: a condition, a loop, both or none. */
    record Both(@Nullable Around when, @Nullable Around each) {}
  }
}
