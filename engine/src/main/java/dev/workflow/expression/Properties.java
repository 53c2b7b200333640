package dev.workflow.expression;

import dev.cel.common.ast.CelExpr;
import dev.workflow.definition.Nearest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what stands after a dot: properties, {@code inputs.x}, {@code steps.id.status}. */
final class Properties {
  private static final Type ERROR =
      SchemaTypes.of(
          ObjectSchemas.of(
              List.of("kind", "message", "details"),
              List.of(
                  SchemaTypes.schemaOf(Simple.STRING),
                  SchemaTypes.schemaOf(Simple.STRING),
                  SchemaTypes.schemaOf(new Type.ListOf(Simple.STRING)))));

  private static final Map<String, Type> ENDING =
      Map.of(
          "status",
          Simple.STRING,
          "attempts",
          Simple.INTEGER,
          "error",
          ERROR,
          "errors",
          new Type.ListOf(Simple.ANY));

  private final Checker checker;
  private final Syntax syntax;
  private final Scope scope;

  Properties(Checker checker, Syntax syntax, Scope scope) {
    this.checker = checker;
    this.syntax = syntax;
    this.scope = scope;
  }

  Checked select(CelExpr part) {
    CelExpr.CelSelect select = part.select();
    if (isOurs(select.operand(), Scope.INPUTS)) {
      return input(part);
    }
    if (isOurs(select.operand(), Scope.STEPS)) {
      throw stepAlone(part);
    }
    Checked ending = ending(part);
    return ending == null
        ? property(checker.check(select.operand()), select.field(), syntax.property(part))
        : ending;
  }

  /** Whether a property is there. */
  Checked has(CelExpr part) {
    CelExpr.CelSelect select = part.select();
    Checked whole = select(part);
    Code code =
        switch (whole.code()) {
          case Reads.Ending ending -> new Reads.HasEnding(ending);
          case Reads.Input input -> new Reads.Has(new Reads.Inputs(), input.name());
          default -> new Reads.Has(checker.check(select.operand()).code(), select.field());
        };
    return new Checked(code, Simple.BOOLEAN);
  }

  private boolean isOurs(CelExpr part, String name) {
    return part.getKind() == CelExpr.ExprKind.Kind.IDENT
        && part.ident().name().equals(name)
        && scope.isOurs(name);
  }

  private Checked input(CelExpr part) {
    String name = part.select().field();
    Checked input = scope.input(name);
    if (input == null) {
      throw Syntax.mistake(
          "There is no input `" + name + "`.",
          syntax.property(part),
          Nearest.hint(name, scope.inputs()));
    }
    return input;
  }

  private RuntimeException stepAlone(CelExpr part) {
    String id = part.select().field();
    if (!scope.steps().contains(id)) {
      return unknownStep(part, id);
    }
    return Syntax.mistake(
        "Expected `steps." + id + ".status`, `.error`, `.errors` or `.attempts`.",
        syntax.start(part),
        "Its output is `" + id + "` alone.");
  }

  private RuntimeException unknownStep(CelExpr part, String id) {
    return Syntax.mistake(
        "There is no step `" + id + "`.", syntax.property(part), Nearest.hint(id, scope.steps()));
  }

  private @Nullable Checked ending(CelExpr part) {
    CelExpr operand = part.select().operand();
    boolean isEnding =
        operand.getKind() == CelExpr.ExprKind.Kind.SELECT
            && isOurs(operand.select().operand(), Scope.STEPS);
    if (!isEnding) {
      return null;
    }
    String id = operand.select().field();
    if (!scope.steps().contains(id)) {
      throw unknownStep(operand, id);
    }
    String field = part.select().field();
    Type type = ENDING.get(field);
    if (type == null) {
      String hint =
          field.equals("output")
              ? "Its output is `" + id + "` alone."
              : Nearest.hint(field, ENDING.keySet());
      throw Syntax.mistake(
          "There is no `" + field + "` in `steps." + id + "`.", syntax.property(part), hint);
    }
    scope.waitFor(id);
    return new Checked(new Reads.Ending(id, field), type);
  }

  /** A property of a value. */
  static Checked property(Checked value, String name, int at) {
    return switch (value.type()) {
      case ObjectType object -> declared(value, object, name, at);
      case Type.MapOf map ->
          new Checked(new Reads.Property(value.code(), name, false), map.value());
      case Simple simple when simple == Simple.ANY ->
          new Checked(new Reads.Property(value.code(), name, false), Simple.ANY);
      case Type.ListOf list -> throw none(value.type(), name, at, inList(list, name));
      case Simple simple -> throw none(value.type(), name, at, asFunction(name));
    };
  }

  private static Checked declared(Checked value, ObjectType object, String name, int at) {
    Type type = object.property(name);
    if (type == null) {
      throw Syntax.mistake(
          "There is no `" + name + "` in the object.", at, Nearest.hint(name, object.names()));
    }
    boolean declared = object.names().contains(name);
    return new Checked(new Reads.Property(value.code(), name, declared), type);
  }

  private static RuntimeException none(Type type, String name, int at, @Nullable String hint) {
    String words = Type.words(type);
    String subject = Character.toUpperCase(words.charAt(0)) + words.substring(1);
    return Syntax.mistake(subject + " has no `" + name + "`.", at, hint);
  }

  private static @Nullable String inList(Type.ListOf list, String name) {
    String function = asFunction(name);
    boolean known = list.element() instanceof ObjectType object && object.names().contains(name);
    return function == null && known
        ? "Write [0]." + name + " for the first, or .map(x, x." + name + ") for all."
        : function;
  }

  private static @Nullable String asFunction(String name) {
    return Functions.names().contains(name) ? "Write " + name + "() with parentheses." : null;
  }
}
