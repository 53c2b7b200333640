/** Wires the rims to the engine's ports: the library's front door. */
@org.jspecify.annotations.NullMarked
package dev.workflow.assembly;
