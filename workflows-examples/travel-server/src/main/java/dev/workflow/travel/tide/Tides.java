package dev.workflow.travel.tide;

import dev.workflow.travel.place.Place;
import dev.workflow.travel.place.TideAccess;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;

/** Tides of places, through the port that stands for each. */
public final class Tides {
  private final List<TidePort> ports;

  Tides(List<TidePort> ports) {
    this.ports = List.copyOf(ports);
  }

  /** The shipped ports. */
  public static Tides shipped() {
    return new Tides(TidePort.shipped());
  }

  List<TidePort> ports() {
    return ports;
  }

  /** The tide at {@code place} from local midnight to local midnight. */
  public TideDay on(Place place, LocalDate date) {
    return switch (place.tide()) {
      case TideAccess.Port standIn -> predicted(place, port(standIn.id()), date);
      case TideAccess.Inland inland -> unavailable(place, "%s is inland".formatted(place.name()));
      case TideAccess.Unrepresented unrepresented ->
          unavailable(
              place, "no shipped tide port stands for the coast of %s".formatted(place.name()));
    };
  }

  private TidePort port(String id) {
    return ports.stream()
        .filter(port -> port.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "gazetteer.tsv: expected a port of tide-ports.tsv, found " + id));
  }

  private static TideDay predicted(Place place, TidePort port, LocalDate date) {
    Instant start = date.atStartOfDay(place.zone()).toInstant();
    Instant end = date.plusDays(1).atStartOfDay(place.zone()).toInstant();
    return new TideDay.Predicted(
        port.name(),
        place.distanceKm(port.point()),
        port.meanLevelM(),
        port.datum(),
        port.basis(),
        port.source(),
        TideTurn.between(port, start, end));
  }

  private TideDay unavailable(Place place, String reason) {
    TidePort nearest =
        ports.stream()
            .min(Comparator.comparingDouble(port -> place.distanceKm(port.point())))
            .orElseThrow(() -> new IllegalStateException("tide-ports.tsv: no port"));
    return new TideDay.Unavailable(reason, nearest.name(), place.distanceKm(nearest.point()));
  }
}
