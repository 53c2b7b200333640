package dev.workflow.check.flow;

import dev.workflow.check.flow.Given.Part;
import dev.workflow.check.flow.InformationFlow.World;
import dev.workflow.check.flow.StepAt.WorkflowAt;
import dev.workflow.definition.Label;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Taken;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ToolSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Draws what flows where in a run, and finds the calls by which it could leave. */
final class Flows {
  /** Beyond this many steps a workflow that several steps run is looked at once for all of them. */
  private static final int STEPS_MAX = 20_000;

  private final Resolved root;
  private final CompiledWorkflow compiled;
  private final World world;
  private final Labelling labelling;
  private final boolean assumeWorst;
  private final FlowGraph graph = new FlowGraph();
  private final Values values = new Values(graph);
  private final Memory memory = new Memory(graph, values);
  private final List<WorkflowAt> workflows = new ArrayList<>();
  private final Map<String, WorkflowAt> first = new HashMap<>();
  private final List<WayOut> waysOut = new ArrayList<>();
  private final Set<String> assumed = new LinkedHashSet<>();

  /** The nodes of what models are told, by the steps that tell them. */
  private final Map<StepAt, List<Integer>> conversations = new HashMap<>();

  /** What models are told besides what their steps say, by the same nodes. */
  private final Map<Integer, List<Part>> verdicts = new HashMap<>();

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
    this.labelling = labelling;
    this.assumeWorst = assumeWorst;
  }

  /**
   * A call by which something may leave.
   *
   * @param node of what it is given, or of the conversation that may make it
   * @param pointer of the key that names who calls
   * @param tools the labels of each tool by which it leaves, by name
   * @param parts what its step gives it and a person would have to see
   * @param seesMore whether what is sent is not decided by these parts alone
   * @param plan the step whose plan says which calls are made; absent: none
   */
  record WayOut(
      StepAt step,
      int node,
      String pointer,
      Map<String, ToolLabels> tools,
      List<Part> parts,
      boolean seesMore,
      @Nullable StepAt plan) {
    WayOut {
      tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
      parts = List.copyOf(parts);
    }
  }

  FlowGraph graph() {
    return graph;
  }

  Values values() {
    return values;
  }

  /** In the order of the steps. */
  List<WayOut> waysOut() {
    return waysOut;
  }

  /** All that is sent on a way out and that a person would have to see. */
  Set<Part> sent(WayOut out) {
    Set<Part> sent = new LinkedHashSet<>(out.parts());
    sent.addAll(verdicts.getOrDefault(out.node(), List.of()));
    sent.addAll(memory.sent(out.node()));
    return sent;
  }

  /** The servers that were taken for the worst. */
  Set<String> assumed() {
    return assumed;
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
    memory.connect();
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
          asked(at, "skill", List.of(at.step().name()), List.of());
        }
      }
      case Verb.Tool tool -> tool(at, tool.server(), tool.tool(), tool.with(), "tool");
      case Verb.Capability capability -> capability(at, capability);
      case Verb.SetValue set -> set(at);
      case Verb.Group group ->
          at.compiled()
              .outputs()
              .forEach((name, output) -> values.make(field(at, name), inside(at, output)));
      case Verb.Subworkflow sub -> inputs(at);
      case Verb.Plan plan -> plan(at, plan);
      case Verb.Planned planned -> planned(at, planned);
      case Verb.Ask ask -> {}
      case Verb.Wait wait -> {}
      case Verb.Fail fail -> values.make(values.of(at), values.taken(at, at.compiled().body()));
    }
    verify(at);
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
      for (int node : conversations.getOrDefault(told, List.of())) {
        verdict.forEach(part -> graph.flow(part.node(), node));
        verdicts.computeIfAbsent(node, each -> new ArrayList<>()).addAll(verdict);
      }
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
    asked(at, "agent", List.copyOf(names), agent.context());
  }

  /** The prompt and what follows it. */
  private List<Part> prompted(StepAt at, List<String> context) {
    List<Part> parts = new ArrayList<>(values.taken(at, at.compiled().body()));
    context.forEach(
        id -> Optional.ofNullable(at.seen(id)).ifPresent(s -> parts.addAll(values.whole(s))));
    return parts;
  }

  /** Each agent that may be asked is a conversation of its own. */
  private void asked(StepAt at, String key, List<String> agents, List<String> context) {
    List<Part> parts = prompted(at, context);
    for (String agent : agents) {
      int node = told(at, parts);
      conversation(at, node, at.step().pointer() + "/" + key, List.of(agent), null, parts, null);
    }
  }

  /** A node of what a model is told, from which it makes what the step gives. */
  private int told(StepAt at, List<Part> parts) {
    int node = graph.node(at.display());
    parts.forEach(part -> graph.flow(part.node(), node));
    values.of(at).nodes().forEach(out -> graph.flow(node, out));
    conversations.computeIfAbsent(at, each -> new ArrayList<>()).add(node);
    return node;
  }

  /** What may be done by whom in one conversation, or in a plan. */
  private void conversation(
      StepAt at,
      int node,
      String pointer,
      List<String> agents,
      @Nullable List<String> allowed,
      List<Part> parts,
      @Nullable StepAt plan) {
    Map<String, ToolLabels> out = new LinkedHashMap<>();
    boolean seesMore = false;
    for (Reached reached : reached(at, agents, allowed)) {
      seesMore |= sources(node, reached);
      if (reached.labels().has(Label.EXTERNAL)) {
        out.put(reached.name(), reached.labels());
      }
    }
    if (!out.isEmpty()) {
      waysOut.add(new WayOut(at, node, pointer, out, parts, seesMore, plan));
    }
  }

  private boolean sources(int node, Reached reached) {
    boolean any = false;
    for (Label label : List.of(Label.UNTRUSTED, Label.PRIVATE)) {
      if (reached.labels().has(label)) {
        any = true;
        graph.source(node, label, reached.name() + ": " + reached.labels().reason(label));
      }
    }
    ToolSpec tool = reached.tool();
    if (tool != null) {
      memory.call(new Memory.Call(tool, reached.labels(), null, node, node, null));
    }
    return any;
  }

  /** A tool that a conversation may call; not known: what an unasked server may offer. */
  private record Reached(String name, ToolLabels labels, @Nullable ToolSpec tool) {}

  private List<Reached> reached(StepAt at, List<String> agents, @Nullable List<String> allowed) {
    Resolved resolved = at.workflow().resolved();
    Set<String> names = new LinkedHashSet<>(allowed == null ? List.of() : allowed);
    for (String agent : agents) {
      names.addAll(resolved.agentTools().getOrDefault(agent, List.of()));
      names.addAll(world.unknownTools(at.workflow().part(), agent));
    }
    List<Reached> reached = new ArrayList<>();
    for (String name : names) {
      ToolSpec tool = resolved.tools().get(name);
      int slash = name.indexOf('/');
      if (tool != null) {
        reached.add(new Reached(name, labelling.of(tool), tool));
      } else if (slash > 0) {
        reached.add(
            new Reached(name, unknown(name.substring(0, slash), name.substring(slash + 1)), null));
      }
    }
    return reached;
  }

  private ToolLabels unknown(String server, String tool) {
    Optional<ToolLabels> byName =
        tool.isEmpty() ? Optional.empty() : labelling.ofName(server, tool);
    if (byName.isPresent() || !assumeWorst || !world.isUnknown(server)) {
      return byName.orElse(ToolLabels.NONE);
    }
    assumed.add(server);
    return worst(server);
  }

  private static ToolLabels worst(String server) {
    return ToolLabels.worst("the tools of `" + server + "` are not known");
  }

  private void tool(StepAt at, String server, String name, JsonNode with, String key) {
    call(at, server, name, with, at.step().pointer() + "/" + key, at.compiled().body());
  }

  /** Where nothing is bound, one of the servers that were never asked may offer it. */
  private void capability(StepAt at, Verb.Capability capability) {
    String bound = at.workflow().resolved().bindings().get(capability.name());
    Iterable<String> servers =
        bound == null
            ? world.unknownServers(at.workflow().part(), capability.name())
            : List.of(bound.substring(0, bound.indexOf('/')));
    String name = bound == null ? capability.name() : bound.substring(bound.indexOf('/') + 1);
    for (String server : servers) {
      tool(at, server, name, capability.with(), "capability");
    }
  }

  /** What is asked about a call that may be lost. */
  private void verify(StepAt at) {
    Step.Verify verify = at.step().verify();
    if (verify != null && at.compiled().probe() != null) {
      String pointer = at.step().pointer() + "/verify/tool";
      Expression with = at.compiled().probe().with();
      call(at, verify.server(), verify.tool(), verify.with(), pointer, with);
    }
  }

  private void call(
      StepAt at, String server, String name, JsonNode with, String pointer, Expression arguments) {
    List<Part> parts = values.taken(at, arguments);
    List<Part> shown = values.taken(at, arguments, taken -> !isIdentifier(taken));
    int gives = values.of(at).nodes().iterator().next();
    String fullName = server + "/" + name;
    ToolSpec tool = at.workflow().resolved().tools().get(fullName);
    ToolLabels labels = tool == null ? unknown(server, name) : labelling.of(tool);
    int given = graph.node(at.display());
    parts.forEach(part -> graph.flow(part.node(), given));
    graph.flow(given, gives);
    for (Label label : List.of(Label.UNTRUSTED, Label.PRIVATE)) {
      if (labels.has(label)) {
        graph.source(gives, label, fullName + ": " + labels.reason(label));
      }
    }
    if (tool != null) {
      memory.call(new Memory.Call(tool, labels, with, given, gives, shown));
    }
    if (labels.has(Label.EXTERNAL)) {
      if (labels.has(Label.PRIVATE)) {
        graph.source(given, Label.PRIVATE, fullName + ": " + labels.reason(Label.PRIVATE));
      }
      waysOut.add(new WayOut(at, given, pointer, Map.of(fullName, labels), shown, false, null));
    }
  }

  /** An identifier that is handed back as one means something that is there already. */
  private static boolean isIdentifier(Taken taken) {
    String parameter = taken.pointer().substring(taken.pointer().lastIndexOf('/') + 1);
    return taken.path().size() > 1
        && Labelling.isIdentifier(parameter)
        && Labelling.isIdentifier(taken.path().getLast());
  }

  /** Who plans calls nothing. */
  private void plan(StepAt at, Verb.Plan plan) {
    told(at, prompted(at, plan.context()));
  }

  /** A written plan may do with its tools and agents what one conversation may. */
  private void planned(StepAt at, Verb.Planned planned) {
    StepAt planner = at.seen(planned.step());
    if (planner == null || !(planner.step().verb() instanceof Verb.Plan plan)) {
      return;
    }
    List<Part> parts = new ArrayList<>(values.taken(at, at.compiled().body()));
    parts.addAll(values.whole(planner));
    int node = told(at, parts);
    List<String> agents = new ArrayList<>(plan.agents());
    if (plan.tools() == null) {
      agents.add(plan.agent());
    }
    conversation(
        at,
        node,
        at.step().pointer() + "/workflow",
        agents,
        plan.tools(),
        parts,
        plan.agents().isEmpty() ? planner : null);
  }
}
