/** The expression language: CEL's syntax, checked against JSON Schemas, evaluated on JSON. */
@org.jspecify.annotations.NullMarked
package dev.workflow.expression;
