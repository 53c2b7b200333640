package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.ShellWords;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerLayers;
import dev.workflow.mcp.config.ClientFiles;
import dev.workflow.mcp.config.ImportedServer;
import dev.workflow.mcp.config.OtherClient;
import dev.workflow.mcp.config.ServerFile;
import dev.workflow.mcp.config.ServerFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow mcp import} and {@code migrate}: servers that other clients have. */
final class McpImporting {
  private final Context context;
  private final Terminal terminal;

  McpImporting(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  /** What came of one server. */
  private enum Done {
    TAKEN("taken over"),
    WOULD("would be taken over"),
    SAME("there already, the same"),
    OTHER("not taken over: another server has its name"),
    NONE("not taken over"),
    WRONG("not taken over: its entry is wrong");

    private final String words;

    Done(String words) {
      this.words = words;
    }

    boolean isWell() {
      return this == TAKEN || this == WOULD || this == SAME;
    }
  }

  /** What is asked for. */
  private record Wish(List<String> names, boolean all, boolean dry, McpPlace place, boolean json) {}

  Command importing() {
    Argument<List<String>> names =
        Argument.parametersOrNone("NAME", String.class, "The servers to take over.");
    Argument<String> from =
        Argument.option(
            "--from=CLIENT",
            "",
            "Whose: "
                + Arrays.stream(OtherClient.values())
                    .map(OtherClient::word)
                    .collect(Collectors.joining(", "))
                + ".");
    Argument<@Nullable Path> file =
        Argument.optionOrNull(
            "--file=FILE", Path.class, "Its file (default: where the client has it).");
    Argument<Boolean> all = Argument.flag("--all", "All of its servers.");
    Argument<Boolean> dry = Argument.flag("--dry-run", "Shows the entries, writes nothing.");
    McpPlace place = place();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () ->
                taken(
                    client(from.value()),
                    file.value(),
                    new Wish(names.value(), all.value(), dry.value(), place, json.value())),
            "Takes over servers of another client. Its files are read and never written; nothing is"
                + " started.")
        .takes(names, from, file, all, dry, place, json)
        .footer(
            "",
            "Examples:",
            "  workflow mcp import --from cursor --all --dry-run",
            "  workflow mcp import --from claude-desktop files search");
  }

  Command migrate() {
    Argument<@Nullable Path> file =
        Argument.parameterOrNull(
            "FILE", Path.class, "The file (default: where they may be, here and at home).");
    Argument<Boolean> dry = Argument.flag("--dry-run", "Shows the entries, writes nothing.");
    McpPlace place = place();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () ->
                taken(
                    OtherClient.LOOM,
                    file.value(),
                    new Wish(List.of(), true, dry.value(), place, json.value())),
            "Takes over all servers of the older form, [mcp.servers.NAME] in loom.toml or mcp.toml."
                + " Those files stay as they are.")
        .takes(file, dry, place, json);
  }

  private static McpPlace place() {
    return McpPlace.of(
        "Into which file: ${COMPLETION-CANDIDATES} (default: project for servers of a file in the"
            + " workspace, else user).");
  }

  private static OtherClient client(String word) {
    return Arrays.stream(OtherClient.values())
        .filter(client -> client.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "--from: expected one of %s, found %s."
                        .formatted(
                            Arrays.stream(OtherClient.values())
                                .map(OtherClient::word)
                                .collect(Collectors.joining(", ")),
                            word.isEmpty() ? "nothing" : ShellWords.quoted(word))));
  }

  private int taken(OtherClient client, @Nullable Path file, Wish wish) {
    return McpCommand.with(
        context,
        wish.json(),
        () -> {
          try (WorkflowEngine engine = new EngineOptions().open(context)) {
            ClientFiles files =
                new ClientFiles(
                    engine.documents(), context.environment(), wish.place().workspace());
            List<ImportedServer> found =
                file == null ? files.servers(client) : files.servers(client, file);
            if (found.isEmpty()) {
              terminal.say("There are no servers of %s in:".formatted(client));
              (file == null ? files.places(client) : List.of(file))
                  .forEach(place -> terminal.say("  " + place));
              if (wish.json()) {
                ObjectNode answer = JsonNodeFactory.instance.objectNode();
                answer.putArray("servers");
                terminal.json(answer);
              }
              return ExitCode.MISSING;
            }
            return all(chosen(client, found, wish), wish);
          }
        });
  }

  private static List<ImportedServer> chosen(
      OtherClient client, List<ImportedServer> found, Wish wish) {
    List<String> known = found.stream().map(ImportedServer::name).toList();
    if (!wish.all() && wish.names().isEmpty()) {
      throw new UsageException(
          "Expected names or --all; %s has: %s.".formatted(client, String.join(", ", known)));
    }
    for (String name : wish.names()) {
      if (!known.contains(name)) {
        throw new UsageException(
            "%s has no server %s; it has: %s."
                .formatted(client, ShellWords.quoted(name), String.join(", ", known)));
      }
    }
    return wish.all()
        ? found
        : found.stream().filter(server -> wish.names().contains(server.name())).toList();
  }

  private int all(List<ImportedServer> servers, Wish wish) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("servers");
    boolean well = true;
    Set<String> names = new HashSet<>();
    for (ImportedServer server : servers) {
      McpPlace.Scope scope = wish.place().given();
      if (scope == null) {
        scope = server.shared() ? McpPlace.Scope.project : McpPlace.Scope.user;
      }
      ServerFile into = wish.place().of(scope, context);
      Done done = names.add(server.name()) ? one(server, into, wish.dry()) : Done.OTHER;
      well &= done.isWell();
      tell(server, into, done);
      ObjectNode entry =
          list.addObject()
              .put("server", server.name())
              .put("from", server.file().toString())
              .put("into", into.path().toString())
              .put("done", done.words);
      server.notes().forEach(entry.putArray("notes")::add);
      if (wish.dry() && done.isWell()) {
        entry.set("entry", shown(server, into));
        if (!wish.json()) {
          terminal.data(server.name() + ": " + shown(server, into).toPrettyString());
        }
      }
    }
    if (wish.json()) {
      terminal.json(answer);
    }
    terminal.say(
        wish.dry()
            ? "Nothing was written (--dry-run)."
            : "What was taken over counts from now on.");
    return well ? ExitCode.SUCCEEDED : ExitCode.FAILED;
  }

  private Done one(ImportedServer server, ServerFile into, boolean dry) {
    if (!server.isServer()) {
      return Done.NONE;
    }
    JsonNode there = into.entry(server.name());
    if (there != null) {
      return there.equals(server.entry()) ? Done.SAME : Done.OTHER;
    }
    try {
      if (dry) {
        into.check(server.name(), server.entry());
        return Done.WOULD;
      }
      List<JsonNode> met = new ArrayList<>();
      ServerFile.Changed changed =
          into.change(
              server.name(),
              before -> {
                if (before != null) {
                  met.add(before);
                }
                return before == null ? server.entry() : before;
              });
      terminal.problems(changed.warnings());
      return met.isEmpty() ? Done.TAKEN : Done.OTHER;
    } catch (ServerFileException e) {
      terminal.problems(e.problems());
      return Done.WRONG;
    }
  }

  private void tell(ImportedServer server, ServerFile into, Done done) {
    terminal.say(
        "%s server %s of %s: %s%s"
            .formatted(
                done.isWell() ? "●" : "✗",
                server.name(),
                server.file(),
                done.words,
                done.isWell() ? " (" + into.path() + ")" : ""));
    server.notes().forEach(note -> terminal.say("    " + note));
  }

  /** The entry without its secrets. */
  private static JsonNode shown(ImportedServer server, ServerFile into) {
    ObjectNode alone = JsonNodeFactory.instance.objectNode();
    alone.putObject(ServerLayers.SERVERS).set(server.name(), server.entry());
    ServerEntry entry =
        ServerLayers.parse(into.layer(), into.path(), alone.toString(), into.workspace())
            .entries()
            .get(server.name());
    return entry == null ? JsonNodeFactory.instance.objectNode() : entry.shown();
  }
}
