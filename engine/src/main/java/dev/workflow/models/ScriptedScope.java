package dev.workflow.models;

import dev.workflow.engine.Expressions;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Message;
import dev.workflow.run.StepPath;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the expressions of scripted answers can read: who asks, the prompt, and the real results of
 * the tools called so far.
 */
final class ScriptedScope {
  private final Expressions expressions;
  private final JsonNode inputs;
  private final Map<String, JsonNode> names;

  private ScriptedScope(Expressions expressions, JsonNode inputs, Map<String, JsonNode> names) {
    this.expressions = expressions;
    this.inputs = inputs;
    this.names = names;
  }

  /** The scope of one request. */
  static ScriptedScope of(Models.Request request, Expressions expressions) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Map<String, JsonNode> names = new LinkedHashMap<>();
    JsonNode inputs = json.objectNode();
    for (Map.Entry<String, JsonNode> given : request.scope().properties()) {
      if (given.getKey().equals("inputs")) {
        inputs = given.getValue();
      } else {
        names.put(given.getKey(), given.getValue());
      }
    }
    StepPath.Segment step = request.step().last();
    names.put("agent", json.stringNode(request.agent()));
    names.put("step", json.stringNode(request.step().toString()));
    names.put("revision", json.numberNode((long) step.revision()));
    names.put("element", json.stringNode(step.key() == null ? "" : step.key()));
    names.put("turn", json.numberNode((long) request.turn()));
    names.put("prompt", json.stringNode(prompt(request)));
    addResults(request, names);
    return new ScriptedScope(expressions, inputs, names);
  }

  /** The same with one more name. */
  ScriptedScope with(String name, JsonNode value) {
    Map<String, JsonNode> more = new LinkedHashMap<>(names);
    more.put(name, value);
    return new ScriptedScope(expressions, inputs, more);
  }

  /** Whether a condition holds; an absent one does. */
  boolean holds(@Nullable String condition, String place) {
    if (condition == null) {
      return true;
    }
    try {
      return result(expressions.compile(condition, types(), Wanted.BOOLEAN), place).asBoolean();
    } catch (ExpressionException mistake) {
      throw wrong(place, mistake);
    }
  }

  /** The elements of a list, or the values of a map. */
  JsonNode elements(String source, String place) {
    try {
      return result(expressions.compile(source, types(), Wanted.COLLECTION), place);
    } catch (ExpressionException mistake) {
      throw wrong(place, mistake);
    }
  }

  /** A value with its {@code ${...}} evaluated. */
  JsonNode value(JsonNode template, String place) {
    try {
      return result(expressions.template(template, types()), place);
    } catch (ExpressionException mistake) {
      throw wrong(place, mistake);
    }
  }

  private JsonNode result(Expression expression, String place) {
    return switch (expression.evaluate(new Now())) {
      case Outcome.Value value -> value.value();
      case Outcome.Missing missing ->
          throw new ScriptException(place, "no value for " + String.join(", ", missing.steps()));
      case Outcome.Failed failed -> throw new ScriptException(place, failed.message());
    };
  }

  private Types types() {
    Map<String, JsonNode> given = new LinkedHashMap<>();
    JsonNode any = JsonNodeFactory.instance.objectNode();
    inputs.properties().forEach(input -> given.put(input.getKey(), any));
    Map<String, JsonNode> locals = new LinkedHashMap<>();
    names.keySet().forEach(name -> locals.put(name, any));
    return new Types(given, Map.of(), locals);
  }

  private static ScriptException wrong(String place, ExpressionException mistake) {
    String hint = mistake.hint();
    return new ScriptException(
        place + mistake.pointer(),
        mistake.getMessage()
            + " (character "
            + (mistake.offset() + 1)
            + ")"
            + (hint == null ? "" : "; " + hint));
  }

  private static String prompt(Models.Request request) {
    for (Message message : request.messages()) {
      if (message instanceof Message.User user) {
        return user.text();
      }
    }
    return "";
  }

  /** The last result of each tool, all of its results, and its last error. */
  private static void addResults(Models.Request request, Map<String, JsonNode> names) {
    ObjectNode last = JsonNodeFactory.instance.objectNode();
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    ObjectNode errors = JsonNodeFactory.instance.objectNode();
    for (Message message : request.messages()) {
      if (message instanceof Message.ToolOutput output) {
        if (!all.has(output.name())) {
          all.putArray(output.name());
        }
        ArrayNode list = (ArrayNode) all.path(output.name());
        JsonNode value = output.value();
        if (output.error() || value == null) {
          errors.put(output.name(), output.text());
          list.addObject().put("error", output.text());
        } else {
          last.set(output.name(), value);
          list.add(value);
        }
      }
    }
    names.put("tools", last);
    names.put("results", all);
    names.put("errors", errors);
  }

  /** A script that cannot be followed, and where. */
  static final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ScriptException(String place, String message) {
      super("Scripted answers, " + place + ": " + message);
    }
  }

  private final class Now implements Expressions.Values {
    @Override
    public JsonNode inputs() {
      return inputs;
    }

    @Override
    public @Nullable JsonNode output(String step) {
      return null;
    }

    @Override
    public JsonNode ending(String step) {
      return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public @Nullable JsonNode local(String name) {
      return names.get(name);
    }
  }
}
