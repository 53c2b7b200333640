package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How many of the workflows in {@code flow} the check judges as who wrote them did; its README says
 * what they are. {@code -Dflow.report} prints every warning.
 */
class FlowDataTest {
  private static final Path FLOW = Path.of("src/test/resources/flow");

  @TempDir Path folder = Path.of("unset");

  @Test
  void atLeast18Of20DangerousWorkflowsAreFound() throws IOException {
    Map<String, List<String>> warnings = warnings("dangerous");

    assertThat(warnings).hasSize(20);
    assertThat(warnings.entrySet().stream().filter(each -> each.getValue().isEmpty()))
        .as("missed")
        .hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void atMost2Of20HarmlessWorkflowsAreWarnedOf() throws IOException {
    Map<String, List<String>> warnings = warnings("harmless");

    assertThat(warnings).hasSize(20);
    assertThat(warnings.entrySet().stream().filter(each -> !each.getValue().isEmpty()))
        .as("warned of")
        .hasSizeLessThanOrEqualTo(2);
  }

  /** What rests on a question is dangerous without it; what does not stays as it is. */
  @Test
  void whereQuestionsShowNothingWhatRestsOnThemIsWarnedOf() throws IOException {
    List<String> warned = new ArrayList<>();
    for (Path file : files("harmless")) {
      Path copy = copyWithout(file);
      if (!warnings(copy).isEmpty()) {
        warned.add(file.getFileName().toString().substring(0, 2));
      }
    }

    assertThat(warned).containsExactly("05", "08", "10", "12", "15", "18");
  }

  /** A copy of all of them in which the asks show nothing. */
  private Path copyWithout(Path file) throws IOException {
    for (Path other : files("parts")) {
      copyMute(other);
    }
    return copyMute(file);
  }

  private Path copyMute(Path file) throws IOException {
    YamlDocuments documents = new YamlDocuments(new JsonSchemas());
    JsonNode document =
        Objects.requireNonNull(documents.workflow(file).workflow()).document().deepCopy();
    document
        .findParents("ask")
        .forEach(parent -> ((ObjectNode) parent).put("ask", "Shall it go on?"));
    Path copy = folder.resolve(FLOW.relativize(file));
    Files.createDirectories(Objects.requireNonNull(copy.getParent()));
    return Files.writeString(copy, document.toString());
  }

  private static List<Path> files(String kind) throws IOException {
    try (Stream<Path> files = Files.list(FLOW.resolve(kind))) {
      return files.sorted().toList();
    }
  }

  private Map<String, List<String>> warnings(String verdict) throws IOException {
    Map<String, List<String>> warnings = new TreeMap<>();
    for (Path file : files(verdict)) {
      warnings.put(file.getFileName().toString(), warnings(file));
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
      if (problem.rule() == Rule.INFORMATION_FLOW) {
        warnings.add(problem.place().line() + ": " + problem.message() + " " + problem.hint());
      }
    }
    return warnings;
  }
}
