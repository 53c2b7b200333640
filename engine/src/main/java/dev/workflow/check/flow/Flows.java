package dev.workflow.check.flow;

import dev.workflow.check.flow.Given.Part;
import dev.workflow.check.flow.InformationFlow.World;
import dev.workflow.check.flow.StepAt.WorkflowAt;
import dev.workflow.definition.Agent;
import dev.workflow.definition.Label;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.Resolved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Draws what flows where in a run. */
final class Flows {
  /** Beyond this many steps a workflow that several steps run is looked at once for all of them. */
  private static final int STEPS_MAX = 20_000;

  private final Resolved root;
  private final CompiledWorkflow compiled;
  private final World world;
  private final FlowGraph graph = new FlowGraph();
  private final Values values = new Values(graph);
  private final Calls calls;
  private final List<WorkflowAt> workflows = new ArrayList<>();
  private final Map<String, WorkflowAt> first = new HashMap<>();
  private int steps;

  /**
   * A drawing.
   *
   * @param assumeWorst whether tools that are not known have all labels; else they have none
   */
  Flows(
      Resolved root,
      CompiledWorkflow compiled,
      World world,
      Labelling labelling,
      boolean assumeWorst) {
    this.root = root;
    this.compiled = compiled;
    this.world = world;
    this.calls = new Calls(graph, values, world, labelling, assumeWorst);
  }

  FlowGraph graph() {
    return graph;
  }

  Values values() {
    return values;
  }

  Calls calls() {
    return calls;
  }

  Flows draw() {
    workflow("", null, List.of());
    for (int i = 0; i < workflows.size(); i++) {
      WorkflowAt workflow = workflows.get(i);
      workflow.steps().values().forEach(this::step);
      workflow
          .compiled()
          .outputs()
          .forEach(
              (name, output) ->
                  values.make(
                      workflow.outputs().getOrDefault(name, Given.nothing()),
                      values.taken(workflow, output)));
    }
    for (WorkflowAt workflow : workflows) {
      workflow.steps().values().forEach(this::recovery);
      workflow.steps().values().forEach(this::feedback);
    }
    calls.connect();
    for (Label label : List.of(Label.UNTRUSTED, Label.PRIVATE)) {
      graph.spread(label);
    }
    return this;
  }

  private WorkflowAt workflow(String part, @Nullable StepAt caller, List<String> around) {
    WorkflowAt known = first.get(part);
    if (known != null && (around.contains(part) || steps > STEPS_MAX)) {
      return known;
    }
    WorkflowAt workflow = new WorkflowAt(part, root.part(part), compiled.part(part), caller);
    first.putIfAbsent(part, workflow);
    workflows.add(workflow);
    steps += workflow.steps().size();
    for (String name : workflow.compiled().outputs().keySet()) {
      workflow.outputs().put(name, new Given.Node(graph.node(workflow.display("outputs." + name))));
    }
    if (caller != null) {
      for (String name :
          workflow.resolved().workflow().inputSchema().path("properties").propertyNames()) {
        workflow.inputs().put(name, new Given.Node(graph.node(caller.display())));
      }
    }
    List<String> inside = new ArrayList<>(around);
    inside.add(part);
    for (StepAt step : workflow.steps().values()) {
      String name = workflow.resolved().runBy(part, step.step());
      if (name != null && (name.isEmpty() || root.workflows().containsKey(name))) {
        step.runs(workflow(name, step, inside));
      }
    }
    return workflow;
  }

  private void step(StepAt at) {
    switch (at.step().verb()) {
      case Verb.Agent agent -> agent(at, agent);
      case Verb.Skill skill -> {
        if (at.runs() != null) {
          inputs(at);
        } else {
          calls.asked(at, "skill", List.of(at.step().name()), prompted(at, List.of()));
        }
      }
      case Verb.Tool tool -> calls.tool(at, tool);
      case Verb.Capability capability -> calls.capability(at, capability);
      case Verb.SetValue set -> set(at);
      case Verb.Group group ->
          at.compiled()
              .outputs()
              .forEach((name, output) -> values.make(field(at, name), inside(at, output)));
      case Verb.Subworkflow sub -> inputs(at);
      case Verb.Plan plan -> {
        List<Part> told = prompted(at, plan.context());
        told.addAll(instructions(at, plan.agent()));
        calls.told(at, told);
      }
      case Verb.Planned planned -> calls.planned(at, planned);
      case Verb.Ask ask -> {}
      case Verb.Wait wait -> {}
      case Verb.Fail fail -> values.make(values.of(at), values.taken(at, at.compiled().body()));
    }
    calls.verify(at);
  }

  private Given field(StepAt at, String name) {
    return values.of(at) instanceof Given.Fields object
        ? object.fields().getOrDefault(name, Given.nothing())
        : Given.nothing();
  }

  /** The outputs of a graph see the steps in it. */
  private List<Part> inside(StepAt at, Expression output) {
    List<StepAt> inside = at.inside();
    return inside.isEmpty() ? List.of() : values.seenInside(at, inside.getFirst(), output);
  }

  private void set(StepAt at) {
    Expression body = at.compiled().body();
    if (values.of(at) instanceof Given.Fields object) {
      object
          .fields()
          .forEach(
              (name, field) -> {
                String pointer = Pointers.child("", name);
                values.make(field, values.takenAt(at, body, pointer));
              });
    } else {
      List<Part> parts = values.taken(at, body);
      boolean many = at.step().each() != null;
      values.make(values.of(at), many ? parts.stream().map(Part::among).toList() : parts);
    }
  }

  private void inputs(StepAt at) {
    WorkflowAt runs = at.runs();
    if (runs == null) {
      return;
    }
    runs.inputs()
        .forEach(
            (name, input) -> {
              String pointer = Pointers.child("", name);
              values.make(input, values.takenAt(at, at.compiled().body(), pointer));
            });
  }

  /** To be drawn when all values are made, for it may stand in place of several. */
  private void recovery(StepAt at) {
    Expression recovery = at.compiled().recovery();
    if (recovery != null && at.step().onError() instanceof OnError.Output) {
      values.add(values.of(at), values.taken(at, recovery));
    }
  }

  /** What a judge says is put before whom it sends back to work, and before all models in it. */
  private void feedback(StepAt at) {
    Step.Revise revise = at.step().revise();
    StepAt revised = revise == null ? null : at.seen(revise.step());
    if (revised == null) {
      return;
    }
    List<Part> verdict = values.whole(at);
    for (StepAt told : revised.withAllInside()) {
      Given prompt = prompt(told);
      if (prompt != null) {
        values.add(prompt, verdict);
      }
      calls.tellMore(told, verdict);
    }
  }

  /** The input that the workflow of an agent's skill has the prompt in; null: there is none. */
  private static @Nullable Given prompt(StepAt at) {
    WorkflowAt runs = at.runs();
    Skill skill = at.workflow().resolved().skillRunBy(at.step());
    return runs == null || skill == null || !(at.step().verb() instanceof Verb.Agent)
        ? null
        : skill.promptInput().map(runs.inputs()::get).orElse(null);
  }

  private void agent(StepAt at, Verb.Agent agent) {
    Given prompt = prompt(at);
    if (prompt != null) {
      values.make(prompt, prompted(at, agent.context()));
      return;
    }
    Set<String> names = world.agents(at.workflow().part(), at.step(), agent);
    List<Part> told = prompted(at, agent.context());
    names.forEach(name -> told.addAll(instructions(at, name)));
    calls.asked(at, "agent", List.copyOf(names), told);
  }

  /** What a step gives as the instructions of an agent. */
  private List<Part> instructions(StepAt at, String agent) {
    Agent asked = at.workflow().resolved().agents().get(agent);
    String source = asked == null ? null : asked.instructedBy();
    StepAt step = source == null ? null : at.seen(source);
    return step == null ? List.of() : values.whole(step);
  }

  /** The prompt and what follows it. */
  private List<Part> prompted(StepAt at, List<String> context) {
    List<Part> parts = new ArrayList<>(values.taken(at, at.compiled().body()));
    context.forEach(
        id -> Optional.ofNullable(at.seen(id)).ifPresent(s -> parts.addAll(values.whole(s))));
    return parts;
  }
}
