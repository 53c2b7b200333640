package dev.workflow.cli;

import dev.workflow.assembly.Home;
import dev.workflow.definition.Nearest;
import dev.workflow.engine.ShellWords;
import dev.workflow.engine.Workspace;
import dev.workflow.mcp.config.ServerFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which of the files that may be changed is meant. */
final class McpPlace implements Arguments {
  /** Whose file. */
  enum Scope {
    user,
    project
  }

  private final Argument<@Nullable Scope> scope;
  private final Argument<@Nullable Path> workspace = workspaceOption();

  private McpPlace(String description) {
    this.scope = Argument.optionOrNull("-s, --scope=SCOPE", Scope.class, description);
  }

  /** With a description of its own. */
  static McpPlace of(String description) {
    return new McpPlace(description);
  }

  /** For what is new. */
  static McpPlace ofNew() {
    return new McpPlace(
        "Into which file: project, .mcp.json of the workspace, shared and approved once; or user,"
            + " mcp.json of your home (default: project where there is a .mcp.json, else user).");
  }

  /** For what is there. */
  static McpPlace ofExisting() {
    return new McpPlace(
        "Which file is meant: ${COMPLETION-CANDIDATES} (default: the one that has the server).");
  }

  static Argument<@Nullable Path> workspaceOption() {
    return Argument.optionOrNull(
        "--workspace=FOLDER",
        Path.class,
        "The workspace (default: the nearest folder, from here up, with .git, .mcp.json or"
            + " skills).");
  }

  static Path workspace(@Nullable Path named) {
    return named == null
        ? Workspace.of(Path.of("").toAbsolutePath())
        : named.toAbsolutePath().normalize();
  }

  @Override
  public List<Argument<?>> each() {
    return List.of(scope, workspace);
  }

  /** The scope that is named; absent: none is. */
  @Nullable Scope given() {
    return scope.value();
  }

  Path workspace() {
    return workspace(workspace.value());
  }

  ServerFile of(Scope which, Context context) {
    Path folder = workspace();
    return switch (which) {
      case user -> ServerFile.ofUser(Home.of(context.environment(), List.of()).folder(), folder);
      case project -> ServerFile.ofWorkspace(folder);
    };
  }

  /** The file that a new server goes into. */
  Scope ofNewServer() {
    Scope given = scope.value();
    if (given != null) {
      return given;
    }
    boolean shared = Files.exists(workspace().resolve(Workspace.SERVERS));
    return shared ? Scope.project : Scope.user;
  }

  /** The file that has a server; else a mistake that says which servers there are. */
  Scope having(String name, Context context) {
    List<Scope> having = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    for (Scope each : scope.value() == null ? List.of(Scope.values()) : List.of(scope.value())) {
      ServerFile file = of(each, context);
      if (file.entry(name) != null) {
        having.add(each);
      }
      names.addAll(file.names());
    }
    if (having.size() > 1) {
      throw new UsageException(
          "Server %s is in your mcp.json and in .mcp.json of the workspace: say --scope user or --scope project."
              .formatted(ShellWords.quoted(name)));
    }
    if (having.isEmpty()) {
      throw new UsageException(
          "There is no server %s in a file that can be changed%s. %s"
              .formatted(
                  ShellWords.quoted(name),
                  scope.value() == null ? "" : " (scope " + scope.value() + ")",
                  Nearest.hint(name, names)));
    }
    return having.getFirst();
  }
}
