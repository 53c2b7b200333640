package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.run.Change;
import dev.workflow.run.Change.How;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is different between two definitions, and which steps of a run it concerns. Notation,
 * comments and the order of keys make no difference.
 */
public final class Difference {

  /** Keys that say how a step is run and not what it gives: a success stays one. */
  private static final Set<String> MANNER =
      Set.of("retry", "timeout", "limits", "concurrency", "effects", "verify", "undo", "cache");

  private static final Set<String> PROSE = Set.of("version", "description");

  /** Keys of a workflow whose members are compared one by one. */
  private static final Map<String, String> MEMBERS =
      Map.of(
          "inputs", "input",
          "agents", "agent",
          "models", "model",
          "mcp", "server",
          "bindings", "binding",
          "limits", "limit",
          "outputs", "output");

  private final Resolved before;
  private final Resolved after;
  private final boolean live;
  private final Set<String> inputs;

  /**
   * Between two definitions.
   *
   * @param live whether both know their tools and models; else only what stands in files counts
   * @param inputs names of inputs that have another value
   */
  public Difference(Resolved before, Resolved after, boolean live, Set<String> inputs) {
    this.before = before;
    this.after = after;
    this.live = live;
    this.inputs = Set.copyOf(inputs);
  }

  /** Everything that is different, what is new last. */
  public List<Change> changes() {
    List<Change> changes = new ArrayList<>();
    Set<String> parts = new LinkedHashSet<>(List.of(""));
    parts.addAll(before.workflows().keySet());
    parts.addAll(after.workflows().keySet());
    for (String name : parts) {
      Resolved old = part(before, name);
      Resolved now = part(after, name);
      if (old == null || now == null) {
        changes.add(
            new Change(
                "workflow", title(name, ""), old == null ? How.ADDED : How.REMOVED, List.of()));
      } else {
        addDocument(name, old, now, changes);
        addSteps(name, old, now, changes);
      }
    }
    if (!Objects.equals(before.answers(), after.answers())) {
      changes.add(new Change("answers", "", How.CHANGED, List.of()));
    }
    inputs.forEach(name -> changes.add(new Change("input", name, How.CHANGED, List.of("value"))));
    return List.copyOf(changes);
  }

  /**
   * The names of the steps of a run whose work is not what it was. A step that succeeded is not
   * among them where only its {@code retry}, {@code timeout} or the like is different.
   */
  public List<String> again(RunState run) {
    Set<String> again = new TreeSet<>();
    Map<String, Set<String>> known = new LinkedHashMap<>();
    for (StepInfo step : run.all()) {
      Set<String> keys =
          known.computeIfAbsent(step.path().name(), name -> differentKeys(step.path()));
      boolean manner = MANNER.containsAll(keys);
      boolean failed =
          step.status() == StepStatus.FAILED
              || (step.error() != null && step.status() != StepStatus.SUCCEEDED);
      if (!keys.isEmpty() && (!manner || failed)) {
        again.add(step.path().name());
      }
    }
    return List.copyOf(again);
  }

  private Set<String> differentKeys(StepPath path) {
    Step old = before.step(path);
    Step now = after.step(path);
    if (old == null || now == null) {
      return Set.of();
    }
    Found is = new Found(after, after.workflowOf(path), now);
    Set<String> keys = keys(new Found(before, before.workflowOf(path), old), is);
    if (is.workflow.isEmpty() && reads(is.text(), inputs)) {
      keys.add("inputs");
    }
    return keys;
  }

  /** A step and where it stands. */
  private record Found(Resolved root, String workflow, Step step) {
    Resolved part() {
      return root.part(workflow);
    }

    JsonNode text() {
      return part().workflow().document().at(step.pointer());
    }
  }

  private static @Nullable Resolved part(Resolved root, String name) {
    return name.isEmpty() ? root : root.workflows().get(name);
  }

  private static String title(String part, String name) {
    String label = SkillGraph.label(part);
    return part.isEmpty() ? name : name.isEmpty() ? label : name + " of " + label;
  }

  private static void addDocument(String part, Resolved old, Resolved now, List<Change> changes) {
    JsonNode oldDocument = old.workflow().document();
    JsonNode document = now.workflow().document();
    for (String key : union(oldDocument.propertyNames(), document.propertyNames())) {
      JsonNode was = oldDocument.get(key);
      JsonNode is = document.get(key);
      String member = MEMBERS.get(key);
      if (key.equals("steps") || PROSE.contains(key)) {
        continue;
      }
      if (member != null) {
        addMembers(member, part, was, is, changes);
      } else if (!same(was, is)) {
        changes.add(new Change("workflow", title(part, ""), How.CHANGED, List.of(key)));
      }
    }
    addMembers("skill", part, skills(old), skills(now), changes);
  }

  private static JsonNode skills(Resolved part) {
    return JsonFields.object(part.skills(), ResolvedJson::skillText);
  }

  private static void addMembers(
      String what,
      String part,
      @Nullable JsonNode was,
      @Nullable JsonNode is,
      List<Change> changes) {
    Collection<String> old = was == null ? List.of() : was.propertyNames();
    Collection<String> now = is == null ? List.of() : is.propertyNames();
    for (String name : union(old, now)) {
      JsonNode one = was == null ? null : was.get(name);
      JsonNode other = is == null ? null : is.get(name);
      if (!same(one, other)) {
        How how = one == null ? How.ADDED : other == null ? How.REMOVED : How.CHANGED;
        changes.add(new Change(what, title(part, name), how, List.copyOf(differing(one, other))));
      }
    }
  }

  private void addSteps(String part, Resolved old, Resolved now, List<Change> changes) {
    Map<String, Step> oldSteps = steps(old);
    Map<String, Step> steps = steps(now);
    for (String name : union(oldSteps.keySet(), steps.keySet())) {
      Step one = oldSteps.get(name);
      Step other = steps.get(name);
      if (one == null || other == null) {
        How how = one == null ? How.ADDED : How.REMOVED;
        changes.add(new Change("step", title(part, name), how, List.of()));
        continue;
      }
      Set<String> keys = keys(new Found(before, part, one), new Found(after, part, other));
      if (!keys.isEmpty()) {
        changes.add(new Change("step", title(part, name), How.CHANGED, List.copyOf(keys)));
      }
    }
  }

  private static Map<String, Step> steps(Resolved part) {
    Map<String, Step> steps = new LinkedHashMap<>();
    part.workflow().allSteps().forEach(step -> steps.put(step.name(), step));
    return steps;
  }

  /** The keys of a step whose own value, or what it names, is different. */
  private Set<String> keys(Found old, Found now) {
    Set<String> keys = new LinkedHashSet<>();
    JsonNode oldText = old.text();
    JsonNode nowText = now.text();
    for (String key : union(oldText.propertyNames(), nowText.propertyNames())) {
      if (!key.equals("steps") && !same(oldText.get(key), nowText.get(key))) {
        keys.add(key);
      }
    }
    Map<String, Object> oldNamed = named(old);
    Map<String, Object> nowNamed = named(now);
    for (String key : union(oldNamed.keySet(), nowNamed.keySet())) {
      if (!Objects.equals(oldNamed.get(key), nowNamed.get(key))) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** What a step names and does not hold itself, by the key that names it. */
  private Map<String, Object> named(Found found) {
    Step step = found.step;
    Resolved part = found.part();
    String runs = part.runBy(found.workflow, step);
    if (runs != null) {
      return another(part.skillRunBy(step), part(found.root, runs));
    }
    return switch (step.verb()) {
      case Verb.Agent agent ->
          agent.agent().contains("$")
              ? agents(part.agents().keySet(), part)
              : agents(List.of(agent.agent().isEmpty() ? step.name() : agent.agent()), part);
      case Verb.Skill skill -> agents(List.of(step.name()), part);
      case Verb.Tool tool -> tool(tool.server() + "/" + tool.tool(), part);
      case Verb.Capability capability -> tool(part.bindings().get(capability.name()), part);
      case Verb.Subworkflow other -> Map.of();
      case Verb.Plan plan -> planner(plan, part);
      case Verb.Planned planned -> Map.of();
      case Verb.Ask ask -> Map.of();
      case Verb.SetValue set -> Map.of();
      case Verb.Wait wait -> Map.of();
      case Verb.Fail fail -> Map.of();
      case Verb.Group group -> Map.of();
    };
  }

  /** What a workflow takes and gives; its steps are compared by themselves. */
  private static Map<String, Object> another(@Nullable Skill skill, @Nullable Resolved run) {
    Map<String, Object> named = new LinkedHashMap<>();
    if (run != null) {
      named.put(
          "workflow", Canonical.json(run.workflow().inputSchema()) + run.workflow().outputs());
    }
    if (skill != null) {
      named.put("skill", Canonical.json(skill.inputSchema()) + skill.outputSchema());
    }
    return named;
  }

  /** Whoever writes a plan, and what it may use. */
  private Map<String, Object> planner(Verb.Plan plan, Resolved part) {
    List<String> names = new ArrayList<>(plan.agents());
    names.add(plan.agent());
    Map<String, Object> named = new LinkedHashMap<>(agents(names, part));
    List<Object> tools = new ArrayList<>();
    for (String name : plan.tools() == null ? List.<String>of() : plan.tools()) {
      tools.add(tool(name, part));
    }
    named.put("allow", tools);
    return named;
  }

  private Map<String, Object> tool(@Nullable String name, Resolved part) {
    ToolSpec tool = name == null ? null : part.tools().get(name);
    return !live || tool == null ? Map.of() : Map.of("tool", tool.fullName() + tool.digest());
  }

  private Map<String, Object> agents(Collection<String> names, Resolved part) {
    List<Object> agents = new ArrayList<>();
    List<Object> skills = new ArrayList<>();
    List<Object> models = new ArrayList<>();
    List<Object> tools = new ArrayList<>();
    for (String name : names) {
      Agent agent = part.agents().get(name);
      if (agent == null) {
        continue;
      }
      agents.add(
          List.of(
              String.valueOf(agent.model()),
              String.valueOf(agent.skill()),
              String.valueOf(agent.instructions()),
              String.valueOf(agent.instructedBy()),
              agent.policy(),
              agent.planTools()));
      if (agent.skill() != null && part.skills().containsKey(agent.skill())) {
        skills.add(Canonical.json(ResolvedJson.skillText(part.skills().get(agent.skill()))));
      }
      String alias = agent.model() == null ? Conversations.DEFAULT_MODEL : agent.model();
      models.add(part.models().getOrDefault(alias, List.of()));
      for (String tool : part.agentTools().getOrDefault(name, List.of())) {
        ToolSpec spec = part.tools().get(tool);
        tools.add(tool + (spec == null ? "" : spec.digest()));
      }
    }
    Map<String, Object> named = new LinkedHashMap<>(Map.of("agent", agents, "skill", skills));
    if (live) {
      named.put("model", models);
      named.put("tools", tools);
    }
    return named;
  }

  /** Whether a text anywhere in the value may speak of one of the inputs; rather yes than no. */
  private static boolean reads(JsonNode value, Set<String> inputs) {
    if (inputs.isEmpty()) {
      return false;
    }
    Pattern names =
        Pattern.compile(
            "(?<![A-Za-z0-9_])(inputs|"
                + String.join("|", inputs.stream().map(Pattern::quote).toList())
                + ")(?![A-Za-z0-9_])");
    return mentions(value, names);
  }

  private static boolean mentions(JsonNode value, Pattern names) {
    if (value.isString()) {
      return names.matcher(value.stringValue()).find();
    }
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (!entry.getKey().equals("steps") && mentions(entry.getValue(), names)) {
        return true;
      }
    }
    for (JsonNode item : value.isArray() ? value : List.<JsonNode>of()) {
      if (mentions(item, names)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> differing(@Nullable JsonNode one, @Nullable JsonNode other) {
    if (one == null || other == null || !one.isObject() || !other.isObject()) {
      return Set.of();
    }
    Set<String> keys = new LinkedHashSet<>();
    for (String key : union(one.propertyNames(), other.propertyNames())) {
      if (!same(one.get(key), other.get(key))) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static boolean same(@Nullable JsonNode one, @Nullable JsonNode other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return Canonical.json(one).equals(Canonical.json(other));
  }

  private static Set<String> union(Collection<String> some, Collection<String> others) {
    Set<String> all = new LinkedHashSet<>(some);
    all.addAll(others);
    return Collections.unmodifiableSet(all);
  }
}
