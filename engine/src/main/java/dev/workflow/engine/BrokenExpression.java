package dev.workflow.engine;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Stands where a mistake was found, so that everything else can still be compiled and looked at.
 *
 * @param outputs what the sound parts around the mistake read
 */
record BrokenExpression(
    String mistake, Set<String> outputs, Set<String> endings, Set<String> locals)
    implements Expressions.Expression {

  BrokenExpression {
    outputs = Set.copyOf(outputs);
    endings = Set.copyOf(endings);
    locals = Set.copyOf(locals);
  }

  @Override
  public JsonNode type() {
    return Schemas.ANY;
  }

  @Override
  public List<Expressions.Taken> taken() {
    return List.of();
  }

  @Override
  public Set<String> required() {
    return Set.of();
  }

  @Override
  public Set<String> requiredWhenTrue() {
    return Set.of();
  }

  @Override
  public Expressions.Outcome evaluate(Expressions.Values values) {
    return new Expressions.Outcome.Failed(mistake);
  }
}
