package dev.workflow.travel;

import dev.workflow.travel.place.Place;
import dev.workflow.travel.protocol.ToolAnswer;
import dev.workflow.travel.tide.TideDay;
import dev.workflow.travel.tide.TideTurn;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code tide_data}: high and low waters of a local calendar day. */
record TideData(World world) implements Tool {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");
  private static final String NOTE =
      "approximation from harmonic constants, not for navigation: expect errors of about 15 minutes"
          + " and 0.2 m, more away from the port; weather and season are not in it";

  @Override
  public String name() {
    return "tide_data";
  }

  @Override
  public Set<String> arguments() {
    return Set.of("place", "date");
  }

  @Override
  public ToolAnswer.Result answer(Arguments arguments) {
    Place place = world.gazetteer().find(arguments.text("place"));
    LocalDate date = arguments.date("date");
    TideDay day = world.tides().on(place, date);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result
        .put("available", day instanceof TideDay.Predicted)
        .put("place", place.name())
        .put("date", date.toString())
        .put("timezone", place.zone().getId());
    return switch (day) {
      case TideDay.Predicted it -> predicted(result, it, place, date);
      case TideDay.Unavailable it -> unavailable(result, it, place, date);
    };
  }

  private static ToolAnswer.Result predicted(
      ObjectNode result, TideDay.Predicted day, Place place, LocalDate date) {
    result
        .put("port", day.port())
        .put("port_distance_km", Numbers.tenths(day.distanceKm()))
        .put("datum", datum(day.datum()))
        .put("mean_level_m", Numbers.hundredths(day.meanLevelM()))
        .put("basis", day.basis());
    fill(result.putArray("highs"), day.highs(), place.zone());
    fill(result.putArray("lows"), day.lows(), place.zone());
    result.put("source", source(day)).put("note", NOTE);
    return new ToolAnswer.Result(
        result,
        "%s on %s (port %s): high water %s; low water %s, above %s. Approximation, not for navigation."
            .formatted(
                place.name(),
                date,
                day.port(),
                said(day.highs(), place.zone()),
                said(day.lows(), place.zone()),
                datum(day.datum())));
  }

  private static ToolAnswer.Result unavailable(
      ObjectNode result, TideDay.Unavailable day, Place place, LocalDate date) {
    result
        .put("reason", day.reason())
        .put("nearest_port", day.port())
        .put("distance_km", Numbers.tenths(day.distanceKm()));
    result.putArray("highs");
    result.putArray("lows");
    result.put("note", NOTE);
    return new ToolAnswer.Result(
        result,
        String.format(
            Locale.ROOT,
            "No tide data for %s on %s: %s; the nearest port is %s, %.1f km away.",
            place.name(),
            date,
            day.reason(),
            day.port(),
            day.distanceKm()));
  }

  private static void fill(ArrayNode array, List<TideTurn> turns, ZoneId zone) {
    for (TideTurn turn : turns) {
      OffsetDateTime local = local(turn, zone);
      array
          .addObject()
          .put("time", DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(local))
          .put("clock", CLOCK.format(local))
          .put("height_m", Numbers.hundredths(turn.heightM()));
    }
  }

  private static String said(List<TideTurn> turns, ZoneId zone) {
    return turns.isEmpty()
        ? "none"
        : turns.stream()
            .map(
                turn ->
                    String.format(
                        Locale.ROOT,
                        "%s %.2f m",
                        CLOCK.format(local(turn, zone)),
                        Numbers.hundredths(turn.heightM())))
            .collect(Collectors.joining(", "));
  }

  /**
   * To the whole minute, downwards, so that a turn stays on its day. Offsets of local mean time, in
   * use before about 1912, have seconds that RFC 3339 cannot write: they are cut as well.
   */
  private static OffsetDateTime local(TideTurn turn, ZoneId zone) {
    int offset = zone.getRules().getOffset(turn.time()).getTotalSeconds();
    return turn.time()
        .atOffset(ZoneOffset.ofTotalSeconds(offset - offset % 60))
        .truncatedTo(ChronoUnit.MINUTES);
  }

  private static String source(TideDay.Predicted day) {
    return day.basis().equals("interpolated")
        ? "harmonic constants interpolated between " + day.source() + " (TICON-4, CC BY 4.0)"
        : "harmonic constants: "
            + (day.source().equals("TICON-4") ? "TICON-4, CC BY 4.0" : day.source());
  }

  private static String datum(String code) {
    return switch (code) {
      case "LAT" -> "approximate lowest astronomical tide";
      case "MLLW" -> "mean lower low water";
      default -> throw new IllegalStateException("tide-ports.tsv: unknown datum " + code);
    };
  }
}
