package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Plan.Revise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Plans and limits as JSON; what a node leaves at its default is left out. */
final class PlanJson {
  private PlanJson() {}

  static ObjectNode write(Plan plan) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    ArrayNode nodes = tree.putArray("nodes");
    plan.nodes().forEach(node -> write(nodes.addObject(), node));
    if (!plan.bodies().isEmpty()) {
      ObjectNode bodies = tree.putObject("bodies");
      plan.bodies()
          .forEach(
              (name, body) -> {
                ArrayNode inside = bodies.putArray(name);
                body.forEach(node -> write(inside.addObject(), node));
              });
    }
    if (!plan.agents().isEmpty()) {
      ObjectNode agents = tree.putObject("agents");
      plan.agents().forEach((name, most) -> agents.set(name, write(most)));
    }
    return tree;
  }

  static Plan read(Fields fields) {
    Map<String, List<Node>> bodies = new LinkedHashMap<>();
    if (fields.has("bodies")) {
      Fields named = fields.object("bodies");
      named.names().forEach(name -> bodies.put(name, nodes(named, name)));
    }
    Map<String, Allowance> agents = new LinkedHashMap<>();
    if (fields.has("agents")) {
      Fields named = fields.object("agents");
      named.names().forEach(name -> agents.put(name, allowance(named.object(name))));
    }
    return new Plan(nodes(fields, "nodes"), bodies, agents);
  }

  private static List<Node> nodes(Fields fields, String name) {
    return fields.objects(name).stream().map(PlanJson::node).toList();
  }

  static ObjectNode write(Limits limits) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("concurrency", limits.concurrency())
        .put("time", limits.time().toString())
        .put("revisions", limits.revisions())
        .put("replans", limits.replans())
        .setAll(write(limits.budget()));
  }

  private static ObjectNode write(Allowance most) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    put(tree, "tokens", most.tokens());
    if (most.cost() != null) {
      tree.put("cost", most.cost().text());
    }
    put(tree, "model_calls", most.modelCalls());
    put(tree, "tool_calls", most.toolCalls());
    if (most.time() != null) {
      tree.put("time", most.time().toString());
    }
    put(tree, "replans", most.replans());
    return tree;
  }

  private static void put(ObjectNode tree, String name, @Nullable Integer count) {
    if (count != null) {
      tree.put(name, count.intValue());
    }
  }

  private static Allowance allowance(Fields fields) {
    return new Allowance(
        fields.integerOrNone("tokens"),
        fields.optionalMoney("cost"),
        fields.integerOrNone("model_calls"),
        fields.integerOrNone("tool_calls"),
        fields.optionalDuration("time"),
        fields.integerOrNone("replans"));
  }

  static Limits readLimits(Fields fields) {
    return new Limits(
        fields.integer("concurrency"),
        fields.duration("time"),
        fields.integer("revisions"),
        fields.has("replans") ? fields.integer("replans") : 0,
        allowance(fields));
  }

  private static void write(ObjectNode tree, Node node) {
    tree.put("id", node.id()).put("kind", word(node.kind()));
    if (!node.edges().isEmpty()) {
      ArrayNode edges = tree.putArray("edges");
      node.edges()
          .forEach(e -> edges.addObject().put("source", e.source()).put("kind", word(e.kind())));
    }
    Plan.Fan each = node.each();
    if (each != null) {
      tree.put("each", true);
      if (each.concurrency() != 0) {
        tree.put("concurrency", each.concurrency());
      }
      if (each.asksEnough()) {
        tree.put("asks_enough", true);
      }
      if (each.perElementWhen()) {
        tree.put("per_element_when", true);
      }
    }
    if (node.repeat() != null) {
      write(tree.putObject("repeat"), node.repeat());
    }
    if (node.revise() != null) {
      write(tree.putObject("revise"), node.revise());
    }
    if (!node.retry().equals(Retry.NONE)) {
      write(tree.putObject("retry"), node.retry());
    }
    if (node.timeout() != null) {
      tree.put("timeout", node.timeout().toString());
    }
    write(tree, node.onError());
    tree.put("tool_calls", node.toolCalls()).put("estimate", node.estimate().toString());
    if (node.body() != null) {
      tree.put("body", node.body());
    }
    if (node.verifies()) {
      tree.put("verifies", true);
    }
    if (node.undo() != null) {
      tree.put("undo", node.undo());
    }
    if (!node.limits().isNone()) {
      tree.set("limits", write(node.limits()));
    }
  }

  private static Node node(Fields fields) {
    return new Node(
        fields.text("id"),
        fields.word("kind", Kind.class),
        fields.objects("edges").stream().map(PlanJson::edge).toList(),
        fields.optionalFlag("each")
            ? new Plan.Fan(
                fields.optionalInteger("concurrency"),
                fields.optionalFlag("per_element_when"),
                fields.optionalFlag("asks_enough"))
            : null,
        fields.has("repeat") ? repeat(fields.object("repeat")) : null,
        fields.has("revise") ? revise(fields.object("revise")) : null,
        fields.has("retry") ? retry(fields.object("retry")) : Retry.NONE,
        fields.optionalDuration("timeout"),
        onError(fields, fields.optional("on_error")),
        fields.integer("tool_calls"),
        fields.duration("estimate"),
        fields.has("body") ? fields.text("body") : null,
        fields.optionalFlag("verifies"),
        fields.has("undo") ? fields.text("undo") : null,
        fields.has("limits") ? allowance(fields.object("limits")) : Allowance.NONE);
  }

  private static Edge edge(Fields fields) {
    return new Edge(fields.integer("source"), fields.word("kind", EdgeKind.class));
  }

  private static void write(ObjectNode tree, Plan.Repeat repeat) {
    tree.put("max", repeat.max())
        .put("every", repeat.every().toString())
        .put("continue_when_used_up", repeat.continueWhenUsedUp());
  }

  private static Plan.Repeat repeat(Fields fields) {
    return new Plan.Repeat(
        fields.integer("max"), fields.duration("every"), fields.flag("continue_when_used_up"));
  }

  private static void write(ObjectNode tree, Revise revise) {
    ArrayNode region = tree.putArray("region");
    revise.region().forEach(region::add);
    tree.put("max", revise.max()).put("continue_when_used_up", revise.continueWhenUsedUp());
  }

  private static Revise revise(Fields fields) {
    return new Revise(
        fields.integers("region"), fields.integer("max"), fields.flag("continue_when_used_up"));
  }

  private static void write(ObjectNode tree, Retry retry) {
    tree.put("max", retry.max())
        .put("first", retry.first().toString())
        .put("last", retry.last().toString());
    ArrayNode on = tree.putArray("on");
    retry.on().stream().sorted().map(ErrorKind::word).forEach(on::add);
  }

  private static Retry retry(Fields fields) {
    return new Retry(
        fields.integer("max"),
        fields.duration("first"),
        fields.duration("last"),
        Set.copyOf(fields.words("on", ErrorKind.class)));
  }

  private static void write(ObjectNode tree, OnError onError) {
    switch (onError) {
      case OnError.Fail fail -> {}
      case OnError.Continue next -> tree.put("on_error", "continue");
      case OnError.Ask ask -> tree.put("on_error", "ask");
      case OnError.Replan(String agent) when agent == null -> tree.put("on_error", "replan");
      case OnError.Replan(String agent) -> tree.putObject("on_error").put("replan", agent);
      case OnError.Output output -> tree.putObject("on_error").set("output", output.value());
    }
  }

  private static OnError onError(Fields fields, @Nullable JsonNode value) {
    if (value == null) {
      return new OnError.Fail();
    }
    if (value.isString() && value.stringValue().equals("continue")) {
      return new OnError.Continue();
    }
    if (value.isString() && value.stringValue().equals("ask")) {
      return new OnError.Ask();
    }
    if (value.isString() && value.stringValue().equals("replan")) {
      return new OnError.Replan(null);
    }
    if (value.has("replan")) {
      return new OnError.Replan(value.get("replan").asString(""));
    }
    if (value.has("output")) {
      return new OnError.Output(value.get("output"));
    }
    throw fields.unknown("on_error", "\"continue\", \"ask\", \"replan\" or {\"output\": VALUE}");
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
