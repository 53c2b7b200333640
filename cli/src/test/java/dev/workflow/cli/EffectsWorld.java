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

/** Workflows over a shop that takes orders, dies when it is told to, and keeps a ledger. */
final class EffectsWorld {
  private static final String HEAD =
      """
      name: effects
      mcp:
        shop: {command: node, args: ["SERVER"], env: {LEDGER: "LEDGER_FILE"}, labels: {order: [], find: []}}
      """;

  private final Path folder;
  private final CommandWorld world;

  EffectsWorld(Path folder) {
    assumeTrue(hasNode(), "not run: node is missing");
    this.folder = folder;
    this.world = new CommandWorld(folder).with("PATH", System.getenv("PATH"));
    try (InputStream in = EffectsWorld.class.getResourceAsStream("/effects/orders.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("orders.mjs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasNode() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(each -> Files.isExecutable(Path.of(each, "node")));
  }

  Result run(String steps, String... options) {
    return runAs("one", steps, options);
  }

  Result runAs(String id, String steps, String... options) {
    List<String> command = new ArrayList<>(List.of("run", file("w.yaml", steps)));
    command.addAll(List.of("--run-id", id, "--trust", "-o", "json"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  Result resume(String... options) {
    List<String> command = new ArrayList<>(List.of("resume", "one", "-o", "json"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  /** A workflow file that knows the shop; gives its path. */
  String file(String name, String steps) {
    return world.file(
        name,
        HEAD.replace("SERVER", folder.resolve("orders.mjs").toString())
                .replace("LEDGER_FILE", folder.resolve("ledger.txt").toString())
            + steps);
  }

  CommandWorld commands() {
    return world;
  }

  /** Has the shop misbehave, see {@code orders.mjs}. */
  EffectsWorld flag(String name) {
    world.file(name, "");
    return this;
  }

  void unflag(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was done, in order; keys left out. */
  List<String> ledger() {
    return lines().stream()
        .map(line -> String.join(" ", line.split(" ", -1)[0], line.split(" ", -1)[1]))
        .toList();
  }

  /** What was done, in order. */
  List<String> lines() {
    return lines("ledger.txt");
  }

  /** The calls that came in, each with its key. */
  List<String> asked() {
    return lines("asked.txt");
  }

  private List<String> lines(String name) {
    try {
      Path file = folder.resolve(name);
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String status(Result result, String step) {
    return step(result, step).path("status").asString("none");
  }

  static JsonNode step(Result result, String step) {
    return result.json().path("steps").path(step);
  }
}
