/**
 * Cassettes: what a run asked models, tools and people and what came, taken from its journal, and
 * the ports that give the same again. Begin at {@link dev.workflow.cassette.Cassette}.
 */
@NullMarked
package dev.workflow.cassette;

import org.jspecify.annotations.NullMarked;
