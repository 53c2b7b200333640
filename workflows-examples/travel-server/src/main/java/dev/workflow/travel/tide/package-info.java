/** Harmonic tide prediction: astronomy, constituents, ports, high and low waters. */
@org.jspecify.annotations.NullMarked
package dev.workflow.travel.tide;
