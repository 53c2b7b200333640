package dev.workflow.mcp;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The servers that come with this product. Each runs in a Java process of its own on the runtime of
 * this one: from the jars in {@code lib} of the folder that the system property {@code
 * workflow.dist} names, else from our own class path.
 */
final class Builtins {
  private static final String DIST = "workflow.dist";

  /** The first Java release that knows AOT caches; older ones refuse the option. */
  private static final int AOT_SINCE = 24;

  private Builtins() {}

  /** The name is the AOT cache's as well. */
  private enum Server {
    TRAVEL("travel", "dev.workflow.travel.TravelServer");

    private final String builtin;
    private final String mainClass;

    Server(String builtin, String mainClass) {
      this.builtin = builtin;
      this.mainClass = mainClass;
    }
  }

  static Set<String> names() {
    return Stream.of(Server.values()).map(server -> server.builtin).collect(Collectors.toSet());
  }

  /** The command line of a builtin. */
  static List<String> command(String name, List<String> args) {
    Server server =
        Stream.of(Server.values())
            .filter(known -> known.builtin.equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no builtin server " + name));
    String dist = System.getProperty(DIST);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (dist != null) {
      Path cache = Path.of(dist, server.builtin + ".aot");
      if (Runtime.version().feature() >= AOT_SINCE && Files.isRegularFile(cache)) {
        command.add("-XX:AOTCache=" + cache);
      }
    }
    command.addAll(List.of("-cp", classPath(dist), server.mainClass));
    command.addAll(args);
    return command;
  }

  private static String classPath(@Nullable String dist) {
    if (dist == null) {
      return System.getProperty("java.class.path");
    }
    try (Stream<Path> jars = Files.list(Path.of(dist, "lib"))) {
      return jars.map(Path::toString)
          .filter(jar -> jar.endsWith(".jar"))
          .sorted()
          .collect(Collectors.joining(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the jars of " + dist, e);
    }
  }
}
