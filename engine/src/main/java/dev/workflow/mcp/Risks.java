package dev.workflow.mcp;

import dev.workflow.mcp.ServerEntry.Target;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What may go wrong with a server, told from its entry alone.
 *
 * @param expanded replaces the variables of a text
 * @param variables that the program gets from the entry and its {@code envFile}, as they are
 *     written
 * @param home the user's home folder
 */
record Risks(
    ServerEntry entry, UnaryOperator<String> expanded, Map<String, String> variables, String home) {
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "zsh", "dash", "fish", "cmd", "cmd.exe", "powershell", "pwsh");
  private static final Set<String> DOWNLOADERS =
      Set.of("npx", "uvx", "bunx", "pipx", "pnpx", "npm", "pnpm", "yarn", "bun", "deno", "uv");
  private static final Set<String> CONTAINERS = Set.of("docker", "podman");

  /** What runs another program, as its arguments say. */
  private static final Set<String> WRAPPERS =
      Set.of("env", "nice", "nohup", "setsid", "sudo", "time", "timeout", "xargs");

  private static final Pattern INTERPRETER =
      Pattern.compile(
          "(node|nodejs|deno|bun|python|pypy|ruby|perl|php|lua|Rscript)[0-9.]*(\\.exe)?");

  private static final Pattern INLINE_CODE =
      Pattern.compile("-c|-e|-E|-r|--eval(=.*)?|-p|-pe|--print(=.*)?|/c|-Command|--command(=.*)?");

  /** Programs whose very purpose is to reach other machines. */
  private static final Set<String> CALLERS =
      Set.of("curl", "wget", "ssh", "scp", "nc", "ncat", "socat", "telnet", "ftp", "rsync");

  /** Variables of loaders, interpreters and package runners. */
  private static final Pattern DECIDING =
      Pattern.compile(
          "PATH|PATHEXT|(LD|DYLD)_.*|ENV|BASH_ENV|SHELLOPTS|ZDOTDIR"
              + "|NODE_(OPTIONS|PATH)|NPM_CONFIG_.*|YARN_.*|BUN_.*|DENO_.*|COREPACK_.*"
              + "|PYTHON(PATH|STARTUP|HOME|USERBASE|BREAKPOINT|INSPECT|WARNINGS|PLATLIBDIR)"
              + "|(PIP|UV|PIPX)_.*(INDEX|FIND_LINKS|CONFIG|PYTHON|CONSTRAINT|OVERRIDE|HOST|MIRROR|DIR)"
              + ".*|(JAVA_TOOL|JDK_JAVA|_JAVA|MAVEN|GRADLE)_?OPT(ION)?S|CLASSPATH|JAVA_HOME"
              + "|PERL5(LIB|OPT|DB)|PERLLIB|RUBY(OPT|LIB)|GEM_(HOME|PATH)|BUNDLE_.*"
              + "|GO(FLAGS|PROXY|PRIVATE|SUMDB|NOSUMDB|ROOT|TOOLCHAIN)|CARGO_.*|RUSTUP_.*"
              + "|DOTNET_(STARTUP_HOOKS|ROOT)|DOCKER_HOST|GIT_.*|PHPRC|PHP_INI_SCAN_DIR",
          Pattern.CASE_INSENSITIVE);

  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern ADDRESS = Pattern.compile("(?:https?|wss?|tcp|ssh)://[^\\s\"']+");
  private static final Pattern AUTHORITY = Pattern.compile("(\\w+://)(?:[^/?#]*@)?([^/?#]*).*");
  private static final Pattern HOME = Pattern.compile("(^|[=:,])~(/|$)|\\$\\{?(HOME|userHome)\\b");

  Risks {
    variables = Map.copyOf(variables);
  }

  /** Whether a variable of this name decides what code a program runs. */
  static boolean decidesWhatRuns(String variable) {
    return DECIDING.matcher(variable).matches();
  }

  /** In words. */
  Set<String> of(List<Path> workspaceFiles) {
    Set<String> risks = new LinkedHashSet<>();
    switch (entry.target()) {
      case Target.Command command -> command(command, risks);
      case Target.Builtin builtin -> {}
      case Target.Url url -> {
        url(expanded.apply(url.url()), risks);
        way(url, risks);
      }
    }
    for (String variable : new TreeSet<>(variables.keySet())) {
      if (decidesWhatRuns(variable)) {
        risks.add("it sets " + variable + ", which decides what code runs");
      }
    }
    addresses(risks);
    homes(risks);
    for (Path file : workspaceFiles) {
      risks.add(
          "it runs or reads a file of the workspace: " + TrustQuestion.quoted(file.toString()));
    }
    Set<String> lookedUp = lookedUp(entry.written());
    lookedUp.removeIf(ChildEnvironment::isShared);
    for (String variable : lookedUp) {
      risks.add("it is given your environment's " + variable);
    }
    if (!entry.folder(expanded).startsWith(entry.origin().workspace())) {
      risks.add("it starts outside the workspace");
    }
    if (entry.roots().stream().anyMatch(root -> !isInWorkspace(root))) {
      risks.add("it is told to work in a folder outside the workspace");
    }
    if (entry.sampling() != null) {
      risks.add("it may ask your model, at your cost");
    }
    boolean harmless = entry.effects().values().stream().anyMatch(effect -> effect.repeatable());
    if (harmless) {
      risks.add("tools it calls read or idempotent may be called again without asking");
    }
    return risks;
  }

  private static void command(Target.Command command, Set<String> risks) {
    List<String> words = program(command);
    String name = name(words.getFirst());
    List<String> args = words.subList(1, words.size());
    if (SHELLS.contains(name)) {
      risks.add("it is a shell and runs whatever its arguments say");
    }
    if (DOWNLOADERS.contains(name)) {
      risks.add("it downloads a package and runs it" + unpinned(args));
    }
    if (CALLERS.contains(name)) {
      risks.add("it is a program that reaches other machines in the network");
    }
    if (CONTAINERS.contains(name)) {
      risks.add("it runs a container image and may give it files of this machine");
    }
    boolean interprets = SHELLS.contains(name) || INTERPRETER.matcher(name).matches();
    if (interprets && args.stream().anyMatch(arg -> INLINE_CODE.matcher(arg).matches())) {
      risks.add("it runs code that stands in its arguments");
    }
  }

  private static String name(String program) {
    return program.replaceFirst(".*[/\\\\]", "").toLowerCase(Locale.ROOT);
  }

  /** The program that runs in the end, with its arguments. */
  private static List<String> program(Target.Command command) {
    List<String> words = new ArrayList<>(List.of(command.command()));
    words.addAll(command.args());
    int at = 0;
    while (at < words.size() && WRAPPERS.contains(name(words.get(at)))) {
      at++;
      while (at < words.size() && words.get(at).matches("-.*|\\w+=.*|\\d+[smhd]?")) {
        at++;
      }
    }
    return at < words.size() ? words.subList(at, words.size()) : words;
  }

  private static String unpinned(List<String> args) {
    boolean pinned = args.stream().anyMatch(arg -> arg.matches("@?[^@=]+(@|==)\\d.*"));
    return pinned ? "" : ", in whatever version is newest (pin one, as in name@1.2.3)";
  }

  private static void url(String url, Set<String> risks) {
    if (!isLocal(url)) {
      risks.add("it is another machine in the network: what its tools are given leaves this one");
      if (url.toLowerCase(Locale.ROOT).startsWith("http://")) {
        risks.add("what is sent there is not encrypted");
      }
    }
  }

  /** What is neither checked nor seen by this machine once it is allowed. */
  private static void way(Target.Url url, Set<String> risks) {
    if (url.privateAllowed()) {
      risks.add(Trust.PRIVATE_NETWORKS);
    }
    if (!url.env().isEmpty()) {
      risks.add("it is reached through a proxy that it names itself");
    }
  }

  private boolean isInWorkspace(String root) {
    Path workspace = entry.origin().workspace().toAbsolutePath().normalize();
    return Startable.root(entry, expanded.apply(root)).startsWith(workspace);
  }

  /** Whether an address is, beyond doubt, one of this machine. */
  private static boolean isLocal(String address) {
    try {
      @Nullable String host = new URI(address).getHost();
      return host != null && LOCAL.contains(host.toLowerCase(Locale.ROOT));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * Arguments are shown as they stand; of values only whom they name, as the rest may be secret.
   */
  private void addresses(Set<String> risks) {
    for (String argument : arguments()) {
      for (String address : addresses(argument)) {
        risks.add(given(Redaction.plain(address)));
      }
    }
    List<String> values = new ArrayList<>(entry.values().values());
    values.addAll(variables.values());
    for (String value : values) {
      for (String address : addresses(value)) {
        risks.add(given(AUTHORITY.matcher(address).replaceFirst("$1$2")));
      }
    }
  }

  private static String given(String address) {
    return "it is given an address in the network: " + TrustQuestion.quoted(address);
  }

  /** The addresses in a text, those of this machine left out. */
  private static List<String> addresses(String text) {
    List<String> addresses = new ArrayList<>();
    Matcher address = ADDRESS.matcher(text);
    while (address.find()) {
      if (!isLocal(address.group())) {
        addresses.add(address.group());
      }
    }
    return addresses;
  }

  /** Paths into the home folder that lead out of the workspace, and the root above it. */
  private void homes(Set<String> risks) {
    List<String> words = new ArrayList<>(arguments());
    words.add(entry.folder(expanded).toString());
    words.addAll(entry.values().values());
    if (entry.envFile() != null) {
      words.add(EnvFile.of(entry, expanded).toString());
    }
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

  private List<String> arguments() {
    return switch (entry.target()) {
      case Target.Command command -> command.args();
      case Target.Builtin builtin -> builtin.args();
      case Target.Url url -> List.of();
    };
  }

  private static Set<String> lookedUp(JsonNode value) {
    Set<String> names = new TreeSet<>();
    if (value.isString()) {
      names.addAll(Expansion.variables(value.stringValue()));
    }
    value.forEach(child -> names.addAll(lookedUp(child)));
    return names;
  }
}
