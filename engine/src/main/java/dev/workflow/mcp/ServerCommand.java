package dev.workflow.mcp;

import dev.workflow.engine.ShellWords;
import dev.workflow.engine.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a person types to do something about one server, from where this process is. */
public final class ServerCommand {
  private ServerCommand() {}

  /**
   * The words behind the name of the program.
   *
   * @param verb such as {@code login}
   */
  public static List<String> words(String verb, ServerEntry entry) {
    ServerOrigin origin = entry.origin();
    List<String> words = new ArrayList<>(List.of("mcp", verb, entry.alias()));
    switch (origin.layer()) {
      case COMMAND_LINE -> words.addAll(List.of("--mcp-config", origin.file()));
      case WORKFLOW -> words.addAll(List.of("--from", origin.file()));
      case WORKSPACE -> {
        Path workspace = origin.workspace().toAbsolutePath();
        if (!Workspace.of(Path.of("").toAbsolutePath()).equals(workspace)) {
          words.addAll(List.of("--workspace", workspace.toString()));
        }
      }
      case USER -> {}
    }
    return words;
  }

  /** The whole line. */
  static String line(String verb, ServerEntry entry) {
    return "workflow " + ShellWords.line(words(verb, entry));
  }
}
