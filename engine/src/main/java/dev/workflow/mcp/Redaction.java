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
  private static final Pattern DEFAULT = Pattern.compile("(\\$\\{(?:env:)?[^}:]*:-)[^}]+(})");

  /** Telling parameters of the query of an address. */
  private static final Pattern PARAMETER = Pattern.compile("([?&]([^=&#\\s]+)=)([^&#\\s]+)");

  /** Keys in the forms of well-known makers, and tokens of three parts. */
  private static final Pattern KEY =
      Pattern.compile(
          "\\b(?:sk-(?:(?:proj|ant|or|svcacct)-[A-Za-z0-9_-]{10,}|[A-Za-z0-9]{16,})"
              + "|[spr]k_(?:live|test)_[A-Za-z0-9]{10,}"
              + "|gh[opsur]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{10,}"
              + "|glpat-[A-Za-z0-9_-]{16,}|xox[abprs]-[A-Za-z0-9-]{10,}"
              + "|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[A-Za-z0-9_-]{30,}"
              + "|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}"
              + "|eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*)");

  /** Long words that mix all kinds or are hexadecimal, and do not pin a version. */
  private static final Pattern LONG_WORD =
      Pattern.compile(
          "(?<![@#])(?<!sha256:)\\b(?:"
              + "(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{32,}"
              + "|[0-9a-f]{40,})\\b");

  /** A name and its value within a text: {@code Password=x;}, {@code "apiKey": "x"}. */
  private static final Pattern WITHIN =
      Pattern.compile(
          "([A-Za-z_][A-Za-z0-9_.-]*)(\\\\?[\"']?\\s*[=:]\\s*\\\\?[\"']?)([^\\s;,&\"'}\\\\]+)");

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
    return within(plain(argument));
  }

  private static String named(String name, String value) {
    return Secrets.written(name, value).isEmpty() ? within(text(name, value)) : Masking.MASK;
  }

  /** A text without the values in it that follow a telling name. */
  private static String within(String text) {
    return WITHIN
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    match.group(1)
                        + match.group(2)
                        + (Secrets.isTelling(match.group(1))
                            ? masked(match.group(3))
                            : match.group(3))));
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
    String shown = Secrets.withoutUserInfo(text, Masking.MASK);
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
    return LONG_WORD.matcher(keyless(shown)).replaceAll(Masking.MASK);
  }

  /** A text without the keys of well-known makers; nothing else of it is hidden. */
  static String keyless(String text) {
    return KEY.matcher(text).replaceAll(Masking.MASK);
  }
}
