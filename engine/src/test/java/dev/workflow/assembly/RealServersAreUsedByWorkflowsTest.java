package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.RunObserver;
import dev.workflow.mcp.NpmServers;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each tool that an official server lists is called by a workflow, with arguments that fit its
 * schema. A tool that is new in a server fails here by its name.
 */
class RealServersAreUsedByWorkflowsTest {
  private static final ObjectNode NONE = JsonNodeFactory.instance.objectNode();
  private static final byte[] DOT =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ"
                  + "RU5ErkJggg==");

  @TempDir private Path folder;
  private final List<String> progress = new CopyOnWriteArrayList<>();

  private RealServerRun run(String name, Map<String, String> variables, JsonNode inputs)
      throws IOException {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("PATH", System.getenv("PATH"));
    RunObserver observer =
        new RunObserver() {
          @Override
          public void progress(StepPath step, Progress sign) {
            if (sign instanceof Progress.Tool told) {
              progress.add(step + " " + told.text());
            }
          }
        };
    return RealServerRun.of(name, folder.toRealPath(), environment, inputs, observer);
  }

  private static String script(String server) {
    return NpmServers.script(server).toString();
  }

  @Test
  void everyToolOfTheEverythingServer() throws IOException {
    RealServerRun run = run("everything", Map.of("EVERYTHING", script("everything")), NONE);
    run.assertThatAllToolsAnswered();
    assertThat(run.tools()).isGreaterThanOrEqualTo(13);
    assertThat(run.output("echo").asString()).isEqualTo("Echo: kia ora");
    assertThat(run.output("sum").asString()).isEqualTo("The sum of 2 and 40 is 42.");
    assertThat(run.output("weather").path("humidity").isNumber()).isTrue();
    assertThat(progress).contains("long 1/4", "long 4/4", "research Synthesizing findings...");
    assertThat(run.output("research").asString()).startsWith("# Research Report: tides");
  }

  @Test
  void everyToolOfTheFilesystemServer() throws IOException {
    Files.write(folder.resolve("dot.png"), DOT);
    String place = folder.toRealPath().toString();
    RealServerRun run =
        run(
            "filesystem",
            Map.of("FILESYSTEM", script("filesystem"), "FOLDER", place),
            JsonNodeFactory.instance.objectNode().put("folder", place));
    run.assertThatAllToolsAnswered();
    assertThat(run.tools()).isGreaterThanOrEqualTo(14);
    assertThat(run.output("text").path("content").asString()).isEqualTo("one");
    assertThat(folder.resolve("notes/b.txt")).hasContent("one\nthree\n");
    JsonNode media = run.output("media").path("content").path(0);
    assertThat(media.path("mimeType").asString()).isEqualTo("image/png");
    assertThat(Base64.getDecoder().decode(media.path("data").asString())).isEqualTo(DOT);
  }

  @Test
  void everyToolOfTheMemoryServer() throws IOException {
    RealServerRun run =
        run("memory", Map.of("MEMORY", script("memory"), "FOLDER", folder.toString()), NONE);
    run.assertThatAllToolsAnswered();
    assertThat(run.tools()).isGreaterThanOrEqualTo(9);
    JsonNode opened = run.output("opened").path("entities").path(0);
    assertThat(opened.path("observations").valueStream().map(JsonNode::asString))
        .containsExactly("has a harbour", "has surf");
  }

  @Test
  void everyToolOfTheSequentialThinkingServer() throws IOException {
    RealServerRun run = run("thinking", Map.of("THINKING", script("sequential-thinking")), NONE);
    run.assertThatAllToolsAnswered();
    assertThat(run.calls()).isEqualTo(2);
    assertThat(run.output("second").path("thoughtHistoryLength").asInt()).isEqualTo(2);
  }
}
