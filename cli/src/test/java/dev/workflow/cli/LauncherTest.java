package dev.workflow.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a tree of its own, with JDKs and a Maven that only say what they got. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  private static final Instant BUILT = Instant.parse("2026-01-01T12:00:00Z");

  @TempDir private Path world;

  private Path root = Path.of("unset");

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void aTreeThatIsBuilt() throws IOException {
    root = Files.createDirectories(world.toRealPath().resolve("a tree & more"));
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Files.copy(module.resolveSibling("workflow"), root.resolve("workflow"));
    assertThat(root.resolve("workflow").toFile().setExecutable(true)).isTrue();
    write("pom.xml", "");
    write("engine/src/main/Code.java", "");
    write("cli/target/dist/programs/workflow", "-Done=@dist@/lib\n-cp\n@dist@/lib/a.jar\nMain\n");
    write("cli/target/dist/stamp", "");
    for (String source : List.of("pom.xml", "engine/src/main/Code.java", "engine/src/main")) {
      age(root.resolve(source), -60);
    }
    age(root.resolve("cli/target/dist/stamp"), 0);
    program("bin/mvn", "echo \"mvn $*\" >>\"$HOME/builds\"; touch cli/target/dist/stamp");
  }

  @Test
  void theNewestJdkBecomesTheProgram() throws Exception {
    jdk("old", "98.0.9");
    jdk("new", "99.0.1");
    jdk("middle", "99");

    Result result = launch("validate", "a file", "", "*");

    String lib = root + "/cli/target/dist/lib";
    assertThat(result.out())
        .isEqualTo(
            "[new] [-Done="
                + lib
                + "] [-cp] ["
                + lib
                + "/a.jar] [Main] [validate] [a file] [] [*]");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void theJdkThatMadeTheCacheIsPreferredAndUsesIt() throws Exception {
    jdk("new", "99.0.1");
    cacheMadeBy(jdk("maker", "98.0.1"), "98.0.1+7");

    assertThat(launch().out())
        .startsWith("[maker] [-XX:AOTCache=" + root + "/cli/target/dist/programs/workflow.aot] ");
  }

  @Test
  void commandsThatOnlyLookUseTheSmallerCacheUnlessTheyStartServers() throws Exception {
    cacheMadeBy(jdk("maker", "98.0.1"), "98.0.1+7");
    String all = "[maker] [-XX:AOTCache=" + root + "/cli/target/dist/programs/workflow.aot] ";
    String small = all.replace("workflow.aot", "workflow-look.aot");
    assertThat(launch("validate", "a.yaml").out()).startsWith(all);

    write("cli/target/dist/programs/workflow-look.aot", "");

    for (String looks : List.of("validate a.yaml", "inspect a.yaml --full", "--version", "")) {
      assertThat(launch(looks.split(" ")).out()).as(looks).startsWith(small);
    }
    for (String starts : List.of("run a.yaml", "validate a.yaml --probe", "runs list", "doctor")) {
      assertThat(launch(starts.split(" ")).out()).as(starts).startsWith(all);
    }
  }

  @Test
  void aJdkThatWasReplacedSinceDoesNotGetTheCache() throws Exception {
    cacheMadeBy(jdk("maker", "98.0.2"), "98.0.1+7");

    assertThat(launch().out()).startsWith("[maker] [-Done=").doesNotContain("AOTCache");
  }

  @Test
  void aCacheWhoseJdkIsGoneDoesNotStopTheStart() throws Exception {
    jdk("new", "99.0.1");
    cacheMadeBy(world.resolve("gone"), "98.0.1+7");

    assertThat(launch().out()).startsWith("[new] [-Done=").doesNotContain("AOTCache");
  }

  @Test
  void itIsFoundThroughSymbolicLinksFromAnyFolder() throws Exception {
    jdk("new", "99.0.1");
    Path elsewhere = Files.createDirectories(world.resolve("elsewhere/deep"));
    Files.createSymbolicLink(elsewhere.resolve("second"), root.resolve("workflow"));
    Files.createSymbolicLink(world.resolve("first"), Path.of("elsewhere/deep/second"));

    assertThat(await(start(world.resolve("elsewhere"), "../first")).out())
        .contains("[-Done=" + root + "/cli/target/dist/lib]");
  }

  @Test
  void aSourceNewerThanTheBuildIsBuiltOnceAndStandardOutputStaysForData() throws Exception {
    jdk("new", "99.0.1");
    age(root.resolve("engine/src/main/Code.java"), 60);

    Result first = launch();
    Result second = launch();

    assertThat(builds()).containsExactly("mvn -B package -Dmaven.test.skip=true");
    assertThat(first.err())
        .isEqualTo(
            "workflow: building, once, in a minute or two (the first time longer: libraries are"
                + " fetched) ...");
    assertThat(first.out()).startsWith("[new] ");
    assertThat(second).isEqualTo(new Result(0, first.out(), ""));
  }

  @Test
  void aTreeWithoutSourcesIsNeverBuilt() throws Exception {
    jdk("new", "99.0.1");
    Files.delete(root.resolve("pom.xml"));
    age(root.resolve("engine/src/main/Code.java"), 60);

    assertThat(launch().code()).isZero();
    assertThat(builds()).isEmpty();
  }

  @Test
  void startsAtTheSameTimeShareOneBuild() throws Exception {
    jdk("new", "99.0.1");
    Files.delete(root.resolve("cli/target/dist/stamp"));
    program(
        "bin/mvn", "echo \"mvn $*\" >>\"$HOME/builds\"; sleep 0.4; touch cli/target/dist/stamp");

    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(start(root, "./workflow"));
    }
    for (Process process : processes) {
      assertThat(await(process).code()).isZero();
    }

    assertThat(builds()).hasSize(1);
  }

  @Test
  void aBuildThatDiedLeavesNoLockBehind() throws Exception {
    jdk("new", "99.0.1");
    Files.delete(root.resolve("cli/target/dist/stamp"));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createDirectories(root.resolve("target"));
    Files.createSymbolicLink(
        root.resolve("target/launcher-build.lock"), Path.of(Long.toString(dead.pid())));

    assertThat(launch().code()).isZero();
    assertThat(root.resolve("target/launcher-build.lock")).doesNotExist();
  }

  @Test
  void aFailedBuildShowsItsErrorsAndWhereTheRestIs() throws Exception {
    jdk("new", "99.0.1");
    Files.delete(root.resolve("cli/target/dist/stamp"));
    program("bin/mvn", "echo '[INFO] fine'; echo '[ERROR] Code.java:[1,1] no'; exit 1");

    Result result = launch();

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .endsWith(
            "[ERROR] Code.java:[1,1] no\nworkflow: the build failed; all it said is in "
                + root
                + "/target/launcher-build.log");
  }

  @Test
  void whereNoJdkFitsItSaysWhatItLookedAtAndWhatToDo() throws Exception {
    Path jdk = jdk("new", "99.0.1");
    Path script = root.resolve("workflow");
    Files.writeString(script, Files.readString(script).replace("oldest_jdk=21", "oldest_jdk=100"));

    Result result = launch();

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .startsWith("workflow: no JDK 100 or newer was found.\nLooked at JAVA_HOME (not set), at")
        .contains("\n  " + jdk + " (99.0.1)\n")
        .endsWith(
            "\nInstall JDK 25 (https://adoptium.net), or point JAVA_HOME at a JDK 100 or newer.");
  }

  /** A JDK in one of the usual folders: its java prints its name and what it was given. */
  private Path jdk(String name, String version) throws IOException {
    Path home = world.resolve("home/.jdks").resolve(name);
    String java = "printf '[" + name + "]'; for a in \"$@\"; do printf ' [%s]' \"$a\"; done";
    program("home/.jdks/" + name + "/bin/java", java);
    program("home/.jdks/" + name + "/bin/javac", "exit 1");
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"A\"\nJAVA_RUNTIME_VERSION=\"%1$s+7\"\nJAVA_VERSION=\"%1$s\"\n"
            .formatted(version));
    return home;
  }

  private void cacheMadeBy(Path home, String runtime) throws IOException {
    write("cli/target/dist/programs/workflow.aot", "");
    write("cli/target/dist/programs/jdk", home + "\n" + runtime + "\n");
  }

  private Result launch(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./workflow"));
    command.addAll(List.of(arguments));
    return await(start(root, command.toArray(String[]::new)));
  }

  private Process start(Path folder, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", world.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().put("HOME", world.resolve("home").toString());
    return builder.start();
  }

  private static Result await(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    return new Result(process.waitFor(), out, err.strip());
  }

  private List<String> builds() throws IOException {
    Path builds = world.resolve("home/builds");
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void program(String file, String script) throws IOException {
    Path path = world.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + script + "\n");
    assertThat(path.toFile().setExecutable(true)).isTrue();
  }

  private static void age(Path file, int secondsAfterTheBuild) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(BUILT.plusSeconds(secondsAfterTheBuild)));
  }
}
