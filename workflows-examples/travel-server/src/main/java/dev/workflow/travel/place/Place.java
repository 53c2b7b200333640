package dev.workflow.travel.place;

import java.time.ZoneId;
import java.util.List;

/**
 * A place of the gazetteer.
 *
 * @param elevationM height of its centre above sea level, in metres
 * @param population a class such as {@code 20k-100k}
 * @param land places of equal {@code land} are joined by road
 * @param gateway name of the place through which every road here runs, or empty
 */
public record Place(
    String name,
    Country country,
    String region,
    GeoPoint point,
    double elevationM,
    ZoneId zone,
    String kind,
    String population,
    Terrain terrain,
    String land,
    TideAccess tide,
    String gateway,
    List<String> aliases) {
  public Place {
    aliases = List.copyOf(aliases);
  }

  /** Name, region and country, as in {@code Raglan (Waikato, New Zealand)}. */
  public String label() {
    return "%s (%s, %s)".formatted(name, region, country.name());
  }

  public double distanceKm(GeoPoint other) {
    return point.distanceKm(other);
  }
}
