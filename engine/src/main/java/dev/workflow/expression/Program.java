package dev.workflow.expression;

import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Taken;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Values;
import dev.workflow.engine.Expressions.Wanted;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * One compiled expression.
 *
 * @param source as written, for messages
 * @param syntax what it was made of
 * @param slots how many variables of loops there are at once
 * @param times whether it can make timestamps or durations, which leave it as text
 */
record Program(
    String source,
    Syntax syntax,
    Code code,
    int slots,
    boolean times,
    Wanted wanted,
    JsonNode type,
    Set<String> outputs,
    Set<String> endings,
    Set<String> locals)
    implements Expression {
  /** Kinds of values in which nothing of a text is left. */
  private static final Set<String> CLOSED = Set.of("boolean", "integer", "number", "null");

  Program {
    outputs = Set.copyOf(outputs);
    endings = Set.copyOf(endings);
    locals = Set.copyOf(locals);
  }

  /**
   * Compiles.
   *
   * @throws dev.workflow.engine.Expressions.ExpressionException at the first mistake
   */
  static Program of(String source, Syntax syntax, Types types, Wanted wanted) {
    Scope scope = new Scope(types);
    Checked checked = check(syntax, scope);
    String expected = Wants.refuse(wanted, checked.type());
    if (expected != null) {
      throw Syntax.mistake(
          "Expected " + expected + ", found " + Type.words(checked.type()) + ".",
          syntax.start(),
          null);
    }
    return new Program(
        source,
        syntax,
        checked.code(),
        scope.slots(),
        source.contains("timestamp") || source.contains("duration"),
        wanted,
        SchemaTypes.schemaOf(checked.type()),
        scope.outputs(),
        scope.endings(),
        scope.locals());
  }

  private static Checked check(Syntax syntax, Scope scope) {
    try {
      return new Checker(scope).check(syntax);
    } catch (StackOverflowError e) {
      throw Syntax.tooDeep(0);
    }
  }

  @Override
  public List<Taken> taken() {
    return CLOSED.contains(type.path("type").asString("")) ? List.of() : Makeup.taken(syntax);
  }

  @Override
  public Set<String> required() {
    return Makeup.required(syntax);
  }

  @Override
  public Set<String> requiredWhenTrue() {
    return Makeup.requiredWhenTrue(syntax);
  }

  @Override
  public Outcome evaluate(Values values) {
    try {
      return new Outcome.Value(run(values, new Budget()));
    } catch (Stop e) {
      return outcome(e);
    }
  }

  static Outcome outcome(Stop stop) {
    return switch (stop) {
      case Stop.Missing missing -> new Outcome.Missing(missing.steps());
      case Stop.Failure failure -> new Outcome.Failed(failure.text());
      case Stop.OverBudget over -> new Outcome.Failed(over.text());
    };
  }

  /**
   * Evaluates as a part of something larger.
   *
   * @throws Stop when there is no value; its message names the expression
   */
  JsonNode run(Values values, Budget budget) {
    try {
      JsonNode made = code.run(new Frame(values, slots, budget));
      JsonNode value = times ? Times.out(made) : made;
      String expected = Wants.refuse(wanted, value);
      if (expected != null) {
        throw Args.expected(expected, value);
      }
      return value;
    } catch (StackOverflowError e) {
      throw new Stop.Failure("The values nest too deeply in " + quoted());
    } catch (Stop.Failure e) {
      throw new Stop.Failure(e.text() + " in " + quoted() + ".");
    } catch (Stop.OverBudget e) {
      throw new Stop.OverBudget(e.text() + ": " + quoted() + ".");
    }
  }

  private String quoted() {
    return "`" + Args.cut(source.strip()) + "`";
  }
}
