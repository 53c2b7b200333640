package dev.workflow.expression;

import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Values;
import dev.workflow.engine.Expressions.Wanted;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Names with types and, some of them, values. */
final class Scene {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final CelExpressions expressions = new CelExpressions();
  private final Map<String, JsonNode> inputTypes = new LinkedHashMap<>();
  private final Map<String, JsonNode> stepTypes = new LinkedHashMap<>();
  private final Map<String, JsonNode> localTypes = new LinkedHashMap<>();
  private final ObjectNode inputs = JSON.createObjectNode();
  private final Map<String, JsonNode> outputs = new LinkedHashMap<>();
  private final Map<String, JsonNode> locals = new LinkedHashMap<>();
  private final Map<String, JsonNode> endings = new LinkedHashMap<>();

  /** A trip: some steps succeeded, {@code gone} and {@code lost} did not. */
  static Scene trip() {
    return new Scene()
        .input("name", "{'type':'string'}", "'Ada'")
        .input("date", "{'type':'string'}", null)
        .input("amount", "{'type':'number'}", "3")
        .input("n", "{'type':'integer'}", "7")
        .input("any", "{}", "{'z':1,'a':null,'big':123456789012345678901234567890,'m':{'k':[1,2]}}")
        .step(
            "check",
            "{'type':'object','required':['unsafe'],'properties':{'unsafe':{'type':'boolean'},"
                + "'score':{'type':'number'},'note':{'type':'string'},'a-b':{'type':'number'},"
                + "'again':{'$ref':'#'}}}",
            "{'unsafe':true,'score':2.5,'a-b':9}")
        .step(
            "xs",
            "{'type':'array','items':{'$ref':'#/$defs/x'},'$defs':{'x':{'type':'object',"
                + "'properties':{'score':{'type':'number'},'unsafe':{'type':'boolean'}}}}}",
            "[{'score':1,'unsafe':false},{'score':2.5,'unsafe':true}]")
        .step("days", "{'type':'array','items':{'type':'string'}}", "['mon','tue']")
        .step("gone", "{'type':'object','properties':{'x':{'type':'boolean'}}}", null)
        .step("lost", "{}", null)
        .ending("gone", "{'status':'skipped','error':null,'attempts':0,'errors':[]}")
        .ending(
            "lost",
            "{'status':'failed','error':{'kind':'timeout','message':'late','details':[]},"
                + "'attempts':3,'errors':[]}")
        .local(
            "run",
            "{'type':'object','properties':{'id':{'type':'string'},'started':{'type':'string'}}}",
            "{'id':'r1','started':'2026-01-31T10:00:00Z'}")
        .local("item", "{'type':'integer'}", "4");
  }

  /** JSON with single quotes, as the tests write it. */
  static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  Scene input(String name, String type, @Nullable String value) {
    inputTypes.put(name, json(type));
    if (value != null) {
      inputs.set(name, json(value));
    }
    return this;
  }

  Scene step(String id, String type, @Nullable String output) {
    stepTypes.put(id, json(type));
    if (output != null) {
      outputs.put(id, json(output));
    }
    return this;
  }

  Scene ending(String id, String ending) {
    endings.put(id, json(ending));
    return this;
  }

  Scene local(String name, String type, @Nullable String value) {
    localTypes.put(name, json(type));
    if (value != null) {
      locals.put(name, json(value));
    }
    return this;
  }

  /** A local of any type. */
  Scene local(String name, JsonNode value) {
    localTypes.put(name, json("{}"));
    locals.put(name, value);
    return this;
  }

  Types types() {
    return new Types(inputTypes, stepTypes, localTypes);
  }

  Expression compile(String source) {
    return compile(source, Wanted.ANY);
  }

  Expression compile(String source, Wanted wanted) {
    return expressions.compile(source, types(), wanted);
  }

  Expression template(String value) {
    return expressions.template(json(value), types());
  }

  Expression template(JsonNode value) {
    return expressions.template(value, types());
  }

  Expression text(String text) {
    return expressions.text(text, types());
  }

  Outcome evaluate(String source) {
    return compile(source).evaluate(values());
  }

  /** What comes out, as people would note it: the value, or what stands in the way. */
  String result(Expression expression) {
    return switch (expression.evaluate(values())) {
      case Outcome.Value value -> value.value().toString().replace('"', '\'');
      case Outcome.Missing missing ->
          "missing " + String.join(", ", new TreeSet<>(missing.steps()));
      case Outcome.Failed failed -> "failed: " + failed.message();
    };
  }

  String result(String source) {
    return result(compile(source));
  }

  /** The mistake in a source: where, what, and what to do. */
  static String mistake(Runnable compilation) {
    try {
      compilation.run();
      return "no mistake";
    } catch (ExpressionException e) {
      String place = e.pointer().isEmpty() ? "" : e.pointer() + " ";
      String hint = e.hint() == null ? "" : " " + e.hint();
      return place + e.offset() + ": " + e.getMessage() + hint;
    }
  }

  Values values() {
    return new Values() {
      @Override
      public JsonNode inputs() {
        return inputs;
      }

      @Override
      public @Nullable JsonNode output(String step) {
        return outputs.get(step);
      }

      @Override
      public JsonNode ending(String step) {
        return endings.getOrDefault(step, json("{'status':'succeeded','attempts':1}"));
      }

      @Override
      public @Nullable JsonNode local(String name) {
        return locals.get(name);
      }
    };
  }
}
