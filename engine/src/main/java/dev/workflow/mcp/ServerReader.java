package dev.workflow.mcp;

import static java.lang.Character.SURROGATE;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.mcp.ServerEntry.Target;
import dev.workflow.mcp.remote.Proxies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one map of alias to server entry, whatever file it stands in. */
final class ServerReader {
  static final Set<String> KEYS =
      Set.of(
          "command",
          "args",
          "env",
          "cwd",
          "envFile",
          "url",
          "httpUrl",
          "headers",
          "oauth",
          "auth",
          "allowPrivateNetwork",
          "type",
          "transport",
          "builtin",
          "enabled",
          "required",
          "timeout",
          "startupTimeout",
          "includeTools",
          "excludeTools",
          "description",
          "trusted",
          "effects",
          "labels",
          "roots",
          "sampling");

  /** Keys of other clients: {@code disabled} is honoured, the rest mean nothing here. */
  private static final Set<String> FOREIGN =
      Set.of(
          "disabled",
          "alwaysAllow",
          "autoApprove",
          "icon",
          "name",
          "version",
          "note",
          "dev",
          "gallery",
          "tools");

  /** Begins keys that anybody may use; nobody is warned of them. */
  private static final String OWN_KEYS = "x-";

  private static final Set<String> STDIO_TYPES = Set.of("stdio");
  private static final Set<String> HTTP_TYPES =
      Set.of("http", "streamable-http", "streamablehttp", "streamable_http");

  private final Documents.Source source;
  private final ServerOrigin origin;
  private final List<Problem> problems;
  private final Set<String> secrets = new HashSet<>();

  ServerReader(Documents.Source source, ServerOrigin origin, List<Problem> problems) {
    this.source = source;
    this.origin = origin;
    this.problems = problems;
  }

  /** The entries that are sound; what is wrong with the others is added to the problems. */
  Map<String, ServerEntry> read(JsonNode servers, String pointer) {
    Map<String, ServerEntry> entries = new LinkedHashMap<>();
    if (!servers.isObject()) {
      wrong(pointer, "expected a map of server names, found " + Fields.kind(servers));
      return entries;
    }
    servers.forEach(server -> secrets.addAll(WrittenSecrets.of(server)));
    for (Map.Entry<String, JsonNode> server : servers.properties()) {
      String at = JsonFile.child(pointer, server.getKey());
      entry(server.getKey(), server.getValue(), at)
          .ifPresent(entry -> entries.put(entry.alias(), entry));
    }
    return entries;
  }

  private Optional<ServerEntry> entry(String alias, JsonNode written, String at) {
    int before = errors();
    if (!isName(alias)) {
      wrongKey(
          at,
          "a server name is text without '/' and control characters, found '" + alias + "'",
          null);
    }
    if (!written.isObject()) {
      wrong(at, "server '" + alias + "': expected a map, found " + Fields.kind(written));
      return Optional.empty();
    }
    checkKeys(alias, written, at);
    Fields fields = new Fields(alias, written, at, this);
    Target target = target(alias, fields, at);
    ProgramTexts.check(written, fields);
    ServerEntry entry =
        new ServerEntry(
            alias,
            origin,
            source.key(at),
            written,
            target,
            fields.text("envFile").orElse(null),
            fields.flag("enabled", true) && !fields.flag("disabled", false),
            fields.flag("required", false),
            duration(fields, "timeout"),
            duration(fields, "startupTimeout"),
            new HashSet<>(fields.texts("includeTools")),
            new HashSet<>(fields.texts("excludeTools")),
            fields.text("description").orElse(""),
            effects(fields),
            labels(fields),
            fields.texts("roots"),
            SamplingEntry.read(fields));
    fields.flag("trusted", false);
    warnOfSecrets(alias, fields, at);
    return errors() > before ? Optional.empty() : Optional.of(entry);
  }

  /** Tools are named {@code alias/tool}, in one line. */
  private static boolean isName(String alias) {
    return !alias.isBlank()
        && alias
            .codePoints()
            .noneMatch(
                c -> c == '/' || Character.isISOControl(c) || Character.getType(c) == SURROGATE);
  }

  private Target target(String alias, Fields fields, String at) {
    List<String> ways =
        Stream.of("command", "url", "httpUrl", "builtin").filter(fields::has).toList();
    if (ways.size() != 1) {
      wrongKey(
          at,
          "server '"
              + alias
              + "' needs exactly one of command, url and builtin, found "
              + (ways.isEmpty() ? "none" : String.join(" and ", ways)),
          null);
    }
    List<String> args = fields.texts("args");
    Map<String, String> env = fields.textMap("env");
    Map<String, String> headers = fields.textMap("headers");
    String cwd = fields.text("cwd").orElse(null);
    String typed = fields.has("type") || !fields.has("transport") ? "type" : "transport";
    String type = fields.text(typed).orElse("").toLowerCase(Locale.ROOT);
    if (fields.has("url") || fields.has("httpUrl")) {
      String way = fields.has("url") ? "url" : "httpUrl";
      fields.refuse(Set.of("args", "envFile", "cwd"), way);
      for (String name : env.keySet()) {
        if (!Proxies.isVariable(name)) {
          fields.wrong(
              JsonFile.child("env", name),
              "with a "
                  + way
                  + " only HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY mean something");
        }
      }
      return new Target.Url(
          fields.text(way).orElse(""),
          headers,
          dialect(fields, typed, type, way),
          fields.flag("allowPrivateNetwork", false),
          env,
          OAuthEntry.read(fields));
    }
    fields.refuse(
        Set.of("headers", "oauth", "auth", "allowPrivateNetwork"),
        ways.isEmpty() ? "command" : ways.getFirst());
    if (!type.isEmpty() && !STDIO_TYPES.contains(type)) {
      fields.wrong(typed, "expected stdio with a command, found " + type);
    }
    if (fields.has("builtin")) {
      return new Target.Builtin(builtin(fields), args, env, cwd);
    }
    return new Target.Command(fields.text("command").orElse(""), args, env, cwd);
  }

  private static HttpDialect dialect(Fields fields, String typed, String type, String way) {
    if (type.equals("sse")) {
      return way.equals("url") ? HttpDialect.SSE : HttpDialect.STREAMABLE;
    }
    if (HTTP_TYPES.contains(type)) {
      return HttpDialect.STREAMABLE;
    }
    if (!type.isEmpty()) {
      fields.wrong(typed, "expected http or sse with a url, found " + type);
    }
    return way.equals("url") ? HttpDialect.ANY : HttpDialect.STREAMABLE;
  }

  private static String builtin(Fields fields) {
    String name = fields.text("builtin").orElse("");
    if (!Builtins.names().contains(name)) {
      fields.wrong(
          "builtin",
          "there is no builtin server '" + name + "'",
          Nearest.hint(name, Builtins.names()));
    }
    return name;
  }

  private void checkKeys(String alias, JsonNode written, String at) {
    for (String key : written.propertyNames()) {
      if (KEYS.contains(key) || key.startsWith(OWN_KEYS)) {
        continue;
      }
      String where = JsonFile.child(at, key);
      Optional<String> near = FOREIGN.contains(key) ? Optional.empty() : Nearest.to(key, KEYS);
      if (near.isPresent()) {
        wrongKey(
            where,
            "server '" + alias + "': unknown key '" + key + "'",
            "Did you mean `" + near.get() + "`?");
      } else if (!key.equals("disabled")) {
        warn(
            where,
            "server '" + alias + "': the key '" + key + "' means nothing here and is ignored");
      }
    }
    if (written.has("trusted") && !origin.layer().isUsersOwn()) {
      warn(
          JsonFile.child(at, "trusted"),
          "server '" + alias + "': 'trusted' has no vote in a " + origin.layer().word() + " file");
    }
  }

  /** Files of workspaces and workflows are shared, and workflows are kept with each run. */
  private void warnOfSecrets(String alias, Fields fields, String at) {
    for (String map : origin.layer().isUsersOwn() ? List.<String>of() : List.of("env", "headers")) {
      JsonNode values = fields.get(map);
      if (values == null || !values.isObject()) {
        continue;
      }
      for (Map.Entry<String, JsonNode> value : values.properties()) {
        if (Secrets.isPlainlyWritten(value.getKey(), value.getValue().asString(""))) {
          warn(
              JsonFile.child(at + "/" + map, value.getKey()),
              "server '"
                  + alias
                  + "': the value of "
                  + value.getKey()
                  + " looks like a secret; keep it out of shared files and write ${VARIABLE}");
        }
      }
    }
  }

  private static @Nullable Duration duration(Fields fields, String key) {
    JsonNode value = fields.get(key);
    if (value == null) {
      return null;
    }
    if (value.isIntegralNumber() && value.asLong(0) > 0) {
      return Duration.ofMillis(value.asLong(0));
    }
    Optional<Duration> parsed =
        value.isString() ? Durations.parse(value.stringValue()) : Optional.empty();
    if (parsed.isEmpty()) {
      fields.wrong(
          key, "expected milliseconds or a duration such as 20s, found " + value.toString());
    }
    return parsed.orElse(null);
  }

  private static Map<String, Effect> effects(Fields fields) {
    Map<String, Effect> effects = new LinkedHashMap<>();
    fields
        .textMap("effects")
        .forEach(
            (tool, word) -> {
              try {
                effects.put(tool, Effect.of(word));
              } catch (IllegalArgumentException e) {
                List<String> words = new ArrayList<>();
                for (Effect effect : Effect.values()) {
                  words.add(effect.word());
                }
                fields.wrong(
                    JsonFile.child("effects", tool),
                    "expected one of " + String.join(", ", words) + ", found " + word,
                    null);
              }
            });
    return effects;
  }

  private static Map<String, Set<Label>> labels(Fields fields) {
    Map<String, Set<Label>> labels = new LinkedHashMap<>();
    JsonNode written = fields.get("labels");
    if (written == null) {
      return labels;
    }
    if (!written.isObject()) {
      fields.wrong("labels", "expected a map of lists, found " + Fields.kind(written));
      return labels;
    }
    for (String tool : written.propertyNames()) {
      String field = JsonFile.child("labels", tool);
      Set<Label> own = new TreeSet<>();
      for (String word : fields.texts(written.get(tool), field)) {
        try {
          own.add(Label.of(word));
        } catch (IllegalArgumentException e) {
          fields.wrong(field, "expected untrusted, private or external, found " + word, null);
        }
      }
      labels.put(tool, own);
    }
    return labels;
  }

  private int errors() {
    return (int) problems.stream().filter(p -> p.severity() == Problem.Severity.ERROR).count();
  }

  void wrong(String pointer, String message) {
    problems.add(Problem.invalid(Rule.MCP_ENTRY, shown(source.place(pointer)), message, null));
  }

  void wrong(String pointer, String message, @Nullable String hint) {
    problems.add(Problem.invalid(Rule.MCP_ENTRY, shown(source.place(pointer)), message, hint));
  }

  void wrongKey(String pointer, String message, @Nullable String hint) {
    problems.add(Problem.invalid(Rule.MCP_ENTRY, shown(source.key(pointer)), message, hint));
  }

  /** The place with asterisks over the secrets that stand in its line. */
  private Place shown(Place place) {
    String line = place.text();
    for (String secret : secrets) {
      line = line.replace(secret, "*".repeat(secret.length()));
    }
    return new Place(place.file(), place.line(), place.column(), line);
  }

  private void warn(String pointer, String message) {
    problems.add(
        new Problem(
            Problem.Severity.WARNING,
            Problem.Kind.INVALID,
            Rule.MCP_ENTRY,
            shown(source.key(pointer)),
            message,
            null));
  }
}
