package dev.workflow.schema;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Says in one sentence how a value breaks a keyword: what was expected and what was found. */
final class Wording {
  private static final int TEXT_CHARS_MAX = 60;
  private static final int CHOICES_MAX = 12;

  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          Map.entry("date", "a date such as 2026-01-31"),
          Map.entry("date-time", "a time such as 2026-01-31T12:00:00Z"),
          Map.entry("time", "a time of day such as 12:00:00Z"),
          Map.entry("duration", "a duration such as PT1H30M"),
          Map.entry("email", "an e-mail address"),
          Map.entry("idn-email", "an e-mail address"),
          Map.entry("hostname", "a host name"),
          Map.entry("idn-hostname", "a host name"),
          Map.entry("ipv4", "an IPv4 address"),
          Map.entry("ipv6", "an IPv6 address"),
          Map.entry("uri", "an absolute URI such as https://example.org/a"),
          Map.entry("uri-reference", "a URI reference"),
          Map.entry("iri", "an absolute IRI such as https://example.org/a"),
          Map.entry("iri-reference", "an IRI reference"),
          Map.entry("uri-template", "a URI template"),
          Map.entry("uuid", "a UUID"),
          Map.entry("json-pointer", "a JSON pointer such as /a/0"),
          Map.entry("relative-json-pointer", "a relative JSON pointer such as 1/a"),
          Map.entry("regex", "a regular expression"));

  private Wording() {}

  static String of(Error error) {
    JsonNode value = error.getInstanceNode();
    String bound = argument(error, 0);
    return switch (error.getKeyword()) {
      case "type" -> expected(types(error), value);
      case "enum" -> expected(oneOf(error), value);
      case "const" -> expected(shown(error.getSchemaNode()), value);
      case "required" -> "property \"" + error.getProperty() + "\" is missing";
      case "additionalProperties", "unevaluatedProperties" ->
          "unknown property \"" + error.getProperty() + "\"";
      case "additionalItems", "items", "unevaluatedItems" ->
          "expected no element here, found " + shown(value.path(number(bound)));
      case "minimum" -> expected("at least " + bound, value);
      case "maximum" -> expected("at most " + bound, value);
      case "exclusiveMinimum" -> expected("more than " + bound, value);
      case "exclusiveMaximum" -> expected("less than " + bound, value);
      case "multipleOf" -> expected("a multiple of " + bound, value);
      case "minLength" -> expected("at least " + count(bound, "character"), value);
      case "maxLength" -> expected("at most " + count(bound, "character"), value);
      case "pattern" -> expected("text that matches " + bound, value);
      case "format" -> expected(FORMATS.getOrDefault(bound, "the format " + bound), value);
      case "minItems" -> sized("at least", bound, value, "element");
      case "maxItems" -> sized("at most", bound, value, "element");
      case "minProperties" -> sized("at least", bound, value, "property");
      case "maxProperties" -> sized("at most", bound, value, "property");
      case "uniqueItems" -> "expected elements that all differ, found two that are equal";
      case "contains", "minContains" -> contained("at least", error);
      case "maxContains" -> contained("at most", error);
      case "dependentRequired", "dependencies" -> dependent(error);
      case "propertyNames" -> "property name \"" + error.getProperty() + "\" is not allowed";
      case "not" -> "expected anything but what \"not\" rules out, found " + shown(value);
      case "false" -> "expected no value here, found " + shown(value);
      default -> String.valueOf(error.getMessage());
    };
  }

  static String expected(String what, JsonNode found) {
    return "expected " + what + ", found " + shown(found);
  }

  /** The types that would do, for {@code type}. */
  static String types(Error error) {
    JsonNode wanted = error.getSchemaNode();
    List<String> names = new ArrayList<>();
    if (wanted.isArray()) {
      wanted.forEach(name -> names.add(name.asString("")));
    } else {
      names.add(wanted.asString(""));
    }
    return either(names);
  }

  /** The values that would do, for {@code enum}. */
  static String oneOf(Error error) {
    JsonNode values = error.getSchemaNode();
    if (values.size() == 1) {
      return shown(values.path(0));
    }
    String some =
        values.values().stream()
            .limit(CHOICES_MAX)
            .map(Wording::shown)
            .collect(Collectors.joining(", "));
    int rest = values.size() - CHOICES_MAX;
    return "one of " + some + (rest > 0 ? " and " + rest + " more" : "");
  }

  /** {@code a, b or c}. */
  static String either(List<String> names) {
    if (names.size() < 2) {
      return String.join("", names);
    }
    return String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
  }

  /** A value as a message shows it: short. */
  static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> value.isEmpty() ? "{}" : "an object";
      case ARRAY -> value.isEmpty() ? "[]" : "an array";
      case MISSING -> "nothing";
      default -> cut(value.toString());
    };
  }

  private static String cut(String text) {
    if (text.length() <= TEXT_CHARS_MAX) {
      return text;
    }
    int end = TEXT_CHARS_MAX;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  private static String sized(String bound, String limit, JsonNode value, String what) {
    return "expected " + bound + " " + count(limit, what) + ", found " + value.size();
  }

  private static String contained(String bound, Error error) {
    String limit = count(argument(error, 0), "element");
    return "expected " + bound + " " + limit + " that \"contains\" describes, found fewer or more";
  }

  private static String dependent(Error error) {
    if (error.getProperty() == null) {
      return String.valueOf(error.getMessage());
    }
    return "property \"%s\" is missing, which \"%s\" asks for"
        .formatted(argument(error, 0), error.getProperty());
  }

  private static String count(String number, String what) {
    if (number.equals("1")) {
      return "1 " + what;
    }
    return number + " " + (what.equals("property") ? "properties" : what + "s");
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static String argument(Error error, int index) {
    Object[] arguments = error.getArguments();
    return arguments == null || index >= arguments.length ? "" : String.valueOf(arguments[index]);
  }
}
