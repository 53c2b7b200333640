package dev.workflow.travel;

import dev.workflow.travel.climate.ClimateNormals;
import dev.workflow.travel.place.Gazetteer;
import dev.workflow.travel.place.PointsOfInterest;
import dev.workflow.travel.route.RoutePlanner;
import dev.workflow.travel.tide.Tides;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The shipped data, each part read when it is first asked for. Used by one thread. */
final class World {
  private final Supplier<Gazetteer> gazetteer = once(Gazetteer::shipped);
  private final Supplier<PointsOfInterest> points = once(PointsOfInterest::shipped);
  private final Supplier<ClimateNormals> climate = once(ClimateNormals::shipped);
  private final Supplier<Tides> tides = once(Tides::shipped);
  private final Supplier<RoutePlanner> routes = once(() -> new RoutePlanner(gazetteer()));

  Gazetteer gazetteer() {
    return gazetteer.get();
  }

  PointsOfInterest points() {
    return points.get();
  }

  ClimateNormals climate() {
    return climate.get();
  }

  Tides tides() {
    return tides.get();
  }

  RoutePlanner routes() {
    return routes.get();
  }

  private static <T> Supplier<T> once(Supplier<T> reader) {
    return new Supplier<>() {
      private @Nullable T value;

      @Override
      public T get() {
        T known = value;
        if (known == null) {
          known = reader.get();
          value = known;
        }
        return known;
      }
    };
  }
}
