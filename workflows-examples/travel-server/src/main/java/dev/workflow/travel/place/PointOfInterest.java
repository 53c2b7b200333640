package dev.workflow.travel.place;

/** Something to see or do; {@code kind} is one of {@link PointsOfInterest#KINDS}. */
public record PointOfInterest(String name, String kind, GeoPoint point, String note) {}
