package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustTest {
  private static final String ENTRY =
      "{'command':'node','args':['server.js'],'env':{'K':'v'},'effects':{'ls':'read'}}";

  private final Path home;
  private final Path workspace;
  private final Trust trust;

  TrustTest(@TempDir Path folder) throws IOException {
    this.home = folder.resolve("home");
    this.workspace = Files.createDirectories(folder.resolve("workspace"));
    Files.writeString(workspace.resolve("server.js"), "serve()");
    this.trust = new Trust(home, Map.of());
  }

  private ServerEntry entry(Layer layer, String text) {
    return Entries.entry(layer, workspace, "files", text);
  }

  private boolean asks(ServerEntry entry) {
    return !trust.decide(List.of(entry), Set.of()).isEmpty();
  }

  private void approve(ServerEntry entry) {
    approve(trust, entry);
  }

  private static void approve(Trust trust, ServerEntry entry) {
    trust.decide(List.of(entry), Set.of()).forEach(trust::approve);
  }

  @ParameterizedTest
  @EnumSource(
      value = Layer.class,
      names = {"USER", "COMMAND_LINE"})
  void theUsersOwnServersNeedNoApproval(Layer layer) {
    assertThat(asks(entry(layer, ENTRY))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Layer.class,
      names = {"WORKSPACE", "WORKFLOW"})
  void aForeignServerIsAskedAboutOnce(Layer layer) {
    ServerEntry entry = entry(layer, ENTRY);
    assertThat(asks(entry)).isTrue();
    approve(entry);
    assertThat(asks(entry)).isFalse();
    assertThat(new Trust(home, Map.of()).allows(entry, Set.of())).isTrue();
  }

  @Test
  void aFileCannotTrustItself() {
    assertThat(asks(entry(Layer.WORKSPACE, "{'command':'x','trusted':true}"))).isTrue();
  }

  @Test
  void aPlainBuiltinNeedsNoApprovalAndAChangedOneDoes() {
    assertThat(asks(entry(Layer.WORKFLOW, "{'builtin':'travel'}"))).isFalse();
    assertThat(asks(entry(Layer.WORKFLOW, "{'builtin':'travel','args':['x']}"))).isTrue();
    assertThat(asks(entry(Layer.WORKFLOW, "{'builtin':'travel','env':{'A':'b'}}"))).isTrue();
    assertThat(asks(entry(Layer.WORKFLOW, "{'builtin':'travel','cwd':'/'}"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'command':'deno','args':['server.js'],'env':{'K':'v'},'effects':{'ls':'read'}}",
        "{'command':'node','args':['server.js','-x'],'env':{'K':'v'},'effects':{'ls':'read'}}",
        "{'command':'node','args':['server.js'],'env':{'K':'w'},'effects':{'ls':'read'}}",
        "{'command':'node','args':['server.js'],'env':{'K':'v'},'effects':{'ls':'write'}}",
        "{'command':'node','args':['server.js'],'env':{'K':'v'},'effects':{'ls':'read'},'timeout':9}",
        "{'command':'node','args':['server.js'],'env':{'K':'v'},'effects':{'ls':'read'},'cwd':'.'}"
      })
  void anyChangeOfTheEntryAsksAgain(String changed) {
    approve(entry(Layer.WORKSPACE, ENTRY));
    assertThat(asks(entry(Layer.WORKSPACE, changed))).isTrue();
  }

  @Test
  void aChangedScriptOfTheWorkspaceAsksAgain() throws IOException {
    ServerEntry entry = entry(Layer.WORKSPACE, ENTRY);
    approve(entry);
    Files.writeString(workspace.resolve("server.js"), "steal()");
    assertThat(asks(entry)).isTrue();
  }

  @Test
  void aScriptCannotHideBehindAVariableOrAnOption() throws IOException {
    for (String arg : List.of("${X:-server.js}", "--require=server.js", "./sub/../server.js")) {
      ServerEntry entry = entry(Layer.WORKSPACE, "{'command':'node','args':['" + arg + "']}");
      Files.createDirectories(workspace.resolve("sub"));
      Files.writeString(workspace.resolve("server.js"), "serve()");
      approve(entry);
      Files.writeString(workspace.resolve("server.js"), "steal()");
      assertThat(asks(entry)).as(arg).isTrue();
    }
  }

  /** What somebody may change after the approval; each is done to a workspace of its own. */
  enum Later {
    OTHER_COMMAND("'command':'node'", "'command':'deno'"),
    OTHER_ARGUMENT("'--fast'", "'--slow'"),
    MORE_ARGUMENTS("'--fast'", "'--fast','x'"),
    FEWER_ARGUMENTS(",'--fast'", ""),
    OTHER_ORDER("'server.js','--fast'", "'--fast','server.js'"),
    OTHER_VALUE("'K':'v'", "'K':'w'"),
    OTHER_VARIABLE("'K':'v'", "'L':'v'"),
    ANOTHER_VARIABLE("'K':'v'", "'K':'v','PATH':'.'"),
    OTHER_REFERENCE("'${A}'", "'${B}'"),
    NO_VARIABLES("'env':{'K':'v','R':'${A}'},", ""),
    OTHER_FOLDER("'cwd':'.'", "'cwd':'sub'"),
    OTHER_VARIABLES_FILE("'envFile':'.env'", "'envFile':'.env2'"),
    OTHER_CLAIM("'ls':'read'", "'ls':'write'"),
    ANOTHER_CLAIM("'ls':'read'", "'ls':'read','rm':'read'"),
    OTHER_TIMEOUT("'timeout':9", "'timeout':10"),
    A_DESCRIPTION("'timeout':9", "'timeout':9,'description':'d'"),
    MORE_TOOLS("'includeTools':['ls']", "'includeTools':['ls','rm']"),
    A_ROOT("'timeout':9", "'timeout':9,'roots':['.']"),
    A_MODEL_TO_ASK("'timeout':9", "'timeout':9,'sampling':true"),
    A_KEY_OF_NOBODY("'timeout':9", "'timeout':9,'x-own':1"),
    AN_ADDRESS("{'command'.*}", "{'url':'https://h/mcp'}"),
    SCRIPT("server.js", null),
    SCRIPT_WITHOUT_ENDING("lib.py", null),
    BEGINNING_OF_A_FOLDER("pack/index.js", null),
    MODULE("mod/__main__.py", null),
    VARIABLES(".env", null);

    private final String from;
    private final @Nullable String to;

    Later(String from, @Nullable String to) {
      this.from = from;
      this.to = to;
    }
  }

  @ParameterizedTest
  @EnumSource(Later.class)
  void whateverIsChangedAfterTheApprovalAsksAgain(Later later) throws IOException {
    String before =
        "{'command':'node','args':['server.js','--fast','lib','./pack','-m','mod'],"
            + "'env':{'K':'v','R':'${A}'},'envFile':'.env','cwd':'.','effects':{'ls':'read'},"
            + "'includeTools':['ls'],'timeout':9}";
    for (String file :
        List.of("lib.py", "pack/index.js", "mod/__main__.py", ".env", ".env2", "sub/server.js")) {
      Path path = workspace.resolve(file);
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.writeString(path, "A=1");
    }
    approve(entry(Layer.WORKSPACE, before));
    assertThat(asks(entry(Layer.WORKSPACE, before))).isFalse();
    String after = before;
    if (later.to == null) {
      Files.writeString(workspace.resolve(later.from), "A=2");
    } else {
      after = later == Later.AN_ADDRESS ? later.to : before.replace(later.from, later.to);
      assertThat(after).isNotEqualTo(before);
    }
    assertThat(asks(entry(Layer.WORKSPACE, after))).isTrue();
  }

  @Test
  void aFolderThatAServerWorksOnIsNotFollowed() throws IOException {
    Path beginning = Files.writeString(workspace.resolve("package.json"), "{}");
    for (String served :
        List.of(
            "{'command':'npx','args':['-y','pkg@1.2.3','.']}", "{'command':'x','args':['.']}")) {
      ServerEntry entry = entry(Layer.WORKSPACE, served);
      approve(entry);
      Files.writeString(beginning, "{\"of\": " + served.length() + "}");
      assertThat(asks(entry)).as(served).isFalse();
    }
    for (String run :
        List.of(
            "{'command':'npx','args':['-y','.']}",
            "{'command':'/usr/bin/node','args':['.']}",
            "{'command':'uv','args':['--directory','sub','run','tool.py']}")) {
      Files.createDirectories(workspace.resolve("sub"));
      Files.writeString(workspace.resolve("sub/tool.py"), "one()");
      ServerEntry entry = entry(Layer.WORKSPACE, run);
      approve(entry);
      Files.writeString(beginning, "{\"by\": " + run.length() + "}");
      Files.writeString(workspace.resolve("sub/tool.py"), "other()");
      assertThat(asks(entry)).as(run).isTrue();
    }
  }

  @Test
  void aLinkOfTheWorkspaceThatLeadsElsewhereAsksAgain(@TempDir Path elsewhere) throws IOException {
    Path one = Files.writeString(elsewhere.resolve("one.js"), "serve()");
    Path other = Files.writeString(elsewhere.resolve("other.js"), "steal()");
    Path link = Files.createSymbolicLink(workspace.resolve("link.js"), one);
    ServerEntry entry = entry(Layer.WORKSPACE, "{'command':'node','args':['link.js']}");
    approve(entry);
    assertThat(asks(entry)).isFalse();
    Files.delete(link);
    Files.createSymbolicLink(link, other);
    assertThat(asks(entry)).isTrue();
  }

  @Test
  void aScriptThatWasMissingAsksAgainWhenItIsThere() throws IOException {
    ServerEntry entry = entry(Layer.WORKSPACE, "{'command':'node','args':['later.js']}");
    approve(entry);
    Files.writeString(workspace.resolve("later.js"), "steal()");
    assertThat(asks(entry)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'command':'bash','args':['-c','x']}|it is a shell and runs whatever its arguments say",
        "{'command':'/bin/sh','args':['x']}|it is a shell and runs whatever its arguments say",
        "{'command':'uvx','args':['pkg']}|in whatever version is newest",
        "{'command':'curl','args':['x']}|it is a program that reaches other machines",
        "{'command':'x','args':['--to=https://h.example/a']}|it is given an address in the network:"
            + " \"https://h.example/a\"",
        "{'url':'https://h.example/mcp'}|it is another machine in the network",
        "{'command':'x','args':['~/notes']}|it is given your home folder",
        "{'command':'x','args':['${HOME}']}|it is given your home folder",
        "{'command':'x','args':['/home/me/.ssh']}|it is given your home folder",
        "{'command':'x','args':['--root=/']}|it is given your home folder",
        "{'command':'x','env':{'ROOT':'${userHome}'}}|it is given your home folder",
        "{'command':'x','cwd':'/home/me'}|it is given your home folder",
      })
  void whatIsRiskyIsNamed(String entry, String risk) {
    Trust at = new Trust(home, Map.of("HOME", "/home/me"));
    assertThat(at.explanation(entry(Layer.WORKSPACE, entry)))
        .anyMatch(line -> line.startsWith("risk: ") && line.contains(risk));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'command':'npx','args':['-y','pkg@1.2.3','./sub']}",
        "{'url':'http://localhost:3000/mcp'}",
        "{'command':'x','args':['.']}"
      })
  void whatIsNotRiskyIsNotCalledSo(String entry) {
    Trust at = new Trust(home, Map.of("HOME", "/home/me"));
    assertThat(at.explanation(entry(Layer.WORKSPACE, entry)))
        .noneMatch(line -> line.contains("newest") || line.contains("network"))
        .noneMatch(line -> line.contains("home folder"));
  }

  @Test
  void theSameEntryInAnotherWorkspaceAsksAgain(@TempDir Path other) throws IOException {
    approve(entry(Layer.WORKSPACE, ENTRY));
    Files.writeString(other.resolve("server.js"), "serve()");
    assertThat(asks(Entries.entry(Layer.WORKSPACE, other, "files", ENTRY))).isTrue();
  }

  @Test
  void anApprovalForOneRunIsNotKept() {
    ServerEntry entry = entry(Layer.WORKSPACE, ENTRY);
    Set<String> forRun = Set.of(trust.key(entry));
    assertThat(trust.allows(entry, forRun)).isTrue();
    assertThat(asks(entry)).isTrue();
    assertThat(Files.exists(home.resolve("trust.json"))).isFalse();
  }

  @Test
  void anApprovalCanBeTakenBack() {
    ServerEntry entry = entry(Layer.WORKSPACE, ENTRY);
    approve(entry);
    assertThat(trust.revoke("files", workspace)).isEqualTo(1);
    assertThat(asks(entry)).isTrue();
    assertThat(trust.revoke("files", workspace)).isZero();
  }

  @Test
  void approvalsAreKeptForTheUserAlone() throws IOException {
    approve(entry(Layer.WORKSPACE, ENTRY));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(home.resolve("trust.json"))))
        .isEqualTo("rw-------");
    assertThat(Files.readString(home.resolve("trust.json"))).doesNotContain("\"v\"");
  }

  @Test
  void approvalsGivenAtTheSameTimeAreAllKept() {
    try (ExecutorService people = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 40; i++) {
        ServerEntry entry = entry(Layer.WORKSPACE, "{'command':'c" + i + "'}");
        people.execute(() -> approve(new Trust(home, Map.of()), entry));
      }
    }
    for (int i = 0; i < 40; i++) {
      assertThat(asks(entry(Layer.WORKSPACE, "{'command':'c" + i + "'}"))).isFalse();
    }
  }

  @Test
  void theQuestionShowsTheWholeCommandAndWhatIsRisky() {
    ServerEntry entry =
        entry(
            Layer.WORKSPACE,
            "{'command':'npx','args':['-y','pkg','a b','\\u202ehidden\\u001b[2J','server.js'],"
                + "'env':{'NODE_OPTIONS':'--x','KEY':'${API_KEY}'},'effects':{'rm':'read'}}");
    assertThat(trust.decide(List.of(entry), Set.of()))
        .singleElement()
        .satisfies(
            question ->
                assertThat(question.explanation())
                    .containsExactly(
                        "server \"files\" is defined by \""
                            + workspace.resolve(".mcp.json")
                            + "\" and would be started on this machine:",
                        "command: \"npx\"",
                        "argument 1: \"-y\"",
                        "argument 2: \"pkg\"",
                        "argument 3: \"a b\"",
                        "argument 4: \"\\u{202e}hidden\\u{1b}[2J\"",
                        "argument 5: \"server.js\"",
                        "env: \"KEY\" (value hidden)",
                        "env: \"NODE_OPTIONS\" (value hidden)",
                        "folder: \"" + workspace + "\"",
                        "claims: \"rm\" is read",
                        "risk: it downloads a package and runs it, in whatever version is newest"
                            + " (pin one, as in name@1.2.3)",
                        "risk: it sets NODE_OPTIONS, which decides what code runs",
                        "risk: it runs or reads a file of the workspace: \""
                            + workspace.resolve("server.js")
                            + "\"",
                        "risk: it is given your environment's API_KEY",
                        "risk: tools it calls read or idempotent may be called again without"
                            + " asking"));
  }

  @Test
  void aServerBehindAnAddressIsCalledAndNotStarted() {
    ServerEntry entry = entry(Layer.WORKSPACE, "{'url':'http://example.org/mcp'}");
    assertThat(trust.decide(List.of(entry), Set.of()).getFirst().explanation())
        .containsExactly(
            "server \"files\" is defined by \""
                + workspace.resolve(".mcp.json")
                + "\" and would be called:",
            "url: \"http://example.org/mcp\"",
            "risk: it is another machine in the network: what its tools are given leaves this one",
            "risk: what is sent there is not encrypted");
  }
}
