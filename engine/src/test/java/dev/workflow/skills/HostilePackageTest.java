package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.workflow.skills.Archives.Tarred;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Packages that want to do harm: nothing is installed, nothing runs, and it is said why. */
@Isolated("Sees every process that this one starts.")
class HostilePackageTest {
  private static final String NOTHING = "\n  Nothing was installed.";
  private static final String SKILL = "SKILL.md";
  private static final PackageLimits SMALL =
      new PackageLimits(20, 4_000, 10_000, 100_000, 3, 100, 100, Duration.ofMinutes(1));

  @TempDir private Path folder;
  private PackageWorld world = new PackageWorld(Path.of("target/unset"));
  private final Recording recording = new Recording();

  @BeforeEach
  void everyStartOfAProcessIsRecorded() {
    world = new PackageWorld(folder);
    recording.enable("jdk.ProcessStart");
    recording.start();
  }

  @AfterEach
  void nothingWasInstalledAndNothingHasRun() throws IOException {
    recording.stop();
    Path file = folder.resolve("processes.jfr");
    recording.dump(file);
    recording.close();
    List<RecordedEvent> started =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("jdk.ProcessStart"))
            .toList();
    assertThat(started).isEmpty();
    assertThat(world.left()).isEmpty();
  }

  private void isRefused(String source, PackageLimits limits, String message) {
    assertThatThrownBy(() -> world.packages(limits, null).find(source, null, folder))
        .isInstanceOf(SkillPackageException.class)
        .hasMessage(message.replace("FOLDER", folder.toString()));
  }

  /** What a test puts beside the {@code SKILL.md} of a repository. */
  private interface Beside {
    GitServer.Entry in(GitServer server) throws IOException;
  }

  private static Arguments tree(String name, Beside entry, String message) {
    return Arguments.of(name, entry, message);
  }

  private static Arguments named(String name, String why) {
    return tree(
        name.codePoints().anyMatch(c -> c < ' ' || c > '~') ? why : name,
        server -> GitServer.entry(name, FileMode.REGULAR_FILE, server.blob("x")),
        "Expected names that are safe on every system, found `%s`: %s. [package-name]"
            .formatted(shown(name), why));
  }

  private static String shown(String name) {
    return name.replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD");
  }

  static Stream<Arguments> trees() {
    String hooks = "a repository inside a skill could bring hooks along";
    return Stream.of(
        tree(
            "a symbolic link",
            server -> GitServer.entry("link", FileMode.SYMLINK, server.blob("/etc/passwd")),
            "Expected files and folders, found that `link` is a symbolic link. [package-link]"),
        tree(
            "a submodule",
            server -> GitServer.entry("sub", FileMode.GITLINK, ObjectId.fromString("1".repeat(40))),
            "Expected files and folders, found that `sub` is a submodule. [package-link]"),
        tree(
            "a folder above",
            server ->
                GitServer.entry("..", FileMode.TREE, server.tree(Map.of("evil.sh", "touch x"))),
            "Expected names that are safe on every system, found `..`: `..` could lead out of the"
                + " folder. [package-name]"),
        tree(
            "a repository with a hook",
            server ->
                GitServer.entry(
                    ".git",
                    FileMode.TREE,
                    server.tree(Map.of("hooks/post-checkout", "#!/bin/sh\ntouch x"))),
            "Expected names that are safe on every system, found `.git`: "
                + hooks
                + ". [package-name]"),
        tree(
            "Git LFS",
            server ->
                GitServer.entry(
                    "model.bin",
                    FileMode.REGULAR_FILE,
                    server.blob("version https://git-lfs.github.com/spec/v1\noid sha256:1\n")),
            "Expected files and folders, found that `model.bin` is kept in Git LFS, which is not"
                + " fetched. [package-link]"),
        named(".GIT", hooks),
        named("git~1", hooks),
        named("/etc/cron.d/evil", "it is an absolute path"),
        named("C:/evil", "it is an absolute path"),
        named("..\\evil", "it holds a backslash, which parts folders on some systems"),
        named("a/../../evil", "`..` could lead out of the folder"),
        named("a//b", "it holds an empty name"),
        named("nul.txt", "`nul.txt` is a device on some systems"),
        named("Com1", "`Com1` is a device on some systems"),
        named("ab:c", "it holds one of <>:\"|?*, which some systems do not take"),
        named("SKILL.md.", "a name that begins or ends with a space or ends with a dot is another"),
        named("x\u202Egpj.exe", "it holds the invisible or control character U+202E"),
        named("x\u200B", "it holds the invisible or control character U+200B"),
        named("x\u001b[2J", "it holds the invisible or control character U+001B"),
        named("x".repeat(201), "a name in it is longer than 200 bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trees")
  void aHostileRepositoryInstallsNothing(String what, Beside beside, String message)
      throws IOException {
    try (GitServer server = new GitServer()) {
      server.commit(
          server.tree(
              GitServer.entry(SKILL, FileMode.REGULAR_FILE, server.blob(PackageWorld.NOTES)),
              beside.in(server)));

      isRefused(
          server.url(), PackageLimits.DEFAULT, server.url() + ": error: " + message + NOTHING);
    }
  }

  @Test
  void namesThatAreOneFileOnSomeSystemsAreRefused() throws IOException {
    try (GitServer server = new GitServer()) {
      server.commit(Map.of(SKILL, PackageWorld.NOTES, "Docs/a", "1", "docs/b", "2"));
      isRefused(
          server.url(),
          PackageLimits.DEFAULT,
          server.url()
              + ": error: Expected names that are different on every system, found `Docs/` and"
              + " `docs/`. [package-name]"
              + NOTHING);
    }
  }

  static Stream<Arguments> large() {
    Map<String, String> many = new HashMap<>();
    Map<String, String> together = new HashMap<>();
    for (int i = 0; i < 25; i++) {
      many.put("f" + i, "");
    }
    for (int i = 0; i < 4; i++) {
      together.put("f" + i, "x".repeat(3_000));
    }
    return Stream.of(
        Arguments.of(
            Map.of("big", "x".repeat(5_000)),
            "files of at most 3.9 KiB, found that `big` is larger."),
        Arguments.of(
            together, "files of at most 9.8 KiB together, found more: `f3` goes beyond it."),
        Arguments.of(many, "at most 20 files and folders, found more."),
        Arguments.of(Map.of("a/b/c/d/e", "x"), "folders at most 3 deep, found `a/b/c/d/e`."));
  }

  @ParameterizedTest
  @MethodSource("large")
  void aLargeRepositoryIsGivenUp(Map<String, String> files, String expected) throws IOException {
    Map<String, String> all = new HashMap<>(files);
    all.put(SKILL, PackageWorld.NOTES);
    try (GitServer server = new GitServer()) {
      server.commit(all);
      isRefused(
          server.url(),
          SMALL,
          server.url() + ": error: Expected " + expected + " [package-size]" + NOTHING);
    }
  }

  @Test
  void aDownloadBeyondTheLimitIsGivenUpWhileItArrives() throws IOException {
    Map<String, String> files = new HashMap<>(Map.of(SKILL, PackageWorld.NOTES));
    for (int i = 0; i < 40; i++) {
      files.put("other" + i, noise(i, 8_000));
    }
    try (GitServer server = new GitServer()) {
      server.commit(files);
      isRefused(
          server.url(),
          SMALL,
          server.url()
              + ": error: Expected a download of at most 97.7 KiB, found more. [package-size]"
              + NOTHING);
    }
  }

  @Test
  void oneObjectBeyondTheLimitIsGivenUpBeforeItIsUnpacked() throws IOException {
    try (GitServer server = new GitServer()) {
      server.commit(Map.of(SKILL, PackageWorld.NOTES, "zeros", "\0".repeat(1 << 20)));
      isRefused(
          server.url(),
          SMALL,
          server.url()
              + ": error: Expected files of at most 97.7 KiB, found a larger one. [package-size]"
              + NOTHING);
    }
  }

  private static String noise(int seed, int chars) {
    StringBuilder noise = new StringBuilder();
    for (int i = 0; noise.length() < chars; i++) {
      noise.append(Integer.toHexString((seed * chars + i) * 0x9E3779B9));
    }
    return noise.toString();
  }

  @Test
  void aDownloadThatTakesTooLongIsGivenUp() throws IOException {
    try (GitServer server = new GitServer()) {
      server.commit(Map.of(SKILL, PackageWorld.NOTES));
      isRefused(
          server.url(),
          new PackageLimits(20, 4_000, 10_000, 100_000, 3, 100, 100, Duration.ZERO),
          server.url()
              + ": error: Expected a download that is over in 0 seconds, gave it up."
              + " [package-time]"
              + NOTHING);
    }
  }

  @Test
  void aPackThatAnnouncesBillionsOfObjectsTakesNoMemory() {
    byte[] pack =
        ByteBuffer.allocate(12)
            .put("PACK".getBytes(StandardCharsets.UTF_8))
            .putInt(2)
            .putInt(-1)
            .array();
    QuietGit.use();
    try (GitMemory memory = new GitMemory("x", PackageLimits.DEFAULT);
        ObjectInserter inserter = memory.newObjectInserter()) {
      assertThatThrownBy(
              () ->
                  inserter
                      .newPackParser(new ByteArrayInputStream(pack))
                      .parse(NullProgressMonitor.INSTANCE))
          .hasMessage(
              "x: error: Expected at most 100,000 objects in a commit, found 4,294,967,295."
                  + " [package-size]"
                  + NOTHING);
    }
  }

  private static Arguments archive(String name, byte[] bytes, String rest) {
    return Arguments.of(name, bytes, rest + NOTHING);
  }

  static Stream<Arguments> archives() {
    Tarred skill = Tarred.file(SKILL, PackageWorld.NOTES);
    String zeros = "\0".repeat(9 << 20);
    return Stream.of(
        archive(
            "link.zip",
            Archives.linked(Archives.zip(SKILL, PackageWorld.NOTES, "link", "/etc/passwd")),
            "Expected files and folders, found that `link` is a symbolic link. [package-link]"),
        archive(
            "above.zip",
            Archives.zip(SKILL, PackageWorld.NOTES, "../../evil", "x"),
            "Expected names that are safe on every system, found `../../evil`: `..` could lead out"
                + " of the folder. [package-name]"),
        archive(
            "absolute.zip",
            Archives.zip(SKILL, PackageWorld.NOTES, "/tmp/evil", "x"),
            "Expected names that are safe on every system, found `/tmp/evil`: it is an absolute"
                + " path. [package-name]"),
        archive(
            "bomb.zip",
            Archives.zip(SKILL, PackageWorld.NOTES, "zeros", zeros),
            "Expected an archive that unpacks to at most 100 times its size, found more: `zeros`"
                + " goes beyond 1.0 MiB. [package-size]"),
        archive(
            "cut.zip",
            Arrays.copyOf(Archives.zip(SKILL, PackageWorld.NOTES), 60),
            "Expected a sound archive, found that it is no zip file. [package-archive]"),
        archive(
            "link.tar.gz",
            Archives.tarGz(skill, new Tarred("link", '2', "/etc/passwd", "")),
            "Expected files and folders, found that `link` is a symbolic link. [package-link]"),
        archive(
            "hard.tar.gz",
            Archives.tarGz(skill, new Tarred("link", '1', "../../.bashrc", "")),
            "Expected files and folders, found that `link` is a hard link. [package-link]"),
        archive(
            "device.tar.gz",
            Archives.tarGz(skill, new Tarred("null", '3', "", "")),
            "Expected files and folders, found that `null` is a device. [package-link]"),
        archive(
            "above.tar.gz",
            Archives.tarGz(skill, Tarred.file("a/../../evil", "x")),
            "Expected names that are safe on every system, found `a/../../evil`: `..` could lead"
                + " out of the folder. [package-name]"),
        archive(
            "absolute.tgz",
            Archives.tarGz(skill, Tarred.file("/etc/evil", "x")),
            "Expected names that are safe on every system, found `/etc/evil`: it is an absolute"
                + " path. [package-name]"),
        archive(
            "hook.tgz",
            Archives.tarGz(skill, Tarred.file(".git/hooks/post-checkout", "#!/bin/sh")),
            "Expected names that are safe on every system, found `.git/hooks/post-checkout`: a"
                + " repository inside a skill could bring hooks along. [package-name]"),
        archive(
            "bomb.tar.gz",
            Archives.tarGz(skill, Tarred.file("zeros", zeros)),
            "Expected an archive that unpacks to at most 100 times its size, found more: `zeros`"
                + " goes beyond 1.0 MiB. [package-size]"),
        archive(
            "headers.tar.gz",
            Archives.tarGz(skill, new Tarred("x", 'g', "", "\0".repeat(1 << 17))),
            "Expected a sound archive, found that a header in it is longer than 64 KiB."
                + " [package-archive]"),
        archive(
            "cut.tar.gz",
            Arrays.copyOf(Archives.tarGz(skill), 90),
            "Expected a whole archive, found that it is cut. [package-archive]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("archives")
  void aHostileArchiveInstallsNothing(String name, byte[] bytes, String message)
      throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);

    isRefused(file.toString(), PackageLimits.DEFAULT, file + ": error: " + message);
  }

  @Test
  void aFolderWithALinkInstallsNothing() throws IOException {
    Path skill = Files.createDirectories(folder.resolve("notes"));
    Files.writeString(skill.resolve(SKILL), PackageWorld.NOTES);
    Files.createSymbolicLink(skill.resolve("home"), folder);

    isRefused(
        skill.toString(),
        PackageLimits.DEFAULT,
        "FOLDER/notes: error: Expected files and folders, found that `home` is a symbolic link."
            + " [package-link]"
            + NOTHING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--upload-pack=touch x | found something that looks like an option",
        "-u./evil              | found something that looks like an option",
        "ext::sh -c touch% x   | found spaces or invisible characters",
        "ext::sh               | found an address that would run a program",
        "https://-oProxyCommand=x/y/z.git | found no host",
        "https://github.com/a/-oProxyCommand=x | found `-oProxyCommand=x` in its path",
        "https://github.com/a/b/../../c | found `..` in its path",
        "https://github.com/a/b@--upload-pack=x | names no tag, branch or commit",
        "https://github.com/a/b#../x | names no tag, branch or commit",
        "https://github.com/a/b?x=y | found a `?`",
        "https://me:secret@github.com/a/b | found some before the host",
        "ssh://-oProxyCommand=x/y | found `ssh`, which is not used for skills",
        "git@github.com:a/b.git | found `ssh`, which is not used for skills",
        "git://github.com/a/b | found `git`, which is not used for skills",
        "file:///etc | found the scheme `file`",
        "http://example.org/a.git | found http, which anybody on the way can change",
        "mcp://skills/../x | found no name of a skill behind mcp://skills/",
        "github.com/onlyuser | found no repository",
      })
  void anAddressThatIsNoneIsNotEvenAsked(String source, String message) {
    assertThatThrownBy(() -> world.packages().find(source, null, folder))
        .isInstanceOf(SkillPackageException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("[package-source]")
        .hasMessageNotContaining("secret");
  }

  @Test
  void aServerThatSendsElsewhereIsNotFollowed() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/a.git/",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Location", "http://127.0.0.1:1/b.git/info/refs?service=git-upload-pack");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://localhost:" + server.getAddress().getPort() + "/a.git";
      isRefused(
          url,
          PackageLimits.DEFAULT,
          url
              + ": error: Expected the server of this machine, was sent on to `127.0.0.1:1`."
              + " [package-source]\n  Nothing was fetched from there.");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatServesPlainFilesIsNotReadLikeARepository() throws IOException {
    List<String> asked = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/a.git/",
        exchange -> {
          asked.add(exchange.getRequestURI().getPath());
          byte[] refs = ("1".repeat(40) + "\trefs/heads/main\n").getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, refs.length);
          exchange.getResponseBody().write(refs);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://localhost:" + server.getAddress().getPort() + "/a.git";
      isRefused(
          url,
          PackageLimits.DEFAULT,
          url
              + ": error: Expected a git repository, found a server that does not speak git's smart"
              + " protocol. [package-unreachable]");
      assertThat(asked).containsOnly("/a.git/info/refs");
    } finally {
      server.stop(0);
    }
  }
}
