/**
 * The rules of the house that the compiler cannot hold: who may import whom, and what stays pure.
 */
@org.jspecify.annotations.NullMarked
package dev.workflow.architecture;
