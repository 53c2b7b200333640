/** The driver and what it is made of, in worlds that stand still. */
@NullMarked
package dev.workflow.engine;

import org.jspecify.annotations.NullMarked;
