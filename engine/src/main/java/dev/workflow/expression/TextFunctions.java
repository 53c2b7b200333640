package dev.workflow.expression;

import static dev.workflow.expression.Simple.BOOLEAN;
import static dev.workflow.expression.Simple.INTEGER;
import static dev.workflow.expression.Simple.STRING;

import dev.workflow.expression.Function.Form;
import dev.workflow.expression.Function.Operation;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** CEL's strings extension. Positions count code points. */
final class TextFunctions {
  private static final Type STRINGS = new Type.ListOf(STRING);

  static final List<Function> ALL =
      List.of(
          test("contains", String::contains),
          test("startsWith", String::startsWith),
          test("endsWith", String::endsWith),
          new Function(
              "matches",
              null,
              List.of(Form.member(BOOLEAN, STRING, STRING), Form.global(BOOLEAN, STRING, STRING)),
              Patterns::matches),
          member(
              "charAt",
              List.of(Form.member(STRING, STRING, INTEGER)),
              (args, frame) -> charAt(Args.text(args[0]), Args.index(args[1]))),
          member(
              "indexOf",
              List.of(
                  Form.member(INTEGER, STRING, STRING),
                  Form.member(INTEGER, STRING, STRING, INTEGER)),
              (args, frame) -> indexOf(args)),
          member(
              "lastIndexOf",
              List.of(
                  Form.member(INTEGER, STRING, STRING),
                  Form.member(INTEGER, STRING, STRING, INTEGER)),
              (args, frame) -> lastIndexOf(args)),
          member(
              "substring",
              List.of(
                  Form.member(STRING, STRING, INTEGER),
                  Form.member(STRING, STRING, INTEGER, INTEGER)),
              (args, frame) -> substring(args)),
          member(
              "join",
              List.of(Form.member(STRING, STRINGS), Form.member(STRING, STRINGS, STRING)),
              Splitting::join),
          member(
              "split",
              List.of(
                  Form.member(STRINGS, STRING, STRING),
                  Form.member(STRINGS, STRING, STRING, INTEGER)),
              Splitting::split),
          member(
              "replace",
              List.of(
                  Form.member(STRING, STRING, STRING, STRING),
                  Form.member(STRING, STRING, STRING, STRING, INTEGER)),
              Splitting::replace),
          map("lowerAscii", TextFunctions::lowerAscii),
          map("upperAscii", TextFunctions::upperAscii),
          map("trim", String::strip),
          new Function(
              "strings.quote",
              null,
              List.of(Form.global(STRING, STRING)),
              (args, frame) -> made(Splitting.quote(Args.text(args[0])), frame)));

  private TextFunctions() {}

  private static Function member(String name, List<Form> forms, Operation operation) {
    return new Function(name, null, forms, operation);
  }

  private static Function test(String name, BiPredicate<String, String> holds) {
    return member(
        name,
        List.of(Form.member(BOOLEAN, STRING, STRING)),
        (args, frame) -> {
          frame.budget().steps(Args.text(args[0]).length() / 100);
          return Args.of(holds.test(Args.text(args[0]), Args.text(args[1])));
        });
  }

  private static Function map(String name, UnaryOperator<String> change) {
    return member(
        name,
        List.of(Form.member(STRING, STRING)),
        (args, frame) -> made(change.apply(Args.text(args[0])), frame));
  }

  private static JsonNode made(String text, Frame frame) {
    frame.budget().make(text.length());
    return Args.of(text);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static JsonNode charAt(String text, int index) {
    int length = length(text);
    inRange(index, 0, length);
    return Args.of(index == length ? "" : part(text, index, index + 1));
  }

  private static JsonNode substring(JsonNode[] args) {
    String text = Args.text(args[0]);
    int from = Args.index(args[1]);
    int to = args.length > 2 ? Args.index(args[2]) : length(text);
    inRange(from, 0, to);
    inRange(to, from, length(text));
    return Args.of(part(text, from, to));
  }

  private static JsonNode indexOf(JsonNode[] args) {
    String text = Args.text(args[0]);
    int from = args.length > 2 ? Args.index(args[2]) : 0;
    inRange(from, 0, length(text));
    int found = text.indexOf(Args.text(args[1]), text.offsetByCodePoints(0, from));
    return position(text, found);
  }

  private static JsonNode lastIndexOf(JsonNode[] args) {
    String text = Args.text(args[0]);
    int from = args.length > 2 ? Args.index(args[2]) : length(text);
    inRange(from, 0, length(text));
    int found = text.lastIndexOf(Args.text(args[1]), text.offsetByCodePoints(0, from));
    return position(text, found);
  }

  private static JsonNode position(String text, int found) {
    return Args.of(found < 0 ? -1 : text.codePointCount(0, found));
  }

  private static String part(String text, int from, int to) {
    int start = text.offsetByCodePoints(0, from);
    return text.substring(start, text.offsetByCodePoints(start, to - from));
  }

  private static void inRange(int index, int from, int to) {
    if (index < from || index > to) {
      throw new Stop.Failure("Expected a position from " + from + " to " + to + ", found " + index);
    }
  }

  private static String lowerAscii(String text) {
    return text.chars().allMatch(c -> c < 128)
        ? text.toLowerCase(Locale.ROOT)
        : changed(text, 'A', 'Z', 32);
  }

  private static String upperAscii(String text) {
    return changed(text, 'a', 'z', -32);
  }

  private static String changed(String text, char from, char to, int by) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= from && c <= to) {
        out.setCharAt(i, (char) (c + by));
      }
    }
    return out.toString();
  }
}
