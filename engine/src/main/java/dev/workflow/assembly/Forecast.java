package dev.workflow.assembly;

import dev.workflow.check.Checked.Definition;
import dev.workflow.definition.Agent;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Resolved;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run would do, as far as it is known before anything is started: its steps in an order in
 * which they can run, with what can be computed from the inputs alone.
 *
 * @param steps what is inside a step follows it; of one that will be skipped it is left out
 * @param toolCalls at least so many, when no step is skipped
 * @param modelCalls at least so many, when no step is skipped
 * @param open whether the real numbers may be higher
 */
public record Forecast(List<Planned> steps, int toolCalls, int modelCalls, boolean open) {
  public Forecast {
    steps = List.copyOf(steps);
  }

  /**
   * One step.
   *
   * @param id of a step inside another: its name, such as {@code days/plan}
   * @param after the same of the steps that must end before it
   * @param enough of an {@code each}: under which condition it ends early; absent: never
   * @param condition its {@code when} as written, or what became of it; absent: it has none
   * @param repeat absent: it does not repeat
   * @param cache absent: what it gave before never stands in for running it
   * @param work what it works on: arguments, prompt, question; texts that cannot be computed yet
   *     stand as they are written
   * @param elements of an {@code each}; absent: unknown, or no {@code each}
   */
  public record Planned(
      String id,
      String verb,
      String target,
      List<String> after,
      @Nullable String each,
      @Nullable Integer elements,
      @Nullable String enough,
      @Nullable String condition,
      Step.@Nullable Repeat repeat,
      Step.@Nullable Cache cache,
      JsonNode work) {
    public Planned {
      after = List.copyOf(after);
    }
  }

  static Forecast of(Definition definition, JsonNode inputs, Expressions expressions) {
    Known known = new Known(definition.resolved(), inputs, expressions);
    Count count = new Count(definition);
    count.graph(definition.plan().nodes(), "", known, new Count.Around(1, false));
    return new Forecast(count.steps, count.toolCalls, count.modelCalls, count.open);
  }

  /** Goes through the graphs, from outside inwards. */
  private static final class Count {
    private final Definition definition;
    private final List<Planned> steps = new ArrayList<>();
    private int toolCalls;
    private int modelCalls;
    private boolean open;

    Count(Definition definition) {
      this.definition = definition;
    }

    /**
     * What stands around a graph.
     *
     * @param times at least so often the graph runs
     * @param open whether it may run more often
     */
    private record Around(int times, boolean open) {}

    /**
     * Takes in a graph and those inside it.
     *
     * @param prefix what the names of its steps begin with
     */
    private void graph(List<Node> nodes, String prefix, Known known, Around around) {
      for (Node node : inOrder(nodes)) {
        CompiledStep compiled = step(prefix + node.id());
        Planned planned = known.plan(compiled, after(nodes, node, prefix));
        steps.add(planned);
        if ("false".equals(planned.condition())) {
          continue;
        }
        int elements = planned.elements() == null ? 1 : planned.elements();
        boolean endsEarly = planned.enough() != null && elements > 1;
        boolean unknown = (planned.each() != null && planned.elements() == null) || endsEarly;
        boolean repeats = node.repeat() != null && node.repeat().max() > 1;
        Around here =
            new Around(
                times(around.times(), endsEarly ? 1 : elements),
                around.open() || unknown || repeats);
        calls(node, compiled.step(), here);
        open |= node.revise() != null;
        if (compiled.step().verb() instanceof Verb.Group group) {
          Known inside = known.inside(compiled.step(), group);
          graph(body(node), prefix + node.id() + "/", inside, here);
          known.conclude(compiled, group, inside);
        } else if (node.kind() == Plan.Kind.WORKFLOW) {
          open = true;
          another(node, here, new HashSet<>());
        }
      }
    }

    /**
     * Counts the calls of another workflow as far as its graph tells.
     *
     * @param entered names of the graphs around it, so that one that runs itself is counted once
     */
    private void another(Node container, Around around, Set<String> entered) {
      String name = String.valueOf(container.body());
      if (container.body() == null || !entered.add(name)) {
        return;
      }
      for (Node node : body(container)) {
        calls(node, step(name, node), around);
        open |= node.kind() == Plan.Kind.WORKFLOW;
        if (node.body() != null) {
          another(node, around, entered);
        }
      }
      entered.remove(name);
    }

    /** A step that may be answered by an earlier run may make no call. */
    private void calls(Node node, Step step, Around here) {
      if (step.cache() != null) {
        open = true;
      } else if (node.kind() == Plan.Kind.TOOL) {
        toolCalls = plus(toolCalls, here.times());
        open |= here.open();
      } else if (node.kind() == Plan.Kind.AGENT) {
        modelCalls = plus(modelCalls, here.times());
        open = true;
      }
    }

    /** The step of a node in a graph of any of the workflows. */
    private Step step(String graph, Node node) {
      int end = graph.indexOf('#');
      String inside = graph.substring(end + 1);
      String name = inside.isEmpty() ? node.id() : inside + "/" + node.id();
      CompiledStep step =
          definition.compiled().part(graph.substring(0, Math.max(0, end))).steps().get(name);
      if (step == null) {
        throw new IllegalStateException("The definition has no step " + name + " in " + graph);
      }
      return step.step();
    }

    private CompiledStep step(String name) {
      CompiledStep step = definition.compiled().steps().get(name);
      if (step == null) {
        throw new IllegalStateException("The definition has no step " + name);
      }
      return step;
    }

    private List<Node> body(Node node) {
      List<Node> body = definition.plan().bodies().get(node.body());
      if (body == null) {
        throw new IllegalStateException("The plan has no graph " + node.body());
      }
      return body;
    }

    private static int times(int a, int b) {
      return (int) Math.min(Integer.MAX_VALUE, (long) a * b);
    }

    private static int plus(int a, int b) {
      return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }
  }

  /** Every node after its sources, else in the author's order. */
  private static List<Node> inOrder(List<Node> nodes) {
    List<Node> ordered = new ArrayList<>();
    boolean[] done = new boolean[nodes.size()];
    for (int i = 0; i < done.length; i++) {
      visit(nodes, i, done, ordered);
    }
    return ordered;
  }

  private static void visit(List<Node> nodes, int index, boolean[] done, List<Node> ordered) {
    if (!done[index]) {
      done[index] = true;
      nodes.get(index).edges().forEach(edge -> visit(nodes, edge.source(), done, ordered));
      ordered.add(nodes.get(index));
    }
  }

  private static List<String> after(List<Node> nodes, Node node, String prefix) {
    return node.edges().stream()
        .map(edge -> prefix + nodes.get(edge.source()).id())
        .distinct()
        .toList();
  }

  /** What is known in one graph: the inputs, and what steps compute from them alone. */
  private static final class Known implements Expressions.Values {
    private static final JsonNode ANY = JsonNodeFactory.instance.objectNode();
    private final Resolved resolved;
    private final JsonNode inputs;
    private final Expressions expressions;

    /** Ids of the steps that can be named here. */
    private final Set<String> ids = new LinkedHashSet<>();

    /** Names of the elements around. */
    private final Set<String> variables = new LinkedHashSet<>();

    /** By id, of the steps that can be named here. */
    private final Map<String, JsonNode> outputs = new LinkedHashMap<>();

    Known(Resolved resolved, JsonNode inputs, Expressions expressions) {
      this.resolved = resolved;
      this.inputs = inputs;
      this.expressions = expressions;
      resolved.workflow().steps().forEach(step -> ids.add(step.id()));
    }

    /** What is known inside a step. */
    Known inside(Step step, Verb.Group group) {
      Known inside = new Known(resolved, inputs, expressions);
      inside.ids.addAll(ids);
      group.steps().forEach(inner -> inside.ids.add(inner.id()));
      inside.variables.addAll(variables);
      if (step.each() != null) {
        inside.variables.add(step.each().variable());
      }
      inside.outputs.putAll(outputs);
      return inside;
    }

    Planned plan(CompiledStep compiled, List<String> after) {
      Step step = compiled.step();
      Step.Each each = step.each();
      JsonNode items = compiled.items() == null ? null : value(compiled.items());
      String condition = step.when();
      if (condition != null && compiled.when() != null && each == null) {
        JsonNode holds = value(compiled.when());
        condition = holds == null ? condition : holds.toString();
      }
      JsonNode work = work(step, each == null ? null : each.variable());
      if (step.verb() instanceof Verb.SetValue && runsOnce(step)) {
        JsonNode computed = value(compiled.body());
        if (computed != null) {
          outputs.put(step.id(), computed);
        }
      }
      return new Planned(
          step.name(),
          step.verb().word(),
          target(step),
          after,
          each == null ? null : each.variable() + " in " + each.in(),
          items == null ? null : Integer.valueOf(items.size()),
          each == null ? null : each.enough(),
          condition,
          step.repeat(),
          step.cache(),
          work);
    }

    /** Takes in what a group gives, where all its steps are known to succeed. */
    void conclude(CompiledStep compiled, Verb.Group group, Known inside) {
      boolean sure =
          group.steps().stream().allMatch(inner -> inside.outputs.containsKey(inner.id()));
      if (!sure || !runsOnce(compiled.step()) || compiled.outputs().isEmpty()) {
        return;
      }
      ObjectNode output = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, Expressions.Expression> given : compiled.outputs().entrySet()) {
        JsonNode value = inside.value(given.getValue());
        if (value == null) {
          return;
        }
        output.set(given.getKey(), value);
      }
      outputs.put(compiled.step().id(), output);
    }

    /** Whether it certainly runs, and only once. */
    private static boolean runsOnce(Step step) {
      return step.each() == null && step.when() == null && step.repeat() == null;
    }

    private String target(Step step) {
      Skill skillRun = resolved.skillRunBy(step);
      if (skillRun != null) {
        return skillRun.workflow() + " of skill " + skillRun.name();
      }
      return switch (step.verb()) {
        case Verb.Agent agent -> agent(agent.agent().isEmpty() ? step.name() : agent.agent());
        case Verb.Skill skill -> skill.name() + model(step.name());
        case Verb.Capability capability ->
            capability.name()
                + " by "
                + resolved.bindings().getOrDefault(capability.name(), "nothing");
        case Verb.Tool tool -> tool.server() + "/" + tool.tool();
        case Verb.Ask ask -> ask.form() == null ? "approve or reject" : "a form";
        case Verb.SetValue set -> "";
        case Verb.Wait wait -> wait.until();
        case Verb.Fail fail -> "";
        case Verb.Group group -> "";
        case Verb.Subworkflow sub -> sub.file();
        case Verb.Plan plan -> agent(plan.agent());
        case Verb.Planned planned -> "the plan of " + planned.step();
      };
    }

    private String agent(String name) {
      return resolved.agents().containsKey(name) ? name + model(name) : name;
    }

    private String model(String agentName) {
      Agent agent = resolved.agents().get(agentName);
      String alias = agent == null || agent.model() == null ? "default" : agent.model();
      List<ModelRef> models = resolved.models().getOrDefault(alias, List.of());
      if (resolved.answers() != null) {
        return " (scripted answers)";
      }
      return models.isEmpty() ? "" : " (" + models.get(0).name() + ")";
    }

    private JsonNode work(Step step, @Nullable String variable) {
      return switch (step.verb()) {
        case Verb.Agent agent -> text(agent.prompt(), variable);
        case Verb.Skill skill -> partly(skill.with(), variable);
        case Verb.Capability capability -> partly(capability.with(), variable);
        case Verb.Tool tool -> partly(tool.with(), variable);
        case Verb.Ask ask -> text(ask.text(), variable);
        case Verb.SetValue set -> partly(set.value(), variable);
        case Verb.Wait wait -> ANY;
        case Verb.Fail fail -> text(fail.text(), variable);
        case Verb.Group group -> ANY;
        case Verb.Subworkflow sub -> partly(sub.with(), variable);
        case Verb.Plan plan -> text(plan.prompt(), variable);
        case Verb.Planned planned -> partly(planned.with(), variable);
      };
    }

    /** Each text by itself: those that cannot be computed yet stay as they are written. */
    private JsonNode partly(JsonNode value, @Nullable String variable) {
      if (value.isString()) {
        return computed(value, variable, false);
      }
      if (value.isArray()) {
        var copy = JsonNodeFactory.instance.arrayNode();
        value.forEach(each -> copy.add(partly(each, variable)));
        return copy;
      }
      if (value.isObject()) {
        var copy = JsonNodeFactory.instance.objectNode();
        value.properties().forEach(e -> copy.set(e.getKey(), partly(e.getValue(), variable)));
        return copy;
      }
      return value;
    }

    private JsonNode text(String text, @Nullable String variable) {
      return computed(JsonNodeFactory.instance.stringNode(text), variable, true);
    }

    private JsonNode computed(JsonNode text, @Nullable String variable, boolean isText) {
      try {
        Expressions.Types types = types(variable);
        JsonNode value =
            value(
                isText
                    ? expressions.text(text.stringValue(), types)
                    : expressions.template(text, types));
        return value == null ? text : value;
      } catch (Expressions.ExpressionException notByItself) {
        return text;
      }
    }

    private Expressions.Types types(@Nullable String variable) {
      Map<String, JsonNode> locals = new LinkedHashMap<>();
      List.of("run", "call", "previous").forEach(name -> locals.put(name, ANY));
      variables.forEach(name -> locals.put(name, ANY));
      if (variable != null) {
        locals.put(variable, ANY);
      }
      Map<String, JsonNode> given = new LinkedHashMap<>();
      resolved
          .workflow()
          .inputSchema()
          .path("properties")
          .propertyNames()
          .forEach(name -> given.put(name, ANY));
      Map<String, JsonNode> steps = new LinkedHashMap<>();
      ids.forEach(id -> steps.put(id, ANY));
      return new Expressions.Types(given, steps, Collections.unmodifiableMap(locals));
    }

    /** Null where it cannot be known: it reads what only the run will know, or it fails. */
    private @Nullable JsonNode value(Expressions.Expression expression) {
      boolean early =
          expression.endings().isEmpty()
              && expression.locals().isEmpty()
              && outputs.keySet().containsAll(expression.outputs());
      return early && expression.evaluate(this) instanceof Expressions.Outcome.Value value
          ? value.value()
          : null;
    }

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
      throw new IllegalStateException("No step has ended");
    }

    @Override
    public @Nullable JsonNode local(String name) {
      return null;
    }
  }
}
