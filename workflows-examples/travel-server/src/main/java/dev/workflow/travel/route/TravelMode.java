package dev.workflow.travel.route;

/** How one travels. */
public enum TravelMode {
  CAR,
  BICYCLE,
  WALK
}
