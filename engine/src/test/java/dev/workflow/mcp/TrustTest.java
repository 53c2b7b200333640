package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
    trust.approve(entry);
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
    trust.approve(entry(Layer.WORKSPACE, ENTRY));
    assertThat(asks(entry(Layer.WORKSPACE, changed))).isTrue();
  }

  @Test
  void aChangedScriptOfTheWorkspaceAsksAgain() throws IOException {
    ServerEntry entry = entry(Layer.WORKSPACE, ENTRY);
    trust.approve(entry);
    Files.writeString(workspace.resolve("server.js"), "steal()");
    assertThat(asks(entry)).isTrue();
  }

  @Test
  void aScriptCannotHideBehindAVariableOrAnOption() throws IOException {
    for (String arg : List.of("${X:-server.js}", "--require=server.js", "./sub/../server.js")) {
      ServerEntry entry = entry(Layer.WORKSPACE, "{'command':'node','args':['" + arg + "']}");
      Files.createDirectories(workspace.resolve("sub"));
      Files.writeString(workspace.resolve("server.js"), "serve()");
      trust.approve(entry);
      Files.writeString(workspace.resolve("server.js"), "steal()");
      assertThat(asks(entry)).as(arg).isTrue();
    }
  }

  @Test
  void theSameEntryInAnotherWorkspaceAsksAgain(@TempDir Path other) throws IOException {
    trust.approve(entry(Layer.WORKSPACE, ENTRY));
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
    trust.approve(entry);
    assertThat(trust.revoke("files", workspace)).isEqualTo(1);
    assertThat(asks(entry)).isTrue();
    assertThat(trust.revoke("files", workspace)).isZero();
  }

  @Test
  void approvalsAreKeptForTheUserAlone() throws IOException {
    trust.approve(entry(Layer.WORKSPACE, ENTRY));
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
        people.execute(() -> new Trust(home, Map.of()).approve(entry));
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
