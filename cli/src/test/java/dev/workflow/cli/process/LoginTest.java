package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.GuardedServer;
import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.json.JsonMapper;

/** Logins of real processes: by a terminal and a browser, renewed side by side, and killed. */
@Tag("soak")
@Execution(ExecutionMode.CONCURRENT)
class LoginTest {
  private static final int KILLED = 128 + 9;

  private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final GuardedServer server = new GuardedServer();
  private Cli cli = new Cli(Path.of(""), Path.of(""));

  LoginTest() throws IOException {}

  @BeforeEach
  void logIn(@TempDir Path folder) throws IOException {
    assumeTrue(Workspace.hasProgram("script"), "not run: script is missing");
    cli = Workspace.in(folder).cli().with("BROWSER", GuardedServer.BROWSER);
    Files.createDirectories(cli.home());
    Files.writeString(
        cli.home().resolve("mcp.json"),
        "{\"mcpServers\": {\"notes\": {\"url\": \"" + server.url() + "\"}}}");
    assertLoggedIn(cli.terminal("workflow mcp login notes", ""));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void assertLoggedIn(Result login) {
    assertThat(login.exit()).as("%s", login).isZero();
    assertThat(login.out())
        .contains("Log in at " + server.origin(), "● notes  1 tool", "  login: at ")
        .doesNotContain("the-access-token", "the-refresh-token");
  }

  /** The file that the login is kept in. */
  private Path kept() throws IOException {
    try (Stream<Path> files = Files.list(cli.home().resolve("oauth"))) {
      return files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
    }
  }

  /** The token of the login has ended. */
  private void age() throws IOException {
    String text = Files.readString(kept());
    Files.writeString(
        kept(),
        text.replaceAll("\"expires\":\"[^\"]*\"", "\"expires\":\"2020-01-01T01:00:00Z\"")
            .replaceAll("\"issued\":\"[^\"]*\"", "\"issued\":\"2020-01-01T00:00:00Z\""));
  }

  @Test
  void twoProcessesRenewATokenOnce() throws IOException {
    age();
    server.renewing(() -> CompletableFuture.runAsync(() -> {}, LATER).join());
    Started first = cli.start("mcp", "test", "notes");
    Started second = cli.start("mcp", "test", "notes");
    for (Started each : new Started[] {first, second}) {
      Result test = each.await();
      assertThat(test.exit()).as("%s", test).isZero();
    }
    assertThat(server.renewals()).isEqualTo(1);
    assertThat(Files.readString(kept())).contains("the-refresh-token-1");
  }

  @Test
  void whoIsKilledBeforeItKnowsTheSuccessorOfItsTokenLeavesALoginThatIsOverAndSaysSo()
      throws IOException {
    age();
    String before = Files.readString(kept());
    CompletableFuture<Process> renewing = new CompletableFuture<>();
    server.renewing(() -> renewing.join().toHandle().destroyForcibly());
    Started killed = cli.start("mcp", "test", "notes");
    renewing.complete(killed.process());
    assertThat(killed.await().exit()).isEqualTo(KILLED);
    server.renewing(() -> {});
    assertThat(Files.readString(kept())).isEqualTo(before);

    Result test = cli.run("mcp", "test", "notes");
    assertThat(test.exit()).as("%s", test).isEqualTo(4);
    assertThat(test.out())
        .contains("does not renew it: invalid_grant: it came twice")
        .contains("log in, in a terminal: workflow mcp login notes");
    assertThat(JsonMapper.shared().readTree(Files.readString(kept())).at("/login/over").asString())
        .contains("invalid_grant");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept())))
        .isEqualTo("rw-------");
    assertThat(server.renewals()).isEqualTo(1);
  }
}
