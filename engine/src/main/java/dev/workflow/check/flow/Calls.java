package dev.workflow.check.flow;

import dev.workflow.check.flow.Given.Part;
import dev.workflow.check.flow.InformationFlow.World;
import dev.workflow.definition.Label;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Taken;
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

/** The calls of tools that steps and models may make, and those by which something may leave. */
final class Calls {
  private final FlowGraph graph;
  private final Values values;
  private final World world;
  private final Labelling labelling;
  private final boolean assumeWorst;
  private final Memory memory;
  private final List<WayOut> waysOut = new ArrayList<>();
  private final Set<String> assumed = new LinkedHashSet<>();

  /** The nodes of what models are told, by the steps that tell them. */
  private final Map<StepAt, List<Integer>> conversations = new HashMap<>();

  /** What models are told besides what their steps say, by the same nodes. */
  private final Map<Integer, List<Part>> more = new HashMap<>();

  /**
   * No calls yet.
   *
   * @param assumeWorst whether tools that are not known have all labels; else they have none
   */
  Calls(FlowGraph graph, Values values, World world, Labelling labelling, boolean assumeWorst) {
    this.graph = graph;
    this.values = values;
    this.world = world;
    this.labelling = labelling;
    this.assumeWorst = assumeWorst;
    this.memory = new Memory(graph, values);
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

  /** In the order of the steps. */
  List<WayOut> waysOut() {
    return waysOut;
  }

  /** All that is sent on a way out and that a person would have to see. */
  Set<Part> sent(WayOut out) {
    Set<Part> sent = new LinkedHashSet<>(out.parts());
    sent.addAll(more.getOrDefault(out.node(), List.of()));
    sent.addAll(memory.sent(out.node()));
    return sent;
  }

  /** The servers that were taken for the worst. */
  Set<String> assumed() {
    return assumed;
  }

  /** Connects calls by what is kept between them. To be called once, after all calls. */
  void connect() {
    memory.connect();
  }

  /** Each agent that may be asked is a conversation of its own. */
  void asked(StepAt at, String key, List<String> agents, List<Part> parts) {
    for (String agent : agents) {
      int node = told(at, parts);
      conversation(at, node, at.step().pointer() + "/" + key, List.of(agent), null, parts, null);
    }
  }

  /** A node of what a model is told, from which it makes what the step gives. */
  int told(StepAt at, List<Part> parts) {
    int node = graph.node(at.display());
    parts.forEach(part -> graph.flow(part.node(), node));
    values.of(at).nodes().forEach(out -> graph.flow(node, out));
    conversations.computeIfAbsent(at, each -> new ArrayList<>()).add(node);
    return node;
  }

  /** What comes besides to all models that a step tells something, and to the calls they make. */
  void tellMore(StepAt at, List<Part> parts) {
    for (int node : conversations.getOrDefault(at, List.of())) {
      parts.forEach(part -> graph.flow(part.node(), node));
      more.computeIfAbsent(node, each -> new ArrayList<>()).addAll(parts);
    }
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

  void tool(StepAt at, Verb.Tool tool) {
    call(at, tool.server(), tool.tool(), tool.with(), "/tool", at.compiled().body());
  }

  /** Where nothing is bound, one of the servers that were never asked may offer it. */
  void capability(StepAt at, Verb.Capability capability) {
    String bound = at.workflow().resolved().bindings().get(capability.name());
    Iterable<String> servers =
        bound == null
            ? world.unknownServers(at.workflow().part(), capability.name())
            : List.of(bound.substring(0, bound.indexOf('/')));
    String name = bound == null ? capability.name() : bound.substring(bound.indexOf('/') + 1);
    for (String server : servers) {
      call(at, server, name, capability.with(), "/capability", at.compiled().body());
    }
  }

  /** What is asked about a call that may be lost. */
  void verify(StepAt at) {
    Step.Verify verify = at.step().verify();
    if (verify != null && at.compiled().probe() != null) {
      Expression with = at.compiled().probe().with();
      call(at, verify.server(), verify.tool(), verify.with(), "/verify/tool", with);
    }
  }

  private void call(
      StepAt at, String server, String name, JsonNode with, String key, Expression arguments) {
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
      String pointer = at.step().pointer() + key;
      waysOut.add(new WayOut(at, given, pointer, Map.of(fullName, labels), shown, false, null));
    }
  }

  /** An identifier that is handed back as one means something that is there already. */
  private static boolean isIdentifier(Taken taken) {
    String parameter = taken.pointer().substring(taken.pointer().lastIndexOf('/') + 1);
    return taken.path().size() > 1
        && ToolWords.isIdentifier(parameter)
        && ToolWords.isIdentifier(taken.path().getLast());
  }

  /** A written plan may do with its tools and agents what one conversation may. */
  void planned(StepAt at, Verb.Planned planned) {
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
