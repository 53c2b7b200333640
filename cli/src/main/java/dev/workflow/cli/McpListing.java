package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.ShellWords;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerEntry.Target;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow mcp list} and {@code get}: what there is, without secrets. Starts nothing. */
final class McpListing {
  private final Context context;
  private final Terminal terminal;

  McpListing(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command list() {
    McpView view = new McpView();
    Argument<Boolean> verbose = Argument.flag("--verbose", "All fields of each server.");
    Argument<Boolean> origin =
        Argument.flag("--show-origin", "With the file and line of each, and what it hides.");
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> list(view, verbose.value(), origin.value(), json.value()),
            "Lists the servers in force, those that are switched off too. Starts none of them and"
                + " shows no secrets.")
        .takes(view, verbose, origin, json);
  }

  private int list(McpView view, boolean verbose, boolean origin, boolean json) {
    try (WorkflowEngine engine = view.open(context)) {
      ServerList servers = view.servers(engine);
      terminal.problems(servers.problems());
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      ArrayNode list = answer.putArray("servers");
      Columns table = new Columns("SERVER", "FROM", "STATE", "REACHED BY");
      for (ServerEntry entry : servers.entries().values()) {
        list.add(json(entry, servers, engine));
        table.row(
            entry.alias(), entry.origin().layer().word(), state(entry, engine), reached(entry));
      }
      if (json) {
        servers.problems().stream().map(ProblemJson::of).forEach(answer.putArray("problems")::add);
        terminal.json(answer);
      } else {
        text(servers, table.lines(), verbose, origin);
      }
      if (servers.entries().isEmpty()) {
        terminal.say(
            "No MCP server is defined here. To add one: "
                + context.line("mcp", "add", "NAME", "--", "COMMAND"));
      }
      return ExitCode.of(servers.problems(), false);
    }
  }

  private void text(ServerList servers, List<String> lines, boolean verbose, boolean origin) {
    if (servers.entries().isEmpty()) {
      return;
    }
    int row = 0;
    terminal.data(lines.get(row++));
    for (ServerEntry entry : servers.entries().values()) {
      terminal.data(lines.get(row++));
      if (verbose) {
        fields(entry).forEach(line -> terminal.data("    " + line));
      }
      if (origin) {
        terminal.data("    from " + place(entry));
        servers
            .hiddenBy(entry)
            .forEach(other -> terminal.data("    hides that of " + place(other)));
      }
    }
  }

  Command get() {
    Argument<String> name = McpCommand.name();
    McpView view = new McpView();
    Argument<Boolean> origin =
        Argument.flag("--show-origin", "With the file and line of it, and of those it hides.");
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> get(name.value(), view, origin.value(), json.value()),
            "Shows all fields of a server. Starts nothing and shows no secrets.")
        .takes(name, view, origin, json)
        .alias("show");
  }

  private int get(String name, McpView view, boolean origin, boolean json) {
    try (WorkflowEngine engine = view.open(context)) {
      ServerList servers = view.servers(engine);
      ServerEntry entry = McpView.entry(terminal, servers, name);
      if (json) {
        terminal.json(json(entry, servers, engine));
        return ExitCode.SUCCEEDED;
      }
      terminal.data(entry.alias() + "  " + state(entry, engine));
      fields(entry).forEach(line -> terminal.data("  " + line));
      if (entry.target() instanceof Target.Url url && url.privateAllowed()) {
        terminal.data("  risk: " + Trust.PRIVATE_NETWORKS);
      }
      McpLogins.words(engine.logins().standing(entry))
          .map(terminal::masked)
          .ifPresent(line -> terminal.data("  login: " + line));
      terminal.data("  from: " + (origin ? place(entry) : entry.origin().file()));
      servers
          .hiddenBy(entry)
          .forEach(
              other ->
                  terminal.data("  hides: " + (origin ? place(other) : other.origin().file())));
      return ExitCode.SUCCEEDED;
    }
  }

  private ObjectNode json(ServerEntry entry, ServerList servers, WorkflowEngine engine) {
    ObjectNode json = origin(entry);
    json.put("state", state(entry, engine)).set("entry", entry.shown());
    McpLogins.put(terminal, json, engine.logins().standing(entry));
    ArrayNode hides = json.putArray("hides");
    servers.hiddenBy(entry).forEach(other -> hides.add(origin(other)));
    return json;
  }

  private static ObjectNode origin(ServerEntry entry) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("server", entry.alias())
        .put("layer", entry.origin().layer().word())
        .put("file", entry.origin().file())
        .put("line", entry.place().line());
  }

  private static String place(ServerEntry entry) {
    return "%s:%d (%s)"
        .formatted(entry.origin().file(), entry.place().line(), entry.origin().layer().word());
  }

  /** Whether it may start, in words. */
  static String state(ServerEntry entry, WorkflowEngine engine) {
    String login = McpLogins.state(engine.logins().standing(entry));
    return !entry.enabled() || login.isEmpty()
        ? state(entry, engine.trust())
        : state(entry, engine.trust()) + ", " + login;
  }

  private static String state(ServerEntry entry, Trust trust) {
    if (!entry.enabled()) {
      return "switched off";
    }
    if (!Trust.needsApproval(entry)) {
      return "ready";
    }
    return trust.allows(entry, Set.of()) ? "approved" : "not approved";
  }

  private static String reached(ServerEntry entry) {
    JsonNode shown = entry.shown();
    return switch (entry.target()) {
      case Target.Command command -> words(shown.path("command"), shown.path("args"));
      case Target.Builtin builtin -> "builtin " + builtin.name();
      case Target.Url url ->
          shown.path(shown.has("url") ? "url" : "httpUrl").asString("")
              + (url.privateAllowed() ? " (and private networks)" : "");
    };
  }

  private static String words(JsonNode command, JsonNode args) {
    StringBuilder line = new StringBuilder(ShellWords.quoted(command.asString("")));
    args.forEach(arg -> line.append(' ').append(ShellWords.quoted(arg.asString(""))));
    return line.toString();
  }

  private static List<String> fields(ServerEntry entry) {
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : entry.shown().properties()) {
      JsonNode value = field.getValue();
      lines.add(
          field.getKey() + ": " + (value.isString() ? value.stringValue() : value.toString()));
    }
    return lines;
  }
}
