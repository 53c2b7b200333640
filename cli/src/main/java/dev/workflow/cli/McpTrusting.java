package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.ShellWords;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.Trust;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow mcp trust} and {@code untrust}. */
final class McpTrusting {
  private final Context context;
  private final Terminal terminal;

  McpTrusting(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command trust() {
    Argument<String> name = McpCommand.name();
    McpView view = new McpView();
    Argument<@Nullable String> digest =
        Argument.optionOrNull(
            "--digest=DIGEST",
            String.class,
            "Approves without asking what was shown with this digest, and nothing else.");
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> trust(name.value(), view, digest.value(), json.value()),
            "Approves a server that a workspace or a workflow defines, after showing what it would"
                + " start. Any change of its entry, or of the files it names, asks again.",
            "Without a terminal it shows the digest that approves, and exits with 9.")
        .takes(name, view, digest, json);
  }

  private int trust(String name, McpView view, @Nullable String digest, boolean json) {
    try (WorkflowEngine engine = view.open(context)) {
      ServerList servers = view.servers(engine);
      ServerEntry entry = McpView.entry(terminal, servers, name);
      List<Trust.Question> questions = engine.trust().decide(List.of(entry), Set.of());
      if (questions.isEmpty()) {
        terminal.say(
            Trust.needsApproval(entry)
                ? "Server %s is approved already, as it is now.".formatted(name)
                : "Server %s needs no approval: it is your own.".formatted(name));
        return told(entry, true, json);
      }
      Trust.Question question = questions.getFirst();
      boolean approved =
          digest == null
              ? new Trusting(context, engine.trust(), false).asked(question)
              : given(engine.trust(), question, digest);
      if (approved) {
        terminal.say("Server %s is approved, for all runs from now on.".formatted(name));
      }
      return told(entry, approved, json);
    }
  }

  private boolean given(Trust trust, Trust.Question question, String digest) {
    if (question.key().equals(digest)) {
      trust.approve(question);
      return true;
    }
    question.explanation().forEach(line -> terminal.say("  " + line));
    terminal.say(
        "✗ This is not what has the digest "
            + ShellWords.quoted(digest)
            + ": nothing was approved.");
    return false;
  }

  private int told(ServerEntry entry, boolean approved, boolean json) {
    if (json) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      terminal.json(answer.put("server", entry.alias()).put("approved", approved));
    }
    return approved ? ExitCode.SUCCEEDED : ExitCode.UNTRUSTED;
  }

  Command untrust() {
    Argument<String> name = McpCommand.name();
    McpView view = new McpView();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> untrust(name.value(), view, json.value()),
            "Takes back every approval of a server of this name in this workspace.")
        .takes(name, view, json);
  }

  private int untrust(String name, McpView view, boolean json) {
    try (WorkflowEngine engine = view.open(context)) {
      int taken = engine.trust().revoke(name, view.workspaceFolder(engine));
      terminal.say(
          taken == 0
              ? "Server %s had no approval in this workspace.".formatted(name)
              : "Server %s is no longer approved; it asks before its next start.".formatted(name));
      if (json) {
        terminal.json(
            JsonNodeFactory.instance.objectNode().put("server", name).put("taken_back", taken));
      }
      return ExitCode.SUCCEEDED;
    }
  }
}
