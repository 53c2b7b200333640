package dev.workflow.yaml;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a judge must answer so that the condition on it can be decided. {@code if verifier.unsafe
 * then planner.revise} asks for {@code {unsafe: boolean, why: string}}: one field for each {@code
 * verifier.NAME} of the condition, and the reason, which is the feedback.
 *
 * <p>A field's type is that of the literal it is compared with; with {@code .size()} or after
 * {@code in} it is a list of texts; alone it is true or false.
 */
final class JudgeOutput {

  private static final String OPERATOR = "==|!=|<=|>=|<|>";
  private static final Pattern AFTER =
      Pattern.compile("\\s*(" + OPERATOR + ")\\s*([\"']|-?[0-9]|true|false)");
  private static final Pattern BEFORE =
      Pattern.compile("(?:[\"']|([0-9])|(true|false))\\s*(" + OPERATOR + ")\\s*$");
  private static final Pattern IN_BEFORE = Pattern.compile("\\bin\\s+$");
  private static final Pattern IN_AFTER = Pattern.compile("\\s+in\\s*\\[\\s*([\"']?)[\\s\\S]*");

  private JudgeOutput() {}

  /** The field map; absent: the condition reads no field of the judge. */
  static @Nullable ObjectNode of(String condition, String judge) {
    Map<String, String> types = new LinkedHashMap<>();
    Pattern field =
        Pattern.compile(
            "(?<![A-Za-z0-9_.])" + Pattern.quote(judge) + "\\.([A-Za-z_][A-Za-z0-9_]*)");
    Matcher matcher = field.matcher(condition);
    while (matcher.find()) {
      String type =
          type(condition.substring(0, matcher.start()), condition.substring(matcher.end()));
      types.merge(matcher.group(1), type, (a, b) -> a.equals("boolean") ? b : a);
    }
    if (types.isEmpty()) {
      return null;
    }
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    types.forEach((name, type) -> put(fields, name, type));
    if (!types.containsKey("why")) {
      fields.put("why", "string");
    }
    return fields;
  }

  private static void put(ObjectNode fields, String name, String type) {
    if (type.equals("list")) {
      fields.putArray(name).add("string");
    } else {
      fields.put(name, type);
    }
  }

  private static String type(String before, String after) {
    if (after.startsWith(".size()") || IN_BEFORE.matcher(before).find()) {
      return "list";
    }
    if (after.startsWith(".")) {
      return "string";
    }
    Matcher in = IN_AFTER.matcher(after);
    if (in.matches()) {
      return in.group(1).isEmpty() ? "number" : "string";
    }
    Matcher right = AFTER.matcher(after);
    if (right.lookingAt()) {
      return literal(right.group(2));
    }
    Matcher left = BEFORE.matcher(before);
    if (left.find()) {
      return left.group(1) != null ? "number" : left.group(2) != null ? "boolean" : "string";
    }
    return comparesNumbers(after) ? "number" : "boolean";
  }

  /** An order with something that is no literal can only be one of numbers. */
  private static boolean comparesNumbers(String after) {
    String rest = after.stripLeading();
    return rest.startsWith("<") || rest.startsWith(">");
  }

  private static String literal(String begin) {
    return switch (begin.charAt(0)) {
      case '"', '\'' -> "string";
      case 't', 'f' -> "boolean";
      default -> "number";
    };
  }
}
