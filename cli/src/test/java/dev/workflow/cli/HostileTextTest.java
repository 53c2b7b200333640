package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server paints in every text it can write, and no command lets that reach a terminal raw. */
class HostileTextTest {
  private static final String WORKFLOW =
      """
      name: painted
      version: "1.0.0"
      mcp:
        s: {command: node, args: [faulty.mjs, painted]}
      steps:
        say: {tool: s/say, with: {n: 1}}
        refuse: {tool: s/refusing, with: {n: 1}}
        die: {tool: s/dying, with: {n: 1}, when: "steps.say.status != '' and steps.refuse.status != ''"}
      outputs: {said: "${say}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aPaintedServer() throws IOException {
    String path = System.getenv("PATH");
    assumeTrue(
        Stream.of(path.split(File.pathSeparator, -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "node"))),
        "not run: node is missing");
    world = new CommandWorld(folder).with("PATH", path);
    try (InputStream server =
        Objects.requireNonNull(
            HostileTextTest.class.getResourceAsStream("/acceptance/faulty.mjs"))) {
      world.file("faulty.mjs", new String(server.readAllBytes(), StandardCharsets.UTF_8));
    }
    world.file("painted.yaml", WORKFLOW);
    world.file(
        "home/mcp.json",
        """
        {"mcpServers": {"own": {"command": "node", "args": ["faulty.mjs", "painted"], "cwd": "%s"}}}
        """
            .formatted(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run FILE --trust",
        "run FILE --trust -o json",
        "run FILE --trust -o jsonl",
        "tools list FILE --probe --trust",
        "tools list FILE --probe --trust -o json",
        "tools suggest really --from FILE",
        "tools suggest really --from FILE -o json",
        "tools call s/say --from FILE --arg n=1 --trust",
        "tools call s/refusing --from FILE --arg n=1 --trust",
        "tools call s/dying --from FILE --arg n=1 --trust",
        "validate FILE --probe --trust",
        "inspect FILE --full",
        "runs show last",
        "runs show last -o json",
        "trace graph last",
        "mcp test own",
        "mcp test own --json",
        "mcp doctor",
        "mcp doctor --json",
      })
  void noCommandLetsItReachATerminalRaw(String line) {
    Result run = world.run("run", file(), "--trust");
    assertThat(run.code()).as("%s", run).isEqualTo(1);
    Result result = world.run(line.replace("FILE", file()).split(" ", -1));

    assertThat(result.out() + result.err()).as("%s", result).isNotBlank();
    assertThat(raw(result.out() + result.err())).as("%s", result).isEmpty();
  }

  private String file() {
    return folder.resolve("painted.yaml").toString();
  }

  /** What could steer a terminal. */
  private static Stream<String> raw(String text) {
    return text.codePoints()
        .filter(c -> c != '\n' && c != '\t')
        .filter(
            c ->
                switch (Character.getType(c)) {
                  case Character.CONTROL,
                      Character.FORMAT,
                      Character.SURROGATE,
                      Character.LINE_SEPARATOR,
                      Character.PARAGRAPH_SEPARATOR ->
                      true;
                  default -> false;
                })
        .mapToObj(c -> String.format(Locale.ROOT, "U+%04X", c));
  }
}
