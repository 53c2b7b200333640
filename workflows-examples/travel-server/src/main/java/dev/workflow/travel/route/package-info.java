/** Road distance and duration estimated from the great circle. */
@org.jspecify.annotations.NullMarked
package dev.workflow.travel.route;
