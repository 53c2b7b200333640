package dev.workflow.engine;

import dev.workflow.run.Names;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The values that expressions read, taken from the state of a run at the moment of asking. */
public final class RunValues implements Expressions.Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final JsonNode inputs;
  private final Names names;
  private final Map<String, JsonNode> locals;

  private RunValues(JsonNode inputs, Names names, Map<String, JsonNode> locals) {
    this.inputs = inputs;
    this.names = names;
    this.locals = locals;
  }

  /**
   * The values of a place.
   *
   * @param inputs that are seen there
   * @param names what ids mean there
   * @param elements the elements of the fan-outs around it, by variable
   */
  public static RunValues of(
      RunState run, JsonNode inputs, Names names, Map<String, JsonNode> elements) {
    Map<String, JsonNode> locals = new HashMap<>(elements);
    ObjectNode self = JSON.objectNode();
    self.put("id", run.start().run());
    self.put("started", run.startedAt().toString());
    locals.put("run", self);
    JsonNode previous = ResolvedJson.previousOf(run.start().definition());
    locals.put("previous", previous == null ? JSON.objectNode() : previous);
    return new RunValues(inputs, names, locals);
  }

  /** The same values, where one id means the given step or element. */
  RunValues where(String id, StepInfo meant) {
    return new RunValues(
        inputs,
        new Names() {
          @Override
          public @Nullable JsonNode output(String other) {
            return other.equals(id) ? meant.output() : names.output(other);
          }

          @Override
          public JsonNode content(String other) {
            return names.content(other);
          }

          @Override
          public StepInfo step(String other) {
            return other.equals(id) ? meant : names.step(other);
          }
        },
        locals);
  }

  /** The same values, where one id gives another output. */
  RunValues giving(String id, JsonNode output) {
    return new RunValues(
        inputs,
        new Names() {
          @Override
          public @Nullable JsonNode output(String other) {
            return other.equals(id) ? output : names.output(other);
          }

          @Override
          public JsonNode content(String other) {
            return names.content(other);
          }

          @Override
          public StepInfo step(String other) {
            return names.step(other);
          }
        },
        locals);
  }

  /** The same values and one more local name. */
  RunValues with(String name, JsonNode value) {
    Map<String, JsonNode> more = new HashMap<>(locals);
    more.put(name, value);
    return new RunValues(inputs, names, more);
  }

  /** The same values and {@code call.key}. */
  RunValues withCallKey(String key) {
    return with("call", JSON.objectNode().put("key", key));
  }

  @Override
  public JsonNode inputs() {
    return inputs;
  }

  @Override
  public @Nullable JsonNode output(String step) {
    return names.output(step);
  }

  @Override
  public JsonNode ending(String step) {
    StepInfo info = names.step(step);
    ObjectNode ending = JSON.objectNode();
    ending.put("status", info.status().word());
    ending.set("error", info.error() == null ? JSON.nullNode() : error(info.error()));
    ending.put("attempts", info.attempts());
    var errors = ending.putArray("errors");
    for (StepInfo.ElementError failed : info.errors()) {
      errors.add(error(failed.error()).put("key", failed.key()));
    }
    return ending;
  }

  @Override
  public JsonNode content(String step) {
    return names.content(step);
  }

  @Override
  public @Nullable JsonNode local(String name) {
    return locals.get(name);
  }

  /** {@code {kind, message, details}}, as expressions see it. */
  static ObjectNode error(StepError error) {
    ObjectNode node = JSON.objectNode();
    node.put("kind", error.kind().word());
    node.put("message", error.message());
    var details = node.putArray("details");
    error.details().forEach(details::add);
    return node;
  }
}
