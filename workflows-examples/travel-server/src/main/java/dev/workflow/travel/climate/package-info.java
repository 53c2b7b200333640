/** Climate normals of stations, brought to a place and a day. Never a forecast. */
@org.jspecify.annotations.NullMarked
package dev.workflow.travel.climate;
