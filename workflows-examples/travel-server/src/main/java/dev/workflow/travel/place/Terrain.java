package dev.workflow.travel.place;

/** The land around a place, as far as roads feel it. */
public enum Terrain {
  FLAT,
  HILLY,
  MOUNTAIN
}
