package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * What {@code validate --probe} accepts, {@code run} can start; what it refuses, {@code run}
 * refuses.
 */
@Execution(ExecutionMode.CONCURRENT)
class ProbeTest {
  /** Exit codes of a run that was begun. */
  private static final Set<Integer> BEGUN = Set.of(0, 1, 5, 6, 8);

  /** Exit codes of a run that was refused before its first step. */
  private static final Set<Integer> REFUSED = Set.of(3, 4, 9);

  private static final List<String> SOUND =
      List.of("sound", "fails-later", "asks", "in-doubt", "one-tool", "beside-hungry", "scripted");

  private static final String SERVERS =
      """
      {"mcpServers": {
        "own": {"command": "node", "args": ["faulty.mjs"]},
        "narrow": {"command": "node", "args": ["faulty.mjs"], "includeTools": ["fine"]},
        "off": {"command": "node", "args": ["faulty.mjs"], "enabled": false},
        "hungry": {"command": "node", "args": ["faulty.mjs"], "env": {"T": "${SURELY_UNSET}"}}
      }}
      """;

  /** What follows the name and version, by a name for the file. */
  private static final Map<String, String> FILES = new LinkedHashMap<>();

  static {
    FILES.put("sound", "steps: {a: {tool: own/fine, with: {n: 1}}}");
    FILES.put("fails-later", "steps: {a: {tool: own/refusing, with: {n: 1}}}");
    FILES.put("asks", "steps: {a: {ask: Go on?}}");
    FILES.put("in-doubt", "steps: {a: {tool: own/dying_payment, with: {n: 1}}}");
    FILES.put("one-tool", "steps: {a: {tool: narrow/fine, with: {n: 1}}}");
    FILES.put("beside-hungry", "steps: {a: {set: 1}, b: {tool: own/fine, with: {n: \"${a}\"}}}");
    FILES.put(
        "scripted",
        """
        models: {default: [openai/gpt-5]}
        simulate: answers.yaml
        agents: {counter: {servers: [own], tools: [own/fine]}}
        steps: {a: {agent: counter, prompt: Count., output: {count: integer}}}
        """);
    FILES.put("misdescribed", "steps: {a: {tool: own/misdescribed, with: {n: 1}}}");
    FILES.put(
        "misdescribed-tool",
        """
        models: {default: [openai/gpt-5]}
        simulate: answers.yaml
        agents: {counter: {tools: [own/misdescribed]}}
        steps: {a: {agent: counter, prompt: Count.}}
        """);
    FILES.put("wrong-tool", "steps: {a: {tool: own/fin, with: {n: 1}}}");
    FILES.put("wrong-arguments", "steps: {a: {tool: own/fine, with: {m: 1}}}");
    FILES.put("wrong-argument-type", "steps: {a: {tool: own/fine, with: {n: one}}}");
    FILES.put("hidden-tool", "steps: {a: {tool: narrow/refusing, with: {n: 1}}}");
    FILES.put("switched-off", "steps: {a: {tool: off/fine, with: {n: 1}}}");
    FILES.put("hungry", "steps: {a: {tool: hungry/fine, with: {n: 1}}}");
    FILES.put(
        "no-provider",
        """
        agents: {counter: {model: big}}
        models: {big: [openai/gpt-5]}
        steps: {a: {agent: counter, prompt: Count.}}
        """);
    FILES.put(
        "no-script",
        """
        agents: {counter: {model: big}}
        models: {big: [openai/gpt-5]}
        simulate: nowhere.yaml
        steps: {a: {agent: counter, prompt: Count.}}
        """);
    FILES.put(
        "no-alias",
        """
        agents: {counter: {}}
        steps: {a: {agent: counter, prompt: Count.}}
        """);
    FILES.put(
        "required",
        """
        mcp: {shipped: {builtin: travel, required: true, startupTimeout: 1}}
        steps: {a: {set: 1}}
        """);
    FILES.put("no-capability", "steps: {a: {capability: levitation, with: {n: 1}}}");
    FILES.put(
        "untrusted",
        """
        mcp: {mine: {command: node, args: [faulty.mjs, mine]}}
        steps: {a: {tool: mine/fine, with: {n: 1}}}
        """);
  }

  @TempDir private Path folder;

  @Test
  @Tag("soak")
  void whatValidateProbeAcceptsRunCanStartAndNothingElse() {
    Workspace workspace =
        Workspace.withServer(folder)
            .file("servers.json", SERVERS)
            .file("answers.yaml", "answers: [{answer: {count: 3}}]");
    FILES.forEach(
        (name, text) ->
            workspace.file(name + ".yaml", "name: probe\nversion: \"1.0.0\"\n" + text + "\n"));

    Map<String, JsonNode> verdicts = validate(workspace);
    Map<String, Result> results = run(workspace);

    verdicts.forEach(
        (name, verdict) -> {
          Result result = Objects.requireNonNull(results.get(name));
          assertThat(result.exit())
              .as("%s: %s\nrun: %s", name, verdict, result)
              .isIn(verdict.path("ok").asBoolean() ? BEGUN : REFUSED);
        });
    List<String> accepted = new ArrayList<>(verdicts.keySet());
    accepted.removeIf(name -> !BEGUN.contains(Objects.requireNonNull(results.get(name)).exit()));
    assertThat(accepted).containsExactlyElementsOf(SOUND);
    assertThat(workspace.living()).isEmpty();
  }

  private static Map<String, JsonNode> validate(Workspace workspace) {
    List<String> command = new ArrayList<>(List.of("validate", "--probe", "-o", "json"));
    command.addAll(List.of("--mcp-config", "servers.json"));
    FILES.keySet().forEach(name -> command.add(name + ".yaml"));
    Result result = workspace.cli().run(command.toArray(String[]::new));
    assertThat(result.exit()).as("%s", result).isEqualTo(3);
    Map<String, JsonNode> verdicts = new LinkedHashMap<>();
    for (JsonNode file : result.json().path("files")) {
      verdicts.put(file.path("file").asString().replaceAll(".*/|\\.yaml$", ""), file);
    }
    assertThat(verdicts.keySet()).containsExactlyElementsOf(FILES.keySet());
    return verdicts;
  }

  /** Two at a time, each in a home of its own. */
  private Map<String, Result> run(Workspace workspace) {
    Map<String, Result> results = new LinkedHashMap<>();
    List<String> names = List.copyOf(FILES.keySet());
    for (int i = 0; i < names.size(); i += 2) {
      Map<String, Started> pair = new LinkedHashMap<>();
      for (String name : names.subList(i, Math.min(i + 2, names.size()))) {
        Cli cli = new Cli(folder.resolve("home-" + name), workspace.folder());
        pair.put(
            name, cli.start("run", name + ".yaml", "--mcp-config", "servers.json", "-o", "json"));
      }
      pair.forEach((name, started) -> results.put(name, started.await()));
    }
    return results;
  }
}
