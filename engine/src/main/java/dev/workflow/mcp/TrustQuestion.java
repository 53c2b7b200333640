package dev.workflow.mcp;

import dev.workflow.engine.UserHome;
import dev.workflow.mcp.ServerEntry.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Explains to a person what approving a server means. */
final class TrustQuestion {
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "zsh", "dash", "fish", "cmd", "cmd.exe", "powershell", "pwsh");
  private static final Set<String> DOWNLOADERS =
      Set.of("npx", "uvx", "bunx", "pipx", "pnpx", "npm", "pnpm", "yarn", "bun", "deno", "uv");
  private static final Set<String> CONTAINERS = Set.of("docker", "podman");
  private static final Set<String> INLINE_CODE =
      Set.of("-c", "-e", "--eval", "-p", "--print", "/c", "-Command", "--command");
  private static final Set<String> LOADER_VARIABLES =
      Set.of(
          "PATH",
          "LD_PRELOAD",
          "LD_LIBRARY_PATH",
          "DYLD_INSERT_LIBRARIES",
          "NODE_OPTIONS",
          "NODE_PATH",
          "PYTHONPATH",
          "PYTHONSTARTUP",
          "JAVA_TOOL_OPTIONS",
          "BASH_ENV",
          "ENV",
          "PERL5LIB",
          "RUBYOPT");
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  /** Programs whose very purpose is to reach other machines. */
  private static final Set<String> CALLERS =
      Set.of("curl", "wget", "ssh", "scp", "nc", "ncat", "socat", "telnet", "ftp", "rsync");

  private static final Pattern ADDRESS = Pattern.compile("(?:https?|wss?|tcp|ssh)://[^\\s\"']+");
  private static final Pattern HOME = Pattern.compile("(^|[=:,])~(/|$)|\\$\\{?(HOME|userHome)\\b");

  private final Map<String, String> environment;

  /**
   * Questions to a person.
   *
   * @param environment in which the home folder is looked up
   */
  TrustQuestion(Map<String, String> environment) {
    this.environment = environment;
  }

  List<String> of(ServerEntry entry, List<Path> workspaceFiles) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "server "
            + quoted(entry.alias())
            + " is defined by "
            + quoted(entry.origin().file())
            + (entry.target() instanceof Target.Url
                ? " and would be called:"
                : " and would be started on this machine:"));
    switch (entry.target()) {
      case Target.Command command -> {
        lines.add("command: " + quoted(command.command()));
        arguments(command.args(), lines);
        names("env", command.env().keySet(), lines);
        envFile(entry, lines);
        lines.add("folder: " + quoted(folder(entry).toString()));
      }
      case Target.Builtin builtin -> {
        lines.add("builtin: " + quoted(builtin.name()));
        arguments(builtin.args(), lines);
        names("env", builtin.env().keySet(), lines);
        envFile(entry, lines);
        lines.add("folder: " + quoted(folder(entry).toString()));
      }
      case Target.Url url -> {
        lines.add("url: " + quoted(Redaction.plain(url.url())));
        names("headers", url.headers().keySet(), lines);
        new TreeMap<>(url.env())
            .forEach(
                (name, value) ->
                    lines.add("env: " + quoted(name) + " is " + quoted(Redaction.plain(value))));
        JsonNode oauth = entry.shown().path("oauth");
        if (!oauth.isMissingNode()) {
          lines.add("oauth: " + quoted(oauth.toString()));
        }
      }
    }
    entry.roots().forEach(root -> lines.add("root: " + quoted(root)));
    new TreeMap<>(entry.effects())
        .forEach((tool, effect) -> lines.add("claims: " + quoted(tool) + " is " + effect.word()));
    risks(entry, workspaceFiles).forEach(risk -> lines.add("risk: " + risk));
    return lines;
  }

  private static void envFile(ServerEntry entry, List<String> lines) {
    if (entry.envFile() != null) {
      lines.add("envFile: " + quoted(entry.envFile()) + " (values hidden)");
    }
  }

  private static void arguments(List<String> args, List<String> lines) {
    for (int i = 0; i < args.size(); i++) {
      lines.add("argument " + (i + 1) + ": " + quoted(Redaction.keyless(args.get(i))));
    }
  }

  private static void names(String field, Set<String> names, List<String> lines) {
    for (String name : new TreeSet<>(names)) {
      lines.add(field + ": " + quoted(name) + " (value hidden)");
    }
  }

  private Set<String> risks(ServerEntry entry, List<Path> workspaceFiles) {
    Set<String> risks = new LinkedHashSet<>();
    switch (entry.target()) {
      case Target.Command command -> commandRisks(command, risks);
      case Target.Builtin builtin -> loaderRisks(builtin.env().keySet(), risks);
      case Target.Url url -> {
        urlRisks(url, risks);
        wayRisks(url, risks);
      }
    }
    networkRisks(entry, risks);
    homeRisks(entry, risks);
    for (Path file : workspaceFiles) {
      risks.add("it runs or reads a file of the workspace: " + quoted(file.toString()));
    }
    Set<String> variables = variables(entry.written());
    variables.removeIf(ChildEnvironment::isShared);
    for (String variable : variables) {
      risks.add("it is given your environment's " + variable);
    }
    if (!folder(entry).startsWith(entry.origin().workspace())) {
      risks.add("it starts outside the workspace");
    }
    if (entry.roots().stream().anyMatch(root -> !isInWorkspace(entry, root))) {
      risks.add("it is told to work in a folder outside the workspace");
    }
    boolean harmless = entry.effects().values().stream().anyMatch(effect -> effect.repeatable());
    if (harmless) {
      risks.add("tools it calls read or idempotent may be called again without asking");
    }
    return risks;
  }

  /** As far as it is known before variables are expanded. */
  private static boolean isInWorkspace(ServerEntry entry, String root) {
    Path workspace = entry.origin().workspace().toAbsolutePath().normalize();
    String known = root.replace("${workspaceFolder}", workspace.toString());
    return !known.contains("${") && Startable.root(entry, known).startsWith(workspace);
  }

  private static void commandRisks(Target.Command command, Set<String> risks) {
    String name = Path.of(command.command()).getFileName().toString().toLowerCase(Locale.ROOT);
    if (SHELLS.contains(name)) {
      risks.add("it is a shell and runs whatever its arguments say");
    }
    if (DOWNLOADERS.contains(name)) {
      risks.add("it downloads a package and runs it" + unpinned(command.args()));
    }
    if (CALLERS.contains(name)) {
      risks.add("it is a program that reaches other machines in the network");
    }
    if (CONTAINERS.contains(name)) {
      risks.add("it runs a container image and may give it files of this machine");
    }
    if (command.args().stream().anyMatch(INLINE_CODE::contains)) {
      risks.add("it runs code that stands in its arguments");
    }
    loaderRisks(command.env().keySet(), risks);
  }

  private static String unpinned(List<String> args) {
    boolean pinned = args.stream().anyMatch(arg -> arg.matches("@?[^@=]+(@|==)\\d.*"));
    return pinned ? "" : ", in whatever version is newest (pin one, as in name@1.2.3)";
  }

  private static void loaderRisks(Set<String> variables, Set<String> risks) {
    for (String variable : new TreeSet<>(variables)) {
      if (LOADER_VARIABLES.contains(variable)) {
        risks.add("it sets " + variable + ", which decides what code runs");
      }
    }
  }

  private static void networkRisks(ServerEntry entry, Set<String> risks) {
    for (String argument : arguments(entry)) {
      Matcher address = ADDRESS.matcher(argument);
      while (address.find()) {
        risks.add(
            "it is given an address in the network: " + quoted(Redaction.plain(address.group())));
      }
    }
  }

  /** Paths into the home folder that lead out of the workspace, and the root above it. */
  private void homeRisks(ServerEntry entry, Set<String> risks) {
    String home = UserHome.of(environment).toString();
    List<String> words = new ArrayList<>(arguments(entry));
    words.add(folder(entry).toString());
    words.addAll(entry.values().values());
    for (String word : words) {
      String path = word.substring(word.indexOf('=') + 1);
      boolean named = HOME.matcher(word).find() || path.equals("/");
      boolean inside =
          path.startsWith(home) && !path.startsWith(entry.origin().workspace().toString());
      if (named || (inside && home.length() > 1)) {
        risks.add("it is given your home folder, or a folder that holds it or is in it");
      }
    }
  }

  private static List<String> arguments(ServerEntry entry) {
    return switch (entry.target()) {
      case Target.Command command -> command.args();
      case Target.Builtin builtin -> builtin.args();
      case Target.Url url -> List.of();
    };
  }

  private static void urlRisks(Target.Url url, Set<String> risks) {
    boolean local =
        LOCAL.stream()
            .anyMatch(host -> url.url().matches("https?://" + Pattern.quote(host) + "([:/?#].*)?"));
    if (!local) {
      risks.add("it is another machine in the network: what its tools are given leaves this one");
    }
    if (url.url().startsWith("http://") && !local) {
      risks.add("what is sent there is not encrypted");
    }
  }

  /** What is neither checked nor seen by this machine once it is allowed. */
  private static void wayRisks(Target.Url url, Set<String> risks) {
    if (url.privateAllowed()) {
      risks.add("it may be, and may lead, in private networks and on this machine");
    }
    if (!url.env().isEmpty()) {
      risks.add("it is reached through a proxy that it names itself");
    }
  }

  private static Set<String> variables(JsonNode value) {
    Set<String> names = new TreeSet<>();
    if (value.isString()) {
      names.addAll(Expansion.variables(value.stringValue()));
    }
    value.forEach(child -> names.addAll(variables(child)));
    return names;
  }

  /** The folder an entry starts in, as far as it is known before variables are expanded. */
  static Path folder(ServerEntry entry) {
    String cwd =
        switch (entry.target()) {
          case Target.Command command -> command.cwd();
          case Target.Builtin builtin -> builtin.cwd();
          case Target.Url url -> null;
        };
    return cwd == null
        ? entry.origin().workspace()
        : entry.origin().folder().resolve(cwd).normalize();
  }

  /** A text in quotes that hides nothing: what does not print stands as an escape. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (Character.isISOControl(c) || isInvisible(c)) {
                quoted.append(String.format(Locale.ROOT, "\\u{%x}", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE
        || type == Character.PRIVATE_USE
        || type == Character.UNASSIGNED
        || (type == Character.SPACE_SEPARATOR && c != ' ');
  }
}
