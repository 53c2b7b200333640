package dev.workflow.mcp;

import dev.workflow.mcp.ServerEntry.Target;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The files that would run or be read when an entry starts, as far as its words name them: a script
 * by its path, with or without its ending; a module ({@code python -m NAME}); a folder that is run,
 * by what programs begin with in it; the {@code envFile}. Folders that are only handed on as
 * arguments are not followed: they are what a server works on.
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

  /** Programs that run the script or the folder they are given. */
  private static final List<String> INTERPRETERS =
      List.of("node", "python", "deno", "bun", "tsx", "ts-node", "uv", "ruby", "java", "php");

  /** Programs that run the first thing they are given, and hand the rest on. */
  private static final Set<String> RUNNERS = Set.of("npx", "bunx", "pnpx", "uvx", "pipx");

  /** What follows them is the folder that words behind them count from. */
  private static final Set<String> FOLDERS =
      Set.of("--directory", "--cwd", "--prefix", "--project", "-C");

  private NamedFiles() {}

  static Set<Path> of(ServerEntry entry, UnaryOperator<String> expanded) {
    Set<Path> found = new LinkedHashSet<>();
    List<String> words = words(entry);
    words.replaceAll(expanded);
    List<Path> folders = new ArrayList<>();
    add(path(expanded.apply(TrustQuestion.folder(entry).toString())), folders);
    for (int i = 0; !folders.isEmpty() && i < words.size(); i++) {
      String before = i == 0 ? "" : words.get(i - 1);
      String word = words.get(i);
      String value = word.substring(word.indexOf('=') + 1);
      if (FOLDERS.contains(before) || FOLDERS.contains(word.replaceFirst("=.*", ""))) {
        Path named = path(value);
        add(named == null ? null : folders.getFirst().resolve(named), folders);
      }
      for (Path folder : folders) {
        boolean runs = runs(words, i);
        add(folder, word, runs, found);
        add(folder, value, runs, found);
        if (before.equals("-m")) {
          add(folder, word.replace('.', '/'), true, found);
        }
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

  private static void add(@Nullable Path folder, List<Path> folders) {
    if (folder != null) {
      folders.add(folder);
    }
  }

  /**
   * Whether a folder at this place of the command line would be run, and not only be looked into.
   */
  private static boolean runs(List<String> words, int at) {
    Path program = path(words.getFirst());
    String name =
        program == null || program.getFileName() == null
            ? ""
            : program.getFileName().toString().toLowerCase(Locale.ROOT);
    if (RUNNERS.contains(name)) {
      return words.subList(1, Math.max(1, at)).stream().allMatch(word -> word.startsWith("-"));
    }
    return INTERPRETERS.stream().anyMatch(name::startsWith);
  }

  private static void add(Path folder, String word, boolean runs, Set<Path> found) {
    for (String ending : word.isBlank() || word.startsWith("-") ? List.<String>of() : ENDINGS) {
      Path path = path(word + ending);
      Path named = path == null ? folder : folder.resolve(path).normalize();
      if (Files.isRegularFile(named)) {
        found.add(named);
      } else if (runs && ending.isEmpty() && Files.isDirectory(named)) {
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
