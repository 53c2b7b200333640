import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * Lays out what {@code ./workflow} starts, in {@code cli/target/dist}, on the JDK that compiled it.
 *
 * <pre>
 * lib/*.jar           every jar once
 * native/             SQLite's library for this machine, so that no start unpacks it again
 * programs/NAME       the arguments of its JVM, one a line; @dist@ stands for this folder
 * programs/NAME.aot   its AOT cache, where the JDK can make one (25 or newer), after cli/src/dist's
 *                     NAME.training; NAME-PART.aot is one for a part of what the program does
 * programs/jdk        home and runtime version of the JDK that made the caches
 * stamp               as old as the sources that were built
 * </pre>
 *
 * <p>A cache is only ever a faster start: where none can be made the build says why and goes on.
 *
 * <p>Arguments: folder of the command line's module, start of the build (ISO-8601), picocli's
 * sources jar, then for each program its name, its jar and the file with the class path it needs.
 */
final class MakeDistribution {
  private static final int FIRST_JDK_WITH_ONE_STEP_CACHE = 25;
  private static final long TRAINING_SECONDS_MAX = 120;

  private final Path module;
  private final Path dist;
  private final Path work;

  private MakeDistribution(Path module) {
    this.module = module;
    this.dist = module.resolve("target/dist");
    this.work = module.resolve("target/dist-work");
  }

  public static void main(String[] args) throws Exception {
    MakeDistribution make = new MakeDistribution(Path.of(args[0]).toAbsolutePath().normalize());
    make.clear();
    Path picocli = make.recompile(Path.of(args[2]));
    List<Program> programs = new ArrayList<>();
    for (int i = 3; i < args.length; i += 3) {
      programs.add(make.layOut(args[i], Path.of(args[i + 1]), Path.of(args[i + 2]), picocli));
    }
    make.train(programs);
    Path stamp = Files.createFile(make.dist.resolve("stamp"));
    Files.setLastModifiedTime(stamp, FileTime.from(Instant.parse(args[1])));
  }

  private record Program(String name, List<String> arguments) {}

  private void clear() throws IOException {
    delete(dist);
    delete(work);
    for (Path folder : List.of(dist.resolve("lib"), dist.resolve("programs"), work)) {
      Files.createDirectories(folder);
    }
  }

  /**
   * Compiles picocli again: its own jar is Java 5 bytecode, which no JDK archives in a cache, and
   * reading and verifying that costs a third of a short command.
   */
  private Path recompile(Path sources) throws IOException {
    Path unpacked = work.resolve("picocli-sources");
    Path classes = Files.createDirectories(work.resolve("picocli-classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("--release", "21", "-nowarn", "-proc:none", "-d", classes.toString()));
    try (JarFile jar = new JarFile(sources.toFile())) {
      for (JarEntry entry : jar.stream().filter(e -> e.getName().endsWith(".java")).toList()) {
        Path target = unpacked.resolve(entry.getName());
        if (target.endsWith("module-info.java")) {
          continue;
        }
        Files.createDirectories(target.getParent());
        Files.copy(jar.getInputStream(entry), target);
        arguments.add(target.toString());
      }
    }
    Path log = work.resolve("picocli-compile.log");
    try (var messages = Files.newOutputStream(log)) {
      int code =
          ToolProvider.getSystemJavaCompiler()
              .run(null, messages, messages, arguments.toArray(String[]::new));
      if (code != 0) {
        throw new IOException("picocli's sources do not compile: see " + log);
      }
    }
    Path jar = work.resolve("picocli.jar");
    pack(classes, jar);
    return jar;
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        JarEntry entry =
            new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/'));
        entry.setTime(0); // The same sources give the same bytes.
        out.putNextEntry(entry);
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  private Program layOut(String name, Path ownJar, Path classPathFile, Path picocli)
      throws Exception {
    List<Path> jars = new ArrayList<>(List.of(ownJar));
    Arrays.stream(Files.readString(classPathFile).strip().split(File.pathSeparator))
        .map(Path::of)
        .forEach(jars::add);
    List<String> classPath = new ArrayList<>();
    for (Path jar : jars) {
      String file = jar.getFileName().toString();
      Path source = file.startsWith("picocli-") ? picocli : jar;
      Path target = dist.resolve("lib").resolve(file);
      if (Files.notExists(target)) {
        Files.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES);
      } else if (Files.mismatch(source, target) >= 0) {
        throw new IOException("two different libraries are called " + file + "; one is " + source);
      }
      classPath.add("@dist@/lib/" + file);
    }
    List<String> arguments = new ArrayList<>(flags());
    arguments.addAll(sqliteLibrary(jars));
    arguments.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    arguments.add(mainClass(ownJar));
    Files.write(dist.resolve("programs").resolve(name), arguments);
    return new Program(name, arguments);
  }

  /**
   * The flags of every program, good for every JDK from 21 on. A cache made with other flags than
   * those of the start is not used, so this is their one place.
   */
  private static List<String> flags() {
    return List.of(
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        // The JVM's own warnings would otherwise stand in standard output, which is for data.
        "-Xlog:disable",
        "-Xlog:all=error:stderr",
        "--enable-native-access=ALL-UNNAMED",
        // Nothing here is written for a country: dates and numbers have one form everywhere. The
        // tables of all countries are otherwise opened by the first JSON reader.
        "-Djava.locale.providers=FALLBACK",
        // Otherwise each of these is looked for in every jar, where it is not or only in the last.
        "-Dslf4j.provider=org.slf4j.nop.NOPServiceProvider",
        "-Dslf4j.internal.verbosity=ERROR",
        "-Dpicocli.disable.closures=true",
        // No option is of these types, whose converters picocli finds by reflection.
        "-Dpicocli.converters.excludes=java[.](sql|time)[.].*",
        "-Dworkflow.dist=@dist@");
  }

  /** SQLite's library, taken out of its jar once, for programs that have it on their class path. */
  private List<String> sqliteLibrary(List<Path> jars) throws Exception {
    if (jars.stream().noneMatch(jar -> jar.getFileName().toString().startsWith("sqlite-jdbc-"))) {
      return List.of();
    }
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      urls.add(jar.toUri().toURL());
    }
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new))) {
      String folder = ask(loader, "org.sqlite.util.OSInfo", "getNativeLibFolderPathForCurrentOS");
      String file = ask(loader, "org.sqlite.util.LibraryLoaderUtil", "getNativeLibName");
      try (InputStream library =
          loader.getResourceAsStream("org/sqlite/native/" + folder + "/" + file)) {
        if (library == null) {
          return List.of();
        }
        Files.copy(library, Files.createDirectories(dist.resolve("native")).resolve(file));
      }
      return List.of("-Dorg.sqlite.lib.path=@dist@/native", "-Dorg.sqlite.lib.name=" + file);
    }
  }

  private static String ask(ClassLoader loader, String type, String method) throws Exception {
    return (String) loader.loadClass(type).getMethod(method).invoke(null);
  }

  private static String mainClass(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
    }
  }

  private void train(List<Program> programs) throws Exception {
    if (Runtime.version().feature() < FIRST_JDK_WITH_ONE_STEP_CACHE) {
      say("no AOT cache on JDK " + Runtime.version().feature() + "; it is made from 25 on");
      return;
    }
    for (Program program : programs) {
      for (Path input : trainings(program)) {
        train(program, input);
      }
    }
    Files.write(
        dist.resolve("programs/jdk"),
        List.of(System.getProperty("java.home"), System.getProperty("java.runtime.version")));
  }

  /** The whole program first: its parts then find the home that it left, servers known and all. */
  private List<Path> trainings(Program program) throws IOException {
    String name = Pattern.quote(program.name()) + "(-[a-z]+)?[.]training";
    try (Stream<Path> files = Files.list(module.resolve("src/dist"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(name))
          .sorted(Comparator.comparing((Path file) -> file.toString().length()))
          .toList();
    }
  }

  /** One run of the program over its training input, at whose end the JVM writes the cache. */
  private void train(Program program, Path input) throws Exception {
    String name = input.getFileName().toString().replace(".training", "");
    Path cache = dist.resolve("programs").resolve(name + ".aot");
    Path log = work.resolve(name + "-training.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:AOTCacheOutput=" + cache);
    program.arguments().forEach(a -> command.add(a.replace("@dist@", dist.toString())));
    if (isTrainedByCommands(program)) {
      command.set(command.size() - 1, "dev.workflow.cli.Training");
    }

    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(module.getParent().toFile())
            .redirectInput(input.toFile())
            .redirectOutput(log.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().retainAll(List.of("PATH", "LANG", "LC_ALL"));
    builder.environment().putAll(Map.of("HOME", work.toString(), "WORKFLOW_HOME", work + "/home"));
    Process process = builder.start();
    boolean ended = process.waitFor(TRAINING_SECONDS_MAX, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    if (!ended || process.exitValue() != 0 || Files.notExists(cache)) {
      Files.deleteIfExists(cache);
      say("no AOT cache " + name + ", its training run failed: see " + log);
    }
  }

  private static boolean isTrainedByCommands(Program program) {
    return program.name().equals("workflow");
  }

  private static void say(String text) {
    System.err.println("[WARNING] " + text);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
