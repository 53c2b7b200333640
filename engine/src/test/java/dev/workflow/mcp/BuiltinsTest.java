package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("Sets a system property that says where the distribution is.")
class BuiltinsTest {
  private static final String DIST = "workflow.dist";
  private static final String JAVA = System.getProperty("java.home") + "/bin/java";

  @TempDir private Path dist;

  @BeforeEach
  void aDistribution() throws IOException {
    Files.createDirectories(dist.resolve("programs"));
    Files.write(
        dist.resolve("programs/travel"), List.of("-Xsome", "-cp", "@dist@/lib/a:@dist@/b", "Main"));
    System.setProperty(DIST, dist.toString());
  }

  @AfterEach
  void noDistribution() {
    System.clearProperty(DIST);
  }

  @Test
  void theDistributionSaysHowAServerIsStarted() {
    assertThat(Builtins.command("travel", List.of("--quiet")))
        .containsExactly(JAVA, "-Xsome", "-cp", dist + "/lib/a:" + dist + "/b", "Main", "--quiet");
  }

  @Test
  void theCacheOfThisRuntimeIsUsed() throws IOException {
    cacheMadeBy(System.getProperty("java.runtime.version"));

    assertThat(Builtins.command("travel", List.of()))
        .startsWith(JAVA, "-XX:AOTCache=" + dist.resolve("programs/travel.aot"), "-Xsome");
  }

  @Test
  void theCacheOfAnotherRuntimeIsLeftAlone() throws IOException {
    cacheMadeBy("1.2.3+4");

    assertThat(Builtins.command("travel", List.of())).startsWith(JAVA, "-Xsome");
  }

  @Test
  void withoutADistributionOurOwnClassPathHasTheServers() {
    System.clearProperty(DIST);

    assertThat(Builtins.command("travel", List.of()))
        .containsSequence(
            "-cp", System.getProperty("java.class.path"), "dev.workflow.travel.TravelServer");
  }

  @Test
  void anUnknownServerHasNoCommand() {
    assertThatThrownBy(() -> Builtins.command("trvl", List.of()))
        .hasMessage("no builtin server trvl");
  }

  private void cacheMadeBy(String runtime) throws IOException {
    Files.createFile(dist.resolve("programs/travel.aot"));
    Files.write(dist.resolve("programs/jdk"), List.of(System.getProperty("java.home"), runtime));
  }
}
