package dev.workflow.skills;

import static java.lang.ProcessBuilder.Redirect.DISCARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.Problem;
import dev.workflow.skills.InstalledSkill.Scope;
import dev.workflow.skills.InstalledSkill.State;
import dev.workflow.skills.SkillPackages.Restored;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class SkillInstallTest {
  private static final Map<String, String> TWO =
      Map.of(
          "README.md", "x",
          "skills/notes/SKILL.md", PackageWorld.NOTES,
          "skills/notes/references/long.md", "long",
          "skills/other/SKILL.md", "---\nname: other\ndescription: Other.\n---\nDo.");

  @TempDir private Path folder;

  private Candidate find(String source) {
    return new PackageWorld(folder).packages().find(source, null, folder);
  }

  @Test
  void aSkillOfARepositoryIsInstalledAndPinned() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    try (GitServer server = new GitServer()) {
      String commit = server.commit(TWO);

      Candidate found = world.install(server.url() + "/skills/notes");

      assertThat(found.commit()).isEqualTo(commit);
      assertThat(world.left())
          .containsExactly(
              "project/skills-lock.json",
              "project/skills/notes/SKILL.md",
              "project/skills/notes/references/long.md",
              "project/workflow.lock");
      assertThat(world.text("project/skills/notes/SKILL.md")).isEqualTo(PackageWorld.NOTES);
      assertThat(world.text("project/workflow.lock"))
          .isEqualTo(
              """
              {
                "skills": {
                  "notes": {
                    "commit": "COMMIT",
                    "files": {
                      "SKILL.md": "sha256:a9e18c0e2f59ae6adcb1631b8ca3e0396d94445914bdf577348c3fb71c713f26",
                      "references/long.md": "sha256:fc66f021c67d064c1490a12b5a4d4d2f5167ca692a16ca12f1f3a4cda29a6fa9"
                    },
                    "folder": "skills/notes",
                    "source": "URL",
                    "tree": "sha256:61f1aa5244420515ae78ffd658a68652143e66787918dab58190d959c6f0a61d",
                    "version": "0.0.0"
                  }
                },
                "version": 1
              }
              """
                  .replace("COMMIT", commit)
                  .replace("URL", server.url()));
    }
  }

  @Test
  void aTagABranchAndACommitAreFetchedAsTheyAreNamed() throws IOException {
    try (GitServer server = new GitServer()) {
      String first = server.commit(Map.of("SKILL.md", PackageWorld.NOTES));
      server.tag("v1");
      String second = server.commit(Map.of("SKILL.md", PackageWorld.NOTES + "More.\n"));

      assertThat(find(server.url()).commit()).isEqualTo(second);
      assertThat(find(server.url() + "#main").commit()).isEqualTo(second);
      assertThat(find(server.url() + "@v1").commit()).isEqualTo(first);
      assertThat(find(server.url() + "#v1").commit()).isEqualTo(first);
      assertThat(find(server.url() + "#" + second).commit()).isEqualTo(second);
      assertThatThrownBy(() -> find(server.url() + "@v2"))
          .hasMessage(
              server.url()
                  + ": error: The repository has no tag `v2`. [package-ref]\n  Did you mean `v1`?");
      assertThatThrownBy(() -> find(server.url() + "@main"))
          .hasMessageContaining("The repository has no tag `main`.");
    }
  }

  @Test
  void ofSeveralSkillsOneIsChosenByItsName() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    try (GitServer server = new GitServer()) {
      server.commit(TWO);

      assertThatThrownBy(() -> find(server.url()))
          .hasMessage(
              server.url()
                  + ": error: Expected one skill, found 2: skills/notes, skills/other."
                  + " [package-skill]\n"
                  + "  Choose one by --name NAME, or by its folder behind the address.");
      assertThat(world.packages().find(server.url(), "other", folder).name()).isEqualTo("other");
      assertThatThrownBy(() -> find(server.url() + "/skills/third"))
          .hasMessageContaining("The repository has no folder `skills/third` at commit ")
          .hasMessageEndingWith(". [package-folder]");
      assertThatThrownBy(() -> world.packages().find(server.url(), "othr", folder))
          .hasMessageContaining("There is no skill `othr`.")
          .hasMessageContaining("Did you mean `other`?");
    }
  }

  @Test
  void whatIsNoSoundSkillIsNotInstalledAndItsProblemsAreShown() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    try (GitServer server = new GitServer()) {
      server.commit(Map.of("skill.yaml", "name: notes\ncolour: red\n", "instructions.md", "x"));

      assertThatThrownBy(() -> world.install(server.url()))
          .hasMessageStartingWith(server.url() + "/skill.yaml:2:1: error: ")
          .hasMessageContaining("colour");
      assertThat(world.left()).isEmpty();
    }
  }

  @Test
  void theSameTwiceIsInstalledOnceAndAnotherOfThatNameNever() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.file("two/SKILL.md", PackageWorld.NOTES + "Other.\n");
    SkillPackages packages = world.packages();

    assertThat(packages.install(find("one"), Scope.project)).isTrue();
    assertThat(packages.install(find("one"), Scope.project)).isFalse();
    assertThatThrownBy(() -> packages.install(find("two"), Scope.project))
        .hasMessage(
            folder
                + "/project/skills/notes: error: There is a skill `notes` already, and it is"
                + " another one. [skill-exists]\n  To change it: workflow skill update notes. To"
                + " begin anew: workflow skill remove notes.");
    assertThat(packages.install(find("two"), Scope.user)).isTrue();
    assertThat(world.text("project/skills/notes/SKILL.md")).isEqualTo(PackageWorld.NOTES);
  }

  @Test
  void foldersAndArchivesAreInstalledAsRepositoriesAre() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("notes/SKILL.md", PackageWorld.NOTES);
    world.file("notes/references/long.md", "long");
    world.file("notes/.git/hooks/pre-commit", "of the author's own repository");
    Path zip =
        Files.write(
            folder.resolve("a.zip"),
            Archives.zip(
                "repo-main/SKILL.md", PackageWorld.NOTES, "repo-main/references/long.md", "long"));
    Path packed = world.packages().pack(folder.resolve("notes"), null, folder);

    String hash = find("notes").hash();
    assertThat(find("notes").files()).containsExactly("SKILL.md", "references/long.md");
    assertThat(find(zip.toString()).hash()).isEqualTo(hash);
    assertThat(find(packed.toString()).hash()).isEqualTo(hash);
    // as: find -type f | LC_ALL=C sort | xargs sha256sum | sha256sum
    assertThat(hash)
        .isEqualTo("sha256:61f1aa5244420515ae78ffd658a68652143e66787918dab58190d959c6f0a61d");
  }

  @Test
  void aNameOfTheRegistryLeadsToTheVersionThatIsWanted() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    try (GitServer server = new GitServer()) {
      String first = server.commit(Map.of("SKILL.md", PackageWorld.NOTES));
      server.tag("notes@1.9.0");
      String second = server.commit(Map.of("SKILL.md", PackageWorld.NOTES + "More.\n"));
      server.tag("ten");
      world.file(
          "home/registry.yaml",
          """
          skills:
            notes:
              repository: %s
              versions:
                "1.9.0": {}
                "1.10.0": {tag: ten}
                "1.10.0-rc1": {commit: %s}
            moved:
              repository: %s
              versions: {"1.0.0": {tag: ten, commit: %s}}
            newest: {repository: %s}
          """
              .formatted(server.url(), second, server.url(), first, server.url()));

      assertThat(find("mcp://skills/notes").commit()).isEqualTo(second);
      assertThat(find("mcp://skills/notes@1.9.0").commit()).isEqualTo(first);
      assertThat(find("mcp://skills/notes@1.10.0-rc1").commit()).isEqualTo(second);
      assertThatThrownBy(() -> find("mcp://skills/notes@1.9.1"))
          .hasMessageContaining("The registry has no version `1.9.1` of `notes`.");
      assertThatThrownBy(() -> find("mcp://skills/note"))
          .hasMessageContaining("The registry has no skill `note`. [skill-registry]")
          .hasMessageContaining("Did you mean `notes`?");
      assertThatThrownBy(() -> find("mcp://skills/newest"))
          .hasMessageContaining("found `notes`"); // it is called otherwise
    }
  }

  @Test
  void anotherCommitThanTheRegistryPinsIsNotInstalled() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    try (GitServer server = new GitServer()) {
      String first = server.commit(Map.of("SKILL.md", PackageWorld.NOTES));
      String second = server.commit(Map.of("SKILL.md", PackageWorld.NOTES + "More.\n"));
      server.tag("v1");
      world.file(
          "home/registry.yaml",
          """
          skills:
            notes:
              repository: %s
              versions:
                "1": {tag: v1, commit: %s}
                "2": {tag: v1, tree: sha256:%s}
          """
              .formatted(server.url(), first, "0".repeat(64)));

      assertThatThrownBy(() -> find("mcp://skills/notes@1"))
          .hasMessage(
              "mcp://skills/notes@1: error: Expected commit %s, as the registry pins it, found commit %s. [package-pinned]\n  Nothing was installed. Somebody has moved a tag, or the registry is wrong."
                  .formatted(first, second))
          .satisfies(SkillInstallTest::isUntrusted);
      assertThatThrownBy(() -> find("mcp://skills/notes@2"))
          .hasMessageContaining("Expected files with the hash sha256:000")
          .satisfies(SkillInstallTest::isUntrusted);
    }
  }

  private static void isUntrusted(Throwable failure) {
    assertThat(((SkillPackageException) failure).problems())
        .extracting(Problem::kind)
        .containsExactly(Problem.Kind.UNTRUSTED);
  }

  @Test
  void whatTheLockFileRecordsIsInstalledAgainAsItWas() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    try (GitServer server = new GitServer()) {
      server.commit(Map.of("SKILL.md", PackageWorld.NOTES));
      world.install(server.url() + "#main");
      String lock = world.text("project/workflow.lock");
      server.commit(Map.of("SKILL.md", PackageWorld.NOTES + "Evil.\n"));
      SkillStore.delete(folder.resolve("project/skills"));

      assertThat(world.packages().restore(Scope.project))
          .isEqualTo(new Restored(List.of("notes"), List.of()));
      assertThat(world.text("project/skills/notes/SKILL.md")).isEqualTo(PackageWorld.NOTES);
      assertThat(world.text("project/workflow.lock")).isEqualTo(lock);

      SkillStore.delete(folder.resolve("project/skills"));
      world.file(
          "project/workflow.lock",
          lock.replaceAll("\"tree\": \"sha256:..", "$0")
              .replaceAll("(\"SKILL.md\": \"sha256:)....", "$1beef")
              .replaceAll("(\"tree\": \"sha256:)....", "$1beef"));
      Restored refused = world.packages().restore(Scope.project);
      assertThat(refused.installed()).isEmpty();
      assertThat(refused.problems())
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.kind()).isEqualTo(Problem.Kind.UNTRUSTED);
                assertThat(problem.rule()).hasToString("lock-mismatch");
                assertThat(problem.message())
                    .startsWith("Expected the files of `notes` that are recorded (sha256:beef")
                    .endsWith("): SKILL.md.");
              });
      assertThat(Files.exists(folder.resolve("project/skills/notes"))).isFalse();
    }
  }

  @Test
  void whatTheCommonInstallerRecordedIsInstalledIfItIsTheSame() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    try (GitServer server = new GitServer()) {
      server.commit(TWO);
      String hash =
          CommonLock.hash(
              PackageWorld.tree(
                  Map.of("SKILL.md", PackageWorld.NOTES, "references/long.md", "long")));
      String entry =
          """
          {"source": "%s", "ref": "main", "sourceType": "git",
           "skillPath": "skills/%s/SKILL.md", "computedHash": "%s"}
          """;
      world.file(
          "project/skills-lock.json",
          """
          {"version": 1, "skills": {"notes": %s, "other": %s,
           "theirs": {"source": "x", "sourceType": "node_modules", "computedHash": ""}}}
          """
              .formatted(
                  entry.formatted(server.url(), "notes", hash),
                  entry.formatted(server.url(), "other", hash)));

      Restored restored = world.packages().restore(Scope.project);

      assertThat(restored.installed()).containsExactly("notes");
      assertThat(restored.problems())
          .extracting(Problem::kind)
          .containsExactly(Problem.Kind.UNTRUSTED, Problem.Kind.MISSING);
      assertThat(WorkflowLock.read(folder.resolve("project/workflow.lock")).skills())
          .containsOnlyKeys("notes");
      assertThat(world.text("project/skills-lock.json")).contains("\"theirs\"", "node_modules");
    }
  }

  /** The figures come from that installer's own function, run by Node on the same files. */
  @Test
  void theCommonInstallersHashIsComputedAsItDoes() {
    assertThat(
            CommonLock.hash(
                PackageWorld.tree(
                    Map.of(
                        "SKILL.md", "a",
                        "a-b/c", "b",
                        "a/b", "c",
                        "ab", "d",
                        "aB", "e",
                        "a_b", "f",
                        "a.md", "g",
                        "a10", "h",
                        "a9", "i",
                        "B", "j"))))
        .isEqualTo("54e843c8fbcb72f241651a47aba0a4566584d67e7feef84d36a565e54d40c27e");
  }

  @Test
  void whatAKilledInstallLeftBehindIsNoSkillAndPutRightByTheNext() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.file("project/skills/.staged-x/SKILL.md", "half");
    world.file("project/skills/.replaced-kept/SKILL.md", "old");
    world.file("project/skills/.removed-y/SKILL.md", "gone");

    assertThat(world.packages().list()).isEmpty();
    world.install(folder.resolve("one").toString());

    assertThat(world.left())
        .contains("project/skills/kept/SKILL.md", "project/skills/notes/SKILL.md")
        .noneMatch(path -> path.contains("/."));
  }

  @Test
  void severalAtATimeLeaveAllOfThem() throws Exception {
    PackageWorld world = new PackageWorld(folder);
    List<Future<Candidate>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 16; i++) {
        String name = "n" + i % 8;
        world.file(name + "/SKILL.md", PackageWorld.NOTES.replace("name: notes", "name: " + name));
        all.add(threads.submit(() -> world.install(folder.resolve(name).toString())));
      }
      for (Future<Candidate> each : all) {
        each.get();
      }
    }

    assertThat(world.packages().list()).hasSize(8).allMatch(skill -> skill.state() == State.LOCKED);
    assertThat(world.left()).noneMatch(path -> path.contains("/."));
  }

  @Test
  void severalProcessesAtATimeLeaveAllOfThem() throws Exception {
    PackageWorld world = new PackageWorld(folder);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<String> line =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Installer.class.getName(),
                  folder.toString()));
      for (int j = 0; j < 10; j++) {
        String name = "n" + i + j;
        world.file(name + "/SKILL.md", PackageWorld.NOTES.replace("name: notes", "name: " + name));
        line.add(folder.resolve(name).toString());
      }
      processes.add(
          new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(DISCARD).start());
    }
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }

    assertThat(world.packages().list())
        .hasSize(30)
        .allMatch(skill -> skill.state() == State.LOCKED);
  }

  @Test
  void whatTheLockFileHasBesideSkillsIsKept() {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.file(
        "project/workflow.lock",
        """
        {"version": 1, "servers": {"travel": {"z": 1, "a": []}}, "skills": {"notes": {"note": "x"}}}
        """);

    world.install(folder.resolve("one").toString());

    assertThat(world.text("project/workflow.lock"))
        .contains(
            "  \"servers\": {\n    \"travel\": {\n      \"a\": [],\n      \"z\": 1\n    }\n  }")
        .contains("\"note\": \"x\"");
  }

  @Test
  void withADamagedLockFileNothingIsInstalled() {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.file("project/workflow.lock", "{\n<<<<<<< HEAD\n");

    assertThatThrownBy(() -> world.install(folder.resolve("one").toString()))
        .hasMessage(
            folder
                + "/project/workflow.lock:2:1: error: Expected a JSON object, found the marks of a"
                + " merge. [lock-damaged]\n  2 | <<<<<<<\n    | ^\n  Restore workflow.lock from"
                + " version control, or merge it anew.");
    assertThat(world.left()).containsExactly("project/workflow.lock");
  }

  @Test
  void aLockFileOfANewerVersionIsNotChanged() {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.file("project/workflow.lock", "{\"version\": 2}");

    assertThatThrownBy(() -> world.install(folder.resolve("one").toString()))
        .hasMessage(
            folder
                + "/project/workflow.lock: error: Expected a lock file of version 1, found another."
                + " [lock-version]\n  A newer `workflow` has written it.");
    assertThat(world.text("project/workflow.lock")).isEqualTo("{\"version\": 2}");
  }

  @Test
  void aSkillThatIsRecordedAndGoneIsNotUpdated() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.install(folder.resolve("one").toString());
    SkillStore.delete(folder.resolve("project/skills"));

    assertThatThrownBy(() -> world.packages().look("notes", Scope.project))
        .hasMessage(
            folder
                + "/project/skills/notes: error: The skill `notes` is recorded, and its folder is"
                + " not there. [skill-gone]\n  To have it back: workflow skill install");
  }

  @Test
  void aLockFileCannotNameFoldersElsewhere() {
    PackageWorld world = new PackageWorld(folder);
    world.file("precious/SKILL.md", PackageWorld.NOTES);
    world.file("project/workflow.lock", "{\"skills\": {\"../../precious\": {}}}");

    assertThatThrownBy(() -> world.packages().remove("../../precious", Scope.project))
        .hasMessageContaining("Expected names of skills, found `../../precious`. [lock-skill]");
    assertThat(folder.resolve("precious/SKILL.md")).exists();
  }

  @Test
  void aSkillIsRemovedUnlessItWasEditedOrIsTheUsersOwn() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.file("project/skills/mine/SKILL.md", "---\nname: mine\ndescription: x\n---\nx");
    world.install(folder.resolve("one").toString());
    SkillPackages packages = world.packages();

    assertThatThrownBy(() -> packages.remove("mine", Scope.project))
        .hasMessageContaining("No skill `mine` was installed here. [skill-unknown]");
    world.file("project/skills/notes/SKILL.md", "mine now");
    assertThatThrownBy(() -> packages.remove("notes", Scope.project))
        .hasMessageContaining("found that some were edited since: SKILL.md. [skill-edited]")
        .satisfies(SkillInstallTest::isUntrusted);
    assertThat(packages.list())
        .extracting(skill -> skill.name() + " " + skill.state())
        .containsExactly("mine OWN", "notes UNSOUND");
    world.file("project/skills/notes/SKILL.md", PackageWorld.NOTES);
    packages.remove("notes", Scope.project);

    assertThat(world.left())
        .containsExactly(
            "project/skills-lock.json", "project/skills/mine/SKILL.md", "project/workflow.lock");
    assertThat(packages.recorded(Scope.project)).isEmpty();
    assertThat(world.text("project/skills-lock.json")).doesNotContain("notes");
  }
}
