package dev.workflow.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of one server entry, each with the type it must have. */
final class Fields {
  private final String alias;
  private final JsonNode entry;
  private final String pointer;
  private final ServerReader reader;

  Fields(String alias, JsonNode entry, String pointer, ServerReader reader) {
    this.alias = alias;
    this.entry = entry;
    this.pointer = pointer;
    this.reader = reader;
  }

  boolean has(String key) {
    return entry.has(key);
  }

  @Nullable JsonNode get(String key) {
    return entry.get(key);
  }

  Optional<String> text(String key) {
    JsonNode value = entry.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString() || value.stringValue().isBlank()) {
      wrong(key, "expected text, found " + kind(value));
      return Optional.empty();
    }
    return Optional.of(value.stringValue());
  }

  boolean flag(String key, boolean otherwise) {
    JsonNode value = entry.get(key);
    if (value == null) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      wrong(key, "expected true or false, found " + kind(value));
      return otherwise;
    }
    return value.booleanValue();
  }

  List<String> texts(String key) {
    JsonNode value = entry.get(key);
    return value == null ? List.of() : texts(value, key);
  }

  /** The texts of a list that stands at a field. */
  List<String> texts(JsonNode value, String key) {
    List<String> texts = new ArrayList<>();
    if (!value.isArray()) {
      wrong(key, "expected a list of texts, found " + kind(value));
      return texts;
    }
    for (int i = 0; i < value.size(); i++) {
      JsonNode element = value.get(i);
      if (element.isString()) {
        texts.add(element.stringValue());
      } else {
        wrong(key + "/" + i, "expected text, found " + kind(element), quoted(element));
      }
    }
    return texts;
  }

  Map<String, String> textMap(String key) {
    JsonNode value = entry.get(key);
    Map<String, String> texts = new LinkedHashMap<>();
    if (value == null) {
      return texts;
    }
    if (!value.isObject()) {
      wrong(key, "expected a map of texts, found " + kind(value));
      return texts;
    }
    for (Map.Entry<String, JsonNode> element : value.properties()) {
      if (element.getValue().isString()) {
        texts.put(element.getKey(), element.getValue().stringValue());
      } else {
        wrong(
            key + JsonFile.child("", element.getKey()),
            "expected text, found " + hidden(element.getValue()),
            element.getValue().isValueNode() && !element.getValue().isNull()
                ? "Write it in double quotes."
                : null);
      }
    }
    return texts;
  }

  /** Keys that have no meaning beside {@code way}. */
  void refuse(Set<String> keys, String way) {
    for (String key : new TreeSet<>(keys)) {
      if (entry.has(key)) {
        reader.wrongKey(
            pointer + "/" + key,
            "server '" + alias + "': " + key + " does not go with " + way,
            null);
      }
    }
  }

  void wrong(String field, String message) {
    wrong(field, message, null);
  }

  void wrong(String field, String message, @Nullable String hint) {
    reader.wrong(
        pointer + "/" + field,
        "server '" + alias + "', field " + field.replace('/', '.') + ": " + message,
        hint);
  }

  private static @Nullable String quoted(JsonNode value) {
    return value.isValueNode() && !value.isNull() ? "Write \"" + value.asString() + "\"." : null;
  }

  /** The kind of a value that may be a secret. */
  private static String hidden(JsonNode value) {
    return value.isNumber() ? "a number" : kind(value);
  }

  /** A value's kind in the words of messages. */
  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT -> "a map";
      case STRING -> value.stringValue().isBlank() ? "empty text" : "text";
      case NUMBER -> "the number " + value;
      case BOOLEAN -> value.toString();
      case NULL, MISSING -> "nothing";
      case BINARY, POJO -> "something else";
    };
  }
}
