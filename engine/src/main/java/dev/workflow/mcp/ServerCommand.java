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
      case COMMAND_LINE -> words.addAll(List.of("--mcp-config", fromHere(origin)));
      case WORKFLOW -> words.addAll(List.of("--from", fromHere(origin)));
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

  /** A run may go on in another folder than the one where its files were named. */
  private static String fromHere(ServerOrigin origin) {
    Path file = origin.path();
    Path here = Path.of("").toAbsolutePath();
    return (file.startsWith(here) ? here.relativize(file) : file).toString();
  }

  /** The whole line. */
  static String line(String verb, ServerEntry entry) {
    return "workflow " + ShellWords.line(words(verb, entry));
  }
}
