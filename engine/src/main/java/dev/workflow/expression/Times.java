package dev.workflow.expression;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;

/** Timestamps and durations: read from text, written as text. */
final class Times {
  private static final Pattern PART =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(d|h|ms|m|s|us|ns)");
  private static final Map<String, BigDecimal> NANOS =
      Map.of(
          "d", new BigDecimal(86_400_000_000_000L),
          "h", new BigDecimal(3_600_000_000_000L),
          "m", new BigDecimal(60_000_000_000L),
          "s", new BigDecimal(1_000_000_000L),
          "ms", new BigDecimal(1_000_000L),
          "us", new BigDecimal(1_000L),
          "ns", BigDecimal.ONE);

  private Times() {}

  static JsonNode timestamp(JsonNode value) {
    if (value.isNumber()) {
      return of(Instant.ofEpochSecond(Numbers.whole(value)));
    }
    return value.isPojo() ? of(instant(value)) : of(parseTimestamp(Args.text(value)));
  }

  static JsonNode duration(JsonNode value) {
    return value.isPojo() ? of(span(value)) : of(parseDuration(Args.text(value)));
  }

  /** {@code 2026-01-31T12:00:00Z}, or a date, which begins at midnight UTC. */
  private static Instant parseTimestamp(String text) {
    try {
      return text.indexOf('T') < 0 && text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw Args.expected("a time such as 2026-01-31T12:00:00Z", Args.of(text));
    }
  }

  /** {@code 1h30m}, {@code 20s}, {@code 1.5s}, {@code 2d}, with an optional minus sign. */
  private static Duration parseDuration(String text) {
    String digits = text.startsWith("-") ? text.substring(1) : text;
    Matcher part = PART.matcher(digits);
    BigDecimal nanos = BigDecimal.ZERO;
    int at = 0;
    while (at < digits.length() && part.find(at) && part.start() == at) {
      BigDecimal unit = NANOS.getOrDefault(part.group(2), BigDecimal.ONE);
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit));
      at = part.end();
    }
    if (digits.isEmpty() || at < digits.length()) {
      throw Args.expected("a duration such as 20s or 1h30m", Args.of(text));
    }
    BigDecimal[] seconds = nanos.divideAndRemainder(new BigDecimal(1_000_000_000L));
    Duration span = Duration.ofSeconds(seconds[0].longValue(), seconds[1].longValue());
    return text.startsWith("-") ? span.negated() : span;
  }

  static JsonNode of(Instant instant) {
    return JsonNodeFactory.instance.pojoNode(instant);
  }

  static JsonNode of(Duration span) {
    return JsonNodeFactory.instance.pojoNode(span);
  }

  static boolean isTimestamp(JsonNode value) {
    return value instanceof POJONode pojo && pojo.getPojo() instanceof Instant;
  }

  static boolean isDuration(JsonNode value) {
    return value instanceof POJONode pojo && pojo.getPojo() instanceof Duration;
  }

  static Instant instant(JsonNode value) {
    if (value instanceof POJONode pojo && pojo.getPojo() instanceof Instant instant) {
      return instant;
    }
    throw Args.expected("a timestamp", value);
  }

  static Duration span(JsonNode value) {
    if (value instanceof POJONode pojo && pojo.getPojo() instanceof Duration span) {
      return span;
    }
    throw Args.expected("a duration", value);
  }

  static ZonedDateTime at(JsonNode value, String zone) {
    try {
      return instant(value).atZone(ZoneId.of(zone));
    } catch (DateTimeException e) {
      throw Args.expected("a time zone such as Europe/Berlin", Args.of(zone));
    }
  }

  /** A timestamp as {@code 2026-01-31T12:00:00Z}, a duration as {@code 90s} or {@code 1500ms}. */
  static String text(JsonNode value) {
    if (isTimestamp(value)) {
      return instant(value).toString();
    }
    Duration span = span(value);
    if (span.equals(Duration.ofSeconds(span.toSeconds()))) {
      return span.toSeconds() + "s";
    }
    if (span.equals(Duration.ofMillis(span.toMillis()))) {
      return span.toMillis() + "ms";
    }
    return nanos(span).movePointLeft(9).toPlainString() + "s";
  }

  private static BigDecimal nanos(Duration span) {
    BigDecimal part = new BigDecimal(span.toNanosPart());
    return new BigDecimal(span.toSeconds()).movePointRight(9).add(part);
  }

  /** A value with its times as text. */
  static JsonNode out(JsonNode value) {
    if (value.isPojo()) {
      return Args.of(text(value));
    }
    if (!hasTimes(value)) {
      return value;
    }
    if (value.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode(value.size());
      value.forEach(element -> list.add(out(element)));
      return list;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    value.properties().forEach(property -> object.set(property.getKey(), out(property.getValue())));
    return object;
  }

  private static boolean hasTimes(JsonNode value) {
    if (!value.isContainer()) {
      return value.isPojo();
    }
    for (JsonNode child : value) {
      if (hasTimes(child)) {
        return true;
      }
    }
    return false;
  }
}
