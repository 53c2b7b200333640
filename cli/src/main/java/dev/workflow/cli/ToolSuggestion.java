package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.Ranking;
import dev.workflow.engine.Ranking.Offered;
import dev.workflow.engine.Ranking.Ranked;
import dev.workflow.engine.Ranking.Wanted;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow tools suggest}: the tools that do most likely what some words say. */
final class ToolSuggestion {
  private static final int SUGGESTED_MAX = 5;
  private static final int WIDTH = 80;

  private final Argument<String> text =
      Argument.parameter("TEXT", String.class, "What is to be done, in your words.");
  private final Argument<@Nullable Path> file =
      Argument.optionOrNull("--from=FILE", Path.class, "A workflow with servers.");
  private final Argument<DataFormat> output = DataFormat.option();
  private final EngineOptions engineOptions = new EngineOptions();
  private final Context context;
  private final Terminal terminal;

  ToolSuggestion(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  /** The tools that are known, and the servers of which none are. */
  private record Known(List<ToolSpec> tools, List<String> unasked) {}

  Command command() {
    return new Command(
            this::call,
            "Finds the tools that do most likely what you want, with a confidence from 0 to 1.",
            "Looks at what servers offered when they were last started, and starts none.")
        .takes(text, file, output, engineOptions)
        .footer("", "Example:", "  workflow tools suggest \"calculate mortgage\"");
  }

  private int call() {
    try (WorkflowEngine engine = engineOptions.open(context)) {
      ServerList servers = engine.servers(file.value());
      terminal.problems(servers.problems());
      Known known = known(engine, servers);
      Ranking ranking = engine.ranking();
      List<Ranked> ranked =
          ranking.rank(
              new Wanted(text.value(), List.of()),
              known.tools().stream().map(Offered::of).toList());
      show(ranked.subList(0, Math.min(SUGGESTED_MAX, ranked.size())), ranking, known);
      return ExitCode.of(servers.problems(), false);
    }
  }

  private static Known known(WorkflowEngine engine, ServerList servers) {
    List<ToolSpec> tools = new ArrayList<>();
    List<String> unasked = new ArrayList<>();
    try (Tools offered = engine.tools(servers, Set.of())) {
      for (ServerEntry entry : servers.entries().values()) {
        if (entry.enabled()) {
          Optional<List<ToolSpec>> known = offered.known(entry.alias());
          known.ifPresentOrElse(tools::addAll, () -> unasked.add(entry.alias()));
        }
      }
    }
    return new Known(tools, unasked);
  }

  private void show(List<Ranked> ranked, Ranking ranking, Known known) {
    switch (output.value()) {
      case json -> {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("method", ranking.method());
        ArrayNode list = answer.putArray("tools");
        for (Ranked each : ranked) {
          list.addObject()
              .put("tool", each.offered().id())
              .put("server", each.offered().group())
              .put("confidence", each.confidence())
              .put("description", each.offered().description());
        }
        ArrayNode unasked = answer.putArray("not_asked");
        known.unasked().forEach(unasked::add);
        terminal.json(answer);
      }
      case text -> {
        Columns columns = new Columns("TOOL", "SERVER", "CONFIDENCE", "DESCRIPTION");
        for (Ranked each : ranked) {
          columns.row(
              each.offered().name(),
              each.offered().group(),
              String.format(Locale.ROOT, "%.2f", each.confidence()),
              Printable.line(each.offered().description(), WIDTH));
        }
        if (!ranked.isEmpty()) {
          columns.lines().forEach(terminal::data);
        }
      }
    }
    if (ranked.isEmpty()) {
      terminal.say(
          known.tools().isEmpty()
              ? "No tool is known here. Servers stand in .mcp.json, in ~/.workflow/mcp.json and in"
                  + " workflows: --from FILE looks at those of a workflow."
              : "None of %d tools has anything in common with that."
                  .formatted(known.tools().size()));
    }
    if (!known.unasked().isEmpty()) {
      terminal.say(
          "Never started, so their tools are not known: %s. %s asks them."
              .formatted(
                  String.join(", ", known.unasked()), context.line("tools", "list", "--probe")));
    }
  }
}
