package dev.workflow.expression;

/** A part of an expression that was checked: what to run and what comes out. */
record Checked(Code code, Type type) {}
