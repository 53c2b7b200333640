/**
 * The driver and its ports: the run driver performs what the kernel decides and records what came
 * of it. Rims implement the ports; home of Reactor.
 */
@NullMarked
package dev.workflow.engine;

import org.jspecify.annotations.NullMarked;
