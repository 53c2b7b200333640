package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A server that tells its secrets wherever it can and however they can be written: nothing that we
 * print or keep gives them away to somebody who decodes it.
 */
@Execution(ExecutionMode.CONCURRENT)
class LeakTest {
  private static final String GIVEN = "can/ary+given&4712=xyz";
  private static final String WRITTEN = "canary~written'4713(abc)";
  private static final String PIN = "471147114711";
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{8,}");
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{16,}");
  private static final String SERVERS =
      """
      {"mcpServers": {"leak": {
        "command": "node",
        "args": ["leaking.mjs"],
        "env": {"GIVEN": "${DECLARED_VALUE}", "WRITTEN_KEY": "%s", "PIN": "${DECLARED_PIN}"}
      }}}
      """
          .formatted(WRITTEN);
  private static final String WORKFLOW =
      """
      name: leaks
      version: "1.0.0"
      models: {default: [openai/gpt-5]}
      simulate: answers.yaml
      agents: {spy: {servers: [leak], tools: [leak/structured, leak/refusing]}}
      steps:
        structured: {tool: leak/structured}
        plain: {tool: leak/plain}
        halves: {tool: leak/halves}
        complaining: {tool: leak/complaining, on_error: continue}
        refusing: {tool: leak/refusing, on_error: continue}
        progressing: {tool: leak/progressing}
        spied: {agent: spy, prompt: Look around.}
        dying:
          tool: leak/dying
          on_error: continue
          needs: [structured, plain, halves, progressing, spied]
          when: steps.complaining.status == 'failed' and steps.refusing.status == 'failed'
        told: {set: "${steps.dying.error}"}
        shown: {ask: "Is this all? {plain} {told}", needs: [told]}
      outputs: {structured: "${structured}", plain: "${plain}", halves: "${halves}", died: "${told}"}
      """;
  private static final String ANSWERS =
      """
      answers:
        - turns:
            - calls: [{tool: structured}, {tool: refusing}]
            - answer: "${string(tools.structured.everything[0])}"
      """;

  @TempDir private Path folder;

  @Test
  void nothingThatIsPrintedOrKeptGivesASecretAway() throws IOException {
    Workspace workspace =
        Workspace.withServer(folder)
            .resource("leaking.mjs")
            .file(".mcp.json", SERVERS)
            .file("leaks.yaml", WORKFLOW)
            .file("answers.yaml", ANSWERS);
    Cli cli = workspace.cli().with("DECLARED_VALUE", GIVEN).with("DECLARED_PIN", PIN);

    Map<String, Result> said = new LinkedHashMap<>();
    Consumer<String> say = line -> said.put(line, cli.run(line.split(" ")));
    say.accept("run leaks.yaml --dry-run --trust");
    say.accept("run leaks.yaml --trust --run-id first -o jsonl");
    say.accept("run leaks.yaml --trust --run-id second --debug");
    List.of(
            "mcp list --show-origin",
            "mcp list --json",
            "mcp get leak",
            "mcp get leak --json",
            "mcp test leak --trust --verbose",
            "mcp test leak --trust --json",
            "mcp doctor --json",
            "tools list -o json",
            "validate leaks.yaml --strict",
            "inspect leaks.yaml --full",
            "inspect leaks.yaml --explain",
            "runs show first",
            "runs show first -o json",
            "runs export first",
            "runs list",
            "inspect first --full",
            "trace first timeline",
            "trace first why dying",
            "trace first step refusing",
            "trace first export",
            "runs record first --file cassette.json",
            "doctor")
        .forEach(say);
    say.accept("resume first --yes -o json");
    say.accept("resume second --yes");

    assertThat(
            Objects.requireNonNull(said.get("run leaks.yaml --trust --run-id first -o jsonl"))
                .exit())
        .as("%s", said)
        .isEqualTo(5);
    Result ended = Objects.requireNonNull(said.get("resume first --yes -o json"));
    assertThat(ended.exit()).as("%s", ended).isZero();
    assertThat(ended.json().path("steps").path("dying").toString()).contains("exit code 3");
    List<String> leaks = new ArrayList<>();
    said.forEach((line, result) -> leaks.addAll(leaks(line, result.toString())));
    for (Path kept : files(cli.home())) {
      leaks.addAll(leaks(kept.toString(), Files.readString(kept, StandardCharsets.ISO_8859_1)));
    }
    assertThat(leaks).isEmpty();
  }

  @Test
  void aBrokenFileOfServersIsToldWithoutTheSecretsInIt() {
    Workspace workspace = Workspace.in(folder).file("leaks.yaml", WORKFLOW);
    List<String> leaks = new ArrayList<>();
    for (String broken :
        List.of(
            SERVERS.replace("\"PIN\"", "PIN"),
            SERVERS.replace(", \"PIN\"", " \"PIN\""),
            SERVERS.replace("\"" + WRITTEN + "\"", WRITTEN),
            SERVERS.replace("\"" + WRITTEN + "\"", "\"" + WRITTEN),
            SERVERS.replace("\"" + WRITTEN + "\"", "[\"" + WRITTEN + "\"]"),
            SERVERS.replace("\"env\"", "\"environment\""),
            SERVERS.replace(
                "WRITTEN_KEY\": ", "WRITTEN_KEY\": \"" + WRITTEN + "\", \"WRITTEN_KEY\": "),
            SERVERS.replace("\"node\"", "7"))) {
      workspace.file(".mcp.json", broken);
      for (String line : List.of("mcp list", "validate leaks.yaml")) {
        leaks.addAll(leaks(line + broken, workspace.cli().run(line.split(" ")).toString()));
      }
    }

    assertThat(leaks).isEmpty();
  }

  private static List<Path> files(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).hasSizeGreaterThan(3);
      return all;
    }
  }

  /** What somebody who knows the usual encodings finds in a text, with what stands around it. */
  private static List<String> leaks(String where, String text) {
    List<String> found = new ArrayList<>();
    for (String secret : List.of(GIVEN, WRITTEN, PIN)) {
      for (String reading : readings(text)) {
        int at = reading.indexOf(secret);
        if (at < 0) {
          at = reading.indexOf(secret.substring(0, secret.length() * 2 / 3));
        }
        if (at < 0) {
          at = reading.indexOf(secret.substring(secret.length() / 3));
        }
        if (at >= 0) {
          int from = Math.max(0, at - 80);
          found.add(where + ": " + reading.substring(from, Math.min(reading.length(), at + 80)));
          break;
        }
      }
    }
    return found;
  }

  private static List<String> readings(String text) {
    String joined = text.replaceAll("[\r\n] *", "").replaceAll("\\\\[nr]", "");
    List<String> readings = new ArrayList<>(List.of(text, joined));
    readings.add(joined.replace("\\/", "/").replace("\\", ""));
    try {
      readings.add(
          URLDecoder.decode(
              joined.replaceAll("%(?![0-9A-Fa-f]{2})", "%25").replace("+", "%2B"),
              StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new AssertionError(e);
    }
    StringBuilder decoded = new StringBuilder();
    Matcher hex = HEX.matcher(joined);
    while (hex.find()) {
      for (int from = 0; from < 2; from++) {
        int length = (hex.group().length() - from) / 2 * 2;
        byte[] bytes = HexFormat.of().parseHex(hex.group().substring(from, from + length));
        decoded.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
      }
    }
    Matcher run = BASE64.matcher(joined);
    while (run.find()) {
      String encoded = run.group().replace('-', '+').replace('_', '/');
      for (int from = 0; from < 4; from++) {
        int length = (encoded.length() - from) / 4 * 4;
        byte[] bytes = Base64.getDecoder().decode(encoded.substring(from, from + length));
        decoded.append(new String(bytes, StandardCharsets.ISO_8859_1)).append('\n');
      }
    }
    readings.add(decoded.toString());
    return readings;
  }
}
