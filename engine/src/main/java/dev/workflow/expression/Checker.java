package dev.workflow.expression;

import dev.workflow.definition.Nearest;
import dev.workflow.engine.Expressions.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gives every part of an expression its type and its code, or says what is wrong with it. */
final class Checker {
  private final Scope scope;
  private final Properties properties;
  private final Operators operators;
  private final Forms forms;

  Checker(Scope scope) {
    this.scope = scope;
    this.properties = new Properties(this, scope);
    this.operators = new Operators(this);
    this.forms = new Forms(this, scope);
  }

  Checked check(Syntax part) {
    return switch (part) {
      case Syntax.Constant constant -> constant(constant.value(), typeOf(constant.value()));
      case Syntax.Name name -> name(name);
      case Syntax.Select select -> properties.select(select);
      case Syntax.Call call -> call(call);
      case Syntax.ListOf list -> list(list);
      case Syntax.ObjectOf object -> object(object);
    };
  }

  List<Checked> checkAll(List<Syntax> parts) {
    List<Checked> checked = new ArrayList<>(parts.size());
    parts.forEach(part -> checked.add(check(part)));
    return checked;
  }

  /** A part that must have one type. */
  Checked check(Syntax part, Type wanted) {
    Checked checked = check(part);
    if (!wanted.accepts(checked.type())) {
      throw mistake(
          "Expected " + Type.words(wanted) + ", found " + Type.words(checked.type()) + ".",
          part,
          null);
    }
    return checked;
  }

  ExpressionException mistake(String message, Syntax part, @Nullable String hint) {
    return Syntax.mistake(message, part.start(), hint);
  }

  private Checked name(Syntax.Name part) {
    String name = part.name();
    if (name.equals(Scope.STEPS) && scope.isOurs(name)) {
      throw mistake(
          "Expected the id of a step after `steps`.", part, "Write steps.id.status, or id alone.");
    }
    Checked found = scope.find(name);
    if (found == null) {
      throw mistake("There is no `" + name + "`.", part, Nearest.hint(name, scope.names()));
    }
    return found;
  }

  private static Type typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL -> Simple.NULL;
      case BOOLEAN -> Simple.BOOLEAN;
      case NUMBER -> value.isIntegralNumber() ? Simple.INTEGER : Simple.NUMBER;
      case STRING -> Simple.STRING;
      case ARRAY, BINARY, MISSING, OBJECT, POJO ->
          throw new IllegalStateException("no literal: " + value.getNodeType());
    };
  }

  private static Checked constant(JsonNode value, Type type) {
    return new Checked(new Reads.Constant(value), type);
  }

  private Checked list(Syntax.ListOf list) {
    List<Checked> elements = checkAll(list.elements());
    Type element = Type.join(elements.stream().map(Checked::type).toList());
    return new Checked(new Literals.ListLiteral(codes(elements)), new Type.ListOf(element));
  }

  private Checked object(Syntax.ObjectOf map) {
    List<Checked> keys = new ArrayList<>();
    List<Checked> values = new ArrayList<>();
    for (Syntax.ObjectOf.Entry entry : map.entries()) {
      Checked key = check(entry.key());
      boolean fits =
          Stream.of(Simple.STRING, Simple.NUMBER, Simple.BOOLEAN)
              .anyMatch(t -> t.accepts(key.type()));
      if (!fits) {
        throw mistake(
            "Expected a string as a key, found " + Type.words(key.type()) + ".", entry.key(), null);
      }
      keys.add(key);
      values.add(check(entry.value()));
    }
    Type type = objectType(keys, values);
    return new Checked(new Literals.ObjectLiteral(codes(keys), codes(values)), type);
  }

  /** With properties by name where all keys are written out. */
  private static Type objectType(List<Checked> keys, List<Checked> values) {
    List<String> names = new ArrayList<>();
    List<JsonNode> schemas = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (!(keys.get(i).code() instanceof Reads.Constant constant)) {
        return new Type.MapOf(Type.join(values.stream().map(Checked::type).toList()));
      }
      names.add(Literals.key(constant.value()));
      schemas.add(SchemaTypes.schemaOf(values.get(i).type()));
    }
    return SchemaTypes.of(ObjectSchemas.of(names, schemas));
  }

  static List<Code> codes(List<Checked> parts) {
    return parts.stream().map(Checked::code).toList();
  }

  private Checked call(Syntax.Call call) {
    Checked special = operators.check(call);
    if (special == null) {
      special = forms.check(call);
    }
    if (special != null) {
      return special;
    }
    Syntax target = call.target();
    Function namespaced = namespaced(target, call.function());
    if (namespaced != null) {
      return invoke(namespaced, call, false, call.arguments());
    }
    Function function = Functions.named(call.function());
    if (function == null) {
      throw unknownFunction(call);
    }
    List<Syntax> arguments =
        target == null
            ? call.arguments()
            : Stream.concat(Stream.of(target), call.arguments().stream()).toList();
    return invoke(function, call, target != null, arguments);
  }

  private ExpressionException unknownFunction(Syntax.Call call) {
    String name = call.function();
    String qualified =
        call.target() instanceof Syntax.Name space ? space.name() + "." + name : name;
    String hint =
        Stream.of(qualified, name)
            .flatMap(word -> Nearest.to(word, Functions.names()).stream())
            .findFirst()
            .map(near -> "Did you mean `" + near + "`?")
            .orElse(null);
    return Syntax.mistake("There is no function `" + name + "`.", call.at(), hint);
  }

  /** {@code math.ceil} and the like: what stands before the dot is no value. */
  private @Nullable Function namespaced(@Nullable Syntax target, String name) {
    return target instanceof Syntax.Name space ? Functions.named(space.name() + "." + name) : null;
  }

  private Checked invoke(
      Function function, Syntax.Call part, boolean member, List<Syntax> arguments) {
    List<Checked> checked = checkAll(arguments);
    List<Type> types = checked.stream().map(Checked::type).toList();
    Function.Chosen chosen = function.choose(member, types);
    if (chosen == null) {
      throw CallMistakes.of(function, part, member, types);
    }
    if (function.name().equals("matches")) {
      checkPattern(arguments.getLast(), checked.getLast());
    }
    return new Checked(new Logic.Invoke(chosen.operation(), codes(checked)), chosen.type());
  }

  private void checkPattern(Syntax part, Checked pattern) {
    if (pattern.code() instanceof Reads.Constant constant && constant.value().isString()) {
      try {
        Patterns.compiled(constant.value().stringValue());
      } catch (Stop.Failure e) {
        throw mistake(e.text() + ".", part, null);
      }
    }
  }
}
