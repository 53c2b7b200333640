package dev.workflow.cli;

import dev.workflow.assembly.Home;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Problem;
import dev.workflow.mcp.McpTools;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.oauth.Standing;
import dev.workflow.trace.Words;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code workflow doctor}. */
final class DoctorCommand {
  private final EngineOptions engineOptions = new EngineOptions();
  private final Context context;
  private int code = ExitCode.SUCCEEDED;

  DoctorCommand(Context context) {
    this.context = context;
  }

  Command command() {
    return new Command(
            this::call,
            "Looks at what runs need on this machine. Starts nothing, prints no secrets.")
        .takes(engineOptions);
  }

  private int call() {
    good("Java " + Runtime.version() + " of " + System.getProperty("java.vendor"));
    try (WorkflowEngine engine = engineOptions.open(context)) {
      home(engine);
      distribution(engine.home());
      models(engine);
      servers(engine);
    }
    programs();
    return code;
  }

  private void good(String line) {
    context.terminal().data("● " + line);
  }

  private void note(String line) {
    context.terminal().data("○ " + line);
  }

  private void bad(String line) {
    context.terminal().data("✗ " + line);
    code = ExitCode.MISSING;
  }

  private void home(WorkflowEngine engine) {
    Path folder = engine.home().folder();
    try {
      int runs = engine.journal().runs().size();
      boolean writable = Files.isWritable(Files.exists(folder) ? folder : existing(folder));
      if (writable) {
        good("Home " + folder + ": " + Words.counted(runs, "run"));
      } else {
        bad("Home " + folder + " cannot be written; set WORKFLOW_HOME to a folder of your own");
      }
    } catch (RuntimeException e) {
      bad("Home " + folder + ": " + e.getMessage());
    }
  }

  private static Path existing(Path folder) {
    Path above = folder;
    while (above.getParent() != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above;
  }

  private void distribution(Home home) {
    Path distribution = home.distribution();
    if (distribution == null || !Files.isDirectory(distribution)) {
      note("Not started by its launcher: no shipped servers, slower start");
      return;
    }
    boolean cached = Files.exists(distribution.resolve("programs/workflow.aot"));
    good("Distribution " + distribution + (cached ? ", with a start-up cache" : ""));
  }

  private void models(WorkflowEngine engine) {
    List<String> usable = new ArrayList<>();
    for (String provider : ModelRef.PROVIDERS) {
      Optional<String> why = engine.models().unusable(ModelRef.of(provider, "any"));
      if (why.isEmpty()) {
        usable.add(provider);
      }
    }
    if (usable.isEmpty()) {
      note(
          "No model provider is configured (OPENAI_API_KEY, ANTHROPIC_API_KEY, OLLAMA_HOST ...):"
              + " agents need scripted answers");
    } else {
      good("Model providers: " + String.join(", ", usable));
    }
  }

  private void servers(WorkflowEngine engine) {
    ServerList servers = engine.servers(null);
    servers.problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .forEach(problem -> bad(problem.place().file() + ": " + problem.message()));
    try (McpTools tools = engine.tools(servers, Set.of())) {
      LastSeenLines last = new LastSeenLines(engine.clock().now(), tools, servers);
      for (ServerEntry entry : servers.entries().values()) {
        String state = McpListing.state(entry, engine);
        String start = last.start(entry.alias());
        String line =
            "MCP server " + entry.alias() + ": " + state + (start.isEmpty() ? "" : ", " + start);
        Standing login = engine.logins().standing(entry);
        if (last.isFailing(entry.alias()) || McpLogins.isWanted(login)) {
          note(line);
          last.lines(entry.alias()).forEach(more -> note("  " + more));
        } else if (entry.enabled()) {
          good(line);
        } else {
          note(line);
        }
        McpLogins.words(login)
            .map(context.terminal()::masked)
            .ifPresent(more -> note("  login: " + more));
      }
    }
  }

  private void programs() {
    for (String program : List.of("node", "npx", "uvx", "docker")) {
      Optional<Path> found = onPath(program);
      if (found.isPresent()) {
        good(program + " for MCP servers: " + found.get());
      } else {
        note(program + " is not on PATH; MCP servers that need it will not start");
      }
    }
  }

  private Optional<Path> onPath(String program) {
    for (String folder :
        context.environment().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(folder.isEmpty() ? "." : folder).resolve(program);
      if (Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
