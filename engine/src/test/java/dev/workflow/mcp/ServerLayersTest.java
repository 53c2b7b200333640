package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.mcp.ServerEntry.Target;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerLayersTest {
  private final Path home;
  private final Path workspace;

  ServerLayersTest(@TempDir Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("home"));
    this.workspace = Files.createDirectories(folder.resolve("workspace"));
  }

  private static Path write(Path file, String text) throws IOException {
    return Files.writeString(file, text.replace('\'', '"'));
  }

  private ServerList workspaceFile(String text) throws IOException {
    write(workspace.resolve(".mcp.json"), text);
    return ServerLayers.read(home, workspace, List.of(), List.of());
  }

  private static ServerEntry only(ServerList list) {
    assertThat(list.entries()).hasSize(1);
    return list.entries().values().iterator().next();
  }

  private static List<String> texts(ServerList list) {
    return list.problems().stream().map(Entries::text).toList();
  }

  @Test
  void anEntryIsReadAsOtherClientsWriteIt() throws IOException {
    ServerEntry entry =
        only(
            workspaceFile(
                """
                {'mcpServers': {'files': {
                  'type': 'stdio', 'command': 'npx', 'args': ['-y', 'server', '.'], 'env': {'A': '${B}'},
                  'cwd': 'sub', 'timeout': 30000, 'startupTimeout': '5s', 'excludeTools': ['rm'],
                  'includeTools': ['ls', 'rm'], 'description': 'Files', 'required': true,
                  'effects': {'ls': 'read'}, 'labels': {'ls': ['private'], 'ping': []}}}}
                """));
    assertThat(entry.target())
        .isEqualTo(
            new Target.Command("npx", List.of("-y", "server", "."), Map.of("A", "${B}"), "sub"));
    assertThat(entry.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(entry.startupTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(entry.effects()).containsEntry("ls", Effect.READ);
    assertThat(entry.labels())
        .isEqualTo(Map.of("ls", Set.of(Label.PRIVATE), "ping", Set.<Label>of()));
    assertThat(entry.required()).isTrue();
    assertThat(entry.enabled()).isTrue();
    assertThat(entry.offers("ls")).isTrue();
    assertThat(entry.offers("rm")).isFalse();
    assertThat(entry.offers("other")).isFalse();
    assertThat(entry.origin().layer()).isEqualTo(Layer.WORKSPACE);
    assertThat(entry.origin().file()).isEqualTo(workspace.resolve(".mcp.json").toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'servers': {'a': {'url': 'http://h/mcp'}}}|ANY",
        "{'mcpServers': {'a': {'httpUrl': 'http://h/mcp'}}}|STREAMABLE",
        "{'mcpServers': {'a': {'type': 'streamable-http', 'url': 'http://h/mcp'}}}|STREAMABLE",
        "{'mcpServers': {'a': {'type': 'streamable_http', 'url': 'http://h/mcp'}}}|STREAMABLE",
        "{'mcpServers': {'a': {'type': 'streamableHttp', 'url': 'http://h/mcp'}}}|STREAMABLE",
        "{'mcpServers': {'a': {'transport': 'sse', 'url': 'http://h/mcp'}}}|SSE",
        "{'mcpServers': {'a': {'type': 'http', 'transport': 'sse', 'url': 'http://h/mcp'}}}|STREAMABLE",
      })
  void anAddressIsReadAsAnyClientWritesIt(String text, HttpDialect dialect) throws IOException {
    ServerList list = workspaceFile(text);
    assertThat(list.problems()).isEmpty();
    assertThat(only(list).target())
        .isEqualTo(
            new Target.Url("http://h/mcp", Map.of(), dialect, false, Map.of(), OAuthEntry.NONE));
  }

  @Test
  void commentsTrailingCommasAndAByteOrderMarkAreRead() throws IOException {
    ServerList list =
        workspaceFile("\uFEFF{ // ours\n 'mcpServers': { /* one */ 'a': {'command': 'x',},\n}, }");
    assertThat(list.problems()).isEmpty();
    assertThat(only(list).place().line()).isEqualTo(2);
  }

  @Test
  void whatAHigherLayerHidesIsKnown() throws IOException {
    write(
        home.resolve("mcp.json"), "{'mcpServers': {'a': {'command': 'u'}, 'b': {'command': 'u'}}}");
    ServerList list = workspaceFile("{'mcpServers': {'a': {'command': 'w', 'enabled': false}}}");
    assertThat(list.hidden()).extracting(ServerEntry::alias).containsExactly("a");
    ServerEntry force = Objects.requireNonNull(list.entries().get("a"));
    assertThat(force.enabled()).isFalse();
    assertThat(list.hiddenBy(force))
        .singleElement()
        .satisfies(entry -> assertThat(entry.origin().layer()).isEqualTo(Layer.USER));
  }

  @Test
  void theLineThatAProblemShowsHoldsNoSecret() throws IOException {
    String entry = "'command': 'x', 'env': {'API_KEY': 'abc123def456', 'MODE': 'fast'}";
    ServerList told = workspaceFile("{'mcpServers': {'a': {'comand': 1, " + entry + "}}}");
    assertThat(told.problems())
        .hasSize(2)
        .allSatisfy(
            problem ->
                assertThat(problem.place().text())
                    .contains("\"API_KEY\": \"************\", \"MODE\": \"fast\"")
                    .doesNotContain("abc123def456"));

    ServerList broken = workspaceFile("{'mcpServers': {'a': {" + entry + "}}},}");
    assertThat(broken.problems())
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.place().text())
                    .startsWith("{\"mcpServers\": {\"a\": {\"command\": \"x\", ")
                    .doesNotContain("abc123def456"));
  }

  @Test
  void aServerThatAnotherClientDisabledIsOff() throws IOException {
    ServerList list = workspaceFile("{'mcpServers': {'a': {'command': 'x', 'disabled': true}}}");
    assertThat(only(list).enabled()).isFalse();
    assertThat(list.problems()).isEmpty();
  }

  @Test
  void anAliasMeansTheSameInAllWorkflowsOfARun() {
    ServerLayers.Inline one = inline("{'a': {'command': 'x'}, 'b': {'command': 'y'}}");
    ServerLayers.Inline other = inline("{'a': {'command': 'x'}, 'b': {'command': 'z'}}");

    ServerList list = ServerLayers.read(home, workspace, List.of(), List.of(one, other));

    assertThat(list.problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.rule()).isEqualTo(Rule.SERVER_CLASH))
        .satisfies(
            problem -> assertThat(problem.message()).startsWith("Server `b` is another one in "));
    assertThat(command(list, "b")).isEqualTo("y");
  }

  @Test
  void theHighestLayerWinsTheWholeEntry() throws IOException {
    write(home.resolve("mcp.json"), servers("user", "a", "b", "c", "d"));
    write(workspace.resolve(".mcp.json"), servers("workspace", "a", "b", "c"));
    Path first = write(workspace.resolve("first.json"), servers("first", "a"));
    Path second = write(workspace.resolve("second.json"), servers("second", "a"));
    ServerLayers.Inline inline = inline("{'a': {'command': 'inline'}, 'b': {'command': 'inline'}}");

    ServerList list = ServerLayers.read(home, workspace, List.of(first, second), List.of(inline));

    assertThat(command(list, "a")).isEqualTo("second");
    assertThat(command(list, "b")).isEqualTo("inline");
    assertThat(command(list, "c")).isEqualTo("workspace");
    assertThat(command(list, "d")).isEqualTo("user");
    assertThat(list.entries().values())
        .extracting(entry -> entry.origin().layer())
        .containsExactly(Layer.COMMAND_LINE, Layer.WORKFLOW, Layer.WORKSPACE, Layer.USER);
  }

  private static String servers(String command, String... aliases) {
    StringBuilder text = new StringBuilder();
    for (String alias : aliases) {
      text.append(text.isEmpty() ? "" : ",")
          .append("'" + alias + "': {'command': '" + command + "'}");
    }
    return "{'mcpServers': {" + text + "}}";
  }

  private ServerLayers.Inline inline(String servers) {
    var tree = JsonFile.parse("flow.yaml", ("{'mcp': " + servers + "}").replace('\'', '"'));
    return new ServerLayers.Inline(
        workspace.resolve("flow.yaml"),
        workspace,
        Objects.requireNonNull(tree.value()).path("mcp"),
        tree.source());
  }

  private static @Nullable String command(ServerList list, String alias) {
    ServerEntry entry = list.entries().get(alias);
    return entry != null && entry.target() instanceof Target.Command command
        ? command.command()
        : null;
  }

  @Test
  void everyMistakeIsToldWithItsPlace() throws IOException {
    assertThat(
            texts(
                workspaceFile(
                    """
                    {'mcpServers': {
                      'none': {'args': []},
                      'two': {'command': 'x', 'url': 'http://y'},
                      'types': {'command': 7, 'args': ['a', 3000], 'env': {'PORT': 3000}},
                      'time': {'command': 'x', 'timeout': 'soon'},
                      'effect': {'command': 'x', 'effects': {'rm': 'harmless'}},
                      'typo': {'command': 'x', 'arg': []},
                      'mixed': {'url': 'http://y', 'env': {'A': 'b'}},
                      'kind': {'url': 'http://y', 'type': 'websocket'},
                      'shipped': {'builtin': 'travle'},
                      'a/b': {'command': 'x'},
                      'text': 'npx server',
                      'label': {'command': 'x', 'labels': {'rm': ['secret'], 'ls': 'private'}},
                      'labels': {'command': 'x', 'labels': []}
                    }}
                    """)))
        .containsExactly(
            ".mcp.json:2:3: ERROR server 'none' needs exactly one of command, url and builtin,"
                + " found none",
            ".mcp.json:3:3: ERROR server 'two' needs exactly one of command, url and builtin, found"
                + " command and url",
            ".mcp.json:4:24: ERROR server 'types', field command: expected text, found the number"
                + " 7",
            ".mcp.json:4:41: ERROR server 'types', field args.1: expected text, found the number"
                + " 3000 Write \"3000\".",
            ".mcp.json:4:64: ERROR server 'types', field env.PORT: expected text, found a number"
                + " Write it in double quotes.",
            ".mcp.json:5:39: ERROR server 'time', field timeout: expected milliseconds or a"
                + " duration such as 20s, found \"soon\"",
            ".mcp.json:6:48: ERROR server 'effect', field effects.rm: expected one of read,"
                + " idempotent, write, destructive, found harmless",
            ".mcp.json:7:28: ERROR server 'typo': unknown key 'arg' Did you mean `args`?",
            ".mcp.json:8:45: ERROR server 'mixed', field env.A: with a url only HTTPS_PROXY,"
                + " HTTP_PROXY, ALL_PROXY and NO_PROXY mean something",
            ".mcp.json:9:39: ERROR server 'kind', field type: expected http or sse with a url,"
                + " found websocket",
            ".mcp.json:10:26: ERROR server 'shipped', field builtin: there is no builtin server"
                + " 'travle' Did you mean `travel`?",
            ".mcp.json:11:3: ERROR a server name is text without '/' and control characters, found"
                + " 'a/b'",
            ".mcp.json:12:11: ERROR server 'text': expected a map, found text",
            ".mcp.json:13:46: ERROR server 'label', field labels.rm: expected untrusted, private"
                + " or external, found secret",
            ".mcp.json:13:64: ERROR server 'label', field labels.ls: expected a list of texts,"
                + " found text",
            ".mcp.json:14:40: ERROR server 'labels', field labels: expected a map of lists, found"
                + " a list");
  }

  @Test
  void foreignKeysAreIgnoredWithAWarning() throws IOException {
    ServerList list =
        workspaceFile("{'mcpServers': {'a': {'command': 'x', 'alwaysAllow': ['y'], 'zone': 1}}}");
    assertThat(list.entries()).containsKey("a");
    assertThat(texts(list))
        .containsExactly(
            ".mcp.json:1:39: WARNING server 'a': the key 'alwaysAllow' means nothing here and is"
                + " ignored",
            ".mcp.json:1:61: WARNING server 'a': the key 'zone' means nothing here and is ignored");
  }

  @Test
  void aFileThatTrustsItselfIsToldThatItHasNoVote() throws IOException {
    ServerList list = workspaceFile("{'mcpServers': {'a': {'command': 'x', 'trusted': true}}}");
    assertThat(texts(list))
        .containsExactly(
            ".mcp.json:1:39: WARNING server 'a': 'trusted' has no vote in a workspace file");
  }

  @Test
  void aFileThatIsNoJsonIsToldWithLineAndColumn() throws IOException {
    assertThat(texts(workspaceFile("{'mcpServers': {\n  'a': {'command': 'x',,}\n}}")))
        .singleElement()
        .asString()
        .startsWith(".mcp.json:2:24: ERROR the file is no JSON: Unexpected character (','");
    assertThat(texts(workspaceFile("{'mcpServers': {'a': {'command': 'x', 'command': 'y'}}}")))
        .singleElement()
        .asString()
        .contains("Duplicate")
        .startsWith(".mcp.json:1:");
    assertThat(texts(workspaceFile("")))
        .containsExactly(".mcp.json:0:0: ERROR the file is empty; write {\"mcpServers\": {}}");
  }

  @Test
  void aFileOfAnotherShapeIsToldWhatIsExpected() throws IOException {
    assertThat(texts(workspaceFile("{'mcpServer': {}}")))
        .containsExactly(
            ".mcp.json:1:1: ERROR expected {\"mcpServers\": {NAME: {...}}}, found no mcpServers"
                + " Rename 'mcpServer' to 'mcpServers'.");
    assertThat(texts(workspaceFile("{'mcpServers': []}")))
        .containsExactly(
            ".mcp.json:1:16: ERROR expected {\"mcpServers\": {NAME: {...}}}, found a list");
  }

  @Test
  void aListSurvivesItsJournal() throws IOException {
    ServerList list =
        workspaceFile(
            "{'mcpServers': {'a': {'command': 'x', 'env': {'K': '${SECRET}'}}, 'b': {'url':"
                + " 'http://h/'}}}");
    ServerList restored = ServerList.fromJson(list.toJson());
    assertThat(restored.entries().keySet()).containsExactly("a", "b");
    assertThat(restored.entries().values())
        .extracting(ServerEntry::target)
        .containsExactlyElementsOf(
            list.entries().values().stream().map(ServerEntry::target).toList());
    assertThat(restored.entries().values())
        .extracting(ServerEntry::origin)
        .containsExactlyElementsOf(
            list.entries().values().stream().map(ServerEntry::origin).toList());
    assertThat(restored.problems()).isEmpty();
  }

  private static final String WITH_SECRETS =
      """
      {'mcpServers': {
        'a': {'command': 'x', 'env': {'API_KEY': 'sk-canary-1', 'MODE': 'fast', 'T': '${T}'}},
        'b': {'url': 'https://me:canary-2@h/', 'headers': {'X': 'Bearer canary-3'}}}}
      """;

  @Test
  void aRunDoesNotKeepSecretsThatStandInAFile() throws IOException {
    ServerList list = workspaceFile(WITH_SECRETS);
    String kept = list.toJson().toString();
    assertThat(kept).doesNotContain("canary").contains("${T}").contains("fast");
  }

  @Test
  void aResumeReadsThemFromTheFileAgain() throws IOException {
    ServerList list = workspaceFile(WITH_SECRETS);
    ServerList restored = ServerList.fromJson(list.toJson());
    assertThat(restored.problems()).noneMatch(p -> p.severity() == Problem.Severity.ERROR);
    assertThat(restored.entries().values())
        .extracting(ServerEntry::written)
        .containsExactlyElementsOf(
            list.entries().values().stream().map(ServerEntry::written).toList());
  }

  @Test
  void aSecretThatIsGoneIsToldByItsField() throws IOException {
    ServerList list = workspaceFile(WITH_SECRETS);
    Files.delete(workspace.resolve(".mcp.json"));
    assertThat(texts(ServerList.fromJson(list.toJson())))
        .filteredOn(text -> text.contains("ERROR"))
        .containsExactly(
            ".mcp.json:0:0: ERROR server 'a': the secret env.API_KEY is not kept with a run, and"
                + " its file no longer has it",
            ".mcp.json:0:0: ERROR server 'b': the secret headers.X is not kept with a run, and its"
                + " file no longer has it",
            ".mcp.json:0:0: ERROR server 'b': the secret url is not kept with a run, and its file"
                + " no longer has it");
  }

  @Test
  void aSecretInASharedFileIsAWarning() throws IOException {
    assertThat(
            texts(
                workspaceFile(
                    "{'mcpServers': {'a': {'command': 'x', 'env': {'API_KEY': 's3cret'}}}}")))
        .containsExactly(
            ".mcp.json:1:47: WARNING server 'a': the value of API_KEY looks like a secret; keep it"
                + " out of shared files and write ${VARIABLE}");
  }
}
