package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.ShellWords;
import dev.workflow.engine.Workspace;
import dev.workflow.skills.InstalledSkill.Scope;
import dev.workflow.skills.SkillPackages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the commands take that fetch skills or change which are installed. */
final class SkillOptions implements Arguments {

  /** Whose skills are meant. */
  enum Target {
    project,
    user
  }

  private final Argument<Target> scope =
      Argument.option(
          "--scope=SCOPE",
          Target.project,
          "Whose skills are meant: ${COMPLETION-CANDIDATES} (default project).");
  private final Argument<@Nullable Path> workspace =
      Argument.optionOrNull(
          "--workspace=FOLDER",
          Path.class,
          "The project (default: the nearest folder above with .git, .mcp.json or skills).");
  private final Argument<@Nullable Path> registry =
      Argument.optionOrNull(
          "--registry=FILE",
          Path.class,
          "Where mcp://skills/NAME is looked up (default: registry.yaml of $WORKFLOW_HOME).");
  private final Argument<@Nullable String> tokenVariable =
      Argument.optionOrNull(
          "--token-env=VARIABLE",
          String.class,
          "The variable that holds the token for a private repository. It is sent to the host of"
              + " the repository alone.");
  private final boolean scoped;

  private SkillOptions(boolean scoped) {
    this.scoped = scoped;
  }

  /** With a scope. */
  static SkillOptions scoped() {
    return new SkillOptions(true);
  }

  /** Where no scope is chosen. */
  static SkillOptions unscoped() {
    return new SkillOptions(false);
  }

  @Override
  public List<Argument<?>> each() {
    List<Argument<?>> all = new ArrayList<>();
    if (scoped) {
      all.add(scope);
    }
    all.addAll(List.of(workspace, registry, tokenVariable));
    return all;
  }

  Scope scope() {
    return switch (scope.value()) {
      case project -> Scope.project;
      case user -> Scope.user;
    };
  }

  /** The folder that relative paths are below. */
  static Path here() {
    return Path.of("").toAbsolutePath();
  }

  SkillPackages packages(WorkflowEngine engine, Context context) {
    Path named = workspace.value();
    return engine.packages(
        named == null ? Workspace.of(here()) : named.toAbsolutePath().normalize(),
        registry.value(),
        token(context));
  }

  private @Nullable String token(Context context) {
    String variable = tokenVariable.value();
    if (variable == null) {
      return null;
    }
    String token = context.environment().get(variable);
    if (token == null || token.isBlank()) {
      throw new UsageException(
          "--token-env: the variable %s is not set.".formatted(ShellWords.quoted(variable)));
    }
    return token;
  }
}
