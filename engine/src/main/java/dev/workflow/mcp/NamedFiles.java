package dev.workflow.mcp;

import dev.workflow.mcp.ServerEntry.Target;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The files that would run or be read when an entry starts, as far as its words name them: a script
 * by its path, with or without its ending; a module ({@code python -m NAME}); a folder with what
 * programs begin with in it; the {@code envFile}.
 */
final class NamedFiles {
  private static final List<String> ENDINGS =
      List.of("", ".js", ".mjs", ".cjs", ".ts", ".mts", ".py", ".sh", ".rb", ".jar");

  private static final List<String> BEGINNINGS =
      List.of(
          "package.json",
          "index.js",
          "index.mjs",
          "index.cjs",
          "index.ts",
          "server.js",
          "main.js",
          "dist/index.js",
          "build/index.js",
          "__main__.py",
          "__init__.py",
          "main.py",
          "server.py",
          "pyproject.toml",
          "deno.json");

  private NamedFiles() {}

  static Set<Path> of(ServerEntry entry, UnaryOperator<String> expanded) {
    Set<Path> found = new LinkedHashSet<>();
    Path folder = path(expanded.apply(TrustQuestion.folder(entry).toString()));
    List<String> words = words(entry);
    words.replaceAll(expanded);
    for (int i = 0; folder != null && i < words.size(); i++) {
      String word = words.get(i);
      boolean module = i > 0 && words.get(i - 1).equals("-m");
      for (String part :
          List.of(
              word,
              word.substring(word.indexOf('=') + 1),
              module ? word.replace('.', '/') : word)) {
        add(folder, part, found);
      }
    }
    if (entry.envFile() != null) {
      Path file = EnvFile.of(entry, expanded);
      if (Files.isRegularFile(file)) {
        found.add(file);
      }
    }
    return found;
  }

  private static void add(Path folder, String word, Set<Path> found) {
    for (String ending : word.isBlank() || word.startsWith("-") ? List.<String>of() : ENDINGS) {
      Path path = path(word + ending);
      Path named = path == null ? folder : folder.resolve(path).normalize();
      if (Files.isRegularFile(named)) {
        found.add(named);
      } else if (ending.isEmpty() && Files.isDirectory(named)) {
        BEGINNINGS.stream().map(named::resolve).filter(Files::isRegularFile).forEach(found::add);
      }
    }
  }

  private static @Nullable Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static List<String> words(ServerEntry entry) {
    List<String> words = new ArrayList<>();
    switch (entry.target()) {
      case Target.Command command -> {
        words.add(command.command());
        words.addAll(command.args());
      }
      case Target.Builtin builtin -> words.addAll(builtin.args());
      case Target.Url url -> {}
    }
    return words;
  }
}
