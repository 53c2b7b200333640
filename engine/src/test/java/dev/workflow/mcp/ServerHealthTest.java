package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Masking;
import dev.workflow.engine.Tools;
import dev.workflow.mcp.ServerOrigin.Layer;
import dev.workflow.run.StepError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of how servers were seen. */
class ServerHealthTest {
  private static final Masking MASKING = new Masking(() -> Set.of("s3cr3t-value"));

  @TempDir private Path home;

  @Test
  void aFailureOfARunIsThereForALaterProcessWithoutSecrets() throws IOException {
    String entry =
        "{'command':'sh','args':['-c','echo $TOKEN >&2; exit 7'],'env':{'TOKEN':'x1-${CANARY}'}}";
    ServerList list = Entries.list(Layer.USER, home, Map.of("s", entry));
    Map<String, String> environment =
        Map.of("PATH", System.getenv("PATH"), "CANARY", "canary-987654");
    try (McpHost host = new McpHost(home, environment, McpSettings.DEFAULT);
        McpTools tools = host.tools(list, Set.of(), (tool, digest) -> false)) {
      assertThat(tools.lastSeen("s")).isEqualTo(LastSeen.NEVER);
      Fakes.failure(tools.list("s"));
    }
    try (McpHost later = new McpHost(home, environment, McpSettings.DEFAULT);
        McpTools tools = later.tools(list, Set.of(), (tool, digest) -> false)) {
      LastSeen seen = tools.lastSeen("s");
      assertThat(seen.started()).isNull();
      assertThat(seen.failed()).isNotNull();
      assertThat(seen.error())
          .isEqualTo("server 's' ended with exit code 7 before it answered initialize");
      assertThat(seen.details()).containsExactly("stderr: [secret]");
    }
  }

  @Test
  void aCallThatWeGaveUpByEndingIsNoFailureOfItsServer() throws InterruptedException {
    ServerList list = Entries.list(Layer.USER, home, Map.of("s", Entries.fake("")));
    Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
    CountDownLatch failed = new CountDownLatch(1);
    try (McpHost host = new McpHost(home, environment, McpSettings.DEFAULT)) {
      McpTools tools = host.tools(list, Set.of(), (tool, digest) -> false);
      Fakes.get(tools.list("s"));
      tools
          .call(new Tools.Call("", "s", "hangs", Fakes.arguments(), "key", "", null, ignored -> {}))
          .subscribe(answer -> {}, failure -> failed.countDown());
    }
    assertThat(failed.await(10, TimeUnit.SECONDS)).isTrue();
    try (McpHost later = new McpHost(home, environment, McpSettings.DEFAULT);
        McpTools tools = later.tools(list, Set.of(), (tool, digest) -> false)) {
      assertThat(tools.lastSeen("s").started()).isNotNull();
      assertThat(tools.lastSeen("s").failed()).isNull();
    }
  }

  @Test
  void aStartAndAFailureAreKeptBesideEachOther() {
    ServerHealth health = new ServerHealth(home);
    health.started("k", "s", Duration.ofMillis(120));
    health.failed("k", "s", MASKING, error("gone", "stderr: s3cr3t-value"));
    LastSeen seen = new ServerHealth(home).of("k");
    assertThat(seen.startup()).isEqualTo(Duration.ofMillis(120));
    assertThat(seen.error()).isEqualTo("gone");
    assertThat(seen.details()).containsExactly("stderr: [secret]");
    health.started("k", "s", Duration.ofMillis(90));
    assertThat(health.of("k").error()).isEqualTo("gone");
  }

  private static StepError error(String message, String... details) {
    return new StepError(ErrorKind.UNAVAILABLE, message, List.of(details));
  }

  @Test
  void whatIsKeptIsBoundedAndTheOwnersAlone() throws IOException {
    ServerHealth health = new ServerHealth(home);
    String[] lines = Stream.generate(() -> "l".repeat(10_000)).limit(100).toArray(String[]::new);
    for (int i = 0; i < ServerHealth.MAX_SERVERS + 5; i++) {
      health.failed("k" + i, "s", MASKING, error("m".repeat(10_000), lines));
    }
    try (Stream<Path> files = Files.list(home.resolve("cache/health"))) {
      assertThat(files)
          .hasSize(ServerHealth.MAX_SERVERS)
          .allSatisfy(
              file -> {
                assertThat(Files.size(file)).isLessThan(13_000);
                assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
              });
    }
  }

  @Test
  void whatCannotBeReadOrWrittenWasNeverThere() throws IOException {
    ServerHealth health = new ServerHealth(home);
    Files.createDirectories(home.resolve("cache"));
    Files.writeString(home.resolve("cache/health"), "in the way");
    health.started("k", "s", Duration.ofMillis(1));
    assertThat(health.of("k")).isEqualTo(LastSeen.NEVER);
    Files.delete(home.resolve("cache/health"));
    health.started("k", "s", Duration.ofMillis(1));
    Files.writeString(home.resolve("cache/health/k.json"), "{\"started\": \"yesterday\", ");
    assertThat(health.of("k")).isEqualTo(LastSeen.NEVER);
  }
}
