package dev.workflow.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks the operators that are no plain functions. */
final class Operators {
  private final Checker checker;

  Operators(Checker checker) {
    this.checker = checker;
  }

  /** Null where the part is a call of something else. */
  @Nullable Checked check(Syntax.Call part) {
    List<Syntax> args = part.arguments();
    return switch (part.function()) {
      case "_&&_" -> junction(false, args);
      case "_||_" -> junction(true, args);
      case "_?_:_" -> choice(args);
      case "_==_" -> equality(part, true);
      case "_!=_" -> equality(part, false);
      case "@in" -> in(part);
      case "_[_]" -> index(args);
      default -> null;
    };
  }

  private Checked junction(boolean deciding, List<Syntax> args) {
    Checked left = checker.check(args.get(0), Simple.BOOLEAN);
    Checked right = checker.check(args.get(1), Simple.BOOLEAN);
    return new Checked(new Logic.Junction(deciding, left.code(), right.code()), Simple.BOOLEAN);
  }

  private Checked choice(List<Syntax> args) {
    Checked condition = checker.check(args.get(0), Simple.BOOLEAN);
    Checked then = checker.check(args.get(1));
    Checked otherwise = checker.check(args.get(2));
    return new Checked(
        new Logic.Choice(condition.code(), then.code(), otherwise.code()),
        Type.join(then.type(), otherwise.type()));
  }

  private Checked equality(Syntax.Call part, boolean wanted) {
    Checked left = checker.check(part.arguments().get(0));
    Checked right = checker.check(part.arguments().get(1));
    if (!Type.overlap(left.type(), right.type())) {
      throw Syntax.mistake(
          "Cannot compare %s with %s: they are never equal."
              .formatted(Type.words(left.type()), Type.words(right.type())),
          part.at(),
          null);
    }
    return new Checked(new Logic.Equality(wanted, left.code(), right.code()), Simple.BOOLEAN);
  }

  private Checked in(Syntax.Call part) {
    Syntax second = part.arguments().get(1);
    Checked value = checker.check(part.arguments().get(0));
    Checked collection = checker.check(second);
    if (!Type.isCollection(collection.type())) {
      String hint =
          collection.type() == Simple.STRING
              ? "Write text.contains(part) for a part of a text."
              : null;
      throw checker.mistake(
          "Expected a list or an object after `in`, found " + Type.words(collection.type()) + ".",
          second,
          hint);
    }
    Type element = Type.elementOf(collection.type());
    if (!Type.overlap(value.type(), element)) {
      throw Syntax.mistake(
          "Cannot find %s here: there is only %s."
              .formatted(Type.words(value.type()), Type.words(element)),
          part.at(),
          null);
    }
    return new Checked(new Logic.In(value.code(), collection.code()), Simple.BOOLEAN);
  }

  private Checked index(List<Syntax> args) {
    Checked of = checker.check(args.get(0));
    return switch (of.type()) {
      case Type.ListOf list ->
          new Checked(
              new Reads.Index(of.code(), checker.check(args.get(1), Simple.NUMBER).code()),
              list.element());
      case Type.MapOf map ->
          new Checked(new Reads.Index(of.code(), key(args.get(1)).code()), map.value());
      case ObjectType object -> ofObject(of, args.get(1));
      case Simple simple when simple == Simple.ANY ->
          new Checked(new Reads.Index(of.code(), checker.check(args.get(1)).code()), Simple.ANY);
      case Simple simple -> {
        String hint = simple == Simple.STRING ? "Write text.charAt(0) for a character." : null;
        throw checker.mistake(
            "Expected a list or an object before `[`, found " + Type.words(simple) + ".",
            args.get(0),
            hint);
      }
    };
  }

  private Checked ofObject(Checked object, Syntax key) {
    Checked checked = key(key);
    if (checked.code() instanceof Reads.Constant constant && constant.value().isString()) {
      String name = constant.value().stringValue();
      return Properties.property(object, name, key.at());
    }
    return new Checked(new Reads.Index(object.code(), checked.code()), Simple.ANY);
  }

  private Checked key(Syntax part) {
    return checker.check(part, Simple.STRING);
  }
}
