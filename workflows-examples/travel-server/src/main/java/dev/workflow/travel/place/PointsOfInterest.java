package dev.workflow.travel.place;

import dev.workflow.travel.data.Table;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Things to see and do, found by distance. */
public final class PointsOfInterest {
  public static final List<String> KINDS =
      List.of("beach", "walk", "museum", "viewpoint", "surf", "food");

  private final List<PointOfInterest> points;

  private PointsOfInterest(List<PointOfInterest> points) {
    this.points = points;
  }

  /** The shipped points. */
  public static PointsOfInterest shipped() {
    return new PointsOfInterest(Table.read("points-of-interest.tsv", PointsOfInterest::point));
  }

  private static PointOfInterest point(Table.Row row) {
    if (!KINDS.contains(row.text("kind"))) {
      throw row.wrong("kind", "one of " + KINDS, row.text("kind"));
    }
    return new PointOfInterest(
        row.text("name"),
        row.text("kind"),
        new GeoPoint(row.number("latitude"), row.number("longitude")),
        row.text("note"));
  }

  public List<PointOfInterest> all() {
    return points;
  }

  /** A point and its distance from where one asked. */
  public record Nearby(PointOfInterest point, double distanceKm) {}

  /** The wanted points within {@code radiusKm} of {@code centre}, nearest first, then by name. */
  public List<Nearby> within(GeoPoint centre, double radiusKm, Predicate<PointOfInterest> wanted) {
    return points.stream()
        .filter(wanted)
        .map(point -> new Nearby(point, centre.distanceKm(point.point())))
        .filter(nearby -> nearby.distanceKm() <= radiusKm)
        .sorted(
            Comparator.comparingDouble(Nearby::distanceKm)
                .thenComparing(nearby -> nearby.point().name()))
        .toList();
  }
}
