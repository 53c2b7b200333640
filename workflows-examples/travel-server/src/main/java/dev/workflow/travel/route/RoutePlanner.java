package dev.workflow.travel.route;

import dev.workflow.travel.place.Gazetteer;
import dev.workflow.travel.place.Place;
import dev.workflow.travel.place.Terrain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Estimates of distance and duration by road.
 *
 * <p>A route runs through the gateways of its ends (a dead-end valley has one). Each leg is its
 * great circle times the mean of the road factors of its two ends: flat 1.22, hilly 1.35, mountain
 * 1.50. A car drives the first 8 km at 35 km/h and the rest at the mean open-road speed of the two
 * countries times 1.00, 0.93 or 0.82 by terrain; a bicycle goes 17, 14 or 11 km/h; one walks 4.8,
 * 4.2 or 3.6 km/h. The range of the duration is -15 % to +30 %. Stops are not counted.
 */
public final class RoutePlanner {
  private static final double TOWN_KM = 8;
  private static final double TOWN_KMH = 35;
  private static final double FASTER = 0.85;
  private static final double SLOWER = 1.30;

  private final Gazetteer gazetteer;

  public RoutePlanner(Gazetteer gazetteer) {
    this.gazetteer = gazetteer;
  }

  public Route plan(Place from, Place to, TravelMode mode) {
    double straight = from.distanceKm(to.point());
    if (!from.land().equals(to.land())) {
      return new Route.NoRoad(
          straight,
          "no road joins %s and %s: there is sea or an uncrossed border between them"
              .formatted(from.name(), to.name()));
    }
    List<Place> stops = stops(from, to);
    double circles = 0;
    double road = 0;
    double hours = 0;
    for (int i = 1; i < stops.size(); i++) {
      Place a = stops.get(i - 1);
      Place b = stops.get(i);
      double circle = a.distanceKm(b.point());
      double leg = circle * (factor(a.terrain()) + factor(b.terrain())) / 2;
      circles += circle;
      road += leg;
      hours += leg / cruise(a, b, mode);
    }
    if (mode == TravelMode.CAR && road > 0) {
      double town = Math.min(road, TOWN_KM);
      hours = hours * (road - town) / road + town / TOWN_KMH;
    }
    double minutes = hours * 60;
    return new Route.Road(
        straight,
        road,
        circles > 0 ? road / circles : 1,
        minutes,
        minutes * FASTER,
        minutes * SLOWER,
        stops.subList(1, stops.size() - 1).stream().map(Place::name).toList());
  }

  /**
   * Up the gateways of both ends to the first they share, or straight across from the last ones.
   */
  private List<Place> stops(Place from, Place to) {
    List<Place> up = outward(from);
    List<Place> down = outward(to);
    var shared = new HashSet<>(up);
    shared.retainAll(down);
    var stops = new ArrayList<>(untilShared(up, shared));
    List<Place> back = new ArrayList<>(untilShared(down, shared));
    Collections.reverse(back);
    for (Place place : back) {
      if (!stops.get(stops.size() - 1).equals(place)) {
        stops.add(place);
      }
    }
    if (stops.size() == 1) {
      stops.add(to);
    }
    return stops;
  }

  private static List<Place> untilShared(List<Place> outward, Set<Place> shared) {
    for (int i = 0; i < outward.size(); i++) {
      if (shared.contains(outward.get(i))) {
        return outward.subList(0, i + 1);
      }
    }
    return outward;
  }

  private List<Place> outward(Place place) {
    var way = new ArrayList<Place>();
    Place at = place;
    way.add(at);
    while (!at.gateway().isEmpty()) {
      at = gazetteer.find(at.gateway());
      way.add(at);
    }
    return way;
  }

  private static double factor(Terrain terrain) {
    return switch (terrain) {
      case FLAT -> 1.22;
      case HILLY -> 1.35;
      case MOUNTAIN -> 1.50;
    };
  }

  /** Mean speed between two stops, outside towns, in km/h. */
  private static double cruise(Place a, Place b, TravelMode mode) {
    return (speed(a, mode) + speed(b, mode)) / 2;
  }

  private static double speed(Place place, TravelMode mode) {
    return switch (mode) {
      case CAR -> place.country().openRoadKmh() * byTerrain(place.terrain(), 1.00, 0.93, 0.82);
      case BICYCLE -> byTerrain(place.terrain(), 17, 14, 11);
      case WALK -> byTerrain(place.terrain(), 4.8, 4.2, 3.6);
    };
  }

  private static double byTerrain(Terrain terrain, double flat, double hilly, double mountain) {
    return switch (terrain) {
      case FLAT -> flat;
      case HILLY -> hilly;
      case MOUNTAIN -> mountain;
    };
  }
}
