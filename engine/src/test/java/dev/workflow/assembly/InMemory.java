package dev.workflow.assembly;

import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.check.PlanCheck;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ProblemText;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.engine.People;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.RunDriver;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.Tools;
import dev.workflow.expression.CelExpressions;
import dev.workflow.journal.MemoryJournal;
import dev.workflow.models.ScriptedModels;
import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Runs workflows as the product does, but for the journal, which is in memory. */
final class InMemory implements AutoCloseable {

  /** Only so that a run that hangs is told. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path folder;
  private final WorkflowEngine engine;
  private final MemoryJournal journal = new MemoryJournal();
  private final Expressions expressions = new CelExpressions();
  private int runs;

  InMemory(Path folder) {
    this.folder = folder;
    this.engine = new WorkflowEngine(new Home(folder.resolve("home"), null, Map.of(), List.of()));
  }

  InMemory file(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
    return this;
  }

  /** A workflow that can run. */
  Checked check(String name) {
    Checked checked = engine.check(CheckRequest.of(folder.resolve(name), false), Set.of());
    if (!checked.isOk()) {
      throw new AssertionError(ProblemText.of(checked.problems()));
    }
    return checked;
  }

  /** One more run, driven until nothing brings it forward any more. */
  RunState run(Checked checked, JsonNode inputs, Limits limits) {
    Checked.Definition definition = Objects.requireNonNull(checked.definition());
    Resolved resolved = definition.resolved();
    String run = "r" + ++runs;
    try (RunLog log = journal.create(run)) {
      Event.RunStarted start =
          new Event.RunStarted(
              run,
              resolved.workflow().name(),
              definition.plan(),
              new ResolvedJson(engine.documents()).write(resolved),
              inputs,
              limits,
              definition.simulated());
      RunState end =
          RunDriver.begin(
                  start, log, ports(resolved, Objects.requireNonNull(checked.tools())), resolved)
              .drive()
              .block(PATIENCE);
      return Objects.requireNonNull(end);
    } finally {
      journal.delete(run);
    }
  }

  private RunDriver.Ports ports(Resolved resolved, Tools tools) {
    return new RunDriver.Ports(
        tools,
        resolved.answers() == null
            ? engine.models()
            : new ScriptedModels(resolved.answers(), expressions),
        People.NOBODY,
        engine.validator(),
        expressions,
        new PlanCheck(engine.documents(), engine.skills(), expressions, engine.validator()),
        engine.clock(),
        RunObserver.NONE,
        Set::of);
  }

  @Override
  public void close() {
    journal.close();
    engine.close();
  }
}
