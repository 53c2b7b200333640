/** Compiles, types and evaluates the one expression language, CEL, within a budget. */
@org.jspecify.annotations.NullMarked
package dev.workflow.expression;
