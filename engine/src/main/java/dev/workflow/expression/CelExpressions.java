package dev.workflow.expression;

import dev.workflow.engine.Expressions;
import tools.jackson.databind.JsonNode;

/**
 * Expressions in the syntax of CEL. Types come from JSON Schemas, and values are JSON throughout:
 * no number changes its kind and no key its place on the way.
 *
 * <p>An output that does not exist stops only what cannot be decided without it. An input that was
 * not given, and a property that the schema names but the value lacks, read as null.
 */
public final class CelExpressions implements Expressions {
  private final Programs programs = new Programs();

  @Override
  public Expression compile(String source, Types types, Wanted wanted) {
    return programs.of(source, types, wanted);
  }

  @Override
  public Expression template(JsonNode value, Types types) {
    return new Texts(programs, types).value(value, "");
  }

  @Override
  public Expression text(String text, Types types) {
    return new Texts(programs, types).prompt(text);
  }
}
