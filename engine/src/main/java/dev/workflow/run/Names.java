package dev.workflow.run;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the ids of steps mean at one place of a run: the newest revision of each. An id that means
 * no step is an {@link IllegalArgumentException}.
 */
public interface Names {

  /** The output of the step; absent unless it succeeded. */
  @Nullable JsonNode output(String id);

  /** The blocks of content that the tool of the step gave, of an {@code each} of all elements. */
  JsonNode content(String id);

  /** The step. */
  StepInfo step(String id);
}
