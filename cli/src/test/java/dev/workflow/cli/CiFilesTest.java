package dev.workflow.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Documents.Tree;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The files by which CI finds the check: the action of GitHub and the hooks of pre-commit. */
class CiFilesTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("").normalize();
  private static final Pattern INPUT = Pattern.compile("\\$\\{\\{ inputs\\.(\\w+) }}");

  @TempDir private Path folder = Path.of("unset");

  private static JsonNode yaml(String name) {
    Tree tree = new YamlDocuments(new JsonSchemas()).tree(ROOT.resolve(name), "");
    assertThat(tree.problems()).isEmpty();
    return Objects.requireNonNull(tree.value());
  }

  @Test
  void theActionTakesEachInputThroughTheEnvironment() {
    JsonNode action = yaml("action.yml");
    JsonNode step = action.at("/runs/steps/1");
    List<String> used = new ArrayList<>();
    Matcher input = INPUT.matcher(step.path("env").toString());
    while (input.find()) {
      used.add(input.group(1));
    }

    assertThat(action.at("/runs/using").asString()).isEqualTo("composite");
    assertThat(used).containsExactlyInAnyOrderElementsOf(action.path("inputs").propertyNames());
    assertThat(action.path("inputs"))
        .allMatch(each -> each.has("description") && each.has("default"));
    assertThat(step.path("shell").asString()).isEqualTo("bash");
    assertThat(step.path("run").asString()).doesNotContain("${{");
    assertThat(action.at("/outputs/file/value").asString())
        .contains("steps." + step.path("id").asString() + ".outputs.file");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void theActionWritesAFileAndEndsAsTheCheckDoes() throws Exception {
    assertThat(act("github", "false", "a b.yaml\n\nskills\n")).isEqualTo(3);
    assertThat(read("out")).isEqualTo("[validate] [-o] [github] [a b.yaml] [skills]\n");
    assertThat(read("outputs")).isEmpty();

    assertThat(act("sarif", "true", "$(touch x)*")).isEqualTo(3);
    assertThat(read("the file")).isEqualTo("[validate] [-o] [sarif] [--strict] [$(touch x)*]\n");
    assertThat(read("outputs")).isEqualTo("file=the file\n");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  /** Runs the script of the action with a check that prints its arguments and ends with 3. */
  private int act(String format, String strict, String paths) throws Exception {
    Path check = folder.resolve("workflow");
    Files.writeString(
        check, "#!/bin/sh\necho \"$(printf '[%s] ' \"$@\" | sed 's/ $//')\"\nexit 3\n");
    assertThat(check.toFile().setExecutable(true)).isTrue();
    Path script = folder.resolve("script");
    Files.writeString(script, yaml("action.yml").at("/runs/steps/1/run").asString());
    Files.writeString(folder.resolve("outputs"), "");
    ProcessBuilder bash =
        new ProcessBuilder("bash", "--noprofile", "--norc", "-eo", "pipefail", script.toString());
    bash.environment()
        .putAll(
            Map.of(
                "PATHS",
                paths,
                "FORMAT",
                format,
                "FILE",
                "the file",
                "STRICT",
                strict,
                "ACTION",
                folder.toString(),
                "GITHUB_OUTPUT",
                folder.resolve("outputs").toString()));
    bash.directory(folder.toFile()).redirectOutput(folder.resolve("out").toFile());
    return bash.start().waitFor();
  }

  private String read(String file) throws IOException {
    return Files.readString(folder.resolve(file), UTF_8);
  }

  @Test
  void theHookRunsTheCheckWhereAWorkflowOrASkillChanged() {
    JsonNode hook = yaml(".pre-commit-hooks.yaml").path(0);
    Pattern files = Pattern.compile(hook.path("files").asString());

    assertThat(hook.propertyNames()).contains("id", "name", "entry", "language");
    assertThat(hook.path("args").toString()).isEqualTo("[\"validate\",\".\"]");
    assertThat(Files.isExecutable(ROOT.resolve(hook.path("entry").asString()))).isTrue();
    assertThat(
            List.of(
                "a.yaml",
                "b/c.yml",
                "SKILL.md",
                "skills/x/SKILL.md",
                "s/x/schema.json",
                "a/.mcp.json",
                "workflow.lock",
                "a/workflow.lock"))
        .allMatch(file -> files.matcher(file).find());
    assertThat(List.of("README.md", "a/yaml.txt", "package.json", "yarn.lock", "no-workflow.lock"))
        .noneMatch(file -> files.matcher(file).find());
  }

  @Test
  void theDocumentNamesTheHookAndTheInputsThatThereAre() throws IOException {
    String text = Files.readString(ROOT.resolve("docs/ci.md"));

    assertThat(text)
        .contains("id: " + yaml(".pre-commit-hooks.yaml").path(0).path("id").asString());
    assertThat(yaml("action.yml").path("inputs").propertyNames())
        .containsAll(List.of("paths", "format", "file"));
    for (ReportFormat format : ReportFormat.values()) {
      assertThat(text).contains("| `" + format + "` |");
    }
  }

  @Test
  void shippedSkillsAndExamplesAreClean() throws Exception {
    CommandWorld world = new CommandWorld(folder);
    String[] shipped = {
      ROOT.resolve("skills").toString(), ROOT.resolve("workflows-examples").toString()
    };

    for (ReportFormat format : ReportFormat.values()) {
      CommandWorld.Result result =
          world.run("validate", shipped[0], shipped[1], "-o", format.name());
      assertThat(result.code()).describedAs(result.out() + result.err()).isZero();
      switch (format) {
        case text ->
            assertThat(result.out().lines())
                .hasSizeGreaterThan(10)
                .allMatch(line -> line.matches(".*: ok, (skill|\\d+ steps?)(, \\d unverified)?"));
        case json ->
            assertThat(result.json().findValuesAsString("severity")).isSubsetOf("unverified");
        case sarif ->
            assertThat(
                    result.json().path("runs").path(0).path("results").findValuesAsString("ruleId"))
                .isSubsetOf("server-not-asked");
        case junit ->
            assertThat(result.out()).contains("failures=\"0\"").doesNotContain("<failure");
        case github ->
            assertThat(result.out().lines()).allMatch(line -> line.startsWith("::notice "));
      }
    }
  }
}
