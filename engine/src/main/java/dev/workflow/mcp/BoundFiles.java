package dev.workflow.mcp;

import dev.workflow.mcp.ServerEntry.Target;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files that an approval is bound to: what would run or be read when an entry starts, as far as
 * its words tell: a script by its path, with or without its ending; a module ({@code python -m
 * NAME}); a folder that is run, by what programs begin with in it; what a program such as {@code
 * npm} or {@code make} reads in its folder; a program that the PATH leads to; the {@code envFile}.
 * A word with blanks or separators is looked into as a command line of its own. Folders that are
 * only handed on as arguments are not followed: they are what a server works on.
 */
final class BoundFiles {
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
          "deno.json",
          "main.go");

  /** Programs that run the script or the folder they are given. */
  private static final Pattern INTERPRETER =
      Pattern.compile(
          "(?:node(?:js)?|python|pypy|deno|bun|tsx|ts-node|uv|ruby|java|php|go)w?[0-9.]*"
              + "(?:\\.exe|\\.cmd)?");

  /** Programs that run the first thing they are given, and hand the rest on. */
  private static final Set<String> RUNNERS = Set.of("npx", "bunx", "pnpx", "uvx", "pipx");

  /** What a program reads in its folder without being told, and which says what it does. */
  private static final Map<String, List<String>> PROJECTS =
      Map.ofEntries(
          Map.entry("npm", List.of("package.json", ".npmrc")),
          Map.entry("pnpm", List.of("package.json", ".npmrc", "pnpm-workspace.yaml")),
          Map.entry("yarn", List.of("package.json", ".npmrc", ".yarnrc", ".yarnrc.yml")),
          Map.entry("bun", List.of("package.json", ".npmrc", "bunfig.toml")),
          Map.entry("npx", List.of(".npmrc")),
          Map.entry("pnpx", List.of(".npmrc")),
          Map.entry("bunx", List.of(".npmrc", "bunfig.toml")),
          Map.entry("--run", List.of("package.json")),
          Map.entry("deno", List.of("deno.json", "deno.jsonc", "package.json")),
          Map.entry("uv", List.of("pyproject.toml", "uv.toml")),
          Map.entry("uvx", List.of("uv.toml")),
          Map.entry("poetry", List.of("pyproject.toml")),
          Map.entry("pdm", List.of("pyproject.toml")),
          Map.entry("hatch", List.of("pyproject.toml", "hatch.toml")),
          Map.entry("pipenv", List.of("Pipfile")),
          Map.entry("go", List.of("go.mod", "go.work", "main.go")),
          Map.entry("cargo", List.of("Cargo.toml", "build.rs", "src/main.rs")),
          Map.entry("make", List.of("GNUmakefile", "makefile", "Makefile")),
          Map.entry("gmake", List.of("GNUmakefile", "makefile", "Makefile")),
          Map.entry("just", List.of("justfile", "Justfile", ".justfile")),
          Map.entry("task", List.of("Taskfile.yml", "Taskfile.yaml")),
          Map.entry("rake", List.of("Rakefile")),
          Map.entry("bundle", List.of("Gemfile")),
          Map.entry("mvn", List.of("pom.xml")),
          Map.entry("gradle", List.of("build.gradle", "build.gradle.kts", "settings.gradle")),
          Map.entry("docker", List.of("Dockerfile", "compose.yaml", "docker-compose.yml")));

  /** What follows them is the folder that words behind them count from. */
  private static final Set<String> FOLDERS =
      Set.of("--directory", "--cwd", "--prefix", "--project", "-C", "cd");

  /** Between the words of a command line, and the parts of a list of paths. */
  private static final Pattern SEPARATOR = Pattern.compile("[\\s:;,|&()<>`'\"]+");

  private final Map<String, String> environment;
  private final Set<Path> found = new LinkedHashSet<>();

  private BoundFiles(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Those of an entry.
   *
   * @param environment in which its variables are looked up
   */
  static Set<Path> of(ServerEntry entry, Map<String, String> environment) {
    UnaryOperator<String> expanded = Expansion.lenient(environment, entry.origin().workspace());
    Map<String, String> variables = new TreeMap<>(EnvFile.lenient(entry, expanded));
    entry.environment().forEach((name, text) -> variables.put(name, expanded.apply(text)));
    BoundFiles named = new BoundFiles(ChildEnvironment.of(environment, variables));
    Path folder = entry.folder(expanded);
    List<String> words = words(entry);
    words.replaceAll(expanded);
    named.line(words, Set.of(folder), !(entry.target() instanceof Target.Command));
    variables.forEach(
        (name, value) -> {
          if (Risks.decidesWhatRuns(name)) {
            named.line(List.of(value), Set.of(folder), true);
          }
        });
    if (entry.envFile() != null) {
      named.addFile(EnvFile.of(entry, expanded));
    }
    return named.found;
  }

  /**
   * What the words of a command line name.
   *
   * @param within whether it is a part of another one: then any word may be a program
   */
  private void line(List<String> words, Set<Path> start, boolean within) {
    Set<Path> folders = new LinkedHashSet<>(start);
    for (int i = 0; i < words.size(); i++) {
      String before = i == 0 ? "" : words.get(i - 1);
      String word = words.get(i);
      String value = word.substring(word.indexOf('=') + 1);
      if (FOLDERS.contains(before) || FOLDERS.contains(word.replaceFirst("=.*", ""))) {
        folders(value, folders);
      }
      boolean runs = runs(words, i);
      for (Path folder : folders) {
        add(folder, word, runs);
        add(folder, value, runs);
        add(folder, word.replaceFirst("^@", ""), false);
        if (before.equals("-m")) {
          add(folder, word.replace('.', '/'), true);
        }
        if (i == 0 || within) {
          program(folder, word);
        }
      }
      List<String> parts = parts(word);
      if (!parts.equals(List.of(word))) {
        line(parts, folders, true);
      }
    }
    projects(words, folders);
  }

  private static List<String> parts(String word) {
    return SEPARATOR.splitAsStream(word).filter(part -> !part.isBlank()).toList();
  }

  /** Words that count from a folder may also count from the one before it. */
  private static void folders(String name, Set<Path> folders) {
    Path named = path(name);
    for (Path folder : named == null ? List.<Path>of() : List.copyOf(folders)) {
      Path inner = folder.resolve(named).normalize();
      if (Files.isDirectory(inner)) {
        folders.add(inner);
      }
    }
  }

  private void projects(List<String> words, Set<Path> folders) {
    for (String word : words) {
      for (String file : PROJECTS.getOrDefault(program(word), List.of())) {
        folders.forEach(folder -> addFile(folder.resolve(file)));
      }
    }
  }

  /** What the PATH leads to. */
  private void program(Path folder, String word) {
    if (path(word) != null && word.indexOf('/') < 0 && !word.isBlank()) {
      try {
        addFile(Executables.find(word, environment, folder));
      } catch (NoExecutable none) {
        // Then nothing of that name runs.
      }
    }
  }

  /**
   * Whether a folder at this place of the command line would be run, and not only be looked into.
   */
  private static boolean runs(List<String> words, int at) {
    for (int i = 0; i < at; i++) {
      String name = program(words.get(i));
      boolean first = words.subList(i + 1, at).stream().allMatch(word -> word.startsWith("-"));
      if (INTERPRETER.matcher(name).matches() || (RUNNERS.contains(name) && first)) {
        return true;
      }
    }
    return false;
  }

  /** The name that a program goes by. */
  private static String program(String word) {
    Path program = path(word);
    return program == null || program.getFileName() == null
        ? ""
        : program.getFileName().toString().toLowerCase(Locale.ROOT);
  }

  private void add(Path folder, String word, boolean runs) {
    for (String ending : word.isBlank() || word.startsWith("-") ? List.<String>of() : ENDINGS) {
      Path path = path(word + ending);
      Path named = path == null ? folder : folder.resolve(path).normalize();
      if (Files.isRegularFile(named)) {
        found.add(named);
      } else if (runs && ending.isEmpty() && Files.isDirectory(named)) {
        BEGINNINGS.forEach(beginning -> addFile(named.resolve(beginning)));
      }
    }
  }

  private void addFile(Path file) {
    if (Files.isRegularFile(file)) {
      found.add(file);
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
