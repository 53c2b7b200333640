package dev.workflow.cli;

import dev.workflow.assembly.Plans.Kept;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.definition.PlanHeader;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.yaml.PlanText;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the plan that a run was made to write, whichever command brings that run to its end. Such a
 * run is known by its definition: it came from no file, and says what goal it plans for.
 */
final class PlanKeeping {

  /** Of the run in which a model plans. */
  static final String NAME = "plan";

  /** The output of that run. */
  static final String OUTPUT = "plan";

  private static final int NAME_CHARS = 60;
  private final Context context;
  private final Terminal terminal;
  private final RunOptions options;

  PlanKeeping(Context context, RunOptions options) {
    this.context = context;
    this.terminal = context.terminal();
    this.options = options;
  }

  /** The beginning of a workflow in which a model plans, here. */
  static ObjectNode planningFor(String goal) {
    Path here = Path.of("").toAbsolutePath();
    ObjectNode workflow = JsonNodeFactory.instance.objectNode().put("name", NAME);
    return new PlanHeader(null, goal, null, null, null, here.toString(), Map.of(), Map.of())
        .over(workflow);
  }

  /** What a run plans for; empty: it is a run like any other. */
  private static Optional<PlanHeader> purpose(WorkflowEngine engine, RunState run) {
    return run.start().workflow().equals(NAME) && engine.origin(run).isEmpty()
        ? PlanHeader.of(run.definition().path("workflow")).filter(plan -> plan.id() == null)
        : Optional.empty();
  }

  /** Whether the run has a plan that nobody kept. */
  static boolean isDue(WorkflowEngine engine, RunState run) {
    return run.status() == RunStatus.SUCCEEDED
        && purpose(engine, run).isPresent()
        && engine.plans().list().stream()
            .map(Kept::header)
            .noneMatch(header -> header != null && run.start().run().equals(header.run()));
  }

  /** Keeps what was planned; of a run that paused, failed or is no such run the end is told. */
  int planned(WorkflowEngine engine, Views views, RunState state) {
    JsonNode document = state.outputs().get(OUTPUT);
    PlanHeader purpose = purpose(engine, state).orElse(null);
    if (purpose == null || state.status() != RunStatus.SUCCEEDED || document == null) {
      return views.end(state);
    }
    views.close();
    ObjectNode plan = document.deepCopy().asObject();
    if (plan.path("name").asString("").equals(NAME)) {
      plan.put("name", Printable.line(purpose.goal(), NAME_CHARS));
    }
    Path folder = Path.of(String.valueOf(purpose.folder()));
    Checked checked =
        checked(
            engine,
            new CheckRequest(
                folder.resolve(NAME + ".json"),
                PlanText.of(plan),
                false,
                ModelOptions.asBefore(engine, state.start().simulated()),
                Map.of()));
    Checked.Definition definition = checked.definition();
    if (definition == null) {
      terminal.problems(checked.problems());
      if (options.output() == OutputFormat.json) {
        terminal.json(ProblemJson.errors(checked.problems()));
      }
      return ExitCode.of(checked.problems(), false);
    }
    String reasons = PlanHeader.of(plan).orElseThrow().reasons();
    return keep(engine, definition, purpose.goal(), reasons, state.start().run(), folder);
  }

  /**
   * Keeps a plan and shows it.
   *
   * @param reasons of the model that planned it; absent: none did
   * @param run in which it did
   */
  int keep(
      WorkflowEngine engine,
      Checked.Definition definition,
      String goal,
      @Nullable String reasons,
      @Nullable String run,
      Path folder) {
    String now = engine.clock().now().truncatedTo(ChronoUnit.SECONDS).toString();
    PlanHeader header =
        new PlanHeader(null, goal, now, reasons, run, folder.toString(), Map.of(), Map.of());
    Kept plan = engine.plans().keep(definition.asPlan(header));
    terminal.say("Kept plan " + plan.id() + " in " + plan.file());
    if (options.output() == OutputFormat.text) {
      PlanCommand.describe(terminal, new InspectCommand(context), engine, plan);
    } else if (plan.workflow() != null) {
      terminal.json(plan.workflow().document());
    }
    terminal.say(
        "Nothing was run. What it would do:  "
            + context.line("plan", "run", plan.id(), "--dry-run"));
    return ExitCode.SUCCEEDED;
  }

  /** A check that leaves no server open. */
  static Checked checked(WorkflowEngine engine, CheckRequest request) {
    Checked checked = engine.check(request, Set.of());
    if (checked.tools() != null) {
      checked.tools().close();
    }
    return checked;
  }
}
