package dev.workflow.expression;

import dev.workflow.engine.Expressions.Share;
import dev.workflow.engine.Expressions.Taken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the value of an expression is made of, and what it cannot do without, as far as its syntax
 * shows.
 */
final class Makeup {
  /** Their results are numbers, times or decisions, in which nothing of a text is left. */
  private static final Set<String> CLOSED =
      Set.of(
          "size",
          "contains",
          "startsWith",
          "endsWith",
          "matches",
          "indexOf",
          "lastIndexOf",
          "int",
          "double",
          "bool",
          "sum",
          "timestamp",
          "duration",
          "has",
          "all",
          "exists",
          "exists_one",
          "existsOne",
          "_==_",
          "_!=_",
          "_<_",
          "_<=_",
          "_>_",
          "_>=_",
          "@in",
          "!_",
          "-_",
          "_&&_",
          "_||_",
          "_-_",
          "_*_",
          "_/_",
          "_%_");

  /** Their results hold all of what they are given. */
  private static final Set<String> KEEPING =
      Set.of(
          "_+_",
          "coalesce",
          "join",
          "string",
          "trim",
          "lowerAscii",
          "upperAscii",
          "quote",
          "flatten",
          "reverse",
          "sort");

  private Makeup() {}

  static List<Taken> taken(Syntax syntax) {
    return taken(syntax, Map.of()).stream().distinct().toList();
  }

  private static List<Taken> taken(Syntax syntax, Map<String, List<Taken>> variables) {
    return switch (syntax) {
      case Syntax.Constant constant -> List.of();
      case Syntax.Name name -> {
        List<Taken> bound = variables.get(name.name());
        yield bound == null ? List.of(new Taken("", List.of(name.name()), Share.ITSELF)) : bound;
      }
      case Syntax.Select select -> below(select.of(), select.property(), variables);
      case Syntax.ListOf list -> among(all(list.elements(), variables));
      case Syntax.ObjectOf object -> {
        List<Taken> all = new ArrayList<>();
        for (Syntax.ObjectOf.Entry entry : object.entries()) {
          all.addAll(taken(entry.key(), variables));
          all.addAll(taken(entry.value(), variables));
        }
        yield among(all);
      }
      case Syntax.Call call -> called(call, variables);
    };
  }

  /** A property or an element: a further part of a path, or a piece of what is no path. */
  private static List<Taken> below(Syntax of, String part, Map<String, List<Taken>> variables) {
    boolean path = isPath(of);
    return taken(of, variables).stream()
        .map(taken -> path ? taken.below(part) : taken.cut())
        .toList();
  }

  private static boolean isPath(Syntax syntax) {
    return switch (syntax) {
      case Syntax.Name name -> true;
      case Syntax.Select select -> isPath(select.of());
      case Syntax.Call call ->
          call.function().equals("_[_]") && isPath(call.arguments().getFirst());
      case Syntax.Constant constant -> false;
      case Syntax.ListOf list -> false;
      case Syntax.ObjectOf object -> false;
    };
  }

  private static List<Taken> called(Syntax.Call call, Map<String, List<Taken>> variables) {
    Syntax target = call.target();
    List<Syntax> arguments = call.arguments();
    if (CLOSED.contains(call.function())
        || call.function().startsWith("get")
        || (target instanceof Syntax.Name space && space.name().equals("math"))) {
      return List.of();
    }
    return switch (call.function()) {
      case "_?_:_" -> cut(all(arguments.subList(1, arguments.size()), variables));
      case "_[_]" ->
          arguments.get(1) instanceof Syntax.Constant index
              ? below(arguments.get(0), position(index), variables)
              : cut(below(arguments.get(0), Taken.ELEMENT, variables));
      case "map" -> mapped(call, variables);
      case "filter" -> target == null ? List.of() : cut(taken(target, variables));
      case "sortBy" -> target == null ? List.of() : among(taken(target, variables));
      case "dyn" -> all(arguments, variables);
      default -> {
        List<Taken> all = new ArrayList<>(all(arguments, variables));
        if (target != null && !isSpace(target)) {
          all.addAll(taken(target, variables));
        }
        yield KEEPING.contains(call.function()) ? among(all) : cut(all);
      }
    };
  }

  private static boolean isSpace(Syntax target) {
    return target instanceof Syntax.Name name
        && (name.name().equals("strings") || name.name().equals("lists"));
  }

  private static String position(Syntax.Constant index) {
    return index.value().isString()
        ? index.value().stringValue()
        : "[" + index.value().asString("") + "]";
  }

  private static List<Taken> mapped(Syntax.Call call, Map<String, List<Taken>> variables) {
    List<Syntax> arguments = call.arguments();
    if (call.target() == null || !(arguments.getFirst() instanceof Syntax.Name variable)) {
      return List.of();
    }
    List<Taken> elements = below(call.target(), Taken.ELEMENT, variables);
    Map<String, List<Taken>> inside = new HashMap<>(variables);
    inside.put(variable.name(), arguments.size() > 2 ? cut(elements) : elements);
    return among(taken(arguments.getLast(), inside));
  }

  private static List<Taken> all(List<Syntax> parts, Map<String, List<Taken>> variables) {
    return parts.stream().flatMap(part -> taken(part, variables).stream()).toList();
  }

  private static List<Taken> among(List<Taken> taken) {
    return taken.stream().map(Taken::among).toList();
  }

  private static List<Taken> cut(List<Taken> taken) {
    return taken.stream().map(Taken::cut).toList();
  }

  /** The names without whose value the expression has none. */
  static Set<String> required(Syntax syntax) {
    return switch (syntax) {
      case Syntax.Constant constant -> Set.of();
      case Syntax.Name name -> Set.of(name.name());
      case Syntax.Select select -> isEnding(select) ? Set.of() : required(select.of());
      case Syntax.ListOf list -> union(list.elements());
      case Syntax.ObjectOf object ->
          union(object.entries().stream().map(Syntax.ObjectOf.Entry::value).toList());
      case Syntax.Call call -> requiredOf(call);
    };
  }

  /** {@code steps.id} and what is below it stands for every step, ended or not. */
  private static boolean isEnding(Syntax.Select select) {
    return select.of() instanceof Syntax.Name name && name.name().equals(Scope.STEPS);
  }

  private static Set<String> requiredOf(Syntax.Call call) {
    List<Syntax> arguments = call.arguments();
    return switch (call.function()) {
      case "coalesce" -> arguments.size() == 1 ? required(arguments.getFirst()) : Set.of();
      case "_||_", "_&&_" -> both(required(arguments.get(0)), required(arguments.get(1)));
      case "_?_:_" -> {
        Set<String> names = new HashSet<>(required(arguments.get(0)));
        names.addAll(both(required(arguments.get(1)), required(arguments.get(2))));
        yield names;
      }
      default -> {
        Syntax target = call.target();
        if (target == null) {
          yield union(arguments);
        }
        boolean loops = Forms.NAMES.contains(call.function()) && !isMath(target);
        Set<String> names = new HashSet<>(required(target));
        names.addAll(loops ? Set.of() : union(arguments));
        yield names;
      }
    };
  }

  private static boolean isMath(Syntax target) {
    return target instanceof Syntax.Name name && name.name().equals("math");
  }

  /**
   * The names without whose value the expression is not true; a step that must have succeeded is
   * one.
   */
  static Set<String> requiredWhenTrue(Syntax syntax) {
    if (syntax instanceof Syntax.Call call && call.function().equals("_&&_")) {
      Set<String> names = new HashSet<>();
      call.arguments().forEach(each -> names.addAll(requiredWhenTrue(each)));
      return names;
    }
    if (syntax instanceof Syntax.Call call && call.function().equals("_||_")) {
      return both(
          requiredWhenTrue(call.arguments().get(0)), requiredWhenTrue(call.arguments().get(1)));
    }
    if (syntax instanceof Syntax.Call call && call.function().equals("_==_")) {
      Set<String> names = new HashSet<>(required(syntax));
      names.addAll(succeeded(call.arguments().get(0), call.arguments().get(1)));
      names.addAll(succeeded(call.arguments().get(1), call.arguments().get(0)));
      return names;
    }
    return required(syntax);
  }

  /** The step whose {@code steps.id.status} is the word for a success. */
  private static Set<String> succeeded(Syntax status, Syntax word) {
    return status instanceof Syntax.Select select
            && select.property().equals("status")
            && select.of() instanceof Syntax.Select step
            && isEnding(step)
            && word instanceof Syntax.Constant constant
            && constant.value().asString("").equals("succeeded")
        ? Set.of(step.property())
        : Set.of();
  }

  private static Set<String> union(List<Syntax> parts) {
    Set<String> names = new HashSet<>();
    parts.forEach(part -> names.addAll(required(part)));
    return names;
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> names = new HashSet<>(one);
    names.retainAll(other);
    return names;
  }
}
