package dev.workflow.expression;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks what looks like a call and is none: its arguments are not all evaluated, or not once. */
final class Forms {
  /** What people may write. */
  static final Set<String> NAMES =
      Set.of(
          "has",
          "coalesce",
          "all",
          "exists",
          "exists_one",
          "map",
          "filter",
          "sortBy",
          "math.greatest",
          "math.least");

  private final Checker checker;
  private final Scope scope;

  Forms(Checker checker, Scope scope) {
    this.checker = checker;
    this.scope = scope;
  }

  /** Null where the part is a call of something else. */
  @Nullable Checked check(Syntax.Call call) {
    Syntax target = call.target();
    if (target == null) {
      return switch (call.function()) {
        case "has" -> has(call);
        case "coalesce" -> coalesce(call);
        default -> null;
      };
    }
    if (target instanceof Syntax.Name space && space.name().equals("math")) {
      return switch (call.function()) {
        case "greatest" -> extreme(call, true);
        case "least" -> extreme(call, false);
        default -> null;
      };
    }
    return loop(call, target);
  }

  private Checked has(Syntax.Call part) {
    List<Syntax> args = part.arguments();
    if (args.size() != 1 || !(args.getFirst() instanceof Syntax.Select select)) {
      throw Syntax.mistake("Expected a property in `has`, such as has(a.b).", part.at(), null);
    }
    return new Properties(checker, scope).has(select);
  }

  private Checked coalesce(Syntax.Call part) {
    List<Syntax> args = part.arguments();
    if (args.isEmpty()) {
      throw Syntax.mistake(
          "Expected something in `coalesce`, such as coalesce(a, b).", part.at(), null);
    }
    List<Checked> choices = checker.checkAll(args);
    Type type =
        Type.join(choices.stream().map(Checked::type).filter(t -> t != Simple.NULL).toList());
    return new Checked(new Logic.Coalesce(Checker.codes(choices)), type);
  }

  private Checked extreme(Syntax.Call part, boolean greatest) {
    List<Checked> numbers = checker.checkAll(part.arguments());
    List<Type> types = numbers.stream().map(Checked::type).toList();
    boolean oneList = types.size() == 1 && new Type.ListOf(Simple.NUMBER).accepts(types.getFirst());
    if (types.isEmpty() || !(oneList || types.stream().allMatch(Simple.NUMBER::accepts))) {
      throw Syntax.mistake(
          "Expected numbers in `math.%s`, or one list of them."
              .formatted(greatest ? "greatest" : "least"),
          part.at(),
          null);
    }
    Type joined = oneList ? Type.elementOf(types.getFirst()) : Type.join(types);
    Type type = joined == Simple.ANY ? Simple.NUMBER : joined;
    return new Checked(new Loops.Extreme(greatest, Checker.codes(numbers)), type);
  }

  private @Nullable Checked loop(Syntax.Call part, Syntax target) {
    List<Syntax> args = part.arguments();
    return switch (part.function()) {
      case "all" -> looped(part, target, 2, (range, slot) -> quantifier(false, range, slot, args));
      case "exists" ->
          looped(part, target, 2, (range, slot) -> quantifier(true, range, slot, args));
      case "exists_one", "existsOne" ->
          looped(
              part,
              target,
              2,
              (range, slot) ->
                  new Checked(
                      new Loops.ExistsOne(range.code(), slot, condition(args)), Simple.BOOLEAN));
      case "filter" ->
          looped(
              part,
              target,
              2,
              (range, slot) ->
                  new Checked(
                      new Loops.Filter(range.code(), slot, condition(args)),
                      new Type.ListOf(Type.elementOf(range.type()))));
      case "sortBy" -> looped(part, target, 2, (range, slot) -> sortBy(range, slot, args));
      case "map" -> map(part, target, args);
      default -> null;
    };
  }

  private Checked map(Syntax.Call part, Syntax target, List<Syntax> args) {
    if (args.size() != 3) {
      return looped(part, target, 2, (range, slot) -> each(range.code(), slot, args.get(1)));
    }
    return looped(
        part,
        target,
        3,
        (range, slot) ->
            each(new Loops.Filter(range.code(), slot, condition(args)), slot, args.get(2)));
  }

  private Checked each(Code range, int slot, Syntax result) {
    Checked made = checker.check(result);
    return new Checked(new Loops.Each(range, slot, made.code()), new Type.ListOf(made.type()));
  }

  private Checked quantifier(boolean deciding, Checked range, int slot, List<Syntax> args) {
    return new Checked(
        new Loops.Quantifier(deciding, range.code(), slot, condition(args)), Simple.BOOLEAN);
  }

  private Checked sortBy(Checked range, int slot, List<Syntax> args) {
    Checked key = checker.check(args.get(1));
    boolean ordered =
        Stream.of(Simple.NUMBER, Simple.STRING, Simple.BOOLEAN, Simple.TIMESTAMP, Simple.DURATION)
            .anyMatch(type -> type.accepts(key.type()));
    if (!ordered) {
      throw checker.mistake(
          "Expected something with an order, such as a number or a string, found "
              + Type.words(key.type())
              + ".",
          args.get(1),
          null);
    }
    return new Checked(
        new Loops.SortBy(range.code(), slot, key.code()),
        new Type.ListOf(Type.elementOf(range.type())));
  }

  private Code condition(List<Syntax> args) {
    return checker.check(args.get(1), Simple.BOOLEAN).code();
  }

  /** Checks the range, brings the variable into reach and checks the body with it. */
  private Checked looped(
      Syntax.Call call, Syntax target, int count, BiFunction<Checked, Integer, Checked> body) {
    List<Syntax> args = call.arguments();
    if (args.size() != count || !(args.getFirst() instanceof Syntax.Name variable)) {
      throw Syntax.mistake(
          "Expected a name and an expression in `%s`, such as %s."
              .formatted(call.function(), example(call.function())),
          call.at(),
          null);
    }
    Checked range = checker.check(target);
    if (!Type.isCollection(range.type())) {
      throw checker.mistake(
          "Expected a list or an object to go over, found " + Type.words(range.type()) + ".",
          target,
          null);
    }
    int slot = scope.open(variable.name(), Type.elementOf(range.type()));
    try {
      return body.apply(range, slot);
    } finally {
      scope.close();
    }
  }

  private static String example(String name) {
    return switch (name) {
      case "map", "sortBy" -> "xs." + name + "(x, x.size)";
      default -> "xs." + name + "(x, x > 1)";
    };
  }
}
