package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.BoundCapability;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Durations;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Workspace;
import dev.workflow.skills.InstalledSkill;
import dev.workflow.skills.SkillFolders;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow skill inspect}: what a skill would do here, before anything is started. */
final class SkillInspection {
  private static final int WIDTH = 300;
  private static final String UNKNOWN = "not known";

  private final Argument<String> name = Argument.parameter("NAME", String.class, SkillTarget.WHICH);
  private final Argument<Map<String, String>> bindings = SkillTarget.bindings();
  private final Argument<DataFormat> output = DataFormat.option();
  private final ModelOptions models = ModelOptions.withAnswers();
  private final EngineOptions engineOptions = new EngineOptions();
  private final Context context;
  private final Terminal terminal;

  SkillInspection(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command command() {
    return new Command(
            this::call,
            "Shows what a skill is bound to and why, what its policy forbids and how that is",
            "enforced, its effects, what a run of it costs at most, its files and its source.",
            "Starts nothing.")
        .takes(name, bindings, models, engineOptions, output)
        .footer(
            "",
            "Examples:",
            "  workflow skill inspect travel-plan",
            "  workflow skill inspect travel-plan -o json");
  }

  private int call() {
    try (WorkflowEngine engine = engineOptions.open(context)) {
      return inspect(engine, engine.skills().named(name.value(), SkillOptions.here()));
    }
  }

  private int inspect(WorkflowEngine engine, SkillFolders.Named named) {
    Set<String> all = Set.copyOf(named.skill().inputSchema().path("properties").propertyNames());
    Source source = SkillTarget.source(named, bindings.value(), all, models.answers());
    Checked checked =
        PlanKeeping.checked(
            engine,
            new CheckRequest(source.path(), source.text(), false, models.wishes(engine), Map.of()));
    List<Problem> problems =
        checked.problems().stream()
            .map(problem -> SkillTarget.ofSkill(problem, source, named.skill()))
            .toList();
    terminal.problems(problems);
    ObjectNode answer = describe(engine, named, checked);
    if (output.value() == DataFormat.json) {
      ArrayNode list = answer.putArray("problems");
      problems.forEach(problem -> list.add(ProblemJson.of(problem)));
      terminal.json(answer);
    } else {
      print(answer);
    }
    return ExitCode.of(problems, false);
  }

  private static ObjectNode describe(
      WorkflowEngine engine, SkillFolders.Named named, Checked checked) {
    Skill skill = named.skill();
    Checked.Definition definition = checked.definition();
    Path folder = Path.of(skill.folder());
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("name", skill.name()).put("version", skill.version());
    answer.put("description", skill.description());
    answer.put("folder", skill.folder());
    source(engine, named, answer.putObject("source"));
    engine.skills().license(folder).ifPresent(license -> answer.put("license", license));
    if (skill.workflow() == null) {
      answer.putObject("runs").put("instructions", skill.instructions().length());
    } else {
      answer.putObject("runs").put("workflow", skill.workflow());
    }
    answer.set("inputs", skill.inputSchema());
    answer.set(
        "output",
        skill.outputSchema() == null ? JsonNodeFactory.instance.nullNode() : skill.outputSchema());
    policy(skill.policy(), answer.putArray("policy"));
    ArrayNode files = answer.putArray("files");
    skill
        .files()
        .forEach(
            file -> files.addObject().put("path", file.path()).put("chars", file.text().length()));
    if (definition != null) {
      Map<String, ToolSpec> tools = tools(definition.resolved());
      boolean known = capabilities(definition, skill, tools, answer.putArray("capabilities"));
      known &=
          checked.problems().stream()
              .noneMatch(problem -> problem.severity() == Severity.UNVERIFIED);
      effects(tools, known, answer.putObject("effects"));
      bound(definition, skill, answer.putObject("cost_bound"));
    }
    return answer;
  }

  private static void source(WorkflowEngine engine, SkillFolders.Named named, ObjectNode source) {
    Path folder = Path.of(named.skill().folder()).normalize();
    Optional<InstalledSkill> installed =
        engine.packages(Workspace.of(named.from()), null, null).list().stream()
            .filter(each -> each.folder().toAbsolutePath().normalize().equals(folder))
            .findFirst();
    installed.ifPresent(
        each -> {
          source.put("scope", each.scope().name()).put("state", each.state().words());
          if (each.source() != null) {
            source.put("from", each.source());
          }
          if (each.commit() != null) {
            source.put("commit", each.commit());
          }
        });
  }

  /** Each line of the policy, and what holds a run to it. */
  private static void policy(Policy policy, ArrayNode lines) {
    line(
        lines,
        "allow_web",
        String.valueOf(policy.allowWeb()),
        policy.allowWeb()
            ? "nothing is taken away"
            : "no tool that serves web_search or fetch_url is bound; the check before the run"
                + " refuses one");
    line(
        lines,
        "allow_code_exec",
        String.valueOf(policy.allowCodeExec()),
        policy.allowCodeExec()
            ? "nothing is taken away; the skill's own scripts are never run"
            : "no tool that serves code_execution is bound; the check before the run refuses one");
    line(
        lines,
        "deterministic",
        String.valueOf(policy.deterministic()),
        policy.deterministic()
            ? "each request to a model says temperature 0 and a fixed seed"
            : "models answer as they are set");
    Integer calls = policy.maxToolCalls();
    line(
        lines,
        "max_tool_calls",
        calls == null ? "none" : calls.toString(),
        calls == null
            ? "only the limit of the run counts"
            : "counted by the engine; a call beyond it is not made, and the step fails");
  }

  private static void line(ArrayNode lines, String key, String value, String how) {
    lines.addObject().put("key", key).put("value", value).put("enforced", how);
  }

  /** Adds them; tells whether it is known what serves each of them. */
  private static boolean capabilities(
      Checked.Definition definition, Skill skill, Map<String, ToolSpec> tools, ArrayNode list) {
    Set<String> unknown = new LinkedHashSet<>(skill.required());
    unknown.addAll(skill.optional());
    for (BoundCapability bound : definition.bindings()) {
      unknown.remove(bound.capability());
      ObjectNode node = list.addObject().put("capability", bound.capability());
      ToolSpec tool = tools.get(bound.tool());
      if (!bound.tool().isEmpty()) {
        node.put("tool", bound.tool());
      }
      if (tool != null) {
        node.put("effect", tool.effect().word());
      }
      node.put("known", true).put("reason", bound.reason());
    }
    for (String capability : unknown) {
      list.addObject().put("capability", capability).put("known", false).put("reason", UNKNOWN);
    }
    return unknown.isEmpty();
  }

  private static void effects(Map<String, ToolSpec> tools, boolean known, ObjectNode effects) {
    Map<String, Effect> byName = new TreeMap<>();
    tools.forEach((each, tool) -> byName.put(each, tool.effect()));
    ObjectNode each = effects.putObject("tools");
    byName.forEach((tool, effect) -> each.put(tool, effect.word()));
    String worst =
        byName.values().stream().max(Comparator.naturalOrder()).map(Effect::word).orElse("none");
    effects.put("worst", known ? worst : UNKNOWN);
  }

  /** The tools of the skill, and of the workflow that it brings. */
  private static Map<String, ToolSpec> tools(Resolved resolved) {
    Map<String, ToolSpec> tools = new LinkedHashMap<>(resolved.tools());
    resolved.workflows().values().forEach(other -> tools.putAll(other.tools()));
    return tools;
  }

  /** What a run uses at most, by the limits that hold where none is given. */
  private static void bound(Checked.Definition definition, Skill skill, ObjectNode bound) {
    Limits limits = definition.resolved().workflow().limits();
    Allowance budget = limits.budget();
    Integer own = skill.policy().maxToolCalls();
    Integer calls = budget.toolCalls();
    Integer fewest =
        own == null ? calls : calls == null ? own : Integer.valueOf(Math.min(own, calls));
    bound.put("tool_calls", fewest).put("model_calls", budget.modelCalls());
    bound.put("tokens", budget.tokens());
    bound.put("cost", budget.cost() == null ? null : budget.cost().toString());
    bound.put("time", Durations.text(limits.time()));
    ArrayNode unpriced = bound.putArray("unpriced");
    definition.unpriced().forEach(unpriced::add);
    bound.put("simulated", definition.simulated());
  }

  private void print(ObjectNode answer) {
    data(
        "%s %s: %s"
            .formatted(text(answer, "name"), text(answer, "version"), text(answer, "description")));
    data("Folder: %s".formatted(text(answer, "folder")));
    JsonNode source = answer.path("source");
    data(
        "Source: %s"
            .formatted(
                source.isEmpty()
                    ? "a folder that no command has installed"
                    : text(source, "scope")
                        + ", "
                        + text(source, "state")
                        + (source.has("from") ? ", from " + text(source, "from") : "")
                        + (source.has("commit") ? " at commit " + text(source, "commit") : "")));
    data(
        "Licence: %s".formatted(answer.has("license") ? text(answer, "license") : "none is named"));
    JsonNode runs = answer.path("runs");
    data(
        "Runs: %s"
            .formatted(
                runs.has("workflow")
                    ? text(runs, "workflow") + ", in the place of a model"
                    : "a model that follows %,d characters of instructions"
                        .formatted(runs.path("instructions").asInt())));
    data("Inputs: %s".formatted(inputs(answer.path("inputs"))));
    data(
        "Output: %s"
            .formatted(answer.path("output").isNull() ? "any text" : "checked by its JSON Schema"));
    printed("Capabilities", answer.path("capabilities"), SkillInspection::capability);
    printed(
        "Policy",
        answer.path("policy"),
        line -> text(line, "key") + ": " + text(line, "value") + " - " + text(line, "enforced"));
    if (answer.has("effects")) {
      data("");
      String worst = text(answer.path("effects"), "worst");
      data("Effects: %s".formatted(worst.equals(UNKNOWN) ? worst : "at most " + worst));
      answer
          .at("/effects/tools")
          .properties()
          .forEach(tool -> data("  %s: %s".formatted(tool.getKey(), tool.getValue().asString(""))));
      data("");
      bound(answer.path("cost_bound"));
    }
    printed(
        "Files that the agent may read",
        answer.path("files"),
        file -> "%s, %,d characters".formatted(text(file, "path"), file.path("chars").asInt()));
  }

  private void bound(JsonNode bound) {
    data(
        "A run takes at most %s tool calls, %s model calls, %s tokens and %s of work."
            .formatted(
                count(bound, "tool_calls"),
                count(bound, "model_calls"),
                count(bound, "tokens"),
                text(bound, "time")));
    String unpriced =
        String.join(", ", bound.path("unpriced").valueStream().map(JsonNode::asString).toList());
    data(
        "  %s"
            .formatted(
                bound.path("simulated").asBoolean()
                    ? "It costs nothing: answers are scripted."
                    : !unpriced.isEmpty()
                        ? "Money is not bounded: the price of %s is not known; give it with --prices."
                            .formatted(unpriced)
                        : "Money is not bounded until skill run is given --limit cost='1.00 USD'."));
  }

  private static String count(JsonNode bound, String key) {
    JsonNode count = bound.path(key);
    return count.isNull() ? "any number of" : "%,d".formatted(count.asInt());
  }

  private static String capability(JsonNode bound) {
    if (!bound.path("known").asBoolean()) {
      return text(bound, "capability") + ": " + UNKNOWN;
    }
    String tool = bound.has("tool") ? "by " + text(bound, "tool") : "by none, as it is optional";
    String effect = bound.has("effect") ? " (" + text(bound, "effect") + ")" : "";
    return text(bound, "capability") + " " + tool + effect + ": " + text(bound, "reason");
  }

  private static String inputs(JsonNode schema) {
    List<String> required = schema.path("required").valueStream().map(JsonNode::asString).toList();
    List<String> inputs =
        schema.path("properties").properties().stream()
            .map(
                input ->
                    input.getKey()
                        + ": "
                        + input.getValue().path("type").asString("any value")
                        + (required.contains(input.getKey()) ? "" : ", optional"))
            .toList();
    return inputs.isEmpty() ? "a query" : String.join("; ", inputs);
  }

  private void printed(String title, JsonNode list, Function<JsonNode, String> line) {
    if (!list.isEmpty()) {
      data("");
      data(title);
      list.forEach(each -> data("  " + line.apply(each)));
    }
  }

  private static String text(JsonNode node, String key) {
    return node.path(key).asString("");
  }

  private void data(String line) {
    String indentation = line.startsWith("  ") ? "  " : "";
    terminal.data(indentation + Printable.line(line, WIDTH));
  }
}
