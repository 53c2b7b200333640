package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Documents;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deletes each guard of the shipped workflows and skills, one at a time, and runs their cases. A
 * guard is what keeps something from happening: a condition, a question, what follows a failure, a
 * revision, the contract of an agent's answer, a line of a policy. Budgets ({@code limits}, {@code
 * timeout}, {@code concurrency}) are none.
 */
@Execution(ExecutionMode.CONCURRENT)
class ShippedGuardsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Documents DOCUMENTS = new YamlDocuments(new JsonSchemas());

  /** Keys that guard wherever a step has them. */
  private static final List<String> OF_A_STEP =
      List.of("when", "enough", "on_error", "retry", "repeat", "revise", "verify", "undo");

  private static final List<String> PATTERNS = List.of("optimizer", "handoff", "orchestrator");

  /** The capabilities without which a line of a policy keeps nothing away. */
  private static final Map<String, Set<String>> KEPT_AWAY =
      Map.of(
          "allow_web", Set.of("web_search", "fetch_url"),
          "allow_code_exec", Set.of("code_execution"));

  @TempDir private Path folder;

  /**
   * What is taken away.
   *
   * @param holder pointer to what holds it
   * @param key of the holder; that of a question: its step answers itself
   */
  private record Guard(Path file, Path cases, String holder, String key) {
    JsonNode without(JsonNode tree) {
      ObjectNode held = (ObjectNode) tree.at(holder);
      if (key.equals("ask")) {
        JsonNode needs = held.get("needs");
        held.removeAll();
        held.putObject("set").put("decision", "approve").put("note", "");
        if (needs != null) {
          held.set("needs", needs);
        }
      } else {
        held.remove(key);
      }
      return tree;
    }

    @Override
    public String toString() {
      return file + "#" + holder + "/" + key;
    }
  }

  @Test
  void whereAGuardIsDeletedACaseFails() throws IOException {
    copy("skills");
    copy("workflows-examples");
    List<String> survivors = new ArrayList<>();
    List<Guard> guards = new ArrayList<>();
    Home home = new Home(folder.resolve("home"), folder, Map.of(), List.of());
    try (WorkflowEngine engine = new WorkflowEngine(home)) {
      for (Path file : workflows()) {
        Path cases = cases(file);
        String text = Files.readString(file);
        List<Guard> here = guards(file, cases);
        guards.addAll(here);
        Files.writeString(file, tree(file).toString());
        assertThat(passes(engine, cases)).as("%s, written anew", file).isTrue();
        for (Guard guard : here) {
          Files.writeString(file, text);
          Files.writeString(file, guard.without(tree(file)).toString());
          if (passes(engine, cases)) {
            survivors.add(guard.toString());
          }
        }
        Files.writeString(file, text);
      }
    }
    assertThat(guards).hasSizeGreaterThan(45);
    assertThat(survivors).as("guards that no case misses").isEmpty();
  }

  private static boolean passes(WorkflowEngine engine, Path cases) throws IOException {
    return CaseFiles.at(cases).stream()
        .allMatch(file -> engine.cases().test(file, name -> true).passed());
  }

  private static List<Guard> guards(Path file, Path cases) {
    List<Guard> guards = new ArrayList<>();
    JsonNode tree = tree(file);
    if (tree.has("on_error")) {
      guards.add(new Guard(file, cases, "", "on_error"));
    }
    steps(tree, "", file, cases, guards);
    for (String line : tree.path("policy").propertyNames()) {
      if (keepsSomethingAway(line, tree.path("capabilities"))) {
        guards.add(new Guard(file, cases, "/policy", line));
      }
    }
    return guards;
  }

  private static void steps(JsonNode graph, String at, Path file, Path cases, List<Guard> guards) {
    for (Map.Entry<String, JsonNode> entry : graph.path("steps").properties()) {
      JsonNode step = entry.getValue();
      String holder = at + "/steps/" + entry.getKey();
      OF_A_STEP.stream()
          .filter(step::has)
          .forEach(key -> guards.add(new Guard(file, cases, holder, key)));
      if (step.has("ask")) {
        guards.add(new Guard(file, cases, holder, "ask"));
      }
      if (step.has("agent") && step.has("output")) {
        guards.add(new Guard(file, cases, holder, "output"));
      }
      if (waitsForAGate(step.path("needs"), graph.path("steps"))) {
        guards.add(new Guard(file, cases, holder, "needs"));
      }
      for (String pattern : PATTERNS) {
        bounds(step.path(pattern), holder + "/" + pattern, file, cases, guards);
        bounds(
            step.at("/" + pattern + "/parts"),
            holder + "/" + pattern + "/parts",
            file,
            cases,
            guards);
      }
      steps(step, holder, file, cases, guards);
    }
  }

  private static void bounds(
      JsonNode pattern, String holder, Path file, Path cases, List<Guard> guards) {
    Stream.of("max", "hops")
        .filter(pattern::has)
        .forEach(key -> guards.add(new Guard(file, cases, holder, key)));
  }

  /** Whether what is waited for asks a person or may end the run. */
  private static boolean waitsForAGate(JsonNode needs, JsonNode siblings) {
    return needs
        .valueStream()
        .map(id -> siblings.path(id.asString().replace("?", "")))
        .anyMatch(needed -> needed.has("ask") || needed.has("fail"));
  }

  private static boolean keepsSomethingAway(String line, JsonNode capabilities) {
    List<String> all =
        Stream.of("required", "optional")
            .flatMap(kind -> capabilities.path(kind).valueStream())
            .map(JsonNode::asString)
            .filter(name -> !name.equals("structured_reasoning"))
            .toList();
    return switch (line) {
      case "deterministic" -> true;
      case "max_tool_calls" -> !all.isEmpty();
      default -> all.stream().anyMatch(Objects.requireNonNull(KEPT_AWAY.get(line), line)::contains);
    };
  }

  private static JsonNode tree(Path file) {
    return Objects.requireNonNull(DOCUMENTS.tree(file, "").value(), file.toString());
  }

  private static Path cases(Path file) {
    Path folder = Objects.requireNonNull(file.getParent());
    return Files.isDirectory(folder.resolve("cases")) ? folder.resolve("cases") : file;
  }

  private List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(ShippedGuardsTest::isWorkflow).sorted().toList();
    }
  }

  private static boolean isWorkflow(Path file) {
    String name = String.valueOf(file.getFileName());
    return Files.isRegularFile(file)
        && name.endsWith(".yaml")
        && !name.endsWith(".cases.yaml")
        && !name.endsWith("answers.yaml")
        && !String.valueOf(file.getParent()).endsWith("answers")
        && !String.valueOf(file.getParent()).endsWith("cases");
  }

  private void copy(String name) throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve(name))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.startsWith(ROOT.resolve("workflows-examples/travel-server"))) {
          Path to = folder.resolve(ROOT.relativize(file));
          Files.createDirectories(Objects.requireNonNull(to.getParent()));
          Files.copy(file, to);
        }
      }
    }
  }
}
