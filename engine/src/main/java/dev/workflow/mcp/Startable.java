package dev.workflow.mcp;

import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerEntry.Target;
import dev.workflow.mcp.remote.Proxies;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An entry made ready to start: variables expanded, folders resolved.
 *
 * @param permitted what the server may ask of us
 * @param secrets values that must not be written anywhere
 */
record Startable(Launch launch, Permitted permitted, Set<String> secrets) {
  /** What is wrong with what tells logins apart. */
  private static final Pattern OF_ADDRESS =
      Pattern.compile("field (url|oauth\\.(clientId|clientMetadataUrl)):");

  Startable {
    secrets = Set.copyOf(secrets);
  }

  /**
   * Expands an entry.
   *
   * @throws dev.workflow.engine.Tools.ToolException unavailable, naming every field and variable
   *     that is wrong
   */
  static Startable of(ServerEntry entry, Map<String, String> environment) {
    Expansion expansion = new Expansion(environment, entry.origin().workspace());
    Set<String> secrets = new LinkedHashSet<>();
    Launch launch = launch(entry, expansion, secrets);
    Permitted permitted = permitted(entry, expansion);
    if (!expansion.mistakes().isEmpty()) {
      throw cannotStart(entry, expansion.mistakes());
    }
    secrets.addAll(expansion.inserted());
    return new Startable(launch, permitted, secrets);
  }

  /** What tells apart the sessions that may not be shared. */
  String key() {
    return permitted.key(launch);
  }

  /** What cannot be expanded, each naming its field and variable; empty: nothing. */
  static List<String> mistakes(ServerEntry entry, Map<String, String> environment) {
    Expansion expansion = new Expansion(environment, entry.origin().workspace());
    launch(entry, expansion, new LinkedHashSet<>());
    permitted(entry, expansion);
    return expansion.mistakes();
  }

  /**
   * The address of a server and the client that we are to it, whatever else of its entry cannot be
   * expanded.
   *
   * @throws dev.workflow.engine.Tools.ToolException unavailable, where these cannot be either
   */
  static Launch address(ServerEntry entry, Map<String, String> environment) {
    Expansion expansion = new Expansion(environment, entry.origin().workspace());
    Launch launch = launch(entry, expansion, new LinkedHashSet<>());
    List<String> mistakes =
        expansion.mistakes().stream().filter(it -> OF_ADDRESS.matcher(it).lookingAt()).toList();
    if (!mistakes.isEmpty()) {
      throw cannotStart(entry, mistakes);
    }
    return launch;
  }

  private static ToolException cannotStart(ServerEntry entry, List<String> mistakes) {
    return Failures.unavailable(
        "server '" + entry.alias() + "' cannot start: " + String.join("; ", mistakes));
  }

  private static Permitted permitted(ServerEntry entry, Expansion expansion) {
    List<Path> roots = new ArrayList<>();
    for (int i = 0; i < entry.roots().size(); i++) {
      roots.add(root(entry, expansion.expand("roots[" + i + "]", entry.roots().get(i))));
    }
    return new Permitted(roots, entry.sampling() != null);
  }

  /** The folder that one of the roots of an entry means. */
  static Path root(ServerEntry entry, String expanded) {
    return entry.origin().workspace().toAbsolutePath().resolve(expanded).normalize();
  }

  private static Launch launch(ServerEntry entry, Expansion expansion, Set<String> secrets) {
    return switch (entry.target()) {
      case Target.Command it -> {
        List<String> command = new ArrayList<>();
        command.add(expansion.expand("command", it.command()));
        command.addAll(arguments(it.args(), expansion));
        yield stdio(entry, command, expansion, secrets);
      }
      case Target.Builtin it ->
          stdio(
              entry,
              Builtins.command(it.name(), arguments(it.args(), expansion)),
              expansion,
              secrets);
      case Target.Url it -> {
        String url = expansion.expand("url", it.url());
        secrets.addAll(Secrets.userInfo(url));
        Map<String, String> proxies = proxies(it, expansion, secrets);
        secrets.addAll(Secrets.passwords(url));
        yield new Launch.Http(
            address(url, expansion),
            values("headers", it.headers(), expansion, secrets),
            it.dialect(),
            entry.origin().layer().isUsersOwn(),
            it.privateAllowed(),
            proxies,
            it.oauth().expanded(expansion, secrets));
      }
    };
  }

  private static Launch.Stdio stdio(
      ServerEntry entry, List<String> command, Expansion expansion, Set<String> secrets) {
    Path folder = entry.folder(text -> expansion.expand("cwd", text));
    Map<String, String> variables = new TreeMap<>(fromFile(entry, expansion, secrets));
    variables.putAll(values("env", entry.environment(), expansion, secrets));
    return new Launch.Stdio(command, variables, folder);
  }

  /** The variables of an entry's {@code envFile}; their values are taken as they stand. */
  private static Map<String, String> fromFile(
      ServerEntry entry, Expansion expansion, Set<String> secrets) {
    if (entry.envFile() == null) {
      return Map.of();
    }
    Path file = EnvFile.of(entry, text -> expansion.expand("envFile", text));
    try {
      Map<String, String> variables = EnvFile.read(file);
      variables.forEach((name, value) -> secrets.addAll(Secrets.in(name, value)));
      return variables;
    } catch (IOException e) {
      expansion.mistakes().add("field envFile: the file " + file + " cannot be read");
      return Map.of();
    }
  }

  private static List<String> arguments(List<String> args, Expansion expansion) {
    List<String> expanded = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      expanded.add(expansion.expand("args[" + i + "]", args.get(i)));
    }
    return expanded;
  }

  private static Map<String, String> values(
      String field, Map<String, String> texts, Expansion expansion, Set<String> secrets) {
    Map<String, String> values = new TreeMap<>();
    texts.forEach(
        (name, text) -> {
          String value = expansion.expand(field + "." + name, text);
          values.put(name, value);
          secrets.addAll(Secrets.in(name, value));
        });
    return values;
  }

  /** The variables of our environment that name proxies, and over them those of the entry. */
  private static Map<String, String> proxies(
      Target.Url it, Expansion expansion, Set<String> secrets) {
    Map<String, String> proxies = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String name : Proxies.VARIABLES) {
      expansion
          .variable(name)
          .or(() -> expansion.variable(name.toUpperCase(Locale.ROOT)))
          .ifPresent(value -> proxies.put(name, value));
    }
    proxies.putAll(values("env", it.env(), expansion, secrets));
    Map<String, String> named = new TreeMap<>();
    proxies.forEach((name, value) -> named.put(name.toLowerCase(Locale.ROOT), value));
    secrets.addAll(new Proxies(named).secrets());
    return named;
  }

  private static URI address(String url, Expansion expansion) {
    try {
      URI address = URI.create(url);
      if (address.getHost() != null
          && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // reported below, without the text: it may hold a secret
    }
    expansion.mistakes().add("field url: expected an http or https address");
    return URI.create("http://localhost");
  }
}
