/** Places on the globe: the gazetteer, distances, and points of interest near a place. */
@org.jspecify.annotations.NullMarked
package dev.workflow.travel.place;
