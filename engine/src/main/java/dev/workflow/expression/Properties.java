package dev.workflow.expression;

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
          new Type.ListOf(Simple.ANY),
          Reads.CONTENT,
          new Type.ListOf(ContentTypes.BLOCK));

  private final Checker checker;
  private final Scope scope;

  Properties(Checker checker, Scope scope) {
    this.checker = checker;
    this.scope = scope;
  }

  Checked select(Syntax.Select select) {
    if (isOurs(select.of(), Scope.INPUTS)) {
      return input(select);
    }
    if (isOurs(select.of(), Scope.STEPS)) {
      throw stepAlone(select);
    }
    Checked ending = ending(select);
    return ending == null
        ? property(checker.check(select.of()), select.property(), select.at())
        : ending;
  }

  /** Whether a property is there. */
  Checked has(Syntax.Select select) {
    Checked whole = select(select);
    Code code =
        switch (whole.code()) {
          case Reads.Ending ending -> new Reads.HasEnding(ending);
          case Reads.Input input -> new Reads.Has(new Reads.Inputs(), input.name());
          default -> new Reads.Has(checker.check(select.of()).code(), select.property());
        };
    return new Checked(code, Simple.BOOLEAN);
  }

  private boolean isOurs(Syntax part, String name) {
    return part instanceof Syntax.Name written && written.name().equals(name) && scope.isOurs(name);
  }

  private Checked input(Syntax.Select part) {
    String name = part.property();
    Checked input = scope.input(name);
    if (input == null) {
      throw Syntax.mistake(
          "There is no input `" + name + "`.", part.at(), Nearest.hint(name, scope.inputs()));
    }
    return input;
  }

  private RuntimeException stepAlone(Syntax.Select part) {
    String id = part.property();
    if (!scope.steps().contains(id)) {
      return unknownStep(part, id);
    }
    return Syntax.mistake(
        "Expected `steps." + id + ".status`, `.error`, `.errors`, `.attempts` or `.content`.",
        part.start(),
        "Its output is `" + id + "` alone.");
  }

  private RuntimeException unknownStep(Syntax.Select part, String id) {
    return Syntax.mistake(
        "There is no step `" + id + "`.", part.at(), Nearest.hint(id, scope.steps()));
  }

  private @Nullable Checked ending(Syntax.Select part) {
    if (!(part.of() instanceof Syntax.Select operand && isOurs(operand.of(), Scope.STEPS))) {
      return null;
    }
    String id = operand.property();
    if (!scope.steps().contains(id)) {
      throw unknownStep(operand, id);
    }
    String field = part.property();
    Type type = ENDING.get(field);
    if (type == null) {
      String hint =
          field.equals("output")
              ? "Its output is `" + id + "` alone."
              : Nearest.hint(field, ENDING.keySet());
      throw Syntax.mistake("There is no `" + field + "` in `steps." + id + "`.", part.at(), hint);
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
