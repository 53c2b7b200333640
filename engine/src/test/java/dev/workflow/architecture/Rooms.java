package dev.workflow.architecture;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The packages below {@code dev.workflow} and the libraries, with who may use which. */
final class Rooms {
  private static final String ROOT = "dev.workflow.";

  static final Set<String> KERNEL = Set.of("definition", "run");

  /** One rim each behind a port; no rim imports another. */
  static final Set<String> RIMS =
      Set.of(
          "yaml",
          "schema",
          "expression",
          "journal",
          "mcp",
          "models",
          "skills",
          "ranking",
          "trace",
          "cases",
          "cassette");

  private static final Set<String> BELOW_RIMS = Set.of("definition", "run", "engine");
  private static final Set<String> BELOW_CHECK = union(BELOW_RIMS, RIMS);
  private static final Set<String> BELOW_ASSEMBLY = union(BELOW_CHECK, Set.of("check"));

  /** What each room may import, besides itself. */
  static final Map<String, Set<String>> MAY_IMPORT =
      Stream.concat(
              RIMS.stream().map(rim -> entry(rim, BELOW_RIMS)),
              Stream.of(
                  entry("definition", Set.<String>of()),
                  entry("run", Set.of("definition")),
                  entry("engine", KERNEL),
                  entry("check", BELOW_CHECK),
                  entry("assembly", BELOW_ASSEMBLY)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  /** The rooms in which a library, named by the beginning of its packages, may be seen. */
  private static final Map<String, Set<String>> HOMES =
      Map.ofEntries(
          entry("org.snakeyaml.", Set.of("yaml")),
          entry("com.networknt.", Set.of("schema")),
          entry("com.google.re2j.", Set.of("expression", "schema")),
          entry("java.sql.", Set.of("journal")),
          entry("javax.sql.", Set.of("journal")),
          entry("org.sqlite.", Set.of("journal")),
          entry("org.eclipse.jgit.", Set.of("skills")),
          entry("org.apache.lucene.", Set.of("ranking")),
          entry("io.modelcontextprotocol.", Set.of("mcp")),
          entry("org.apache.hc.", Set.of("mcp")),
          entry("inet.ipaddr.", Set.of("mcp")),
          entry("tools.jackson.dataformat.toml.", Set.of("mcp")),
          // Where the browser comes back after a login.
          entry("com.sun.net.httpserver.", Set.of("mcp")),
          entry("dev.langchain4j.", Set.of("models")),
          // Jackson 2, which langchain4j keeps inside; ours is Jackson 3.
          entry("com.fasterxml.jackson.", Set.of("models")),
          // The ports of tools, models and people answer with a Mono.
          entry(
              "reactor.",
              Set.of("engine", "mcp", "models", "cases", "cassette", "check", "assembly")),
          entry(
              "org.reactivestreams.",
              Set.of("engine", "mcp", "models", "cases", "cassette", "check", "assembly")));

  /** Libraries that are the language of every room. */
  private static final Set<String> EVERYWHERE =
      Set.of("org.jspecify.annotations.", "tools.jackson.databind.", "tools.jackson.core.");

  private Rooms() {}

  /** The room of a package of ours, or empty for a package of somebody else. */
  static Optional<String> roomOf(String packageName) {
    if (!packageName.startsWith(ROOT)) {
      return Optional.empty();
    }
    String below = packageName.substring(ROOT.length());
    int dot = below.indexOf('.');
    return Optional.of(dot < 0 ? below : below.substring(0, dot));
  }

  /** Where a library's package may be used, or empty where every room may. */
  static Optional<Set<String>> homesOf(String packageName) {
    String dotted = packageName + ".";
    Optional<Set<String>> homes =
        HOMES.entrySet().stream()
            .filter(home -> dotted.startsWith(home.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    if (homes.isPresent() || isFree(dotted)) {
      return homes;
    }
    return Optional.of(Set.of());
  }

  private static boolean isFree(String dotted) {
    return dotted.startsWith("java.")
        || dotted.startsWith("javax.")
        || dotted.startsWith("jdk.")
        || EVERYWHERE.stream().anyMatch(dotted::startsWith);
  }

  private static Set<String> union(Set<String> left, Set<String> right) {
    return Stream.concat(left.stream(), right.stream()).collect(Collectors.toUnmodifiableSet());
  }
}
