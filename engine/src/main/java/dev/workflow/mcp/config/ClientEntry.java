package dev.workflow.mcp.config;

import dev.workflow.mcp.ServerJson;
import dev.workflow.mcp.config.OtherClient.Candidate;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns one entry of another client into one of ours. What has a meaning here is said in our words;
 * all the rest is kept as it is below {@code x-CLIENT}.
 *
 * @param root of the file, for what stands beside its servers
 */
record ClientEntry(OtherClient client, JsonNode root) {
  /** Keys that mean the same everywhere. */
  private static final Set<String> SAME =
      Set.of(
          "command",
          "args",
          "env",
          "envFile",
          "cwd",
          "url",
          "headers",
          "type",
          "timeout",
          "enabled",
          "disabled",
          "required",
          "includeTools",
          "excludeTools",
          "description");

  private static final Pattern INPUT = Pattern.compile("\\$\\{input:([^}]+)}");

  /** Gemini's short form of a variable. */
  private static final Pattern SHORT = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");

  private static final Pattern OWN_VARIABLE = Pattern.compile("\\$\\{");

  ImportedServer read(String written, JsonNode value, Candidate from) {
    List<String> notes = new ArrayList<>();
    String name = written.replace('/', '-').strip();
    if (!name.equals(written)) {
      notes.add("its name is " + name + " here, as tools are named SERVER/TOOL");
    }
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    JsonNode flat = value.path("config").isObject() ? merged(value) : value;
    ForeignLogin login = new ForeignLogin(client, it -> texts("", it));
    for (Map.Entry<String, JsonNode> field : flat.properties()) {
      if (!field.getValue().isNull()
          && !login.take(field.getKey(), field.getValue(), flat, entry, rest)
          && !field(field.getKey(), field.getValue(), entry, rest, notes)) {
        rest.set(field.getKey(), field.getValue());
      }
    }
    finish(entry, rest, notes);
    if (!rest.isEmpty() && !entry.isEmpty()) {
      entry.set("x-" + client.word(), rest);
    }
    // Numbers of TOML are of another type than those of the JSON that is written.
    ObjectNode json = (ObjectNode) ServerJson.read(entry.toString());
    return new ImportedServer(name, json, from.path(), from.shared(), notes);
  }

  /** An older Goose has the fields of an extension one level deeper. */
  private static JsonNode merged(JsonNode value) {
    ObjectNode flat = JsonNodeFactory.instance.objectNode();
    value.path("config").properties().forEach(e -> flat.set(e.getKey(), e.getValue()));
    value.properties().forEach(e -> flat.set(e.getKey(), e.getValue()));
    flat.remove("config");
    return flat;
  }

  /** Sets what a field means here; whether it means anything. */
  private boolean field(
      String key, JsonNode value, ObjectNode entry, ObjectNode rest, List<String> notes) {
    boolean known =
        switch (client) {
          case CODEX -> codex(key, value, entry);
          case GOOSE -> goose(key, value, entry, notes);
          case LOOM -> loom(key, value, entry);
          case GEMINI -> gemini(key, value, entry, rest);
          case CLAUDE_DESKTOP, CLAUDE_CODE, CURSOR, VSCODE -> false;
        };
    if (known) {
      return true;
    }
    if (!SAME.contains(key) || (value.isString() && value.stringValue().isBlank())) {
      return value.isString() && value.stringValue().isBlank();
    }
    JsonNode ours = key.equals("type") ? type(value) : texts(key, value);
    if (ours.isObject() && entry.get(key) instanceof ObjectNode there) {
      ours.properties().forEach(e -> there.set(e.getKey(), e.getValue()));
    } else {
      entry.set(key, ours);
    }
    return true;
  }

  private static JsonNode type(JsonNode value) {
    String type = value.asString("").toLowerCase(Locale.ROOT).replace('_', '-');
    return text(
        switch (type) {
          case "streamable-http", "streamablehttp", "remote" -> "http";
          case "local" -> "stdio";
          default -> type;
        });
  }

  private boolean codex(String key, JsonNode value, ObjectNode entry) {
    switch (key) {
      case "env_vars" ->
          value.forEach(name -> variable(entry, name.path("name").asString(name.asString(""))));
      case "bearer_token_env_var" ->
          map(entry, "headers").put("Authorization", "Bearer ${" + value.asString("") + "}");
      case "http_headers" ->
          value
              .properties()
              .forEach(e -> map(entry, "headers").set(e.getKey(), texts("", e.getValue())));
      case "env_http_headers" ->
          value
              .properties()
              .forEach(
                  e ->
                      map(entry, "headers")
                          .put(e.getKey(), "${" + e.getValue().asString("") + "}"));
      case "startup_timeout_sec" -> seconds(entry, "startupTimeout", value);
      case "startup_timeout_ms" -> entry.set("startupTimeout", value);
      case "tool_timeout_sec" -> seconds(entry, "timeout", value);
      case "enabled_tools" -> entry.set("includeTools", value);
      case "disabled_tools" -> entry.set("excludeTools", value);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Codex hands on what is set, and leaves out what is not. */
  private static void variable(ObjectNode entry, String name) {
    map(entry, "env").put(name, "${" + name + ":-}");
  }

  private boolean goose(String key, JsonNode value, ObjectNode entry, List<String> notes) {
    switch (key) {
      case "cmd" -> entry.set("command", texts("", value));
      case "uri" -> entry.set("url", texts("", value));
      case "envs" ->
          value
              .properties()
              .forEach(e -> map(entry, "env").set(e.getKey(), texts("", e.getValue())));
      case "env_keys" ->
          value.forEach(
              name -> {
                map(entry, "env").put(name.asString(""), "${" + name.asString("") + "}");
                notes.add(
                    name.asString("")
                        + " is kept by goose: set it as a variable of your environment");
              });
      case "timeout" -> seconds(entry, "timeout", value);
      case "available_tools" -> {
        if (!value.isEmpty()) {
          entry.set("includeTools", value);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean loom(String key, JsonNode value, ObjectNode entry) {
    if (key.equals("timeout_seconds")) {
      seconds(entry, "timeout", value);
      return true;
    }
    return false;
  }

  /** Of two addresses Gemini takes {@code httpUrl}. */
  private boolean gemini(String key, JsonNode value, ObjectNode entry, ObjectNode rest) {
    boolean second = entry.has("url");
    switch (key) {
      case "httpUrl" -> {
        if (second) {
          rest.set("url", entry.get("url"));
        }
        entry.put("type", "http").set("url", texts("", value));
      }
      case "url" -> {
        if (second) {
          rest.set("url", texts("", value));
        } else {
          entry.put("type", "sse").set("url", texts("", value));
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** What only the whole entry tells. */
  private void finish(ObjectNode entry, ObjectNode rest, List<String> notes) {
    boolean command = entry.has("command");
    if (!command && !entry.has("url")) {
      String kind = entry.path("type").asString("of no kind we know");
      notes.add("it is no MCP server with a command or an address (" + kind + ")");
      entry.removeAll();
      return;
    }
    aside(command, entry, rest, notes);
    for (String path : List.of("cwd", "envFile")) {
      String text = entry.path(path).asString("");
      if (!text.isEmpty() && !text.startsWith("${") && !text.startsWith("~") && isRelative(text)) {
        entry.put(path, "${workspaceFolder}/" + text);
      }
    }
    inputs(entry, rest, notes);
  }

  /** Keeps what does not go with a command, or with an address, among the rest. */
  private void aside(boolean command, ObjectNode entry, ObjectNode rest, List<String> notes) {
    List<String> moved = new ArrayList<>();
    for (String key :
        command
            ? List.of("headers", "type", "url", "oauth")
            : List.of("args", "cwd", "env", "envFile")) {
      if (!entry.has(key) || (key.equals("type") && entry.path(key).asString("").equals("stdio"))) {
        continue;
      }
      JsonNode value = entry.remove(key);
      if (value.isValueNode() || !value.isEmpty()) {
        rest.set(key, value);
        moved.add(key);
      }
    }
    if (!moved.isEmpty()) {
      notes.add(
          "%s mean nothing beside %s; they are kept below x-%s"
              .formatted(
                  String.join(", ", moved), command ? "a command" : "an address", client.word()));
    }
  }

  private static boolean isRelative(String path) {
    try {
      return !Path.of(path).isAbsolute();
    } catch (InvalidPathException e) {
      return false; // It is refused where entries are read.
    }
  }

  /** VS Code asks for values; here they are variables of the environment. */
  private void inputs(ObjectNode entry, ObjectNode rest, List<String> notes) {
    if (client != OtherClient.VSCODE) {
      return;
    }
    for (JsonNode input : root.path("inputs")) {
      String id = input.path("id").asString("");
      if (!id.isEmpty() && entry.toString().contains("${" + variable(id) + "}")) {
        rest.withArray("inputs").add(input);
        notes.add(
            "VS Code asks for "
                + id
                + ": set the variable "
                + variable(id)
                + " of your environment");
      }
    }
  }

  private static String variable(String id) {
    return id.toUpperCase(Locale.ROOT)
        .replaceAll("[^A-Z0-9_]", "_")
        .replaceFirst("^(?=[0-9])", "_");
  }

  private static void seconds(ObjectNode entry, String field, JsonNode value) {
    long millis = Math.round(value.asDouble(0) * 1_000);
    if (millis > 0 && millis % 1_000 == 0) {
      entry.put(field, millis / 1_000 + "s");
    } else if (millis > 0) {
      entry.put(field, millis);
    }
  }

  private static ObjectNode map(ObjectNode entry, String name) {
    return entry.get(name) instanceof ObjectNode there ? there : entry.putObject(name);
  }

  /** A value in which variables are written as ours, and numbers of {@code env} are texts. */
  private JsonNode texts(String key, JsonNode value) {
    if (value.isString()) {
      return text(variables(value.stringValue()));
    }
    if (value.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      value.forEach(element -> list.add(element.isValueNode() ? texts("env", element) : element));
      return list;
    }
    if (value.isObject()) {
      ObjectNode map = JsonNodeFactory.instance.objectNode();
      value.properties().stream()
          .filter(e -> !e.getValue().isNull())
          .forEach(e -> map.set(e.getKey(), texts("env", e.getValue())));
      return map;
    }
    return key.equals("env") ? text(value.asString("")) : value;
  }

  private String variables(String text) {
    return switch (client) {
      case VSCODE ->
          INPUT
              .matcher(text)
              .replaceAll(m -> Matcher.quoteReplacement("${" + variable(m.group(1)) + "}"));
      case GEMINI ->
          SHORT.matcher(text).replaceAll(m -> Matcher.quoteReplacement("${" + m.group(1) + "}"));
      case CURSOR, CLAUDE_CODE -> text;
      // These replace nothing: what looks like a variable is text.
      case CLAUDE_DESKTOP, CODEX, GOOSE, LOOM ->
          OWN_VARIABLE.matcher(text).replaceAll(Matcher.quoteReplacement("$${"));
    };
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }
}
