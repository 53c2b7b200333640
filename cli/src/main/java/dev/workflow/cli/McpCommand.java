package dev.workflow.cli;

import dev.workflow.mcp.config.ServerFileException;
import java.util.function.IntSupplier;

/** {@code workflow mcp}. */
final class McpCommand {
  private final Command command =
      new Command(
          this::call,
          "Adds, lists, changes, tests and approves MCP servers, and takes over those of other"
              + " clients.");
  private final Context context;

  McpCommand(Context context) {
    this.context = context;
  }

  Command command() {
    McpChanging changing = new McpChanging(context);
    McpListing listing = new McpListing(context);
    McpTrusting trusting = new McpTrusting(context);
    McpLooking looking = new McpLooking(context);
    McpLogins logins = new McpLogins(context);
    return command
        .with("add", changing.add())
        .with("add-json", changing.addJson())
        .with("edit", new McpEditing(context).command())
        .with("get", listing.get())
        .with("list", listing.list())
        .with("remove", changing.remove())
        .with("enable", changing.enable())
        .with("disable", changing.disable())
        .with("test", looking.test())
        .with("trust", trusting.trust())
        .with("untrust", trusting.untrust())
        .with("login", logins.login())
        .with("logout", logins.logout())
        .with("import", new McpImporting(context).importing())
        .with("migrate", new McpImporting(context).migrate())
        .with("doctor", looking.doctor())
        .footer(
            "",
            "Examples:",
            "  workflow mcp add files -- npx -y @modelcontextprotocol/server-filesystem .",
            "  workflow mcp add search https://mcp.example.com/mcp -H 'X-Key: $${SEARCH_KEY}'",
            "  workflow mcp test files",
            "  workflow mcp list");
  }

  private int call() {
    throw command.mistake(
        "Expected one of %s, found nothing."
            .formatted(String.join(", ", command.spec().subcommands().keySet())));
  }

  static Argument<Boolean> json() {
    return Argument.flag("--json", "Prints one JSON object.");
  }

  static Argument<String> name() {
    return Argument.parameter("NAME", String.class, "The server.");
  }

  /** Does something with a file of servers; what is wrong with it is told, with its exit code. */
  static int with(Context context, boolean json, IntSupplier action) {
    try {
      return action.getAsInt();
    } catch (ServerFileException e) {
      context.terminal().problems(e.problems());
      if (json) {
        context.terminal().json(ProblemJson.errors(e.problems()));
      }
      return ExitCode.of(e.problems(), false);
    }
  }
}
