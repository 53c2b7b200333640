package dev.workflow.mcp;

import dev.workflow.engine.UserHome;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${VAR}} and {@code ${VAR:-default}} by values of the environment; a doubled
 * dollar sign is literal. A default also stands for an empty variable. Other clients' spellings are
 * understood: {@code ${env:VAR}}, {@code ${workspaceFolder}}, {@code ${workspaceFolderBasename}},
 * {@code ${userHome}}, {@code ${pathSeparator}} and {@code ${/}}. Remembers what it inserted from
 * the environment, as that may be secret, and every variable that is not set.
 */
final class Expansion {
  private static final Pattern FORM =
      Pattern.compile(
          "\\$(\\$\\{)"
              + "|\\$\\{(workspaceFolder|workspaceFolderBasename|userHome|pathSeparator|/)}"
              + "|\\$\\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}"
              + "|\\$\\{[^}]*}?");

  private final Map<String, String> environment;
  private final Path workspace;
  private final Set<String> inserted = new LinkedHashSet<>();
  private final List<String> mistakes = new ArrayList<>();

  /**
   * An expansion.
   *
   * @param workspace what {@code ${workspaceFolder}} stands for
   */
  Expansion(Map<String, String> environment, Path workspace) {
    this.environment = environment;
    this.workspace = workspace;
  }

  /** For a reader, who starts nothing: what cannot be expanded is left out. */
  static UnaryOperator<String> lenient(Map<String, String> environment, Path workspace) {
    Expansion expansion = new Expansion(environment, workspace);
    return text -> expansion.expand("", text);
  }

  String expand(String field, String text) {
    return FORM.matcher(text).replaceAll(match -> Matcher.quoteReplacement(value(field, match)));
  }

  private String value(String field, MatchResult match) {
    if (match.group(1) != null) {
      return "${";
    }
    if (match.group(2) != null) {
      return predefined(match.group(2));
    }
    @Nullable String name = match.group(3);
    if (name == null) {
      mistakes.add(
          "field "
              + field
              + ": expected ${VAR} or ${VAR:-default}, found ${ with something else behind it; a"
              + " literal ${ is written $${");
      return "";
    }
    @Nullable String fallback = match.group(4);
    String value = environment.getOrDefault(name, "");
    if (!value.isEmpty() || (environment.containsKey(name) && fallback == null)) {
      if (!ChildEnvironment.isShared(name)) {
        inserted.add(value);
      }
      return value;
    }
    if (fallback == null) {
      mistakes.add(
          "field "
              + field
              + ": the variable "
              + name
              + " is not set; set it or write ${"
              + name
              + ":-default}");
      return "";
    }
    return fallback;
  }

  private String predefined(String name) {
    return switch (name) {
      case "workspaceFolder" -> workspace.toString();
      case "workspaceFolderBasename" ->
          workspace.getFileName() == null ? "" : workspace.getFileName().toString();
      case "userHome" -> UserHome.of(environment).toString();
      default -> File.separator;
    };
  }

  /** A variable of the environment by its name; empty when it is not set, or empty. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** The names of the variables of the environment that a text asks for. */
  static Set<String> variables(String text) {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = FORM.matcher(text);
    while (matcher.find()) {
      if (matcher.group(3) != null) {
        names.add(matcher.group(3));
      }
    }
    return names;
  }

  /** The values that came from the environment, those every child sees left out. */
  Set<String> inserted() {
    return inserted;
  }

  /** What could not be expanded, each naming its field. */
  List<String> mistakes() {
    return mistakes;
  }
}
