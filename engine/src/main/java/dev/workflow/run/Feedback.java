package dev.workflow.run;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Why a step runs again.
 *
 * @param judge id of the step that asked for it
 * @param verdict the judge's output
 * @param earlier the step's own output of last time; absent: it had none
 */
public record Feedback(String judge, JsonNode verdict, @Nullable JsonNode earlier) {}
