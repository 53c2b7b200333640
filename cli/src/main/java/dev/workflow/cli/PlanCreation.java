package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.Folder;
import dev.workflow.definition.Problem;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import dev.workflow.yaml.PlanText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code workflow plan create}. A model plans in a run like any other, so that its turns are
 * journaled, bounded and can be taken up again; what it has planned is kept and never run by
 * itself.
 */
final class PlanCreation {

  /** Of the run in which the model plans, and of its only step. */
  private static final String NAME = PlanKeeping.NAME;

  /** The agent that plans, and the one whom plans may ask. */
  private static final String PLANNER = "planner";

  private static final String ASSISTANT = "assistant";

  private final Argument<@Nullable String> goal =
      Argument.parameterOrNull("GOAL", String.class, "What the plan is to reach.");
  private final Argument<@Nullable String> servers =
      Argument.optionOrNull(
          "--servers=A,B",
          String.class,
          "The MCP servers whose tools the plan may call (default: all that are defined here).");
  private final Argument<@Nullable String> skill =
      Argument.optionOrNull(
          "--skill=NAME",
          String.class,
          "Plans by the know-how of a skill, with the tools that it is bound to.");
  private final Argument<@Nullable String> model =
      Argument.optionOrNull(
          "--model=MODEL",
          String.class,
          "The model that plans, and that the plan's agent asks: provider/model, or an alias of"
              + " models.yaml (default: the alias default).");
  private final Argument<@Nullable Path> simulate =
      Argument.optionOrNull(
          "--simulate=FILE", Path.class, "Plans by scripted answers; no model is asked.");
  private final Argument<@Nullable Path> from =
      Argument.optionOrNull(
          "--from=FILE", Path.class, "Makes a plan of a workflow file; no model is asked.");
  private final Launch launch;
  private final Context context;
  private final Terminal terminal;

  private PlanCreation(Context context) {
    this.context = context;
    this.terminal = context.terminal();
    this.launch = new Launch(context);
  }

  static Command command(Context context) {
    PlanCreation creation = new PlanCreation(context);
    return new Command(
            creation::call,
            "Has a model write a plan for a goal, checks it and keeps it.",
            "It is repaired at most twice, and never run by itself.")
        .takes(
            creation.goal,
            creation.servers,
            creation.skill,
            creation.model,
            creation.simulate,
            creation.from,
            creation.launch)
        .footer(
            "",
            "Examples:",
            "  workflow plan create 'A day at the sea near Raglan' --servers travel",
            "  workflow plan create --from travel.yaml 'A day trip'");
  }

  private int call() {
    Path file = from.value();
    String wanted = goal.value();
    if (file == null && (wanted == null || wanted.isBlank())) {
      throw new UsageException(
          "Expected a goal, such as: " + context.line("plan", "create", "A day in Raglan"));
    }
    WorkflowEngine engine = launch.open();
    try (Interruption interruption = Interruption.watch(engine)) {
      return file == null
          ? plan(engine, String.valueOf(wanted), interruption)
          : convert(engine, file, wanted);
    }
  }

  /** A plan of a workflow that somebody wrote. */
  private int convert(WorkflowEngine engine, Path file, @Nullable String wanted) {
    Checked checked =
        PlanKeeping.checked(engine, new CheckRequest(file, null, false, wishes(engine), Map.of()));
    Checked.Definition definition = checked.definition();
    if (!checked.isOk() || definition == null) {
      return launch.refused(checked.problems());
    }
    terminal.problems(checked.problems());
    String described = definition.resolved().workflow().description();
    String purpose =
        wanted != null
            ? wanted
            : described != null ? described : definition.resolved().workflow().name();
    Path folder = Folder.of(definition.resolved().workflow(), file);
    return new PlanKeeping(context, launch.options())
        .keep(engine, definition, purpose, null, null, folder);
  }

  private int plan(WorkflowEngine engine, String wanted, Interruption interruption) {
    launch.claim(engine);
    ObjectNode inputs = JsonNodeFactory.instance.objectNode().put("goal", wanted);
    Source source = new Source(Path.of(NAME + ".json"), PlanText.of(planning(engine, wanted)));
    Launch.Task task = launch.check(engine, source, inputs, true, wishes(engine), Map.of());
    if (task == null) {
      return ExitCode.UNTRUSTED;
    }
    List<Problem> against = launch.against(task);
    if (!against.isEmpty()) {
      task.close();
      return launch.refused(against);
    }
    return launch.start(
        engine,
        task,
        interruption,
        (views, state) -> new PlanKeeping(context, launch.options()).planned(engine, views, state));
  }

  /** The workflow in which the model plans. */
  private ObjectNode planning(WorkflowEngine engine, String wanted) {
    ObjectNode workflow = PlanKeeping.planningFor(wanted);
    workflow.putObject("inputs").put("goal", "string");
    if (simulate.value() != null) {
      workflow.put("simulate", simulate.value().toAbsolutePath().toString());
    }
    ObjectNode agents = workflow.putObject("agents");
    agent(engine, agents.putObject(PLANNER))
        .put("instructions", "You plan what others will carry out.");
    agent(engine, agents.putObject(ASSISTANT))
        .put("instructions", "You do one step of a plan, and answer with its result alone.");
    ObjectNode step = workflow.putObject("steps").putObject(NAME);
    step.put("plan", PLANNER).put("prompt", "${goal}");
    step.putObject("allow").putArray("agents").add(ASSISTANT);
    workflow.putObject("outputs").put(PlanKeeping.OUTPUT, "${" + NAME + "}");
    return workflow;
  }

  private ObjectNode agent(WorkflowEngine engine, ObjectNode agent) {
    if (model.value() != null) {
      agent.put("model", model.value());
    }
    if (skill.value() != null) {
      agent.put("skill", skill.value());
    }
    ArrayNode names = agent.putArray("servers");
    servers(engine).forEach(names::add);
    return agent;
  }

  private List<String> servers(WorkflowEngine engine) {
    String named = servers.value();
    if (named != null) {
      return Arrays.stream(named.split(",", -1))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .distinct()
          .toList();
    }
    ServerList all = engine.servers(null);
    return all.entries().values().stream()
        .filter(ServerEntry::enabled)
        .map(ServerEntry::alias)
        .toList();
  }

  private ModelWishes wishes(WorkflowEngine engine) {
    ModelWishes wishes = new ModelOptions().wishes(engine);
    return simulate.value() == null
        ? wishes
        : new ModelWishes(true, false, wishes.shared(), wishes.chosen(), wishes.prices());
  }
}
