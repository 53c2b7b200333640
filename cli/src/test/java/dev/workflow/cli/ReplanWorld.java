package dev.workflow.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Workflows over stations that tell the weather, die when they are told to, and keep a ledger. */
final class ReplanWorld {
  private final Path folder;
  private final CommandWorld world;
  private String head = "name: trip\nsimulate: answers.yaml\n";
  private String servers = "mcp:\n";

  ReplanWorld(Path folder) {
    assumeTrue(hasNode(), "not run: node is missing");
    this.folder = folder;
    this.world = new CommandWorld(folder).with("PATH", System.getenv("PATH"));
    try (InputStream in = ReplanWorld.class.getResourceAsStream("/replan/station.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("station.mjs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answers("answers: []\n");
  }

  private static boolean hasNode() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(each -> Files.isExecutable(Path.of(each, "node")));
  }

  /** A server that offers these tools. */
  ReplanWorld station(String name, String... tools) {
    servers +=
        "  %s: {command: node, args: [\"%s\", %s, %s], env: {LEDGER: \"%s\"}}\n"
            .formatted(
                name,
                folder.resolve("station.mjs"),
                name,
                String.join(", ", tools),
                folder.resolve("ledger.txt"));
    return this;
  }

  /** The scripted answers. */
  ReplanWorld answers(String text) {
    world.file("answers.yaml", text);
    return this;
  }

  /** One plan, given by the planner of ours each time it is asked. */
  ReplanWorld plans(String plan) {
    return answers(
        "answers:\n  - agent: replanner\n    answer: " + plan.replace("${", "$${") + "\n");
  }

  /** There are no scripted answers, so there is no model. */
  ReplanWorld withoutModels() {
    head = "name: trip\n";
    return this;
  }

  ReplanWorld flag(String name) {
    world.file(name, "");
    return this;
  }

  ReplanWorld unflag(String name) {
    world.remove(name);
    return this;
  }

  String file(String name, String rest) {
    return world.file(name, head + servers + rest);
  }

  CommandWorld commands() {
    return world;
  }

  Result run(String rest, String... options) {
    List<String> command = new ArrayList<>(List.of("run", file("w.yaml", rest)));
    command.addAll(List.of("--run-id", "one", "--trust", "-o", "json"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  Result resume(String... options) {
    List<String> command = new ArrayList<>(List.of("resume", "one", "-o", "json"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  /** The calls that came in, in order. */
  List<String> ledger() {
    try {
      Path file = folder.resolve("ledger.txt");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode step(Result result, String step) {
    return result.json().path("steps").path(step);
  }
}
