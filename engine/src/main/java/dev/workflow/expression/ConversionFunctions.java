package dev.workflow.expression;

import static dev.workflow.expression.Simple.ANY;
import static dev.workflow.expression.Simple.BOOLEAN;
import static dev.workflow.expression.Simple.DURATION;
import static dev.workflow.expression.Simple.INTEGER;
import static dev.workflow.expression.Simple.NUMBER;
import static dev.workflow.expression.Simple.STRING;
import static dev.workflow.expression.Simple.TIMESTAMP;

import dev.workflow.expression.Function.Form;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** From one type to another. */
final class ConversionFunctions {

  static final List<Function> ALL =
      List.of(
          new Function(
              "int",
              null,
              List.of(
                  Form.global(INTEGER, NUMBER),
                  Form.global(INTEGER, STRING),
                  Form.global(INTEGER, TIMESTAMP)),
              (args, frame) -> integer(args[0])),
          new Function(
              "double",
              null,
              List.of(Form.global(NUMBER, NUMBER), Form.global(NUMBER, STRING)),
              (args, frame) -> real(args[0])),
          new Function(
              "string",
              null,
              List.of(
                  Form.global(STRING, STRING),
                  Form.global(STRING, NUMBER),
                  Form.global(STRING, BOOLEAN),
                  Form.global(STRING, TIMESTAMP),
                  Form.global(STRING, DURATION)),
              (args, frame) -> string(args[0])),
          new Function(
              "bool",
              null,
              List.of(Form.global(BOOLEAN, BOOLEAN), Form.global(BOOLEAN, STRING)),
              (args, frame) -> bool(args[0])),
          new Function("dyn", null, List.of(Form.global(ANY, ANY)), (args, frame) -> args[0]));

  private ConversionFunctions() {}

  private static JsonNode integer(JsonNode value) {
    if (value.isString()) {
      return Numbers.parseInteger(value.stringValue());
    }
    if (Times.isTimestamp(value)) {
      return Args.of(Times.instant(value).getEpochSecond());
    }
    return Numbers.truncated(value);
  }

  private static JsonNode real(JsonNode value) {
    return value.isString()
        ? Numbers.parseReal(value.stringValue())
        : Numbers.real(Numbers.real(value));
  }

  private static JsonNode string(JsonNode value) {
    if (value.isString()) {
      return value;
    }
    if (value.isNumber()) {
      return Args.of(Numbers.text(value));
    }
    if (value.isPojo()) {
      return Args.of(Times.text(value));
    }
    if (value.isBoolean()) {
      return Args.of(value.toString());
    }
    throw Args.expected("a string, a number, a boolean or a time", value);
  }

  private static JsonNode bool(JsonNode value) {
    if (!value.isString()) {
      return Args.of(Args.truth(value));
    }
    return switch (value.stringValue()) {
      case "true", "True", "TRUE", "t", "1" -> Args.of(true);
      case "false", "False", "FALSE", "f", "0" -> Args.of(false);
      default -> throw Args.expected("true or false", value);
    };
  }
}
