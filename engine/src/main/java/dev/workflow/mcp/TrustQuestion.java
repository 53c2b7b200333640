package dev.workflow.mcp;

import dev.workflow.engine.UserHome;
import dev.workflow.mcp.ServerEntry.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Explains to a person what approving a server means. */
final class TrustQuestion {
  private final Map<String, String> environment;

  /**
   * Questions to a person.
   *
   * @param environment in which variables and the home folder are looked up
   */
  TrustQuestion(Map<String, String> environment) {
    this.environment = environment;
  }

  List<String> of(ServerEntry entry, List<Path> workspaceFiles) {
    UnaryOperator<String> expanded = Expansion.lenient(environment, entry.origin().workspace());
    Map<String, String> fromFile = EnvFile.lenient(entry, expanded);
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
        program(entry, expanded, fromFile.keySet(), lines);
      }
      case Target.Builtin builtin -> {
        lines.add("builtin: " + quoted(builtin.name()));
        arguments(builtin.args(), lines);
        program(entry, expanded, fromFile.keySet(), lines);
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
    SamplingEntry sampling = entry.sampling();
    if (sampling != null) {
      lines.add("sampling: " + sampling.words());
    }
    new TreeMap<>(entry.effects())
        .forEach((tool, effect) -> lines.add("claims: " + quoted(tool) + " is " + effect.word()));
    Map<String, String> variables = new TreeMap<>(fromFile);
    variables.putAll(entry.environment());
    String home = UserHome.of(environment).toString();
    new Risks(entry, expanded, variables, home)
        .of(workspaceFiles)
        .forEach(risk -> lines.add("risk: " + risk));
    return lines;
  }

  /** What a program gets beside its arguments. */
  private static void program(
      ServerEntry entry, UnaryOperator<String> expanded, Set<String> fromFile, List<String> lines) {
    names("env", entry.environment().keySet(), lines);
    if (entry.envFile() != null) {
      lines.add("envFile: " + quoted(entry.envFile()) + " (values hidden)");
      for (String name : new TreeSet<>(fromFile)) {
        lines.add("env: " + quoted(name) + " (value hidden, of the envFile)");
      }
    }
    String cwd = entry.cwd();
    String folder =
        cwd != null && !Expansion.variables(cwd).isEmpty()
            ? cwd
            : entry.folder(expanded).toString();
    lines.add("folder: " + quoted(folder));
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
