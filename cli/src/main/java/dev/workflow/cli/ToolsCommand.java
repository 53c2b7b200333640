package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Nearest;
import dev.workflow.engine.ShellWords;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.Trust;
import dev.workflow.trace.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow tools}. */
final class ToolsCommand {
  private static final Set<ErrorKind> UNREACHABLE =
      Set.of(ErrorKind.UNAVAILABLE, ErrorKind.TIMEOUT);

  private final Command command =
      new Command(this::call, "Lists the tools of the MCP servers in force, finds and calls one.");
  private final Context context;
  private final Terminal terminal;

  ToolsCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command command() {
    return command
        .with("call", callOne())
        .with("list", list())
        .with("suggest", new ToolSuggestion(context).command())
        .footer(
            "",
            "Examples:",
            "  workflow tools list travel.yaml --probe",
            "  workflow tools suggest \"weather at the beach tomorrow\" --from travel.yaml",
            "  workflow tools call travel/geocode --from travel.yaml --arg place=Raglan");
  }

  private int call() {
    throw command.mistake("Expected one of list, call, suggest, found nothing.");
  }

  private Command list() {
    Argument<@Nullable Path> file =
        Argument.parameterOrNull("FILE", Path.class, "A workflow file.");
    Argument<Boolean> probe = Argument.flag("--probe", "Starts the servers and asks them.");
    Argument<DataFormat> output = DataFormat.option();
    Argument<Boolean> trust =
        Argument.flag("--trust", "Approves the servers, for this command alone.");
    EngineOptions engineOptions = new EngineOptions();
    return new Command(
            () -> list(file.value(), probe.value(), output.value(), trust.value(), engineOptions),
            "Lists servers and their tools: those of the workspace and the user, and of a"
                + " workflow.",
            "Servers that were never started are asked only with --probe.")
        .takes(file, probe, output, trust, engineOptions);
  }

  private int list(
      @Nullable Path file,
      boolean probe,
      DataFormat output,
      boolean trust,
      EngineOptions engineOptions) {
    WorkflowEngine engine = engineOptions.open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      ServerList servers = engine.servers(file);
      terminal.problems(servers.problems());
      Set<String> approved = Set.of();
      if (probe) {
        Optional<Set<String>> decided = approve(engine, enabled(servers), trust);
        if (decided.isEmpty()) {
          return unapproved(engine, servers, output);
        }
        approved = decided.get();
      }
      int code = ExitCode.of(servers.problems(), false);
      try (Tools tools = engine.tools(servers, approved)) {
        return interruption.code(ExitCode.first(code, list(servers, tools, probe, output)));
      }
    }
  }

  /** Scripts get what is known without starting anything. */
  private int unapproved(WorkflowEngine engine, ServerList servers, DataFormat output) {
    if (output == DataFormat.json) {
      try (Tools tools = engine.tools(servers, Set.of())) {
        list(servers, tools, false, output);
      }
    }
    return ExitCode.UNTRUSTED;
  }

  private static List<ServerEntry> enabled(ServerList servers) {
    return servers.entries().values().stream().filter(ServerEntry::enabled).toList();
  }

  private int list(ServerList servers, Tools tools, boolean probe, DataFormat output) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("servers");
    int code = ExitCode.SUCCEEDED;
    if (servers.entries().isEmpty()) {
      terminal.say(
          "No MCP server is defined here. See .mcp.json of the workspace, or name a workflow"
              + " file.");
    }
    for (ServerEntry entry : servers.entries().values()) {
      ObjectNode server = list.addObject().put("server", entry.alias());
      server.put("file", entry.origin().file()).put("enabled", entry.enabled());
      List<String> lines = new ArrayList<>();
      try {
        Optional<List<ToolSpec>> offered = offered(entry, tools, probe);
        offered.ifPresent(all -> describe(all, server.putArray("tools"), lines));
        lines.add(0, entry.alias() + "  " + entry.origin().file() + state(entry, offered));
      } catch (ToolException e) {
        lines.add(entry.alias() + "  " + entry.origin().file() + "  ✗ " + e.getMessage());
        e.error().details().forEach(detail -> lines.add("    " + detail));
        server.put("error", e.getMessage());
        code = ExitCode.MISSING;
      }
      if (output == DataFormat.text) {
        lines.forEach(terminal::data);
      }
    }
    if (output == DataFormat.json) {
      terminal.json(answer);
    }
    return code;
  }

  private static Optional<List<ToolSpec>> offered(ServerEntry entry, Tools tools, boolean probe) {
    if (!entry.enabled()) {
      return Optional.empty();
    }
    return probe
        ? Optional.ofNullable(tools.list(entry.alias()).block())
        : tools.known(entry.alias());
  }

  private static String state(ServerEntry entry, Optional<List<ToolSpec>> offered) {
    if (!entry.enabled()) {
      return "  switched off";
    }
    return offered
        .map(all -> "  " + Words.counted(all.size(), "tool"))
        .orElse("  never started here; --probe asks it");
  }

  private static void describe(List<ToolSpec> tools, ArrayNode list, List<String> lines) {
    for (ToolSpec tool : tools) {
      list.addObject()
          .put("tool", tool.fullName())
          .put("effect", tool.effect().word())
          .put("open_world", tool.openWorld())
          .put("description", tool.description())
          .set("inputSchema", tool.inputSchema());
      String description = Printable.line(tool.description(), 90);
      lines.add("  " + tool.fullName() + "  " + tool.effect().word() + "  " + description);
    }
  }

  private Command callOne() {
    Argument<String> tool = Argument.parameter("SERVER/TOOL", String.class, "The tool.");
    Argument<@Nullable Path> file =
        Argument.optionOrNull("--from=FILE", Path.class, "A workflow with servers.");
    Argument<Map<String, String>> arguments =
        Argument.pairs("--arg=K=V", "An argument: JSON, else a text.");
    Argument<@Nullable String> object =
        Argument.optionOrNull("--args=JSON", String.class, "All arguments, as an object.");
    Argument<Boolean> trust =
        Argument.flag("--trust", "Approves the server, for this command alone.");
    EngineOptions engineOptions = new EngineOptions();
    return new Command(
            () ->
                call(
                    tool.value(),
                    file.value(),
                    arguments.value(),
                    object.value(),
                    trust.value(),
                    engineOptions),
            "Starts a server, calls one of its tools, and prints what it answers.")
        .takes(tool, file, arguments, object, trust, engineOptions);
  }

  private int call(
      String tool,
      @Nullable Path file,
      Map<String, String> arguments,
      @Nullable String object,
      boolean trust,
      EngineOptions engineOptions) {
    int slash = tool.indexOf('/');
    if (slash < 1 || slash == tool.length() - 1) {
      throw new UsageException("Expected SERVER/TOOL, found " + ShellWords.quoted(tool) + ".");
    }
    String alias = tool.substring(0, slash);
    ObjectNode given = object(object);
    WorkflowEngine engine = engineOptions.open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      ServerList servers = engine.servers(file);
      ServerEntry entry = servers.entries().get(alias);
      if (entry == null) {
        throw new UsageException(
            "There is no server %s. %s"
                .formatted(
                    ShellWords.quoted(alias), Nearest.hint(alias, servers.entries().keySet())));
      }
      Optional<Set<String>> approved = approve(engine, List.of(entry), trust);
      if (approved.isEmpty()) {
        return ExitCode.UNTRUSTED;
      }
      try (Tools tools = engine.tools(servers, approved.get())) {
        return interruption.code(call(engine, tools, tool, given, arguments));
      }
    }
  }

  private int call(
      WorkflowEngine engine,
      Tools tools,
      String name,
      ObjectNode given,
      Map<String, String> texts) {
    int slash = name.indexOf('/');
    String server = name.substring(0, slash);
    try {
      List<ToolSpec> offered = tools.list(server).blockOptional().orElse(List.of());
      ToolSpec tool =
          offered.stream().filter(each -> each.fullName().equals(name)).findFirst().orElse(null);
      if (tool == null) {
        terminal.say(
            "✗ server %s offers no tool %s; it offers %s"
                .formatted(
                    server,
                    name.substring(slash + 1),
                    offered.stream().map(ToolSpec::name).collect(Collectors.joining(", "))));
        return ExitCode.MISSING;
      }
      texts.forEach((key, text) -> given.set(key, value(text, tool.inputSchema(), key)));
      List<String> violations =
          engine.validator().validate(tool.inputSchema(), given).stream()
              .map(violation -> violation.text())
              .toList();
      if (!violations.isEmpty()) {
        throw new UsageException(
            "The arguments do not fit the input schema of "
                + name
                + ": "
                + String.join("; ", violations));
      }
      Tools.Answer answer =
          tools
              .call(
                  new Tools.Call(
                      "", server, tool.name(), given, "", tool.digest(), null, text -> {}))
              .blockOptional()
              .orElseThrow();
      terminal.prettyJson(answer.value());
      return ExitCode.SUCCEEDED;
    } catch (ToolException e) {
      terminal.say("✗ " + e.getMessage());
      e.error().details().forEach(detail -> terminal.say("    " + detail));
      boolean unreachable = UNREACHABLE.contains(e.error().kind()) && !e.possiblyExecuted();
      return unreachable ? ExitCode.MISSING : ExitCode.FAILED;
    }
  }

  private static ObjectNode object(@Nullable String text) {
    if (text == null) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      if (JsonMapper.shared().readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException noJson) {
      // Said below.
    }
    throw new UsageException(
        "--args: expected a JSON object, found " + ShellWords.quoted(text) + ".");
  }

  private static JsonNode value(String text, JsonNode schema, String key) {
    JsonNode plain = JsonNodeFactory.instance.stringNode(text);
    if (schema.path("properties").path(key).path("type").asString("").equals("string")) {
      return plain;
    }
    try {
      JsonNode value = JsonMapper.shared().readTree(text);
      return value.isMissingNode() ? plain : value;
    } catch (JacksonException noJson) {
      return plain;
    }
  }

  /** Keys approved for this command; empty: somebody said no. */
  private Optional<Set<String>> approve(
      WorkflowEngine engine, List<ServerEntry> entries, boolean trust) {
    List<Trust.Question> questions = engine.trust().decide(entries, Set.of());
    if (questions.isEmpty()) {
      return Optional.of(Set.of());
    }
    if (!new Trusting(context, engine.trust(), trust).approve(questions)) {
      return Optional.empty();
    }
    return Optional.of(
        trust
            ? questions.stream().map(Trust.Question::key).collect(Collectors.toUnmodifiableSet())
            : Set.of());
  }
}
