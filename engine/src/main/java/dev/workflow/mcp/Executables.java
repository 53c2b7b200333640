package dev.workflow.mcp;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds a command in the PATH that the child will see, before anything is started. */
final class Executables {
  private Executables() {}

  /**
   * The file that {@code command} names: in {@code cwd} when it has a separator, else in the PATH
   * of {@code env}.
   *
   * @throws ToolException unavailable, naming the command and where it was looked for
   */
  static Path find(String command, Map<String, String> env, Path cwd) throws NoExecutable {
    if (command.indexOf('/') >= 0 || command.indexOf(File.separatorChar) >= 0) {
      Path file = cwd.resolve(command).normalize();
      if (isRunnable(file)) {
        return file;
      }
      throw new NoExecutable("there is no executable file " + file);
    }
    String path = env.getOrDefault("PATH", "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      for (String name : names(command, env)) {
        Path file = cwd.resolve(folder).resolve(name);
        if (isRunnable(file)) {
          return file;
        }
      }
    }
    throw new NoExecutable(
        "the command '"
            + command
            + "' was not found in PATH="
            + path
            + "; install it or write its full path");
  }

  private static boolean isRunnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  private static List<String> names(String command, Map<String, String> env) {
    if (File.separatorChar != '\\') {
      return List.of(command);
    }
    List<String> names = new ArrayList<>(List.of(command));
    for (String extension : env.getOrDefault("PATHEXT", ".EXE;.CMD;.BAT").split(";", -1)) {
      names.add(command + extension.toLowerCase(Locale.ROOT));
    }
    return names;
  }
}
