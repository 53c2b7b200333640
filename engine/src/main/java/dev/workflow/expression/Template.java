package dev.workflow.expression;

import dev.workflow.engine.ContentBlocks;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Taken;
import dev.workflow.engine.Expressions.Values;
import dev.workflow.engine.Pointers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value with expressions inside. What comes out of an expression is put in as it is and never
 * looked at again.
 */
record Template(
    Body body,
    JsonNode type,
    Set<String> outputs,
    Set<String> endings,
    Set<String> locals,
    List<Component> components)
    implements Expression {

  Template {
    outputs = Set.copyOf(outputs);
    endings = Set.copyOf(endings);
    locals = Set.copyOf(locals);
    components = List.copyOf(components);
  }

  /**
   * A part of a template.
   *
   * @param key the beginning of the pointers into it; empty: it is the same text
   * @param alone whether there is nothing else at that key
   */
  private record Component(String key, Expression part, boolean alone) {}

  /** Makes the value of a moment, or stops. */
  interface Body {
    JsonNode run(Values values, Budget budget);
  }

  @Override
  public List<Taken> taken() {
    List<Taken> taken = new ArrayList<>();
    for (Component component : components) {
      for (Taken each : component.part().taken()) {
        Taken inside = each.inside(component.key());
        taken.add(component.alone() ? inside : inside.among());
      }
    }
    return taken;
  }

  @Override
  public Set<String> required() {
    Set<String> names = new TreeSet<>();
    components.forEach(component -> names.addAll(component.part().required()));
    return names;
  }

  @Override
  public Set<String> requiredWhenTrue() {
    return required();
  }

  @Override
  public Outcome evaluate(Values values) {
    try {
      return new Outcome.Value(body.run(values, new Budget()));
    } catch (Stop e) {
      return Program.outcome(e);
    }
  }

  static Template fixed(JsonNode value) {
    JsonNode type = SchemaTypes.schemaOf(typeOf(value));
    return new Template((values, budget) -> value, type, Set.of(), Set.of(), Set.of(), List.of());
  }

  private static Type typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> Simple.STRING;
      case BOOLEAN -> Simple.BOOLEAN;
      case NULL -> Simple.NULL;
      case NUMBER -> value.isIntegralNumber() ? Simple.INTEGER : Simple.NUMBER;
      default -> Simple.ANY;
    };
  }

  /** One expression alone, which keeps its type. */
  static Template of(Program program) {
    return new Template(
        program::run,
        program.type(),
        program.outputs(),
        program.endings(),
        program.locals(),
        List.of(new Component("", program, true)));
  }

  /**
   * Parts one after the other as text; what is no text is printed as compact JSON, in which binary
   * data is not written out.
   */
  static Template joined(List<Template> parts) {
    Body body =
        (values, budget) -> {
          StringBuilder out = new StringBuilder();
          for (JsonNode value : all(parts, values, budget)) {
            String text =
                value.isString() ? value.stringValue() : ContentBlocks.shown(value).toString();
            budget.make(text.length());
            out.append(text);
          }
          return Args.of(out.toString());
        };
    return over(parts, part -> "", body, SchemaTypes.schemaOf(Simple.STRING));
  }

  static Template ofObject(List<String> names, List<Template> parts) {
    Body body =
        (values, budget) -> {
          List<JsonNode> made = all(parts, values, budget);
          ObjectNode object = JsonNodeFactory.instance.objectNode();
          for (int i = 0; i < made.size(); i++) {
            object.set(names.get(i), made.get(i));
          }
          return object;
        };
    return over(
        parts,
        part -> "/" + Pointers.escape(names.get(part)),
        body,
        ObjectSchemas.of(names, parts.stream().map(Template::type).toList()));
  }

  static Template ofList(List<Template> parts) {
    Body body =
        (values, budget) -> JsonNodeFactory.instance.arrayNode().addAll(all(parts, values, budget));
    ObjectNode type = JsonNodeFactory.instance.objectNode().put("type", "array");
    List<JsonNode> types = parts.stream().map(Template::type).distinct().toList();
    return over(
        parts,
        part -> "/" + part,
        body,
        types.size() == 1 ? SchemaTypes.with(type, "items", types.getFirst()) : type);
  }

  private static Template over(
      List<Template> parts, IntFunction<String> key, Body body, JsonNode type) {
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).components().isEmpty()) {
        components.add(new Component(key.apply(i), parts.get(i), !key.apply(i).isEmpty()));
      }
    }
    return new Template(
        body,
        type,
        union(parts, Template::outputs),
        union(parts, Template::endings),
        union(parts, Template::locals),
        components);
  }

  private static Set<String> union(List<Template> parts, Function<Template, Set<String>> names) {
    Set<String> all = new TreeSet<>();
    parts.forEach(part -> all.addAll(names.apply(part)));
    return all;
  }

  /** The values of all parts; what stops several of them is reported together. */
  private static List<JsonNode> all(List<Template> parts, Values values, Budget budget) {
    List<JsonNode> made = new ArrayList<>(parts.size());
    Stop stop = null;
    for (Template part : parts) {
      try {
        made.add(part.body().run(values, budget));
      } catch (Stop.OverBudget e) {
        throw e;
      } catch (Stop e) {
        stop = stop == null ? e : Stop.merge(stop, e);
      }
    }
    if (stop != null) {
      throw stop;
    }
    return made;
  }
}
