package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How many of the workflows in {@code flow} the check judges as who wrote them did; its README says
 * what they are. {@code -Dflow.report} prints every warning.
 */
class FlowDataTest {
  private static final Path FLOW = Path.of("src/test/resources/flow");

  @TempDir Path folder = Path.of("unset");

  @Test
  void atLeast18Of20DangerousWorkflowsAreFound() {
    Map<String, List<String>> warnings = warnings("dangerous");

    assertThat(warnings).hasSize(20);
    assertThat(warnings.entrySet().stream().filter(each -> each.getValue().isEmpty()))
        .as("missed")
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void atMost2Of20HarmlessWorkflowsAreWarnedOf() {
    Map<String, List<String>> warnings = warnings("harmless");

    assertThat(warnings).hasSize(20);
    assertThat(warnings.entrySet().stream().filter(each -> !each.getValue().isEmpty()))
        .as("warned of")
        .hasSizeLessThanOrEqualTo(2);
  }

  private Map<String, List<String>> warnings(String verdict) {
    Map<String, List<String>> warnings = new TreeMap<>();
    try (Stream<Path> files = Files.list(FLOW.resolve(verdict))) {
      files.sorted().forEach(file -> warnings.put(file.getFileName().toString(), warnings(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (System.getProperty("flow.report") != null) {
      warnings.forEach(
          (file, all) ->
              System.out.println(
                  verdict + "/" + file + " " + all.size() + "\n  " + String.join("\n  ", all)));
    }
    return warnings;
  }

  private List<String> warnings(Path file) {
    CheckWorld world = new CheckWorld(folder);
    JsonNode servers = JsonMapper.shared().readTree(FLOW.resolve("tools.json"));
    servers
        .properties()
        .forEach(
            server ->
                server.getValue().path("tools").forEach(t -> world.described(server.getKey(), t)));
    List<String> warnings = new ArrayList<>();
    Checked checked = world.check(file, Path.of("../skills"));
    assertThat(checked.definition()).as("%s: %s", file, checked.problems()).isNotNull();
    for (Problem problem : checked.problems()) {
      if (problem.rule().equals("information-flow")) {
        warnings.add(problem.place().line() + ": " + problem.message() + " " + problem.hint());
      }
    }
    return warnings;
  }
}
