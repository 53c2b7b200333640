package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.skills.SkillPackages.Published;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class SkillPublishTest {
  private static final String TRIP = "name: trip\nversion: 1.0.0\ndescription: Plans.\n";

  @TempDir private Path folder;

  @Test
  void theSameFilesGiveTheSameArchive() throws Exception {
    PackageWorld world = new PackageWorld(folder);
    world.file("one/SKILL.md", PackageWorld.NOTES);
    world.file("one/" + "a-long-name/".repeat(12) + "é.md", "x");
    world.file("one/scripts/run.sh", "#!/bin/sh\n".repeat(20_000));
    Path first = world.packages().pack(folder.resolve("one"), folder.resolve("a.tgz"), folder);
    Path script = folder.resolve("one/scripts/run.sh");
    Files.setLastModifiedTime(script, FileTime.fromMillis(0));
    script.toFile().setExecutable(true);
    Path second = world.packages().pack(folder.resolve("one"), folder.resolve("b.tgz"), folder);

    assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
    assertThat(HexFormat.of().formatHex(sha256(Files.readAllBytes(first))))
        .isEqualTo("27bef0c8f2f550f147d3952e6b339d78c80a6b2052ea2e289132249dbe24cceb");
    assertThat(world.packages().find("a.tgz", null, folder).hash())
        .isEqualTo(world.packages().find("one", null, folder).hash());
  }

  private static byte[] sha256(byte[] bytes) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  @Test
  void aSkillIsPublishedToABareRepositoryOnceForEachVersion() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("trip/skill.yaml", TRIP);
    world.file("trip/instructions.md", "Plan.");
    Path bare = bare();
    SkillPackages packages = world.packages();

    Published first = packages.publish(folder.resolve("trip"), bare.toString(), null, folder);
    world.file("trip/skill.yaml", TRIP.replace("1.0.0", "1.1.0"));
    Published second = packages.publish(folder.resolve("trip"), bare.toString(), null, folder);

    assertThat(first.tag()).isEqualTo("trip@1.0.0");
    try (Repository repository = open(bare)) {
      assertThat(repository.resolve("refs/tags/trip@1.0.0")).isEqualTo(id(first));
      assertThat(repository.resolve("refs/tags/trip@1.1.0")).isEqualTo(id(second));
      assertThat(repository.resolve("HEAD")).isEqualTo(id(second));
      assertThat(repository.parseCommit(id(second)).getParent(0)).isEqualTo(id(first));
    }
    assertThatThrownBy(
            () -> packages.publish(folder.resolve("trip"), bare.toString(), null, folder))
        .hasMessage(
            bare
                + ": error: Expected a tag that is new, found that the repository has"
                + " `trip@1.1.0`. [publish-tag]\n"
                + "  What was published is never changed: give the skill a new version.");
  }

  private static ObjectId id(Published published) {
    return ObjectId.fromString(published.commit());
  }

  private Path bare() throws IOException {
    QuietGit.use();
    Path bare = folder.resolve("registry.git");
    try (Repository repository = open(bare)) {
      repository.create(true);
      repository.updateRef(Constants.HEAD).link("refs/heads/main");
    }
    return bare;
  }

  private static Repository open(Path bare) throws IOException {
    return new FileRepositoryBuilder().setGitDir(bare.toFile()).build();
  }

  @Test
  void whatWasPublishedIsInstalledThroughTheRegistryByItsVersion() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("trip/skill.yaml", TRIP);
    world.file("trip/instructions.md", "Plan.");
    try (GitServer server = new GitServer()) {
      server.commit(Map.of("README.md", "Our skills."));
      server.commit(Map.of("README.md", "All our skills."));
      server.commit(Map.of("README.md", "All our skills.", "skills/notes/SKILL.md", "x"));
      world.file(
          "home/registry.yaml", "skills: {trip: {repository: \"%s\"}}".formatted(server.url()));

      Published published =
          world
              .packages(PackageLimits.DEFAULT, "secret-token")
              .publish(folder.resolve("trip"), server.url(), null, folder);
      Candidate found = world.packages().find("mcp://skills/trip@1.0.0", null, folder);

      assertThat(found.commit()).isEqualTo(published.commit());
      assertThat(found.hash()).isEqualTo(published.skill().hash());
      assertThat(server.authorizations())
          .containsOnly("Basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0LXRva2Vu");
      assertThat(server.ref("refs/heads/main").name()).isEqualTo(published.commit());
      assertThat(world.packages().find(server.url(), "trip", folder).hash())
          .isEqualTo(found.hash());
    }
  }

  @Test
  void whatARepositoryDoesNotTakeIsNotPublished() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("trip/skill.yaml", TRIP);
    world.file("trip/instructions.md", "Plan.");
    Path bare = bare();
    Path trip = folder.resolve("trip");
    Path lock = bare.resolve("refs/heads/main.lock");
    Files.createFile(lock);

    assertThatThrownBy(() -> world.packages().publish(trip, bare.toString(), null, folder))
        .hasMessageStartingWith(bare + ": error: Expected that `refs/heads/main` can be pushed")
        .hasMessageContaining("[publish-refused]\n  Nothing was published.");
    assertThatThrownBy(
            () -> world.packages().publish(trip, "github.com/acme/skills/trip", null, folder))
        .hasMessage(
            "github.com/acme/skills/trip: error: Expected the https address of a git repository,"
                + " or the folder of a bare one. [publish-repository]");
    Files.delete(lock);
    assertThat(world.packages().publish(trip, bare.toString(), null, folder).tag())
        .isEqualTo("trip@1.0.0");
  }

  @Test
  void aVersionThatIsNoneIsNoPartOfAPath() {
    PackageWorld world = new PackageWorld(folder);
    world.file("trip/skill.yaml", TRIP.replace("1.0.0", "../../1"));
    world.file("trip/instructions.md", "Plan.");

    assertThatThrownBy(() -> world.packages().pack(folder.resolve("trip"), null, folder))
        .hasMessageContaining("such as 1.0.0, found `../../1`. [skill-version]");
  }

  @Test
  void whatIsNoSoundSkillIsNeitherPackedNorPublished() throws IOException {
    PackageWorld world = new PackageWorld(folder);
    world.file("trip/skill.yaml", TRIP);
    Path bare = bare();

    assertThatThrownBy(() -> world.packages().pack(folder.resolve("trip"), null, folder))
        .hasMessageContaining("Expected the instructions of the skill");
    assertThatThrownBy(
            () -> world.packages().publish(folder.resolve("trip"), bare.toString(), null, folder))
        .hasMessageContaining("Expected the instructions of the skill");
    assertThat(folder.resolve("trip-1.0.0.tar.gz")).doesNotExist();
  }
}
