package dev.workflow.run;

import dev.workflow.definition.Effect;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the rim found when it evaluated the expressions of a step, once and for all. */
public sealed interface Prepared {

  /** The condition is false. */
  record Skip(String reason) implements Prepared {}

  /** An expression cannot be decided without the outputs of these steps. */
  record Missing(List<String> sources) implements Prepared {
    public Missing {
      sources = List.copyOf(sources);
    }
  }

  /** An expression failed, or its value does not fit. */
  record Invalid(StepError error) implements Prepared {}

  /**
   * The elements of an {@code each}, in input order.
   *
   * @param map whether the result is a map by key
   */
  record Items(List<Item> items, boolean map) implements Prepared {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** One element; keys are unique, of a list they are its indexes. */
  record Item(String key, JsonNode value) {}

  /**
   * A tool call with its arguments.
   *
   * @param argumentsHash SHA-256 of the canonical arguments, hexadecimal
   * @param digest of the tool's definition
   * @param key idempotency key
   */
  record Call(
      String server,
      String tool,
      JsonNode arguments,
      String argumentsHash,
      String digest,
      Effect effect,
      String key)
      implements Prepared {}

  /**
   * A conversation to have.
   *
   * @param agent name of the agent
   * @param models how many models may be tried, in order
   * @param instructions of the agent, where a step gave them; absent: the definition says them
   */
  record Conversation(String agent, String prompt, int models, @Nullable String instructions)
      implements Prepared {}

  /** A question to a person; without a form it is approve or reject. */
  record Question(String text, @Nullable JsonNode form) implements Prepared {}

  /** The finished value of a {@code set}. */
  record Value(JsonNode value) implements Prepared {}

  /**
   * What the step gave in an earlier run, which stands in for running it.
   *
   * @param run that gave it, in its {@code step}
   * @param at when that step succeeded
   */
  record Cached(JsonNode output, String run, StepPath step, Instant at) implements Prepared {}

  /** The time a {@code wait} waits for. */
  record Until(Instant due) implements Prepared {}

  /**
   * A container may begin the graph inside it.
   *
   * @param inputs of another workflow; absent: the graph sees the names around it
   * @param graph its name where only the run knows it; absent: the node says
   */
  record Body(@Nullable JsonNode inputs, @Nullable String graph) implements Prepared {}

  /** The text of a {@code fail}. */
  record Failure(String text) implements Prepared {}
}
