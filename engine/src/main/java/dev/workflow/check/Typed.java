package dev.workflow.check;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads a text as the value that a schema asks for; one that cannot be read stays a text. */
final class Typed {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]{1,300}(\\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?");

  private Typed() {}

  static JsonNode read(String text, JsonNode schema) {
    Set<String> kinds = new HashSet<>();
    JsonNode type = schema.path("type");
    if (type.isString()) {
      kinds.add(type.stringValue());
    }
    type.forEach(each -> kinds.add(each.asString("")));
    return kinds.isEmpty() ? untyped(text, schema) : read(text, kinds);
  }

  private static JsonNode read(String text, Set<String> kinds) {
    String plain = text.strip();
    boolean wantsNumber = kinds.contains("integer") || kinds.contains("number");
    if (wantsNumber && WHOLE.matcher(plain).matches()) {
      return whole(Long.parseLong(plain));
    }
    if (kinds.contains("number") && NUMBER.matcher(plain).matches()) {
      return JsonNodeFactory.instance.numberNode(new BigDecimal(plain).doubleValue());
    }
    if (kinds.contains("boolean") && (plain.equals("true") || plain.equals("false"))) {
      return JsonNodeFactory.instance.booleanNode(plain.equals("true"));
    }
    if (kinds.contains("null") && plain.equals("null")) {
      return JsonNodeFactory.instance.nullNode();
    }
    boolean wantsTree = kinds.contains("array") || kinds.contains("object");
    if (wantsTree && (plain.startsWith("[") || plain.startsWith("{"))) {
      return parsed(plain, text);
    }
    return JsonNodeFactory.instance.stringNode(text);
  }

  /** As it would be read again from JSON. */
  private static JsonNode whole(long number) {
    return number == (int) number
        ? JsonNodeFactory.instance.numberNode((int) number)
        : JsonNodeFactory.instance.numberNode(number);
  }

  /** Without a type: a text where the schema lists it, else JSON where it is JSON. */
  private static JsonNode untyped(String text, JsonNode schema) {
    JsonNode plain = JsonNodeFactory.instance.stringNode(text);
    boolean listed = schema.path("enum").valueStream().anyMatch(plain::equals);
    return listed ? plain : parsed(text, text);
  }

  private static JsonNode parsed(String json, String otherwise) {
    try {
      JsonNode value = JSON.readTree(json);
      return value.isMissingNode() ? JsonNodeFactory.instance.stringNode(otherwise) : value;
    } catch (JacksonException e) {
      return JsonNodeFactory.instance.stringNode(otherwise);
    }
  }
}
