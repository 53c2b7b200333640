package dev.workflow.cli;

import dev.workflow.engine.FileFault;
import dev.workflow.engine.ShellWords;
import dev.workflow.mcp.ServerJson;
import dev.workflow.mcp.config.ServerFile;
import dev.workflow.mcp.config.ServerFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow mcp edit}: single fields by options, or the entry in an editor. */
final class McpEditing {
  private final Context context;

  McpEditing(Context context) {
    this.context = context;
  }

  Command command() {
    Argument<String> name = McpCommand.name();
    Argument<List<String>> words =
        Argument.rest("COMMAND|URL", "What starts it now, or its address now.");
    McpEntryOptions fields = new McpEntryOptions();
    Argument<List<String>> unset =
        Argument.options(
            "--unset=FIELD", String.class, "Removes a field, such as timeout or env.KEY.");
    McpPlace place = McpPlace.ofExisting();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () ->
                McpCommand.with(
                    context,
                    json.value(),
                    () ->
                        edit(
                            name.value(),
                            words.value(),
                            fields,
                            unset.value(),
                            place,
                            json.value())),
            "Changes fields of a server; all others stay as they are. Without any of them its entry"
                + " is opened in $VISUAL or $EDITOR, and written when it is sound.")
        .takes(name, words, place, fields, unset, json)
        .endsWithCommand(1)
        .footer(
            "",
            "Examples:",
            "  workflow mcp edit files --timeout 30s --exclude-tools write_file",
            "  workflow mcp edit files --unset timeout --unset env.MODE",
            "  EDITOR=nano workflow mcp edit files");
  }

  private int edit(
      String name,
      List<String> words,
      McpEntryOptions fields,
      List<String> unset,
      McpPlace place,
      boolean json) {
    McpPlace.Scope scope = place.having(name, context);
    ServerFile file = place.of(scope, context);
    boolean byOptions = fields.given() || !words.isEmpty() || !unset.isEmpty();
    ServerFile.Changed changed;
    if (byOptions) {
      changed = file.change(name, before -> changed(name, before, words, fields, unset));
    } else {
      JsonNode shown = Objects.requireNonNull(file.entry(name));
      ObjectNode edited = edited(name, shown, file);
      changed =
          file.change(
              name,
              before -> {
                if (!shown.equals(before)) {
                  throw new UsageException(
                      "Server %s was changed meanwhile; nothing was written. Edit it again."
                          .formatted(ShellWords.quoted(name)));
                }
                return edited;
              });
    }
    return new McpAnnouncement(context, place, scope).of("Changed", name, changed, json);
  }

  private static ObjectNode changed(
      String name,
      @Nullable JsonNode before,
      List<String> words,
      McpEntryOptions fields,
      List<String> unset) {
    ObjectNode entry = McpEntry.copy(before);
    for (String field : unset) {
      if (!McpEntry.unset(entry, field)) {
        throw new UsageException(
            "--unset: server %s has no field %s."
                .formatted(ShellWords.quoted(name), ShellWords.quoted(field)));
      }
    }
    fields.reach(entry, words);
    fields.set(entry);
    return entry;
  }

  /** What a person makes of an entry; what is wrong is shown, and may be edited again. */
  private ObjectNode edited(String name, JsonNode entry, ServerFile file) {
    List<String> editor = editor();
    if (!context.terminal().screen().isInteractive()) {
      throw new UsageException(
          "There is no terminal for an editor: change fields by options, as in %s."
              .formatted(context.line("mcp", "edit", name, "--timeout", "30s")));
    }
    try {
      Path text = Files.createTempFile("workflow-mcp-", ".json"); // 0600: it may hold secrets
      text.toFile().deleteOnExit(); // also where the terminal is closed
      try {
        Files.writeString(text, entry.toPrettyString() + "\n");
        while (true) {
          run(editor, text);
          try {
            return sound(name, Files.readString(text), file);
          } catch (ServerFileException e) {
            context.terminal().problems(e.problems());
          } catch (JacksonException e) {
            context.terminal().say("✗ The entry is no JSON object: " + e.getOriginalMessage());
          }
          if (!again()) {
            throw new UsageException("Nothing was written.");
          }
        }
      } finally {
        Files.deleteIfExists(text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot edit: " + FileFault.words(e), e);
    }
  }

  private static ObjectNode sound(String name, String text, ServerFile file) {
    JsonNode entry = ServerJson.read(text);
    file.check(name, entry);
    return (ObjectNode) entry;
  }

  private List<String> editor() {
    for (String variable : List.of("VISUAL", "EDITOR")) {
      String command = context.environment().getOrDefault(variable, "");
      if (!command.isBlank()) {
        return List.of(command.strip().split("\\s+"));
      }
    }
    throw new UsageException(
        "Expected fields to change, or an editor in $VISUAL or $EDITOR, found none.");
  }

  private static void run(List<String> editor, Path text) throws IOException {
    List<String> command = new ArrayList<>(editor);
    command.add(text.toString());
    Object before = Signals.register("INT", () -> {}); // It is meant for the editor.
    try {
      int code = ended(new ProcessBuilder(command).inheritIO().start());
      if (code != 0) {
        throw new UsageException(
            "The editor %s ended with %d; nothing was written.".formatted(editor.getFirst(), code));
      }
    } finally {
      Signals.unregister("INT", before);
    }
  }

  private static int ended(Process process) throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private boolean again() {
    Terminal terminal = context.terminal();
    terminal.hold();
    try {
      String answer = new Keyboard(terminal, context.in()).line("Edit it again? [Y/n] ");
      return answer != null && !answer.strip().toLowerCase(Locale.ROOT).startsWith("n");
    } finally {
      terminal.release();
    }
  }
}
