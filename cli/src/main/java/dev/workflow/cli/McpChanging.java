package dev.workflow.cli;

import dev.workflow.engine.ShellWords;
import dev.workflow.mcp.ServerJson;
import dev.workflow.mcp.config.ServerFile;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow mcp add}, {@code add-json}, {@code remove}, {@code enable}, {@code disable}. */
final class McpChanging {
  private static final String LIKE_OTHERS =
      "What stands behind COMMAND belongs to it; options of ours stand before it.";

  private final Context context;

  McpChanging(Context context) {
    this.context = context;
  }

  Command add() {
    Argument<String> name = McpCommand.name();
    Argument<List<String>> words = Argument.rest("COMMAND|URL", "What starts it, or its address.");
    McpEntryOptions fields = new McpEntryOptions();
    McpPlace place = McpPlace.ofNew();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> add(name.value(), words.value(), fields, place, json.value()),
            "Adds a server: a command that speaks MCP on its standard streams, or a URL.",
            LIKE_OTHERS)
        .takes(name, words, place, fields, json)
        .endsWithCommand(1)
        .footer(
            "",
            "Examples:",
            "  workflow mcp add files -- npx -y @modelcontextprotocol/server-filesystem .",
            "  workflow mcp add notes -e MODE=fast --env-ref TOKEN=NOTES_TOKEN uvx notes-mcp",
            "  workflow mcp add search https://mcp.example.com/mcp -H 'X-Key: $${SEARCH_KEY}'");
  }

  private int add(
      String name, List<String> words, McpEntryOptions fields, McpPlace place, boolean json) {
    if (words.isEmpty()) {
      throw new UsageException(
          "Expected a command or a URL behind %s, found nothing."
              .formatted(ShellWords.quoted(name)));
    }
    ObjectNode entry = McpEntry.copy(null);
    fields.reach(entry, words);
    fields.set(entry);
    return put(name, entry, place, json);
  }

  Command addJson() {
    Argument<String> name = McpCommand.name();
    Argument<String> text =
        Argument.second(
            "JSON",
            String.class,
            "Its entry, as it stands in files of servers; - reads it from standard input.");
    McpPlace place = McpPlace.ofNew();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> put(name.value(), object(text.value()), place, json.value()),
            "Adds a server whose entry is given as JSON.")
        .takes(name, text, place, json)
        .footer("", "Example:", "  workflow mcp add-json travel '{\"builtin\": \"travel\"}'");
  }

  private ObjectNode object(String text) {
    String given = text.equals("-") ? Standard.input(context) : text;
    try {
      if (ServerJson.read(given) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException noJson) {
      // Said below, without the text: it may hold a secret.
    }
    throw new UsageException(
        "Expected a JSON object such as {\"command\": \"npx\"}, each key once, found another"
            + " text.");
  }

  private int put(String name, ObjectNode entry, McpPlace place, boolean json) {
    return McpCommand.with(
        context,
        json,
        () -> {
          McpPlace.Scope scope = place.ofNewServer();
          ServerFile file = place.of(scope, context);
          ServerFile.Changed changed =
              file.change(
                  name,
                  before -> {
                    if (before != null) {
                      throw new UsageException(
                          "Server %s is in %s already; %s changes it."
                              .formatted(
                                  ShellWords.quoted(name),
                                  file.path(),
                                  context.line("mcp", "edit", name)));
                    }
                    return entry;
                  });
          return new McpAnnouncement(context, place, scope).of("Added", name, changed, json);
        });
  }

  Command remove() {
    return change(
        "Removes a server from its file.",
        (name, scope, place, json) -> {
          ServerFile.Changed changed = place.of(scope, context).change(name, before -> null);
          return new McpAnnouncement(context, place, scope).of("Removed", name, changed, json);
        });
  }

  Command enable() {
    return switching("Switches a server on again.", "Switched on", McpEntry::on);
  }

  Command disable() {
    return switching(
        "Switches a server off: it stays listed and is never started.",
        "Switched off",
        McpEntry::off);
  }

  private Command switching(String description, String done, Consumer<ObjectNode> change) {
    return change(
        description,
        (name, scope, place, json) -> {
          ServerFile.Changed changed = place.of(scope, context).change(name, changed(change));
          return new McpAnnouncement(context, place, scope).of(done, name, changed, json);
        });
  }

  private static UnaryOperator<@Nullable JsonNode> changed(Consumer<ObjectNode> change) {
    return before -> {
      ObjectNode entry = McpEntry.copy(before);
      change.accept(entry);
      return entry;
    };
  }

  private interface Change {
    int of(String name, McpPlace.Scope scope, McpPlace place, boolean json);
  }

  private Command change(String description, Change change) {
    Argument<String> name = McpCommand.name();
    McpPlace place = McpPlace.ofExisting();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () ->
                McpCommand.with(
                    context,
                    json.value(),
                    () ->
                        change.of(
                            name.value(),
                            place.having(name.value(), context),
                            place,
                            json.value())),
            description)
        .takes(name, place, json);
  }
}
