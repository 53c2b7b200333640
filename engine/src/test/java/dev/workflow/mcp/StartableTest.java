package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

class StartableTest {
  private static final Path WORKSPACE = Path.of("/workspace");
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TOKEN", "tok-1234567", "HOME", "/home/me", "EMPTY", "", "HOST", "h.example");

  private static Startable start(String entry) {
    return Startable.of(Entries.entry(Layer.WORKSPACE, WORKSPACE, "s", entry), ENVIRONMENT);
  }

  private static String failure(String entry) {
    return Fakes.failure(Mono.fromCallable(() -> start(entry))).error().message();
  }

  @Test
  void variablesAreReplacedInEveryField() {
    Startable startable =
        start(
            "{'command':'${HOME}/bin/x','args':['--t=${TOKEN}','${NONE:-d}','${EMPTY:-e}','${EMPTY}'],"
                + "'env':{'A':'x${TOKEN}y'},'cwd':'${HOST}'}");
    assertThat(startable.launch())
        .isEqualTo(
            new Launch.Stdio(
                List.of("/home/me/bin/x", "--t=tok-1234567", "d", "e", ""),
                Map.of("A", "xtok-1234567y"),
                WORKSPACE.resolve("h.example")));
  }

  @Test
  void variablesOfOtherClientsAreUnderstood() {
    Startable startable =
        start(
            "{'command':'x','args':['${env:HOST}','${env:NONE:-d}','${workspaceFolder}/a',"
                + "'${workspaceFolderBasename}','${userHome}','a${/}b','a${pathSeparator}b',"
                + "'$${env:HOST}']}");
    assertThat(((Launch.Stdio) startable.launch()).command())
        .containsExactly(
            "x",
            "h.example",
            "d",
            "/workspace/a",
            "workspace",
            "/home/me",
            "a/b",
            "a/b",
            "${env:HOST}");
    assertThat(startable.secrets()).contains("h.example").doesNotContain("/workspace", "/home/me");
  }

  @Test
  void aFileOfVariablesIsReadBelowTheOthers(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve(".env"),
        "# of the team\n\nexport A=1\nB = \"two words\"\nAPI_KEY='planted-4711'\nno line\nC=x=y\n");
    ServerEntry entry =
        Entries.entry(
            Layer.WORKSPACE, folder, "s", "{'command':'x','env':{'A':'0'},'envFile':'.env'}");
    Startable startable = Startable.of(entry, ENVIRONMENT);
    assertThat(((Launch.Stdio) startable.launch()).env())
        .isEqualTo(Map.of("A", "0", "B", "two words", "API_KEY", "planted-4711", "C", "x=y"));
    assertThat(startable.secrets()).contains("planted-4711");
    assertThat(
            Startable.mistakes(
                Entries.entry(Layer.USER, folder, "s", "{'command':'x','envFile':'gone'}"),
                ENVIRONMENT))
        .containsExactly("field envFile: the file " + folder.resolve("gone") + " cannot be read");
  }

  @Test
  void aDoubledDollarIsLiteral() {
    assertThat(
            ((Launch.Stdio) start("{'command':'x','args':['$${TOKEN}','$5','a$']}").launch())
                .command())
        .containsExactly("x", "${TOKEN}", "$5", "a$");
  }

  @Test
  void everyUnsetVariableIsNamedWithItsServerAndField() {
    assertThat(failure("{'command':'x','args':['a','${NO}'],'env':{'K':'${NEITHER}'}}"))
        .isEqualTo(
            "server 's' cannot start: field args[1]: the variable NO is not set; set it or write"
                + " ${NO:-default}; field env.K: the variable NEITHER is not set; set it or write"
                + " ${NEITHER:-default}");
    assertThat(failure("{'command':'x','args':['${not a name}']}"))
        .isEqualTo(
            "server 's' cannot start: field args[0]: expected ${VAR} or ${VAR:-default}, found"
                + " ${ with something else behind it; a literal ${ is written $${");
  }

  @Test
  void anAddressThatIsNoneIsToldWithoutItsText() {
    assertThat(failure("{'url':'${TOKEN}'}"))
        .isEqualTo("server 's' cannot start: field url: expected an http or https address");
  }

  @Test
  void whatCameFromTheEnvironmentIsSecretUnlessEveryChildSeesIt() {
    assertThat(start("{'command':'x','args':['${TOKEN}','${HOME}']}").secrets())
        .containsExactly("tok-1234567");
  }

  @Test
  void aBearerTokenIsSecretWithAndWithoutItsScheme() {
    assertThat(start("{'url':'http://h','headers':{'Authorization':'Bearer abc-xyz'}}").secrets())
        .containsExactlyInAnyOrder("Bearer abc-xyz", "abc-xyz");
  }

  @Test
  void theUserInfoOfAnAddressIsSecret() {
    assertThat(start("{'url':'https://me:pass@h/mcp'}").secrets()).contains("me:pass");
  }

  @ParameterizedTest
  @CsvSource({
    "API_KEY, x, true", "PASSWORD, swordfish, true", "SETTING, a1b2-c3d4, true",
    "NODE_ENV, production, false", "PORT, 3000, false", "FILE, /data/memory.json, false",
    "BASE, https://api.example.com/v1, false", "BASE, https://u:p@example.com, true"
  })
  void aWrittenValueIsSecretUnlessItPlainlyIsNone(String field, String value, boolean secret) {
    assertThat(Secrets.in(field, value).contains(value)).isEqualTo(secret);
  }

  @Test
  void whatIsPrintedOfAnEntryOrLaunchHoldsNoValue() {
    ServerEntry entry =
        Entries.entry(
            Layer.USER,
            WORKSPACE,
            "s",
            "{'command':'x','args':['canary-arg'],'env':{'K':'canary-env'}}");
    Startable startable = Startable.of(entry, ENVIRONMENT);
    assertThat(entry + " " + entry.target() + " " + startable.launch()).doesNotContain("canary");
  }

  @Test
  void theLaunchKeyDependsOnEverythingThatIsLaunched() {
    Launch.Stdio launch = new Launch.Stdio(List.of("x", "a", "b"), Map.of("K", "v"), WORKSPACE);
    assertThat(launch.key())
        .isEqualTo(new Launch.Stdio(List.of("x", "a", "b"), Map.of("K", "v"), WORKSPACE).key())
        .isNotEqualTo(new Launch.Stdio(List.of("x", "b", "a"), Map.of("K", "v"), WORKSPACE).key())
        .isNotEqualTo(new Launch.Stdio(List.of("x", "a", "b"), Map.of("K", "w"), WORKSPACE).key())
        .isNotEqualTo(
            new Launch.Stdio(List.of("x", "a", "b"), Map.of("K", "v"), Path.of("/")).key());
  }

  @Test
  void aBuiltinIsAJavaProcessOfOurOwnRuntime() {
    List<String> command =
        ((Launch.Stdio) start("{'builtin':'travel','args':['-x']}").launch()).command();
    assertThat(command.getFirst()).isEqualTo(Fakes.java().toString());
    assertThat(command).endsWith("dev.workflow.travel.TravelServer", "-x");
  }
}
