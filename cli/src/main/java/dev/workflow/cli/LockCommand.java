package dev.workflow.cli;

import dev.workflow.assembly.LockUse;
import dev.workflow.assembly.Locking;
import dev.workflow.assembly.Locking.Change;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.definition.Problem;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.ShellWords;
import dev.workflow.engine.Workspace;
import dev.workflow.skills.SkillPackageException;
import dev.workflow.trace.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow lock}. */
final class LockCommand {
  private final Argument<List<Path>> paths =
      Argument.parametersOrNone(
          "FILE",
          Path.class,
          "Workflow files, and folders with any (default: all of the project).");
  private final Argument<Boolean> check =
      Argument.flag("--check", "Writes nothing; exit code 9 where the lock file would change.");
  private final Argument<Boolean> update =
      Argument.flag("--update", "Chooses anew which tools capabilities are bound to.");
  private final Argument<Map<String, String>> bind =
      Argument.pairs(
          "--bind=CAPABILITY=SERVER/TOOL", "Binds a capability to that tool, in the lock file.");
  private final Argument<Boolean> trust =
      Argument.flag(
          "--trust", "Approves the servers that the project defines, for this command alone.");
  private final Argument<DataFormat> output = DataFormat.option();
  private final EngineOptions engineOptions = new EngineOptions();
  private final Context context;
  private final Terminal terminal;

  LockCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command command() {
    return new Command(
            this::call,
            "Pins in workflow.lock what workflows are checked with, and shows what changes.",
            "That is: skills, servers, the definition of each tool, and which tools serve",
            "capabilities. Starts the servers to see their tools, and calls none.")
        .takes(paths, check, update, bind, trust, output, engineOptions)
        .footer(
            "",
            "Examples:",
            "  workflow lock travel.yaml",
            "  workflow lock --check",
            "  workflow lock travel.yaml --bind weather_forecast=met/forecast",
            "",
            "A capability stays bound to the tool that is locked, as long as that is offered.");
  }

  private int call() {
    try (WorkflowEngine engine = engineOptions.open(context)) {
      engine.use(LockUse.renewing(bind.value(), update.value()));
      return lock(engine);
    } catch (SkillPackageException e) {
      return refused(e.problems());
    }
  }

  private int lock(WorkflowEngine engine) {
    Locking locking = engine.locking();
    Path project = Workspace.of(SkillOptions.here());
    boolean all = paths.value().isEmpty();
    List<Change> changes = new ArrayList<>(all ? locking.gone(project) : List.of());
    Set<String> bound = new TreeSet<>();
    for (Checkable found : Checkables.in(all ? List.of(project) : paths.value())) {
      if (found.isSkill()) {
        continue;
      }
      Path file = found.path();
      TrustedCheck.Outcome outcome =
          new TrustedCheck(context, engine, trust.value())
              .check(
                  new CheckRequest(file, null, true, new ModelOptions().wishes(engine), Map.of()),
                  Set.of());
      outcome.close();
      Checked checked = outcome.checked();
      Checked.Definition definition = checked.definition();
      if (outcome.refused()) {
        json(checked.problems());
        return ExitCode.UNTRUSTED;
      }
      if (!checked.isOk() || definition == null) {
        return refused(checked.problems());
      }
      definition
          .lock()
          .bindings()
          .values()
          .forEach(each -> each.forEach((capability, tool) -> bound.add(capability + "=" + tool)));
      changes.add(change(locking, file, definition));
    }
    bind.value().forEach((capability, tool) -> requireBound(capability, tool, bound));
    return written(locking, changes);
  }

  private static void requireBound(String capability, String tool, Set<String> bound) {
    if (bound.stream().noneMatch(each -> each.startsWith(capability + "="))) {
      throw new UsageException(
          "--bind %s: no step and no skill of these workflows needs that capability."
              .formatted(ShellWords.quoted(capability)));
    }
    if (!bound.contains(capability + "=" + tool)) {
      throw new UsageException(
          "--bind %s: the `bindings` of the workflow name another tool, and win."
              .formatted(ShellWords.quoted(capability)));
    }
  }

  private static Change change(Locking locking, Path file, Checked.Definition definition) {
    try {
      return locking.change(file, definition);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage() + ".");
    }
  }

  private int refused(List<Problem> problems) {
    terminal.problems(problems);
    terminal.say("Nothing was locked.");
    json(problems);
    return ExitCode.of(problems, false);
  }

  private void json(List<Problem> problems) {
    if (output.value() == DataFormat.json) {
      terminal.json(ProblemJson.errors(problems));
    }
  }

  private int written(Locking locking, List<Change> changes) {
    List<Change> open = changes.stream().filter(Change::isOne).toList();
    if (!check.value()) {
      locking.write(open);
    }
    boolean ok = open.isEmpty() || !check.value();
    switch (output.value()) {
      case text -> print(changes, open);
      case json -> terminal.json(json(changes, ok));
    }
    return ok ? ExitCode.SUCCEEDED : ExitCode.UNTRUSTED;
  }

  private void print(List<Change> changes, List<Change> open) {
    for (Change change : changes) {
      terminal.data(change.name() + ": " + word(change) + counted(change));
      change.drifts().forEach(drift -> terminal.data("  " + drift.text()));
    }
    if (open.isEmpty()) {
      terminal.say("workflow.lock is up to date.");
    } else if (check.value()) {
      List<String> words = new ArrayList<>(context.arguments());
      words.remove("--check");
      terminal.say("workflow.lock would change. Write it: " + context.line(words));
    } else {
      open.stream()
          .map(Change::file)
          .distinct()
          .forEach(file -> terminal.say("Wrote " + file + ". Look at it and commit it."));
    }
  }

  private static String word(Change change) {
    if (change.after() == null) {
      return "gone";
    }
    return change.before() == null ? "new" : change.isOne() ? "changed" : "same";
  }

  private static String counted(Change change) {
    LockEntry after = change.after();
    return after == null
        ? ""
        : ", %s, %s"
            .formatted(
                Words.counted(after.tools().size(), "tool"),
                Words.counted(after.skills().size(), "skill"));
  }

  private static ObjectNode json(List<Change> changes, boolean ok) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ok", ok);
    ArrayNode workflows = answer.putArray("workflows");
    for (Change change : changes) {
      ObjectNode node =
          workflows
              .addObject()
              .put("file", change.name())
              .put("lock", change.file().toString())
              .put("status", word(change));
      ArrayNode differences = node.putArray("differences");
      change
          .drifts()
          .forEach(
              drift ->
                  differences
                      .addObject()
                      .put("kind", drift.kind().word())
                      .put("subject", drift.subject())
                      .put("text", drift.text()));
    }
    return answer;
  }
}
