package dev.workflow.cli;

import dev.workflow.assembly.Plans.Kept;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.yaml.YamlText;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow plan}. */
final class PlanCommand {

  /** What names a plan. */
  static final String WHICH = "Id of a plan, or a unique beginning of it.";

  private final Command command =
      new Command(
          this::call,
          "Makes, lists, shows, runs, resumes and deletes plans.",
          "A plan is a workflow that was made for a goal; it is kept until it is deleted.");
  private final Context context;
  private final Terminal terminal;

  PlanCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command command() {
    return command
        .with("create", PlanCreation.command(context))
        .with("delete", delete())
        .with("list", list())
        .with("resume", resume())
        .with("run", RunCommand.ofPlans(context))
        .with("show", show());
  }

  private int call() {
    throw command.mistake(
        "Expected one of create, list, show, run, resume, delete, found nothing.");
  }

  private static Argument<String> one() {
    return Argument.parameter("PLAN", String.class, WHICH);
  }

  private WorkflowEngine engine() {
    return new EngineOptions().open(context);
  }

  private Command list() {
    Argument<DataFormat> output = DataFormat.option();
    return new Command(() -> list(output.value()), "Lists all plans.").takes(output);
  }

  private int list(DataFormat output) {
    try (WorkflowEngine engine = engine()) {
      List<Kept> plans = engine.plans().list();
      switch (output) {
        case json -> terminal.json(json(plans));
        case text -> print(plans);
      }
      return ExitCode.SUCCEEDED;
    }
  }

  private void print(List<Kept> plans) {
    if (plans.isEmpty()) {
      terminal.say("There is no plan yet. Make one: " + context.line("plan", "create", "GOAL"));
      return;
    }
    Columns columns = new Columns("PLAN", "STEPS", "CREATED", "GOAL");
    for (Kept plan : plans) {
      PlanHeader header = plan.header();
      Workflow workflow = plan.workflow();
      columns.row(
          plan.id(),
          workflow == null ? "?" : Integer.toString(workflow.allSteps().size()),
          header == null || header.created() == null ? "?" : header.created(),
          header == null ? "cannot be read: " + plan.file() : header.goal());
    }
    columns.lines().forEach(terminal::data);
  }

  private static ObjectNode json(List<Kept> plans) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("plans");
    for (Kept plan : plans) {
      ObjectNode node = list.addObject().put("id", plan.id()).put("file", plan.file().toString());
      if (plan.header() != null) {
        node.put("goal", plan.header().goal()).put("created", plan.header().created());
      }
      ArrayNode problems = node.putArray("problems");
      plan.problems().forEach(problem -> problems.add(problem.message()));
    }
    return answer;
  }

  private Command show() {
    Argument<String> plan = one();
    Argument<Boolean> full =
        Argument.flag("--full", "The workflow that the plan is of, as YAML for a file.");
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> show(plan.value(), full.value(), output.value()),
            "Shows a plan: its goal, its reasons and its graph. Starts nothing.")
        .takes(plan, full, output)
        .footer(
            "",
            "Examples:",
            "  workflow plan show raglan-3f2a91",
            "  workflow plan show raglan-3f2a91 --full > raglan.yaml");
  }

  private int show(String name, boolean full, DataFormat output) {
    try (WorkflowEngine engine = engine()) {
      Kept plan = engine.plans().find(name);
      Workflow workflow = plan.workflow();
      if (workflow == null || plan.header() == null) {
        terminal.problems(plan.problems());
        return ExitCode.of(plan.problems(), false);
      }
      JsonNode document = workflow.document();
      JsonNode wanted = full ? PlanHeader.without(document) : document;
      if (output == DataFormat.json) {
        terminal.prettyJson(wanted);
        return ExitCode.SUCCEEDED;
      }
      if (full) {
        terminal.data(YamlText.of(wanted).stripTrailing());
        return ExitCode.SUCCEEDED;
      }
      return describe(terminal, new InspectCommand(context), engine, plan);
    }
  }

  /** The plan for people. */
  static int describe(
      Terminal terminal, InspectCommand inspection, WorkflowEngine engine, Kept plan) {
    PlanHeader header = plan.header();
    if (header != null) {
      line(terminal, "Plan", plan.id());
      line(terminal, "Goal", header.goal());
      line(terminal, "Reasons", header.reasons());
      line(terminal, "Created", header.created());
      line(terminal, "Written in run", header.run());
      line(terminal, "Works in", header.folder());
      terminal.data("");
    }
    return inspection.file(engine, plan.file());
  }

  private static void line(Terminal terminal, String what, @Nullable String text) {
    if (text != null) {
      terminal.data(what + ": " + Printable.line(text, 1_000));
    }
  }

  private Command resume() {
    return new ResumeCommand(context, one(), this::lastRun).command();
  }

  /** The newest run of the plan that has not ended. */
  private String lastRun(WorkflowEngine engine, String name) {
    Kept plan = engine.plans().find(name);
    Workflow workflow = plan.workflow();
    for (RunSummary run : engine.journal().runs()) {
      if (workflow != null
          && run.workflow().equals(workflow.name())
          && !run.status().ended()
          && isOf(engine, run, plan)) {
        return run.run();
      }
    }
    throw new UsageException(
        "There is no run of plan %s to go on with. Begin one: %s"
            .formatted(plan.id(), context.line("plan", "run", plan.id())));
  }

  private static boolean isOf(WorkflowEngine engine, RunSummary run, Kept plan) {
    JsonNode document = engine.state(run.run()).start().definition().path("workflow");
    return PlanHeader.of(document).filter(header -> plan.id().equals(header.id())).isPresent();
  }

  private Command delete() {
    Argument<List<String>> plans = Argument.parameters("PLAN", String.class, "The plans.");
    return new Command(() -> delete(plans.value()), "Deletes plans; their runs stay.").takes(plans);
  }

  private int delete(List<String> names) {
    try (WorkflowEngine engine = engine()) {
      List<String> ids = names.stream().map(name -> engine.plans().find(name).id()).toList();
      for (String id : ids.stream().distinct().toList()) {
        engine.plans().delete(id);
        terminal.say("Deleted plan " + id + ".");
      }
      return ExitCode.SUCCEEDED;
    }
  }
}
