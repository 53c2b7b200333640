package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.McpTools;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.Trust;
import dev.workflow.trace.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow mcp test} and {@code doctor}: starts servers and tells how they are. */
final class McpLooking {
  /** Servers that are looked at at the same time. */
  private static final int AT_ONCE = 8;

  private static final int WIDTH = 100;

  private final Context context;
  private final Terminal terminal;

  McpLooking(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  /** What came of looking at a server. */
  sealed interface Seen {
    record Well(McpTools.Look look) implements Seen {}

    record Failed(ToolException why) implements Seen {}
  }

  Command test() {
    Argument<String> name = McpCommand.name();
    McpView view = new McpView();
    Argument<Boolean> trust =
        Argument.flag("--trust", "Approves the server, for this command alone.");
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> test(name.value(), view, trust.value(), json.value()),
            "Starts a server, greets it and lists its tools; where it fails, says how it ended and"
                + " what it said last.")
        .takes(name, view, trust, json);
  }

  private int test(String name, McpView view, boolean trust, boolean json) {
    WorkflowEngine engine = view.open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      ServerList servers = view.servers(engine);
      ServerEntry entry = McpView.entry(terminal, servers, name);
      List<Trust.Question> questions =
          entry.enabled() ? engine.trust().decide(List.of(entry), Set.of()) : List.of();
      if (!questions.isEmpty()
          && !new Trusting(context, engine.trust(), trust).approve(questions)) {
        Failures.json(context, "untrusted", "server " + name + " is not approved");
        return ExitCode.UNTRUSTED;
      }
      Set<String> approved = trust ? TrustedCheck.keys(questions, Set.of()) : Set.of();
      try (McpTools tools = engine.tools(servers, approved)) {
        Seen seen = look(tools, name).blockOptional().orElseThrow();
        if (json) {
          ObjectNode told = json(entry, seen);
          McpLogins.put(terminal, told, engine.logins().standing(entry));
          terminal.json(told);
        } else {
          lines(entry, seen).forEach(terminal::data);
          McpLogins.words(engine.logins().standing(entry))
              .map(terminal::masked)
              .ifPresent(line -> terminal.data("  login: " + line));
        }
        return interruption.code(seen instanceof Seen.Well ? ExitCode.SUCCEEDED : ExitCode.MISSING);
      }
    }
  }

  static Mono<Seen> look(McpTools tools, String name) {
    return tools
        .look(name)
        .<Seen>map(Seen.Well::new)
        .onErrorResume(ToolException.class, e -> Mono.just(new Seen.Failed(e)));
  }

  static List<String> lines(ServerEntry entry, Seen seen) {
    List<String> lines = new ArrayList<>();
    switch (seen) {
      case Seen.Failed failed -> {
        lines.add("✗ " + entry.alias() + "  " + failed.why().getMessage());
        failed.why().error().details().forEach(detail -> lines.add("    " + detail));
      }
      case Seen.Well(McpTools.Look look) -> {
        JsonNode info = look.welcome().path("serverInfo");
        lines.add("● " + entry.alias() + "  " + summary(look));
        lines.add(
            "  server: "
                + info.path("name").asString("?")
                + " "
                + info.path("version").asString("?"));
        lines.add("  protocol: MCP " + look.welcome().path("protocolVersion").asString("?"));
        lines.add(
            "  offers: " + String.join(", ", look.welcome().path("capabilities").propertyNames()));
        for (ToolSpec tool : look.offered()) {
          lines.add(
              "  "
                  + tool.fullName()
                  + "  "
                  + tool.effect().word()
                  + "  "
                  + Printable.line(tool.description(), WIDTH));
          JsonNode described = described(look, tool.name());
          if (described.path("annotations").isObject()) {
            lines.add("    annotations: " + described.path("annotations"));
          }
          if (tool.outputSchema() != null) {
            lines.add("    output: " + tool.outputSchema());
          }
        }
      }
    }
    return lines;
  }

  private static String summary(McpTools.Look look) {
    return "%s, answered after %d ms, listed in %d ms"
        .formatted(
            Words.counted(look.offered().size(), "tool"),
            look.greeting().toMillis(),
            look.listing().toMillis());
  }

  private static JsonNode described(McpTools.Look look, String tool) {
    return look.described().stream()
        .filter(each -> each.path("name").asString("").equals(tool))
        .findFirst()
        .orElseGet(JsonNodeFactory.instance::objectNode);
  }

  static ObjectNode json(ServerEntry entry, Seen seen) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("server", entry.alias());
    switch (seen) {
      case Seen.Failed failed -> {
        json.put("state", "failed").put("error", failed.why().getMessage());
        failed.why().error().details().forEach(json.putArray("details")::add);
      }
      case Seen.Well(McpTools.Look look) -> {
        json.put("state", "ready")
            .put("protocol", look.welcome().path("protocolVersion").asString(""))
            .put("startup_ms", look.greeting().toMillis())
            .put("list_ms", look.listing().toMillis());
        json.set("info", look.welcome().path("serverInfo"));
        json.set("capabilities", look.welcome().path("capabilities"));
        ArrayNode tools = json.putArray("tools");
        for (ToolSpec tool : look.offered()) {
          JsonNode described = described(look, tool.name());
          ObjectNode each =
              tools
                  .addObject()
                  .put("tool", tool.fullName())
                  .put("effect", tool.effect().word())
                  .put("description", tool.description());
          each.set(
              "annotations",
              described.path("annotations").isObject()
                  ? described.path("annotations")
                  : JsonNodeFactory.instance.objectNode());
          each.set("inputSchema", tool.inputSchema());
          if (tool.outputSchema() != null) {
            each.set("outputSchema", tool.outputSchema());
          }
        }
      }
    }
    return json;
  }

  Command doctor() {
    McpView view = new McpView();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> doctor(view, json.value()),
            "Starts every server that may start and tells the state of all: how fast they answer,"
                + " what is wrong, and what last was. Asks for no approvals.")
        .takes(view, json);
  }

  private int doctor(McpView view, boolean json) {
    WorkflowEngine engine = view.open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      ServerList servers = view.servers(engine);
      terminal.problems(servers.problems());
      try (McpTools tools = engine.tools(servers, Set.of())) {
        LastSeenLines before = new LastSeenLines(engine.clock().now(), tools, servers);
        Map<String, Seen> seen = seen(servers, engine.trust(), tools);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode list = answer.putArray("servers");
        for (ServerEntry entry : servers.entries().values()) {
          Seen one = seen.get(entry.alias());
          String state = McpListing.state(entry, engine);
          ObjectNode told = one == null ? unseen(entry, state) : json(entry, one);
          McpLogins.put(terminal, told, engine.logins().standing(entry));
          before.add(entry.alias(), told);
          list.add(told);
          if (!json) {
            terminal.data(one == null ? "○ " + entry.alias() + "  " + state : line(entry, one));
            McpLogins.words(engine.logins().standing(entry))
                .map(terminal::masked)
                .ifPresent(line -> terminal.data("    login: " + line));
            before.lines(entry.alias()).forEach(line -> terminal.data("    " + line));
          }
        }
        if (json) {
          terminal.json(answer);
        }
        boolean failed = seen.values().stream().anyMatch(one -> one instanceof Seen.Failed);
        int code = ExitCode.of(servers.problems(), false);
        return interruption.code(code == 0 && failed ? ExitCode.MISSING : code);
      }
    }
  }

  private static ObjectNode unseen(ServerEntry entry, String state) {
    return JsonNodeFactory.instance.objectNode().put("server", entry.alias()).put("state", state);
  }

  private static Map<String, Seen> seen(ServerList servers, Trust trust, McpTools tools) {
    Map<String, Seen> seen = new ConcurrentHashMap<>();
    Flux.fromIterable(servers.entries().values())
        .filter(entry -> entry.enabled() && trust.allows(entry, Set.of()))
        .flatMap(
            entry -> look(tools, entry.alias()).doOnNext(one -> seen.put(entry.alias(), one)),
            AT_ONCE)
        .blockLast();
    return seen;
  }

  static String line(ServerEntry entry, Seen seen) {
    return switch (seen) {
      case Seen.Well(McpTools.Look look) -> "● " + entry.alias() + "  " + summary(look);
      case Seen.Failed failed -> String.join("\n", lines(entry, failed));
    };
  }
}
