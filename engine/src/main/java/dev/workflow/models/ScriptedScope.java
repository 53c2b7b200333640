package dev.workflow.models;

import dev.workflow.engine.Expressions;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Message;
import dev.workflow.run.StepPath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the expressions of scripted answers can read: the run's inputs, who asks, the prompt, and
 * the real results of the tools called so far.
 */
final class ScriptedScope implements Expressions.Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The names there are. Which inputs there are is not known when a script is read. */
  static final Types TYPES = new Types(Map.of(), Map.of(), locals());

  private final Map<String, JsonNode> names;

  private ScriptedScope(Map<String, JsonNode> names) {
    this.names = names;
  }

  /** The names there are, and one more of any type. */
  static Types typesWith(String variable) {
    Map<String, JsonNode> more = new LinkedHashMap<>(TYPES.locals());
    more.put(variable, JSON.objectNode());
    return new Types(Map.of(), Map.of(), more);
  }

  /** The scope of one request. */
  static ScriptedScope of(Models.Request request) {
    JsonNode scope = request.scope();
    StepPath.Segment step = request.step().last();
    Map<String, JsonNode> names = new LinkedHashMap<>();
    names.put("agent", JSON.stringNode(request.agent()));
    names.put("step", JSON.stringNode(request.step().toString()));
    names.put("element", JSON.stringNode(step.key() == null ? "" : step.key()));
    names.put("revision", JSON.numberNode((long) step.revision()));
    names.put("turn", JSON.numberNode((long) request.turn()));
    names.put("prompt", JSON.stringNode(prompt(request)));
    names.put("inputs", given(scope, "inputs", JSON.objectNode()));
    names.put("context", given(scope, "context", JSON.objectNode()));
    names.put("feedback", given(scope, "feedback", JSON.nullNode()));
    addResults(request, names);
    return new ScriptedScope(names);
  }

  /** The same with one more name. */
  ScriptedScope with(String name, JsonNode value) {
    Map<String, JsonNode> more = new LinkedHashMap<>(names);
    more.put(name, value);
    return new ScriptedScope(more);
  }

  /** Whether a condition holds; an absent one does. */
  boolean holds(@Nullable Expression condition, String place) {
    return condition == null || value(condition, place).asBoolean(false);
  }

  /** What an expression gives. */
  JsonNode value(Expression expression, String place) {
    return switch (expression.evaluate(this)) {
      case Outcome.Value value -> value.value();
      case Outcome.Missing missing ->
          throw new UnfollowableException(
              place, "no value for " + String.join(", ", missing.steps()));
      case Outcome.Failed failed -> throw new UnfollowableException(place, failed.message());
    };
  }

  @Override
  public JsonNode inputs() {
    return names.getOrDefault("inputs", JSON.objectNode());
  }

  @Override
  public @Nullable JsonNode output(String step) {
    return null;
  }

  @Override
  public JsonNode ending(String step) {
    return JSON.objectNode();
  }

  @Override
  public @Nullable JsonNode local(String name) {
    return names.get(name);
  }

  private static Map<String, JsonNode> locals() {
    Map<String, JsonNode> locals = new LinkedHashMap<>();
    for (String text : List.of("agent", "step", "element", "prompt")) {
      locals.put(text, JSON.objectNode().put("type", "string"));
    }
    for (String number : List.of("revision", "turn")) {
      locals.put(number, JSON.objectNode().put("type", "integer"));
    }
    for (String any : List.of("inputs", "context", "feedback", "tools", "results", "errors")) {
      locals.put(any, JSON.objectNode());
    }
    return locals;
  }

  private static JsonNode given(JsonNode scope, String name, JsonNode otherwise) {
    JsonNode value = scope.get(name);
    return value == null ? otherwise : value;
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
    ObjectNode last = JSON.objectNode();
    ObjectNode errors = JSON.objectNode();
    Map<String, ArrayNode> all = new LinkedHashMap<>();
    for (Message message : request.messages()) {
      if (message instanceof Message.ToolOutput output) {
        ArrayNode list = all.computeIfAbsent(output.name(), name -> JSON.arrayNode());
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
    ObjectNode results = JSON.objectNode();
    all.forEach(results::set);
    names.put("tools", last);
    names.put("results", results);
    names.put("errors", errors);
  }

  /** A script that cannot be followed, and where. */
  static final class UnfollowableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnfollowableException(String place, String message) {
      super("Scripted answers, " + place + ": " + message);
    }
  }
}
