package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.BoundCapability;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.check.Locks.Mode;
import dev.workflow.check.RankedSkills;
import dev.workflow.definition.Agent;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ShellWords;
import dev.workflow.engine.SkillGraph;
import dev.workflow.run.RunState;
import dev.workflow.trace.GraphText;
import dev.workflow.trace.PlanGraph;
import dev.workflow.trace.RunGraph;
import dev.workflow.trace.StepGraph;
import dev.workflow.trace.Words;
import dev.workflow.yaml.YamlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code workflow inspect}. */
final class InspectCommand {
  private final Argument<String> target =
      Argument.parameter(
          "FILE|RUN",
          String.class,
          "A workflow file, or a run: its id, a unique beginning of it, or last.");
  private final Argument<GraphText.@Nullable Form> graph =
      Argument.optionOrNull(
          "--graph=FORM", GraphText.Form.class, "The graph alone, as ${COMPLETION-CANDIDATES}.");
  private final Argument<Boolean> full =
      Argument.flag("--full", "The long form that the engine runs, as YAML.");
  private final Argument<Boolean> explain =
      Argument.flag(
          "--explain", "Of each capability how likely the ranking takes the tools to be meant.");
  private final Argument<DataFormat> output =
      DataFormat.option("Of --full: ${COMPLETION-CANDIDATES}; text is YAML (default text).");
  private final ModelOptions models = new ModelOptions();
  private final EngineOptions engineOptions = new EngineOptions();
  private final LockOption lock = new LockOption();
  private final Context context;
  private final Terminal terminal;

  InspectCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  private static final int EXPLAINED_MAX = 5;

  /**
   * What is shown.
   *
   * @param ranked explains bindings; absent: they are not explained
   */
  private record Shown(
      Resolved resolved,
      StepGraph graph,
      List<BoundCapability> bindings,
      @Nullable RunState run,
      @Nullable RankedSkills ranked) {}

  Command command() {
    return new Command(
            this::call,
            "Shows the graph of a workflow, or of what a run has run and where it stands.",
            "○ to do  ◉ at work  ● succeeded  ✗ failed  ? in doubt  – not run",
            "∥ other steps can run at the same time. Nothing is started.")
        .takes(target, graph, full, explain, output, models, engineOptions, lock)
        .footer(
            "",
            "Examples:",
            "  workflow inspect travel.yaml",
            "  workflow inspect last",
            "  workflow inspect travel.yaml --graph mermaid",
            "  workflow inspect travel.yaml --full");
  }

  private int call() {
    String named = target.value();
    try (WorkflowEngine engine = engineOptions.open(context)) {
      lock.apply(engine, context, Mode.TELL);
      Path file = Path.of(named);
      return named.equals("-") || Files.exists(file) ? file(engine, file) : run(engine, named);
    }
  }

  /** Shows a file. */
  int file(WorkflowEngine engine, Path file) {
    Source source = Source.of(file, context.in());
    Checked checked =
        engine.check(
            new CheckRequest(source.path(), source.text(), false, models.wishes(engine), Map.of()),
            Set.of());
    if (checked.tools() != null) {
      checked.tools().close();
    }
    terminal.problems(checked.problems());
    Checked.Definition definition = checked.definition();
    if (definition != null) {
      StepGraph steps = PlanGraph.of(definition.plan(), definition.resolved().workflow());
      RankedSkills ranked = explain.value() ? engine.rankedSkills() : null;
      show(new Shown(definition.resolved(), steps, definition.bindings(), null, ranked));
    }
    return ExitCode.of(checked.problems(), false);
  }

  private int run(WorkflowEngine engine, String named) {
    if (named.contains("/") || named.endsWith(".yaml") || named.endsWith(".yml")) {
      throw new UsageException("There is no file " + ShellWords.quoted(named) + ".");
    }
    RunDrawing drawing = RunDrawing.of(engine, named, RunGraph.Detail.STANDING);
    show(new Shown(drawing.resolved(), drawing.graph(), List.of(), drawing.run(), null));
    return ExitCode.SUCCEEDED;
  }

  private void show(Shown shown) {
    Workflow workflow = shown.resolved().workflow();
    if (full.value()) {
      if (output.value() == DataFormat.json) {
        terminal.prettyJson(workflow.document());
      } else {
        terminal.data(YamlText.of(workflow.document()).stripTrailing());
        shown.resolved().workflows().forEach(this::longForm);
      }
      return;
    }
    GraphText.Form form = graph.value();
    if (form != null) {
      terminal.data(GraphText.of(shown.graph(), form));
      return;
    }
    title(workflow, shown.run());
    terminal.data("");
    GraphText.lines(shown.graph()).forEach(terminal::data);
    workflows(shown.resolved());
    agents(shown.resolved());
    bindings(shown);
  }

  /** Of a workflow that steps run: as a comment, so that the whole stays one file. */
  private void longForm(String name, Resolved other) {
    terminal.data("\n# " + SkillGraph.label(name));
    YamlText.of(other.workflow().document())
        .stripTrailing()
        .lines()
        .forEach(line -> terminal.data(("#   " + line).stripTrailing()));
  }

  private void title(Workflow workflow, @Nullable RunState run) {
    String version = workflow.version() == null ? "" : " " + workflow.version();
    int inside = workflow.allSteps().size() - workflow.steps().size();
    terminal.data(
        "%s%s: %s%s"
            .formatted(
                workflow.name(),
                version,
                Words.counted(workflow.steps().size(), "step"),
                inside == 0 ? "" : ", " + inside + " inside"));
    if (workflow.description() != null) {
      terminal.data(workflow.description());
    }
    if (run != null) {
      terminal.data("Run " + run.start().run() + " " + run.status().word() + ".");
    }
  }

  private void workflows(Resolved resolved) {
    if (resolved.workflows().isEmpty()) {
      return;
    }
    terminal.data("");
    terminal.data("Workflows");
    resolved
        .workflows()
        .forEach(
            (name, other) ->
                terminal.data(
                    "  %s: %s"
                        .formatted(
                            SkillGraph.label(name),
                            Words.counted(other.workflow().allSteps().size(), "step"))));
  }

  private void agents(Resolved resolved) {
    if (resolved.agents().isEmpty()) {
      return;
    }
    terminal.data("");
    terminal.data("Agents");
    for (Agent agent : resolved.agents().values()) {
      String skill = agent.skill() == null ? "" : ", skill " + agent.skill();
      terminal.data("  " + agent.name() + ": " + works(resolved, agent) + skill);
      List<String> tools = resolved.agentTools().getOrDefault(agent.name(), List.of());
      if (!tools.isEmpty()) {
        terminal.data("    tools: " + String.join(", ", tools));
      }
      if (agent.planTools()) {
        terminal.data("    writes and runs plans over its tools as it sees fit");
      }
    }
  }

  private static String works(Resolved resolved, Agent agent) {
    Skill skill = agent.skill() == null ? null : resolved.skills().get(agent.skill());
    return skill == null || skill.workflow() == null
        ? model(resolved, agent)
        : "runs " + skill.workflow();
  }

  private static String model(Resolved resolved, Agent agent) {
    String alias = agent.model() == null ? "default" : agent.model();
    if (resolved.answers() != null) {
      return "model " + alias + ", by scripted answers";
    }
    List<String> names =
        resolved.models().getOrDefault(alias, List.of()).stream().map(ModelRef::name).toList();
    return "model " + alias + (names.isEmpty() ? "" : " by " + String.join(", else ", names));
  }

  private void bindings(Shown shown) {
    if (shown.resolved().bindings().isEmpty() && shown.bindings().isEmpty()) {
      return;
    }
    terminal.data("");
    terminal.data("Capabilities");
    if (shown.bindings().isEmpty()) {
      shown
          .resolved()
          .bindings()
          .forEach(
              (capability, tool) ->
                  terminal.data("  " + capability + " by " + tool + others(shown, capability)));
    }
    for (BoundCapability bound : shown.bindings()) {
      terminal.data(
          "  %s %s, for %s: %s%s"
              .formatted(
                  bound.capability(),
                  bound.tool().isEmpty() ? "by none, as it is optional" : "by " + bound.tool(),
                  bound.owner(),
                  bound.reason(),
                  others(shown, bound.capability())));
      explain(shown.ranked(), bound);
    }
  }

  /** Whatever a capability was bound by, how likely the ranking alone takes each tool to be. */
  private void explain(@Nullable RankedSkills ranked, BoundCapability bound) {
    if (ranked == null || bound.candidates().isEmpty()) {
      return;
    }
    List<String> likely = ranked.explained(bound.capability(), bound.candidates());
    String listed =
        likely.isEmpty()
            ? "none has anything in common with it"
            : String.join(", ", likely.subList(0, Math.min(EXPLAINED_MAX, likely.size())));
    terminal.data(
        "    of %s, by %s alone: %s"
            .formatted(Words.counted(bound.candidates().size(), "tool"), ranked.method(), listed));
  }

  /** The tools that take over after a failure. */
  private static String others(Shown shown, String capability) {
    List<String> others = shown.resolved().alternatives().getOrDefault(capability, List.of());
    return others.isEmpty() ? "" : "; after a failure " + String.join(", then ", others);
  }
}
