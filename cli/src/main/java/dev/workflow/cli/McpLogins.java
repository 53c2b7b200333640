package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.cli.McpLooking.Seen;
import dev.workflow.definition.Durations;
import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Masking;
import dev.workflow.engine.ShellWords;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.Logins;
import dev.workflow.mcp.McpTools;
import dev.workflow.mcp.ServerCommand;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.ServerOrigin;
import dev.workflow.mcp.Trust;
import dev.workflow.mcp.oauth.LoginRequest;
import dev.workflow.mcp.oauth.OAuth;
import dev.workflow.mcp.oauth.OAuthException;
import dev.workflow.mcp.oauth.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow mcp login} and {@code logout}. */
final class McpLogins {
  private final Context context;
  private final Terminal terminal;

  McpLogins(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  /** What a person asks for. */
  private record Wish(
      String name, List<String> scopes, boolean browser, Duration patience, boolean trust) {}

  Command login() {
    Argument<String> name = McpCommand.name();
    McpView view = new McpView();
    Argument<List<String>> scopes =
        Argument.options(
            "--scope-of-access=SCOPE",
            String.class,
            "What to ask for (default: what its entry says, else what the server proposes).");
    Argument<Boolean> noBrowser =
        Argument.flag("--no-browser", "Prints the address to visit, and opens nothing.");
    Argument<String> wait =
        Argument.option("--wait=TIME", "5m", "Longest wait for you to log in (default 5m).");
    Argument<Boolean> trust =
        Argument.flag("--trust", "Approves the server, for this command alone.");
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () ->
                login(
                    view,
                    new Wish(
                        name.value(),
                        scopes.value(),
                        !noBrowser.value(),
                        patience(wait.value()),
                        trust.value()),
                    json.value()),
            "Logs you in at a remote server that wants it, by your browser, and keeps the login for"
                + " all runs.",
            "Without a terminal it opens nothing, and exits with 4.")
        .takes(name, view, scopes, noBrowser, wait, trust, json)
        .footer(
            "",
            "Examples:",
            "  workflow mcp login tracker",
            "  workflow mcp login tracker --scope-of-access issues:write --no-browser");
  }

  private static Duration patience(String text) {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new UsageException(
                    "--wait: expected a duration such as 5m, found %s."
                        .formatted(ShellWords.quoted(text))));
  }

  private int login(McpView view, Wish wish, boolean json) {
    WorkflowEngine engine = view.open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      ServerList servers = view.servers(engine);
      ServerEntry entry = loginable(McpView.entry(terminal, servers, wish.name()));
      List<Trust.Question> questions = engine.trust().decide(List.of(entry), Set.of());
      if (!questions.isEmpty()
          && !new Trusting(context, engine.trust(), wish.trust()).approve(questions)) {
        return ExitCode.UNTRUSTED;
      }
      Set<String> approved = wish.trust() ? TrustedCheck.keys(questions, Set.of()) : Set.of();
      Servers there = new Servers(engine, servers, entry, approved);
      return interruption.code(login(there, wish, json));
    }
  }

  /** A server to be logged in at. */
  private record Servers(
      WorkflowEngine engine, ServerList list, ServerEntry entry, Set<String> approved) {
    Standing standing() {
      return engine.logins().standing(entry);
    }

    /** How it looks now, to who is logged in or is not. */
    Seen look() {
      try (McpTools tools = tools()) {
        return McpLooking.look(tools, entry.alias()).blockOptional().orElseThrow();
      }
    }

    McpTools tools() {
      return engine.tools(list, approved);
    }
  }

  private static ServerEntry loginable(ServerEntry entry) {
    String name = ShellWords.quoted(entry.alias());
    if (!(entry.target() instanceof ServerEntry.Target.Url)) {
      throw new UsageException(
          "Nobody logs in at server %s: it is a command, and takes what it needs from its env."
              .formatted(name));
    }
    Logins.ownCredentials(entry)
        .ifPresent(
            own -> {
              throw new UsageException(
                  "Nobody logs in at server %s: it is asked with %s.".formatted(name, own));
            });
    if (!entry.enabled()) {
      throw new UsageException("Server %s is switched off.".formatted(name));
    }
    return entry;
  }

  private int login(Servers servers, Wish wish, boolean json) {
    Seen before = servers.look();
    Standing standing = servers.standing();
    boolean machine = Logins.isOfMachine(servers.entry());
    boolean possible = machine || terminal.screen().isInteractive();
    if (before instanceof Seen.Failed failed
        && failed.why().error().kind() != ErrorKind.LOGIN_NEEDED
        && (standing instanceof Standing.Unknown || !possible)) {
      return told(servers, before, json);
    }
    if (before instanceof Seen.Well && !isWanted(standing) && wish.scopes().isEmpty()) {
      terminal.say(
          standing instanceof Standing.LoggedIn
              ? "You are logged in at server %s already; %s ends that."
                  .formatted(
                      wish.name(), context.line(ServerCommand.words("logout", servers.entry())))
              : "Server %s lets everybody in: it wants no login.".formatted(wish.name()));
      return told(servers, before, json);
    }
    if (!possible) {
      terminal.say(
          "Server %s wants a login, and there is no terminal. Log in, in a terminal:"
              .formatted(wish.name()));
      terminal.say("  " + context.line(ServerCommand.words("login", servers.entry())));
      return failed(servers.entry(), "there is no terminal to log in", List.of(), json);
    }
    try {
      servers
          .engine()
          .logins()
          .login(
              servers.entry(),
              new LoginRequest(wish.scopes(), wish.patience(), to -> invite(to, wish)));
    } catch (OAuthException e) {
      Masking masking = new Masking(servers.engine()::secrets);
      String message = masking.text(String.valueOf(e.getMessage()));
      terminal.say("✗ " + message);
      List<String> details = new ArrayList<>(e.details().stream().map(masking::text).toList());
      if (e.remedy() == OAuthException.Remedy.CLIENT) {
        details.add(naming(servers.entry()));
      }
      details.forEach(detail -> terminal.say("    " + detail));
      return failed(servers.entry(), message, details, json);
    }
    return told(servers, servers.look(), json);
  }

  /** How the entry of a server names a client that was registered by hand. */
  private String naming(ServerEntry entry) {
    ServerOrigin origin = entry.origin();
    List<String> words = new ArrayList<>(ServerCommand.words("edit", entry));
    words.addAll(List.of("--client-id", "ID", "--callback-port", "PORT"));
    return switch (origin.layer()) {
      case USER -> context.line(words) + " -s user";
      case WORKSPACE -> context.line(words) + " -s project";
      case WORKFLOW, COMMAND_LINE ->
          "in %s: oauth: {\"clientId\": \"ID\", \"callbackPort\": PORT}".formatted(origin.file());
    };
  }

  private void invite(LoginRequest.Invitation to, Wish wish) {
    String asks = to.scopes().isEmpty() ? "" : ". Asked for: " + String.join(" ", to.scopes());
    terminal.say(
        terminal.masked("Log in at %s, for server %s%s".formatted(to.issuer(), wish.name(), asks)));
    boolean opened = wish.browser() && new Browser(context.environment()).open(to.address());
    terminal.say(
        opened ? "Your browser should open now. If it does not, visit:" : "Visit in your browser:");
    terminal.say("  " + to.address());
    terminal.say(
        "Waiting for you to come back, for %s at most; Ctrl-C ends it."
            .formatted(Durations.text(wish.patience())));
  }

  private int told(Servers servers, Seen seen, boolean json) {
    Standing standing = servers.standing();
    if (json) {
      ObjectNode told = McpLooking.json(servers.entry(), seen);
      put(terminal, told, standing);
      terminal.json(told);
    } else {
      terminal.data(McpLooking.line(servers.entry(), seen));
      words(standing).map(terminal::masked).ifPresent(line -> terminal.data("  login: " + line));
    }
    return seen instanceof Seen.Well ? ExitCode.SUCCEEDED : ExitCode.MISSING;
  }

  private int failed(ServerEntry entry, String message, List<String> details, boolean json) {
    if (json) {
      ObjectNode told = JsonNodeFactory.instance.objectNode();
      told.put("server", entry.alias()).put("state", "failed").put("error", message);
      details.forEach(told.putArray("details")::add);
      terminal.json(told);
    }
    return ExitCode.MISSING;
  }

  Command logout() {
    Argument<String> name = McpCommand.name();
    McpView view = new McpView();
    Argument<Boolean> json = McpCommand.json();
    return new Command(
            () -> logout(name.value(), view, json.value()),
            "Forgets the login at a server, and gives its tokens back where its authorization server"
                + " offers that.")
        .takes(name, view, json);
  }

  private int logout(String name, McpView view, boolean json) {
    try (WorkflowEngine engine = view.open(context)) {
      ServerList servers = view.servers(engine);
      ServerEntry entry = McpView.entry(terminal, servers, name);
      if (!(entry.target() instanceof ServerEntry.Target.Url)) {
        throw new UsageException("Nobody logs in at server %s.".formatted(ShellWords.quoted(name)));
      }
      OAuth.LoggedOut done;
      try {
        done = engine.logins().logout(entry);
      } catch (OAuthException | ToolException e) {
        String why = terminal.masked(String.valueOf(e.getMessage()));
        terminal.say("Not logged out of server %s: %s".formatted(name, why));
        return failed(entry, why, List.of(), json);
      }
      terminal.say(
          done.forgotten()
              ? "Logged out of server %s.".formatted(name)
              : "Nobody was logged in at server %s.".formatted(name));
      done.problem()
          .ifPresent(
              why ->
                  terminal.say(
                      "! Its authorization server did not take the tokens back (%s): they end by"
                              .formatted(why)
                          + " themselves."));
      if (json) {
        terminal.json(
            JsonNodeFactory.instance
                .objectNode()
                .put("server", name)
                .put("forgotten", done.forgotten())
                .put("revoked", done.revoked()));
      }
      return ExitCode.SUCCEEDED;
    }
  }

  /** Whether somebody is logged in, in a word or two; empty: nothing is known of a login. */
  static String state(Standing standing) {
    return switch (standing) {
      case Standing.Unknown unknown -> "";
      case Standing.Wanted wanted -> "login needed";
      case Standing.Over over -> "new login needed";
      case Standing.LoggedIn in -> in.refused() ? "login needs more" : "logged in";
    };
  }

  /** Whether somebody should log in. */
  static boolean isWanted(Standing standing) {
    return switch (standing) {
      case Standing.Unknown unknown -> false;
      case Standing.Wanted wanted -> true;
      case Standing.Over over -> true;
      case Standing.LoggedIn in -> in.refused();
    };
  }

  /** The same in a line. */
  static Optional<String> words(Standing standing) {
    return switch (standing) {
      case Standing.Unknown unknown -> Optional.empty();
      case Standing.Wanted wanted -> Optional.of("the server wants one" + list(wanted.scopes()));
      case Standing.Over over -> Optional.of("ended at " + over.issuer() + ": " + over.why());
      case Standing.LoggedIn in ->
          Optional.of(
              "at "
                  + in.issuer()
                  + " since "
                  + in.since()
                  + list(in.scopes())
                  + (in.until() == null ? "" : ", until " + in.until())
                  + (in.refused() ? "; too little" + list(in.missing()) : ""));
    };
  }

  private static String list(List<String> scopes) {
    return scopes.isEmpty() ? "" : ", for " + String.join(" ", scopes);
  }

  /** The same for scripts. */
  static void put(Terminal terminal, ObjectNode json, Standing standing) {
    String state = state(standing);
    if (state.isEmpty()) {
      return;
    }
    ObjectNode login = JsonNodeFactory.instance.objectNode().put("state", state);
    switch (standing) {
      case Standing.Unknown unknown -> {}
      case Standing.Wanted wanted -> wanted.scopes().forEach(login.putArray("scopes")::add);
      case Standing.Over over -> login.put("issuer", over.issuer()).put("why", over.why());
      case Standing.LoggedIn in -> {
        login.put("issuer", in.issuer()).put("since", in.since().toString());
        in.scopes().forEach(login.putArray("scopes")::add);
        in.missing().forEach(login.putArray("missing")::add);
        if (in.until() != null) {
          login.put("until", in.until().toString());
        }
      }
    }
    json.set("login", terminal.masked(login));
  }
}
