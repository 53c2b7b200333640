package dev.workflow.cassette;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Requests that go on from an earlier one, without what they repeat of it. */
final class FollowUps {
  private static final String MESSAGES = "messages";

  /** How many messages of the earlier request come first. */
  private static final String KEPT = "kept";

  private FollowUps() {}

  /** Without the fields that are as before; one that is gone is null. */
  static ObjectNode shortened(ObjectNode request, ObjectNode earlier) {
    ObjectNode less = JsonNodeFactory.instance.objectNode();
    less.put(KEPT, kept(request.path(MESSAGES), earlier.path(MESSAGES)));
    for (String field : request.propertyNames()) {
      JsonNode value = request.path(field);
      if (field.equals(MESSAGES)) {
        ArrayNode more = less.putArray(MESSAGES);
        for (int i = less.path(KEPT).asInt(0); i < value.size(); i++) {
          more.add(value.get(i));
        }
      } else if (!value.equals(earlier.get(field))) {
        less.set(field, value);
      }
    }
    for (String field : earlier.propertyNames()) {
      if (!request.has(field)) {
        less.putNull(field);
      }
    }
    return less;
  }

  private static int kept(JsonNode messages, JsonNode earlier) {
    int kept = 0;
    while (kept < messages.size()
        && kept < earlier.size()
        && messages.get(kept).equals(earlier.get(kept))) {
      kept++;
    }
    return kept;
  }

  /**
   * The whole request again, its fields in their order.
   *
   * @throws IllegalArgumentException when there is nothing that it could go on from
   */
  static ObjectNode whole(ObjectNode written, @Nullable ObjectNode earlier) {
    JsonNode kept = written.get(KEPT);
    if (kept == null) {
      return written;
    }
    if (earlier == null || earlier.path(MESSAGES).size() < kept.asInt(0)) {
      throw new IllegalArgumentException(
          "a request keeps " + kept + " messages of an earlier one, which has fewer");
    }
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    for (String field : Requests.FIELDS) {
      JsonNode value = written.has(field) ? written.path(field) : earlier.path(field);
      if (field.equals(MESSAGES)) {
        ArrayNode messages = whole.putArray(MESSAGES);
        for (int i = 0; i < kept.asInt(0); i++) {
          messages.add(earlier.path(MESSAGES).get(i));
        }
        written.path(MESSAGES).forEach(messages::add);
      } else if (!value.isNull() && !value.isMissingNode()) {
        whole.set(field, value);
      }
    }
    return whole;
  }
}
