package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Canonical;
import dev.workflow.engine.RunObserver;
import dev.workflow.mcp.EverythingServer;
import dev.workflow.mcp.NpmServers;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
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

  private static final byte[] PNG = Arrays.copyOf(DOT, 8);

  @TempDir private Path folder;
  private final List<String> progress = new CopyOnWriteArrayList<>();

  private RealServerRun run(String name, Map<String, String> variables, JsonNode inputs)
      throws IOException {
    return run(name, null, variables, inputs);
  }

  private RealServerRun run(
      String name, @Nullable String entry, Map<String, String> variables, JsonNode inputs)
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
    return RealServerRun.of(name, entry, folder.toRealPath(), environment, inputs, observer);
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
    assertThat(run.output("asked").asString()).contains("Ana");
    assertThatAModelWasAsked(run);
    assertThat(run.output("research").asString()).startsWith("# Research Report: tides");
  }

  private static void assertThatAModelWasAsked(RealServerRun run) {
    assertThat(run.output("sampled").asString())
        .contains(
            "A model was asked: Resource trigger-sampling-request context: how is the surf",
            "endTurn");
    assertThat(run.modelCalls()).isEqualTo(1);
  }

  @Test
  void everyToolOfTheEverythingServerOverStreamableHttp() throws IOException {
    try (EverythingServer server = new EverythingServer()) {
      String entry =
          "{type: http, url: \"http://localhost:%d/mcp\", sampling: true}".formatted(server.port());
      RealServerRun run = run("everything", entry, Map.of(), NONE);
      run.assertThatAllToolsAnswered();
      assertThat(run.tools()).isGreaterThanOrEqualTo(13);
      assertThat(run.output("sum").asString()).isEqualTo("The sum of 2 and 40 is 42.");
      assertThat(progress).contains("long 1/4", "long 4/4", "research Synthesizing findings...");
      assertThat(run.output("asked").asString()).contains("Ana");
      assertThatAModelWasAsked(run);
      assertThat(run.output("document").at("/contents/0/text").asString()).contains("Features");
    }
  }

  @Test
  void everyKindOfContentIsKeptWholeSeenByItsTypeAndPassedOn() throws IOException {
    RealServerRun run = run("everything", Map.of("EVERYTHING", script("everything")), NONE);
    String picture = run.output("picture").path(1).path("data").asString();
    assertThat(Base64.getDecoder().decode(picture)).startsWith(PNG).hasSizeGreaterThan(1_000);
    assertThat(run.output("passed_on").asString()).isEqualTo("Echo: " + picture);
    assertThat(run.output("view").toString())
        .isEqualTo(
            """
            {"mime_type":"image/png","blocks":["text","image","text"],"priority":0.3,\
            "links":["demo://resource/dynamic/blob/1","demo://resource/dynamic/text/2"],\
            "resource":"demo://resource/dynamic/text/1",\
            "words":"I got [{\\"type\\":\\"resource\\",\\"resource\\":{\\"uri\\":\\"demo://resource/session/raglan.gz\\",\\"mimeType\\":\\"application/gzip\\",\\"blob\\":{\\"bytes\\":26,\\"sha256\\":\\"DIGEST\\"}}}]"}\
            """
                .replace("DIGEST", digest(run.output("zipped"))));
  }

  @Test
  void resourcesAndPromptsOfAServerAreReadLikeTools() throws IOException {
    RealServerRun run = run("everything", Map.of("EVERYTHING", script("everything")), NONE);
    JsonNode read = run.output("read");
    assertThat(read.path("type").asString()).isEqualTo("text/markdown");
    assertThat(run.output("given").asString()).contains("Everything Server - Features");
    assertThat(run.output("document").at("/contents/0/text").asString()).contains("Features");
    assertThat(read.path("dynamic").asString()).isEqualTo("demo://resource/dynamic/text/13");
    String blob = read.at("/binary/0/blob").asString();
    assertThat(new String(Base64.getDecoder().decode(blob), StandardCharsets.UTF_8))
        .startsWith("Resource 3: This is a base64 blob");
    assertThat(read.path("prompt").asString()).isEqualTo("What's weather in Raglan?");
    assertThat(read.path("embedded")).hasToString("[\"text\",\"resource\"]");
  }

  private static String digest(JsonNode zipped) {
    String blob = zipped.at("/0/resource/blob").asString();
    return Canonical.hash(Base64.getDecoder().decode(blob));
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
