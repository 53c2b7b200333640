package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a command that only looks leaves alone: each of these costs its start many milliseconds. */
@Execution(ExecutionMode.CONCURRENT)
class StartTest {
  private static final List<String> FOR_OTHERS =
      List.of(
          // the equals and hashCode of records, which the platform makes at their first use
          "java/lang/runtime/ObjectMethods",
          "java/util/logging/LogManager",
          "org/apache/lucene/",
          "org/eclipse/jgit/",
          "org/sqlite/",
          "io/modelcontextprotocol/",
          "dev/langchain4j/");

  @TempDir private Path world;

  @Test
  void aCheckStartsNothingThatOnlyOtherCommandsNeed() throws Exception {
    Path log = world.resolve("classes.txt");
    Cli cli = new Cli(world.resolve("home"), Cli.repository());
    cli.with("_JAVA_OPTIONS", "-Xlog:class+init=info:file=" + log);

    Result result = cli.run("validate", "workflows-examples/travel.yaml");

    assertThat(result.exit()).as(result.toString()).isZero();
    List<String> started = Files.readAllLines(log);
    assertThat(started).anyMatch(line -> line.contains("dev/workflow/check/Checker"));
    assertThat(started.stream().filter(line -> FOR_OTHERS.stream().anyMatch(line::contains)))
        .isEmpty();
  }
}
