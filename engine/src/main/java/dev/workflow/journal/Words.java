package dev.workflow.journal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words that events are made of. Stored records name them by their place in this list, so words
 * are only ever added, at its end. A word that is missing here costs bytes, nothing else.
 */
final class Words {
  private static final List<String> WORDS =
      List.of(
          // types of events
          "run_started",
          "run_resumed",
          "step_prepared",
          "step_started",
          "tool_called",
          "tool_returned",
          "tool_failed",
          "model_called",
          "model_replied",
          "model_failed",
          "step_in_doubt",
          "doubt_resolved",
          "question_asked",
          "question_answered",
          "wait_started",
          "timer_fired",
          "attempt_failed",
          "retry_scheduled",
          "step_succeeded",
          "step_failed",
          "step_skipped",
          "step_blocked",
          "step_cancelled",
          "verdict_given",
          "revision_started",
          "revisions_used_up",
          "cancel_requested",
          "limit_reached",
          "run_paused",
          "run_finished",
          // values
          "",
          "value",
          "call",
          "conversation",
          "items",
          "skip",
          "set",
          "tool",
          "agent",
          "ask",
          "need",
          "ended",
          "read",
          "idempotent",
          "write",
          "destructive",
          "PT0S",
          "timeout",
          "unavailable",
          "succeeded",
          "failed",
          "string",
          "object",
          "array",
          "integer",
          "number",
          "boolean",
          "0",
          "1",
          "2",
          // fields
          "type",
          "step",
          "attempt",
          "prepared",
          "kind",
          "output",
          "error",
          "message",
          "details",
          "server",
          "arguments",
          "arguments_hash",
          "digest",
          "effect",
          "key",
          "turn",
          "model",
          "reply",
          "text",
          "reasoning",
          "calls",
          "violations",
          "usage",
          "input_tokens",
          "output_tokens",
          "cached_tokens",
          "reasoning_tokens",
          "id",
          "name",
          "due",
          "reason",
          "by",
          "again",
          "prompt",
          "models",
          "map",
          "plan",
          "nodes",
          "edges",
          "source",
          "estimate",
          "tool_calls",
          "definition",
          "inputs",
          "limits",
          "run",
          "workflow",
          "simulated",
          "concurrency",
          "time",
          "revisions",
          "status",
          "outputs",
          "properties",
          "required",
          "description",
          "plan_changed",
          "output_injected",
          "origin",
          "changes",
          "changed",
          "how",
          "part",
          "at",
          "elicitation_asked",
          "elicitation_answered",
          "elicitation_postponed",
          "form",
          "content",
          "reaction");

  private static final Map<String, Integer> PLACES = places();

  private Words() {}

  /** The place of a word; -1: it is none. */
  static int place(String text) {
    return PLACES.getOrDefault(text, -1);
  }

  /**
   * The word at a place.
   *
   * @throws IllegalArgumentException when there is none
   */
  static String at(int place) {
    if (place < 0 || place >= WORDS.size()) {
      throw new IllegalArgumentException("no word at place " + place);
    }
    return WORDS.get(place);
  }

  private static Map<String, Integer> places() {
    Map<String, Integer> places = new HashMap<>();
    for (String word : WORDS) {
      if (places.put(word, places.size()) != null) {
        throw new IllegalStateException("the word " + word + " stands twice");
      }
    }
    return Map.copyOf(places);
  }
}
