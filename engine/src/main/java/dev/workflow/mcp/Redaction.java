package dev.workflow.mcp;

import dev.workflow.engine.Masking;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of an entry may be shown. Values of {@code env} and {@code headers}, of keys and options
 * with a telling name, and texts that look like keys are masked, unless they are made of variables;
 * the names stay.
 */
final class Redaction {
  private static final Pattern OPTION =
      Pattern.compile("(--?[A-Za-z][A-Za-z0-9_-]*)(?:([=:])(.*))?");

  private static final Pattern ASSIGNED =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_-]*)(=|:\\s*)(.+)", Pattern.DOTALL);

  /** What stands for a variable that is not set. */
  private static final Pattern DEFAULT = Pattern.compile("(\\$\\{[^}:]*:-)[^}]+(})");

  /** User and password of an address, and telling parameters of its query. */
  private static final Pattern USER = Pattern.compile("(?<=://)[^/@\\s]+(?=@)");

  private static final Pattern PARAMETER = Pattern.compile("([?&]([^=&#\\s]+)=)([^&#\\s]+)");

  /** Keys of well-known makers, tokens of three parts, and long words that mix all kinds. */
  private static final Pattern KEY =
      Pattern.compile(
          "\\b(?:sk|pk|rk|ghp|gho|ghs|ghu|glpat|xox[abprs]|github_pat|AKIA|ASIA|AIza|hf|npm)[-_A-Z0-9]"
              + "[A-Za-z0-9_-]{10,}"
              + "|\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"
              + "|\\b(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{32,}\\b"
              + "|\\b[0-9a-f]{40,}\\b");

  private static final Pattern SCHEME = Pattern.compile("((?i:bearer|basic)\\s+)[^\\s$]{6,}");

  private Redaction() {}

  static JsonNode of(JsonNode entry) {
    return of("", entry);
  }

  private static JsonNode of(String key, JsonNode value) {
    if (value.isObject()) {
      ObjectNode shown = JsonNodeFactory.instance.objectNode();
      boolean values = key.equals("env") || key.equals("headers");
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        shown.set(
            member.getKey(),
            values && member.getValue().isString()
                ? node(named(member.getKey(), member.getValue().stringValue()))
                : of(member.getKey(), member.getValue()));
      }
      return shown;
    }
    if (value.isArray()) {
      return list(key, value);
    }
    return value.isString() ? node(text(key, value.stringValue())) : value;
  }

  private static JsonNode node(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  private static JsonNode list(String key, JsonNode values) {
    ArrayNode shown = JsonNodeFactory.instance.arrayNode();
    String before = "";
    for (JsonNode value : values) {
      shown.add(value.isString() ? node(argument(before, value.stringValue())) : of(key, value));
      before = value.asString("");
    }
    return shown;
  }

  /** An argument of a command line; what follows an option with a telling name is its value. */
  static String argument(String before, String argument) {
    Matcher asked = OPTION.matcher(before);
    if (asked.matches() && asked.group(3) == null && Secrets.isTelling(asked.group(1))) {
      return argument.startsWith("-") ? argument : masked(argument);
    }
    Matcher option = OPTION.matcher(argument);
    if (option.matches() && option.group(3) != null && Secrets.isTelling(option.group(1))) {
      return option.group(1) + option.group(2) + masked(option.group(3));
    }
    Matcher assigned = ASSIGNED.matcher(argument);
    if (assigned.matches() && Secrets.isTelling(assigned.group(1))) {
      return assigned.group(1) + assigned.group(2) + masked(assigned.group(3));
    }
    return plain(argument);
  }

  private static String named(String name, String value) {
    return Secrets.written(name, value).isEmpty() ? text(name, value) : Masking.MASK;
  }

  private static String text(String key, String value) {
    return Secrets.isTelling(key) && !Secrets.written(key, value).isEmpty()
        ? masked(value)
        : plain(Secrets.isTelling(key) ? withoutDefaults(value) : value);
  }

  private static String masked(String value) {
    return value.isBlank() || !Expansion.variables(value).isEmpty()
        ? withoutDefaults(value)
        : Masking.MASK;
  }

  private static String withoutDefaults(String value) {
    return DEFAULT.matcher(value).replaceAll("$1" + Masking.MASK + "$2");
  }

  /** A text without what looks like a secret wherever it stands. */
  static String plain(String text) {
    String shown = USER.matcher(text).replaceAll(Masking.MASK);
    shown = SCHEME.matcher(shown).replaceAll("$1" + Masking.MASK);
    shown =
        PARAMETER
            .matcher(shown)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        match.group(1)
                            + (Secrets.isTelling(match.group(2))
                                ? masked(match.group(3))
                                : match.group(3))));
    return keyless(shown);
  }

  /** A text without the keys of well-known makers; nothing else of it is hidden. */
  static String keyless(String text) {
    return KEY.matcher(text).replaceAll(Masking.MASK);
  }
}
