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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways in which a foreign workspace could get its code run without, or behind, an approval. */
class TrustBypassTest {
  private final Path home;
  private final Path workspace;
  private final Trust trust;

  TrustBypassTest(@TempDir Path folder) throws IOException {
    this.home = folder.resolve("home");
    this.workspace = Files.createDirectories(folder.resolve("workspace"));
    this.trust = new Trust(home, Map.of("PATH", "/usr/bin"));
  }

  private ServerEntry entry(String text) {
    return Entries.entry(Layer.WORKSPACE, workspace, "files", text);
  }

  private List<Trust.Question> questions(ServerEntry entry) {
    return trust.decide(List.of(entry), Set.of());
  }

  private void approve(ServerEntry entry) {
    trust.approve(questions(entry).getFirst());
  }

  private Path write(String file, String text) throws IOException {
    Path path = workspace.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    return path;
  }

  @Test
  void aBuiltinWithAFileOfVariablesIsNotPlain() throws IOException {
    write("x.env", "JAVA_TOOL_OPTIONS=-javaagent:./e.jar");
    assertThat(questions(entry("{'builtin':'travel','envFile':'x.env'}"))).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "code | 'command':'node','args':['--eval=x()']",
        "code | 'command':'env','args':['A=1','python3','-c','x()']",
        "a shell | 'command':'env','args':['bash','x.sh']",
        "downloads | 'command':'timeout','args':['5s','npx','-y','pkg@1.2.3']",
        "container | 'command':'docker','args':['run','-i','--rm','-e','TOKEN','image']",
        "downloads | 'command':'npx','args':['-p','pkg@1.2.3','cmd']",
      })
  void whatRunsInTheEndIsNamedAndNothingElse(String risk, String fields) {
    List<String> told = questions(entry("{" + fields + "}")).getFirst().explanation();
    assertThat(told).anyMatch(line -> line.startsWith("risk: ") && line.contains(risk));
    assertThat(told.stream().anyMatch(line -> line.contains("runs code that stands")))
        .isEqualTo(risk.equals("code"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "index.js | 'command':'node','args':['index.js'],'cwd':'${workspaceFolder}/server'",
        "index.js | 'command':'node','args':['index.js'],'cwd':'${UNSET:-server}'",
        "srv.js | 'command':'sh','args':['-c','node ./server/srv.js']",
        "srv.js | 'command':'sh','args':['-c','cd server && node srv.js']",
        "srv.js | 'command':'sh','args':['-c','exec node \\\"./server/srv\\\"']",
        "index.js | 'command':'sh','args':['-c','exec node ./server']",
        "b.jar | 'command':'java','args':['-cp','server/a.jar:server/b.jar','Main']",
        "b.jar | 'command':'java','args':['-cp','server/a.jar;server/b.jar','Main']",
        "args | 'command':'java','args':['@server/args']",
        "package.json | 'command':'npm','args':['start'],'cwd':'server'",
        "package.json | 'command':'npm','args':['--prefix','server','start']",
        "package.json | 'command':'sh','args':['-c','cd server; npm start']",
        ".npmrc | 'command':'npx','args':['-y','pkg@1.2.3'],'cwd':'server'",
        "main.go | 'command':'go','args':['run','.'],'cwd':'server'",
        "Makefile | 'command':'make','cwd':'server'",
        "makefile | 'command':'make','args':['-C','server']",
        "node | 'command':'node','args':['x.js'],'env':{'PATH':'./bin:/usr/bin'},'cwd':'server'",
        "tool | 'command':'tool','cwd':'server','envFile':'server/path.env'",
        "hook.js | 'command':'node','args':['x'],'env':{'NODE_OPTIONS':'--require"
            + " ./server/hook.js'}",
      })
  void aFileThatWouldRunIsBoundHoweverItIsNamed(String file, String fields) throws IOException {
    List<String> programs = List.of("node", "tool");
    String path = (programs.contains(file) ? "server/bin/" : "server/") + file;
    write("server/path.env", "PATH=./bin");
    write(path, "one");
    ServerEntry entry = entry("{" + fields + "}");
    approve(entry);
    assertThat(questions(entry)).isEmpty();
    write(path, "other");
    assertThat(questions(entry)).isNotEmpty();
  }

  @Test
  void whatWasNotShownIsNotApproved() throws IOException {
    write("server.js", "serve()");
    ServerEntry entry = entry("{'command':'node','args':['server.js']}");
    Trust.Question shown = questions(entry).getFirst();
    write("server.js", "steal()");
    trust.approve(shown);
    assertThat(questions(entry)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:1@evil.com/mcp",
        "http://localhost@evil.com",
        "http://[::1]:3@evil.com/",
        "http://localhost.evil.com/",
        "http://${UNSET:-evil.com}/",
        "http://localhost${UNSET:-.evil.com}/"
      })
  void anAddressElsewhereIsNotCalledLocal(String url) {
    assertThat(trust.explanation(entry("{'url':'" + url + "'}")))
        .contains(
            "risk: it is another machine in the network: what its tools are given leaves this one",
            "risk: what is sent there is not encrypted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:3000/mcp",
        "https://127.0.0.1",
        "http://[::1]:8/x?y",
        "http://localhost:${PORT:-3000}/mcp"
      })
  void anAddressOfThisMachineIsLocal(String url) {
    assertThat(trust.explanation(entry("{'url':'" + url + "'}")))
        .noneMatch(line -> line.contains("another machine") || line.contains("encrypted"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "JDK_JAVA_OPTIONS",
        "_JAVA_OPTIONS",
        "CLASSPATH",
        "npm_config_registry",
        "NPM_CONFIG_PREFIX",
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "UV_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "RUBYLIB",
        "PERL5OPT",
        "LD_AUDIT",
        "PYTHONHOME",
        "NODE_OPTIONS"
      })
  void aVariableThatDecidesWhatRunsIsNamedWhereverItIsSet(String variable) throws IOException {
    write("x.env", "# none\nexport " + variable + "=v\n");
    String risk = "risk: it sets " + variable + ", which decides what code runs";
    assertThat(trust.explanation(entry("{'command':'x','env':{'" + variable + "':'v'}}")))
        .contains(risk);
    assertThat(trust.explanation(entry("{'command':'x','envFile':'x.env'}")))
        .contains(
            "envFile: \"x.env\" (values hidden)",
            "env: \"" + variable + "\" (value hidden, of the envFile)",
            risk);
    assertThat(trust.explanation(entry("{'builtin':'travel','envFile':'x.env'}"))).contains(risk);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PYTHONUNBUFFERED", "MODE", "UV_NO_PROGRESS", "NODE_ENV"})
  void otherVariablesAreNotSaidToDecideWhatRuns(String variable) {
    assertThat(trust.explanation(entry("{'command':'x','env':{'" + variable + "':'v'}}")))
        .noneMatch(line -> line.contains("decides what code runs"));
  }

  @Test
  void anAddressInAVariableIsNamedWithoutWhatMayBeSecretInIt() throws IOException {
    write("x.env", "HOOK=https://me:pw@hook.example/T0/B1?k=1\nNEAR=http://localhost:1/x\n");
    ServerEntry entry =
        entry("{'command':'x','env':{'API':'https://h.example/secret-path'},'envFile':'x.env'}");
    assertThat(trust.explanation(entry))
        .contains(
            "risk: it is given an address in the network: \"https://h.example\"",
            "risk: it is given an address in the network: \"https://hook.example\"")
        .noneMatch(line -> line.contains("secret-path") || line.contains("pw"))
        .noneMatch(line -> line.contains("localhost"));
  }

  @Test
  void anEnvFileOfTheHomeFolderIsNamed() {
    Trust at = new Trust(home, Map.of("HOME", "/home/me"));
    assertThat(at.explanation(entry("{'command':'x','envFile':'/home/me/.secrets'}")))
        .contains("risk: it is given your home folder, or a folder that holds it or is in it");
  }

  @Test
  void aFolderBehindAVariableIsJudgedByWhereItLeads() {
    Trust at = new Trust(home, Map.of("KEY", "hidden-value"));
    assertThat(at.explanation(entry("{'command':'x','cwd':'${workspaceFolder}/sub'}")))
        .contains("folder: \"" + workspace.resolve("sub") + "\"")
        .noneMatch(line -> line.contains("outside"));
    assertThat(at.explanation(entry("{'command':'x','cwd':'${UNSET:-/}'}")))
        .contains("risk: it starts outside the workspace");
    assertThat(at.explanation(entry("{'command':'x','cwd':'sub/${KEY}'}")))
        .contains("folder: \"sub/${KEY}\"")
        .noneMatch(line -> line.contains("hidden-value"));
  }

  @Test
  void anApprovalIsTakenBackByWhicheverPathTheWorkspaceIsCalled(@TempDir Path elsewhere)
      throws IOException {
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), workspace);
    ServerEntry linked = Entries.entry(Layer.WORKSPACE, link, "files", "{'command':'x'}");
    approve(linked);
    assertThat(questions(entry("{'command':'x'}"))).isEmpty();
    assertThat(trust.revoke("files", workspace)).isEqualTo(1);
    assertThat(questions(linked)).isNotEmpty();

    approve(entry("{'command':'x'}"));
    assertThat(trust.revoke("files", link)).isEqualTo(1);
  }
}
