package dev.workflow.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** A skill that needs a forecast and a route, and servers of several names that offer them. */
final class LockWorld {
  private static final String SKILL =
      """
      name: trip
      inputs: [{name: place, type: string}]
      capabilities: {required: [weather_forecast, route_planning]}
      workflow: workflow.yaml
      """;

  private static final String TRIP =
      """
      inputs: {place: string}
      steps:
        weather: {capability: weather_forecast, with: {place: "${place}"}}
        route: {capability: route_planning, with: {place: "${place}"}, needs: [weather]}
      outputs: {weather: "${weather.by}", route: "${route.by}"}
      """;

  private final Path folder;
  private final CommandWorld world;
  private final Map<String, Map<String, String>> servers = new LinkedHashMap<>();

  LockWorld(Path folder) {
    assumeTrue(hasNode(), "not run: node is missing");
    this.folder = folder;
    this.world = new CommandWorld(folder).with("PATH", System.getenv("PATH"));
    world.file("skills/trip/skill.yaml", SKILL);
    world.file("skills/trip/workflow.yaml", TRIP);
    try (InputStream in = LockWorld.class.getResourceAsStream("/lock/guide.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("guide.mjs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasNode() {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(each -> Files.isExecutable(Path.of(each, "node")));
  }

  /** From now on there is a server with a tool. */
  LockWorld tool(String server, String name, String description) {
    servers.computeIfAbsent(server, each -> new LinkedHashMap<>()).put(name, description);
    Map<String, String> tools = Objects.requireNonNull(servers.get(server));
    world.file(server + "/tools.json", JsonMapper.shared().writeValueAsString(tools));
    return this;
  }

  /** A server that can do both. */
  LockWorld guide(String server, String forecast, String route) {
    return tool(server, forecast, "Tells the weather of a place.")
        .tool(server, route, "Plans a way to a place.");
  }

  /** Writes a workflow that has the skill run with all servers; gives its path. */
  String flow() {
    StringBuilder text = new StringBuilder("name: w\nmcp:\n");
    servers
        .keySet()
        .forEach(
            server ->
                text.append("  %s: {command: node, args: [\"".formatted(server))
                    .append(folder.resolve("guide.mjs"))
                    .append("\"], env: {TOOLS: \"")
                    .append(folder.resolve(server + "/tools.json"))
                    .append("\"}}\n"));
    text.append("steps:\n  go: {skill: trip, with: {place: Raglan}}\noutputs: {go: \"${go}\"}\n");
    return world.file("w.yaml", text.toString());
  }

  CommandWorld commands() {
    return world;
  }

  Result run(String... options) {
    return command("run", options);
  }

  Result lock(String... options) {
    return command("lock", options);
  }

  Result command(String name, String... options) {
    List<String> words = new ArrayList<>(List.of(name, flow()));
    if (!name.equals("validate") && !name.equals("inspect")) {
      words.add("--trust");
    }
    words.addAll(List.of(options));
    return world.run(words.toArray(String[]::new));
  }

  /** The calls that came to a server. */
  List<String> asked(String server) {
    return lines(server + "/asked.txt");
  }

  /** How often a server was started. */
  int started(String server) {
    return lines(server + "/started.txt").size();
  }

  boolean has(String name) {
    return Files.exists(folder.resolve(name));
  }

  String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines(String name) {
    return has(name) ? text(name).lines().toList() : List.of();
  }
}
