package dev.workflow.cli.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * How the command line is started as a process. Starts are what these tests cost, so the classes
 * are put into jars and, once for all tests, into a cache of the Java virtual machine, much as the
 * build does for the launcher. Where there is no cache the start is slower, and nothing else.
 */
final class Program {
  private static final long TRAINING_SECONDS = 60;
  private static final int AOT_SINCE = 25;
  private static final Path FOLDER = Cli.repository().resolve("cli/target/process-tests");
  private static final List<String> COMMAND = prepared();

  private Program() {}

  /** The program without its arguments. */
  static List<String> command() {
    return COMMAND;
  }

  private static List<String> prepared() {
    try {
      Files.createDirectories(FOLDER);
      String classPath = classPath();
      boolean aot = Runtime.version().feature() >= AOT_SINCE;
      Path cache = FOLDER.resolve(aot ? "classes.aot" : "classes.jsa");
      Files.deleteIfExists(cache);
      if (train(
          command(
              classPath, (aot ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + cache))) {
        return command(classPath, (aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + cache);
      }
      return command(classPath, "-Xshare:auto");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(String classPath, String option) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xlog:disable",
        "--enable-native-access=ALL-UNNAMED",
        option,
        "-cp",
        classPath,
        "dev.workflow.cli.Main");
  }

  /** Whether a run of an example went well. */
  private static boolean train(List<String> program) throws IOException {
    List<String> command = new ArrayList<>(program);
    command.addAll(List.of("run", "workflows-examples/travel.yaml", "--simulate", "--yes"));
    command.addAll(List.of("--input", "destination=Raglan"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Cli.repository().toFile())
            .redirectErrorStream(true)
            .redirectOutput(FOLDER.resolve("training.log").toFile());
    builder.environment().put("WORKFLOW_HOME", FOLDER.resolve("home").toString());
    Process process = builder.start();
    try {
      return process.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Our own class path without the tests; the archive wants jars. */
  private static String classPath() throws IOException {
    List<String> entries = new ArrayList<>();
    for (String entry :
        List.of(System.getProperty("java.class.path").split(File.pathSeparator, 0))) {
      Path path = Path.of(entry);
      if (Files.isRegularFile(path)) {
        entries.add(entry);
      } else if (Files.isDirectory(path) && !path.endsWith("test-classes")) {
        entries.add(jar(path, FOLDER.resolve(entries.size() + ".jar")).toString());
      }
    }
    return String.join(File.pathSeparator, entries);
  }

  private static Path jar(Path folder, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(folder.relativize(each).toString().replace('\\', '/')));
        Files.copy(each, out);
        out.closeEntry();
      }
    }
    return jar;
  }
}
