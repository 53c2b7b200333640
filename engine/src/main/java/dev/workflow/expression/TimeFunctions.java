package dev.workflow.expression;

import static dev.workflow.expression.Simple.DURATION;
import static dev.workflow.expression.Simple.INTEGER;
import static dev.workflow.expression.Simple.STRING;
import static dev.workflow.expression.Simple.TIMESTAMP;

import dev.workflow.expression.Function.Form;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;

/** Timestamps and durations. Parts of a timestamp are those of UTC unless a zone is given. */
final class TimeFunctions {

  static final List<Function> ALL =
      List.of(
          new Function(
              "timestamp",
              null,
              List.of(
                  Form.global(TIMESTAMP, STRING),
                  Form.global(TIMESTAMP, INTEGER),
                  Form.global(TIMESTAMP, TIMESTAMP)),
              (args, frame) -> Times.timestamp(args[0])),
          new Function(
              "duration",
              null,
              List.of(Form.global(DURATION, STRING), Form.global(DURATION, DURATION)),
              (args, frame) -> Times.duration(args[0])),
          part("getFullYear", ZonedDateTime::getYear),
          part("getMonth", time -> time.getMonthValue() - 1),
          part("getDate", ZonedDateTime::getDayOfMonth),
          part("getDayOfMonth", time -> time.getDayOfMonth() - 1),
          part("getDayOfYear", time -> time.getDayOfYear() - 1),
          part("getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7),
          both("getHours", ZonedDateTime::getHour, Duration::toHours),
          both("getMinutes", ZonedDateTime::getMinute, Duration::toMinutes),
          both("getSeconds", ZonedDateTime::getSecond, Duration::toSeconds),
          both("getMilliseconds", time -> time.getNano() / 1_000_000, span -> span.toMillisPart()));

  private TimeFunctions() {}

  private static Function part(String name, ToLongFunction<ZonedDateTime> part) {
    return new Function(
        name,
        null,
        List.of(Form.member(INTEGER, TIMESTAMP), Form.member(INTEGER, TIMESTAMP, STRING)),
        (args, frame) -> Args.of(part.applyAsLong(local(args))));
  }

  private static Function both(
      String name, ToLongFunction<ZonedDateTime> ofTime, ToLongFunction<Duration> ofSpan) {
    return new Function(
        name,
        null,
        List.of(
            Form.member(INTEGER, TIMESTAMP),
            Form.member(INTEGER, TIMESTAMP, STRING),
            Form.member(INTEGER, DURATION)),
        (args, frame) ->
            Args.of(
                Times.isDuration(args[0])
                    ? ofSpan.applyAsLong(Times.span(args[0]))
                    : ofTime.applyAsLong(local(args))));
  }

  private static ZonedDateTime local(JsonNode[] args) {
    return Times.at(args[0], args.length > 1 ? Args.text(args[1]) : "UTC");
  }
}
