package dev.workflow.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The servers that come with this product. Each runs in a Java process of its own on the runtime of
 * this one: as the build laid it out in the folder that the system property {@code workflow.dist}
 * names, else from our own class path.
 */
final class Builtins {
  private static final String DIST = "workflow.dist";

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
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String dist = System.getProperty(DIST);
    Path program = Path.of(dist == null ? "" : dist, "programs", server.builtin);
    if (dist != null && Files.isRegularFile(program)) {
      command.addAll(laidOut(Path.of(dist), program));
    } else {
      command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), server.mainClass));
    }
    command.addAll(args);
    return command;
  }

  /** The arguments that the build wrote for a program, one a line, and its AOT cache if it fits. */
  private static List<String> laidOut(Path dist, Path program) {
    List<String> arguments = new ArrayList<>();
    Path cache = program.resolveSibling(program.getFileName() + ".aot");
    try {
      if (Files.isRegularFile(cache) && madeByThisRuntime(program.resolveSibling("jdk"))) {
        arguments.add("-XX:AOTCache=" + cache);
      }
      for (String line : Files.readAllLines(program)) {
        arguments.add(line.replace("@dist@", dist.toString()));
      }
      return arguments;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read how to start " + program, e);
    }
  }

  private static boolean madeByThisRuntime(Path jdk) throws IOException {
    return Files.isRegularFile(jdk)
        && Files.readAllLines(jdk)
            .equals(
                List.of(
                    System.getProperty("java.home"), System.getProperty("java.runtime.version")));
  }
}
