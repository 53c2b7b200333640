package dev.workflow.mcp;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a server may have models asked, as its entry allows it.
 *
 * @param model alias of the models; absent: those of the agent whose step makes the call
 * @param maxTokens of one reply
 * @param maxRequests in one call
 */
record SamplingEntry(@Nullable String model, int maxTokens, int maxRequests) {
  private static final String KEY = "sampling";
  private static final Set<String> KEYS = Set.of("model", "maxTokens", "maxRequests");
  private static final int MAX_TOKENS = 4_096;
  private static final int MAX_REQUESTS = 10;
  private static final int MOST_TOKENS = 1_000_000;
  private static final int MOST_REQUESTS = 1_000;

  /** What an entry says; null: the server may ask nothing. */
  static @Nullable SamplingEntry read(Fields fields) {
    JsonNode written = fields.get(KEY);
    if (written == null || (written.isBoolean() && !written.booleanValue())) {
      return null;
    }
    if (written.isBoolean()) {
      return new SamplingEntry(null, MAX_TOKENS, MAX_REQUESTS);
    }
    if (!written.isObject()) {
      fields.wrong(
          KEY,
          "expected true or false without quotes, or a map with model, maxTokens and maxRequests, found "
              + Fields.kind(written));
      return null;
    }
    for (String key : written.propertyNames()) {
      if (!KEYS.contains(key)) {
        fields.wrong(
            JsonFile.child(KEY, key), "expected model, maxTokens or maxRequests, found " + key);
      }
    }
    JsonNode model = written.get("model");
    if (model != null && (!model.isString() || model.stringValue().isBlank())) {
      fields.wrong(
          JsonFile.child(KEY, "model"),
          "expected the alias of a model, found " + Fields.kind(model));
    }
    return new SamplingEntry(
        model == null ? null : model.asString(""),
        number(fields, written, "maxTokens", MAX_TOKENS, MOST_TOKENS),
        number(fields, written, "maxRequests", MAX_REQUESTS, MOST_REQUESTS));
  }

  private static int number(Fields fields, JsonNode written, String key, int otherwise, int most) {
    JsonNode value = written.get(key);
    if (value == null) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > most) {
      fields.wrong(
          JsonFile.child(KEY, key),
          "expected a whole number from 1 to " + most + ", found " + Fields.kind(value));
      return otherwise;
    }
    return value.intValue();
  }

  /** For people. */
  String words() {
    return "at most "
        + maxRequests
        + (maxRequests == 1 ? " request" : " requests")
        + " in a call and "
        + maxTokens
        + " tokens in a reply, of "
        + (model == null
            ? "the model of the agent that calls it"
            : "the model " + TrustQuestion.quoted(model));
  }
}
