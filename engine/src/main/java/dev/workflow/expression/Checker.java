package dev.workflow.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.workflow.definition.Nearest;
import dev.workflow.engine.Expressions.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/** Gives every part of an expression its type and its code, or says what is wrong with it. */
final class Checker {
  private final Syntax syntax;
  private final Scope scope;
  private final Properties properties;
  private final Operators operators;
  private final Forms forms;

  Checker(Syntax syntax, Scope scope) {
    this.syntax = syntax;
    this.scope = scope;
    this.properties = new Properties(this, syntax, scope);
    this.operators = new Operators(this, syntax);
    this.forms = new Forms(this, syntax, scope);
  }

  Checked check(CelExpr part) {
    return switch (part.getKind()) {
      case CONSTANT -> constant(part);
      case IDENT -> name(part);
      case SELECT -> properties.select(part);
      case CALL -> call(part);
      case LIST -> list(part.list());
      case MAP -> object(part.map());
      case STRUCT ->
          throw mistake(
              "Did not expect `" + part.struct().messageName() + "{` here.",
              part,
              "An object is written {\"key\": value}.");
      case COMPREHENSION, NOT_SET -> throw mistake("This is no expression.", part, null);
    };
  }

  List<Checked> checkAll(List<CelExpr> parts) {
    List<Checked> checked = new ArrayList<>(parts.size());
    parts.forEach(part -> checked.add(check(part)));
    return checked;
  }

  /** A part that must have one type. */
  Checked check(CelExpr part, Type wanted) {
    Checked checked = check(part);
    if (!wanted.accepts(checked.type())) {
      throw mistake(
          "Expected " + Type.words(wanted) + ", found " + Type.words(checked.type()) + ".",
          part,
          null);
    }
    return checked;
  }

  ExpressionException mistake(String message, CelExpr part, @Nullable String hint) {
    return Syntax.mistake(message, syntax.start(part), hint);
  }

  private Checked name(CelExpr part) {
    String name = part.ident().name();
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

  private Checked constant(CelExpr part) {
    CelConstant constant = part.constant();
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (constant.getKind()) {
      case NULL_VALUE -> constant(NullNode.getInstance(), Simple.NULL);
      case BOOLEAN_VALUE -> constant(json.booleanNode(constant.booleanValue()), Simple.BOOLEAN);
      case INT64_VALUE -> constant(json.numberNode(constant.int64Value()), Simple.INTEGER);
      case DOUBLE_VALUE -> constant(json.numberNode(constant.doubleValue()), Simple.NUMBER);
      case STRING_VALUE -> constant(json.stringNode(constant.stringValue()), Simple.STRING);
      case NOT_SET, UINT64_VALUE, BYTES_VALUE, DURATION_VALUE, TIMESTAMP_VALUE ->
          throw mistake("Expected a number or a string as JSON has them.", part, null);
    };
  }

  private static Checked constant(JsonNode value, Type type) {
    return new Checked(new Reads.Constant(value), type);
  }

  private Checked list(CelExpr.CelList list) {
    List<Checked> elements = checkAll(list.elements());
    Type element = Type.join(elements.stream().map(Checked::type).toList());
    return new Checked(new Literals.ListLiteral(codes(elements)), new Type.ListOf(element));
  }

  private Checked object(CelExpr.CelMap map) {
    List<Checked> keys = new ArrayList<>();
    List<Checked> values = new ArrayList<>();
    for (CelExpr.CelMap.Entry entry : map.entries()) {
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

  private Checked call(CelExpr part) {
    CelExpr.CelCall call = part.call();
    Checked special = operators.check(part);
    if (special == null) {
      special = forms.check(part);
    }
    if (special != null) {
      return special;
    }
    CelExpr target = call.target().orElse(null);
    Function namespaced = namespaced(target, call.function());
    if (namespaced != null) {
      return invoke(namespaced, part, false, call.args());
    }
    Function function = Functions.named(call.function());
    if (function == null) {
      throw unknownFunction(part, target);
    }
    List<CelExpr> arguments =
        target == null
            ? call.args()
            : Stream.concat(Stream.of(target), call.args().stream()).toList();
    return invoke(function, part, target != null, arguments);
  }

  private ExpressionException unknownFunction(CelExpr part, @Nullable CelExpr target) {
    String name = part.call().function();
    String qualified =
        target != null && target.getKind() == CelExpr.ExprKind.Kind.IDENT
            ? target.ident().name() + "." + name
            : name;
    String hint =
        Stream.of(qualified, name)
            .flatMap(word -> Nearest.to(word, Functions.names()).stream())
            .findFirst()
            .map(near -> "Did you mean `" + near + "`?")
            .orElse(null);
    return Syntax.mistake("There is no function `" + name + "`.", syntax.nameBefore(part), hint);
  }

  /** {@code math.ceil} and the like: what stands before the dot is no value. */
  private @Nullable Function namespaced(@Nullable CelExpr target, String name) {
    return target != null && target.getKind() == CelExpr.ExprKind.Kind.IDENT
        ? Functions.named(target.ident().name() + "." + name)
        : null;
  }

  private Checked invoke(Function function, CelExpr part, boolean member, List<CelExpr> arguments) {
    List<Checked> checked = checkAll(arguments);
    List<Type> types = checked.stream().map(Checked::type).toList();
    Function.Chosen chosen = function.choose(member, types);
    if (chosen == null) {
      throw CallMistakes.of(function, syntax, part, member, types);
    }
    if (function.name().equals("matches")) {
      checkPattern(arguments.getLast(), checked.getLast());
    }
    return new Checked(new Logic.Invoke(chosen.operation(), codes(checked)), chosen.type());
  }

  private void checkPattern(CelExpr part, Checked pattern) {
    if (pattern.code() instanceof Reads.Constant constant && constant.value().isString()) {
      try {
        Patterns.compiled(constant.value().stringValue());
      } catch (Stop.Failure e) {
        throw mistake(e.text() + ".", part, null);
      }
    }
  }
}
