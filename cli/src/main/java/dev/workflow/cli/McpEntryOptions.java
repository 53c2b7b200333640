package dev.workflow.cli;

import dev.workflow.engine.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The fields of a server entry, as options. */
final class McpEntryOptions implements Arguments {
  private enum Transport {
    stdio,
    http,
    sse
  }

  private final Argument<@Nullable Transport> transport =
      Argument.optionOrNull(
          "-t, --transport=KIND",
          Transport.class,
          "How it is reached: ${COMPLETION-CANDIDATES} (default: stdio for a command, http for a"
              + " URL).");
  private final Argument<List<String>> env =
      Argument.options(
          "-e, --env=K=V",
          String.class,
          "A variable for the program, written into the file; better for secrets: --env-ref.");
  private final Argument<List<String>> envRef =
      Argument.options(
          "--env-ref=K=ENV",
          String.class,
          "A variable whose value is looked up in your environment at each start.");
  private final Argument<List<String>> headers =
      Argument.options(
          "-H, --header=HEADER",
          String.class,
          "A header, 'Name: value', for a URL; $${VARIABLE} in it is looked up at each start.");
  private final Argument<@Nullable String> clientId =
      Argument.optionOrNull(
          "--client-id=ID",
          String.class,
          "The client that you have registered at the authorization server of a URL.");
  private final Argument<@Nullable String> clientSecret =
      Argument.optionOrNull(
          "--client-secret-ref=ENV",
          String.class,
          "A variable of your environment with the secret of that client.");
  private final Argument<@Nullable Integer> callbackPort =
      Argument.optionOrNull(
          "--callback-port=PORT",
          Integer.class,
          "The port of the redirect http://localhost:PORT/callback of that client.");
  private final Argument<@Nullable String> cwd =
      Argument.optionOrNull(
          "--cwd=FOLDER",
          String.class,
          "Where the program starts, relative to the folder of the file (default: the workspace).");
  private final Argument<@Nullable String> timeout =
      Argument.optionOrNull(
          "--timeout=TIME",
          String.class,
          "Longest wait for the answer to one call, such as 30s, or milliseconds (default 60s).");
  private final Argument<@Nullable String> startupTimeout =
      Argument.optionOrNull(
          "--startup-timeout=TIME",
          String.class,
          "Longest wait until it has answered the greeting (default 20s).");
  private final Argument<List<String>> includeTools =
      Argument.options(
          "--include-tools=TOOLS", String.class, "The only tools to offer, with commas between.");
  private final Argument<List<String>> excludeTools =
      Argument.options("--exclude-tools=TOOLS", String.class, "Tools never to offer.");
  private final Argument<List<String>> roots =
      Argument.options(
          "--roots=FOLDERS",
          String.class,
          "Folders that it is told to work in, with commas between; relative ones count from the"
              + " workspace.");
  private final Argument<Boolean> privateNetwork =
      Argument.flag(
          "--allow-private-network",
          "A URL may be, and may lead, in private networks and on this machine.");
  private final Argument<Boolean> sampling =
      Argument.flag(
          "--sampling", "It may have your model asked in the middle of a call, at your cost.");
  private final Argument<Boolean> required =
      Argument.flag("--required", "No run begins where it cannot start.");
  private final Argument<Boolean> disabled =
      Argument.flag("--disabled", "Listed, and never started.");
  private final Argument<@Nullable String> description =
      Argument.optionOrNull("--description=TEXT", String.class, "For people.");

  @Override
  public List<Argument<?>> each() {
    return List.of(
        transport,
        env,
        envRef,
        headers,
        clientId,
        clientSecret,
        callbackPort,
        cwd,
        timeout,
        startupTimeout,
        includeTools,
        excludeTools,
        roots,
        privateNetwork,
        sampling,
        required,
        disabled,
        description);
  }

  /** Whether any of them is given. */
  boolean given() {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    set(entry);
    return !entry.isEmpty();
  }

  /** What is reached: a command with its arguments, or an address; nothing is left as it is. */
  void reach(ObjectNode entry, List<String> words) {
    if (words.isEmpty()) {
      return;
    }
    entry.remove(List.of("command", "args", "url", "httpUrl", "builtin", "type", "transport"));
    if (ForeignCommand.isAddress(words.getFirst())) {
      if (words.size() > 1) {
        throw new UsageException(
            "Nothing stands behind an address, found %s."
                .formatted(ShellWords.quoted(words.get(1))));
      }
      entry.put("type", transport.value() == null ? "http" : word());
      entry.put("url", words.getFirst());
      return;
    }
    entry.put("command", words.getFirst());
    if (words.size() > 1) {
      words.subList(1, words.size()).forEach(entry.putArray("args")::add);
    }
  }

  private String word() {
    return String.valueOf(transport.value()).toLowerCase(Locale.ROOT);
  }

  /** Sets the fields that are given. */
  void set(ObjectNode entry) {
    if (transport.value() != null) {
      entry.remove("transport");
      entry.put("type", word());
    }
    env.value().forEach(pair -> pair(entry, "env", pair, "--env", false));
    envRef.value().forEach(pair -> pair(entry, "env", pair, "--env-ref", true));
    headers.value().forEach(header -> header(entry, header));
    oauth(entry);
    text(entry, "cwd", cwd.value());
    time(entry, "timeout", timeout.value());
    time(entry, "startupTimeout", startupTimeout.value());
    names(entry, "includeTools", includeTools.value());
    names(entry, "excludeTools", excludeTools.value());
    names(entry, "roots", roots.value());
    if (privateNetwork.value()) {
      entry.put("allowPrivateNetwork", true);
    }
    if (sampling.value()) {
      entry.put("sampling", true);
    }
    if (required.value()) {
      entry.put("required", true);
    }
    if (disabled.value()) {
      McpEntry.off(entry);
    }
    text(entry, "description", description.value());
  }

  private static void pair(
      ObjectNode entry, String map, String pair, String option, boolean reference) {
    int equals = pair.indexOf('=');
    if (equals < 1 || (reference && !pair.substring(equals + 1).matches("[A-Za-z_]\\w*"))) {
      // The text is not repeated: it may be a secret.
      throw new UsageException(
          option + ": expected " + (reference ? "K=VARIABLE" : "K=V") + ", found another text.");
    }
    String value = pair.substring(equals + 1);
    map(entry, map).put(pair.substring(0, equals), reference ? "${" + value + "}" : value);
  }

  private static void header(ObjectNode entry, String header) {
    String[] parts = header.split("[:=]", 2);
    if (parts.length < 2 || parts[0].isBlank()) {
      throw new UsageException("--header: expected 'Name: value', found another text.");
    }
    map(entry, "headers").put(parts[0].strip(), parts[1].strip());
  }

  private void oauth(ObjectNode entry) {
    if (clientId.value() != null) {
      map(entry, "oauth").put("clientId", clientId.value());
    }
    if (clientSecret.value() != null) {
      if (!clientSecret.value().matches("[A-Za-z_]\\w*")) {
        throw new UsageException(
            "--client-secret-ref: expected the name of a variable, found another text.");
      }
      map(entry, "oauth").put("clientSecret", "${" + clientSecret.value() + "}");
    }
    if (callbackPort.value() != null) {
      map(entry, "oauth").put("callbackPort", callbackPort.value());
    }
  }

  private static ObjectNode map(ObjectNode entry, String name) {
    return entry.get(name) instanceof ObjectNode there ? there : entry.putObject(name);
  }

  private static void text(ObjectNode entry, String field, @Nullable String value) {
    if (value != null) {
      entry.put(field, value);
    }
  }

  private static void time(ObjectNode entry, String field, @Nullable String value) {
    if (value != null && value.matches("\\d{1,9}")) {
      entry.put(field, Integer.parseInt(value));
    } else {
      text(entry, field, value);
    }
  }

  private static void names(ObjectNode entry, String field, List<String> lists) {
    List<String> names = new ArrayList<>();
    lists.forEach(list -> names.addAll(List.of(list.split("\\s*,\\s*"))));
    if (!names.isEmpty()) {
      ArrayNode array = entry.putArray(field);
      names.forEach(array::add);
    }
  }
}
