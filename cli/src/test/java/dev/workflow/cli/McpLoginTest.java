package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class McpLoginTest {
  private final GuardedServer server = new GuardedServer();
  private McpWorld world;

  McpLoginTest() throws IOException {}

  @BeforeEach
  void add(@TempDir Path folder) {
    world = new McpWorld(folder);
    world.commands.with("BROWSER", GuardedServer.BROWSER);
    assertThat(world.mcp("add", "-s", "user", "notes", server.url()).code()).isZero();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aPersonLogsInByTheBrowserAndAllCommandsSayThatSheIs() throws IOException {
    assertThat(world.mcp("list").out()).contains(" ready ");
    assertThat(world.mcp("test", "notes").code()).isEqualTo(ExitCode.MISSING);
    assertThat(world.mcp("list").out()).contains("ready, login needed");

    world.commands.typing();
    Result login = world.mcp("login", "notes");

    assertThat(login.code()).as(login.err()).isZero();
    assertThat(login.err())
        .contains(
            "Log in at " + server.origin() + ", for server notes. Asked for: notes:read",
            "Your browser should open now. If it does not, visit:",
            "  " + server.origin() + "/authorize?response_type=code&client_id=registered",
            "Waiting for you to come back, for 5m at most; Ctrl-C ends it.");
    assertThat(login.out())
        .contains(
            "● notes  1 tool", "  login: at " + server.origin() + " since ", ", for notes:read");
    assertThat(world.mcp("list").out()).contains("ready, logged in");
    assertThat(world.mcp("get", "notes").out()).contains("  login: at " + server.origin());
    assertThat(world.mcp("test", "notes").out()).contains("  login: at " + server.origin());
    JsonNode doctor = world.mcp("doctor", "--json").json().path("servers").get(0);
    assertThat(doctor.path("login").path("state").asString()).isEqualTo("logged in");
    noFileOrOutputHoldsAToken(login);

    Result again = world.mcp("login", "notes");
    assertThat(again.code()).isZero();
    assertThat(again.err()).contains("You are logged in at server notes already;");
  }

  private void noFileOrOutputHoldsAToken(Result login) throws IOException {
    for (String secret : new String[] {"the-access-token", "the-refresh-token", "the-auth"}) {
      assertThat(login.out() + login.err()).doesNotContain(secret);
      for (String[] command :
          new String[][] {
            {"list", "--verbose"}, {"list", "--json"}, {"get", "notes"}, {"get", "notes", "--json"},
            {"test", "notes"}, {"test", "notes", "--json"}, {"doctor"}, {"doctor", "--json"}
          }) {
        Result shown = world.mcp(command);
        assertThat(shown.out() + shown.err()).doesNotContain(secret);
      }
    }
    try (Stream<Path> files = Files.walk(world.home)) {
      assertThat(files.filter(Files::isRegularFile).filter(McpLoginTest::holdsAToken))
          .singleElement()
          .asString()
          .contains("/oauth/");
    }
  }

  private static boolean holdsAToken(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
          .contains("the-access-token");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noCommandShowsATokenThatAServerSaid() throws IOException {
    world.commands.typing();
    assertThat(world.mcp("login", "notes").code()).isZero();
    try (Stream<Path> files = Files.walk(world.home.resolve("oauth"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        String kept = Files.readString(file);
        Files.writeString(file, kept.replace("\"notes:read\"", "\"the-access-token\""));
      }
    }
    for (String[] command :
        new String[][] {
          {"get", "notes"}, {"get", "notes", "--json"}, {"test", "notes"},
          {"test", "notes", "--json"}, {"doctor", "--json"}, {"login", "notes"}
        }) {
      Result shown = world.mcp(command);
      assertThat(shown.out()).contains("[secret]").doesNotContain("the-access-token");
    }
  }

  @Test
  void aLoginThatCannotBeRenewedIsReplaced() throws IOException {
    world.commands.typing();
    assertThat(world.mcp("login", "notes").code()).isZero();
    try (Stream<Path> files = Files.walk(world.home.resolve("oauth"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".json")).toList()) {
        String kept =
            Files.readString(file)
                .replace(server.origin() + "/token", server.origin() + "/gone")
                .replaceAll(",\"expires\":\"[^\"]*\"", "")
                .replaceAll(
                    "\"issued\":\"[^\"]*\"",
                    "\"issued\":\"2020-01-01T00:00:00Z\",\"expires\":\"2020-01-01T01:00:00Z\"");
        Files.writeString(file, kept);
      }
    }
    assertThat(world.mcp("test", "notes").out()).contains("its token has ended");
    Result login = world.mcp("login", "notes");
    assertThat(login.code()).as(login.out() + login.err()).isZero();
    assertThat(login.out()).contains("● notes  1 tool");
  }

  @Test
  void withoutATerminalNothingIsOpenedAndTheLineIsPrintedThatLogsIn() {
    Result login = world.mcp("login", "notes", "--json");
    assertThat(login.code()).isEqualTo(ExitCode.MISSING);
    assertThat(login.err())
        .contains(
            """
            Server notes wants a login, and there is no terminal. Log in, in a terminal:
              workflow mcp login notes
            """);
    assertThat(login.json().path("error").asString()).isEqualTo("there is no terminal to log in");
    assertThat(server.asked).isEmpty();
  }

  @Test
  void aRefusedLoginIsToldInWordsThatSteerNoTerminal() {
    server.refusing();
    world.commands.typing();
    Result login = world.mcp("login", "notes");
    assertThat(login.code()).isEqualTo(ExitCode.MISSING);
    assertThat(login.err())
        .contains(" refused the login: access_denied: no")
        .doesNotContain("\u001b[2J");
    assertThat(world.mcp("list").out()).contains("ready, login needed");
  }

  @Test
  void withoutABrowserTheAddressIsPrintedAndTheWaitEnds() {
    world.commands.typing();
    Result login = world.mcp("login", "notes", "--no-browser", "--wait", "1s");
    assertThat(login.code()).isEqualTo(ExitCode.MISSING);
    assertThat(login.err())
        .contains("Visit in your browser:\n  " + server.origin() + "/authorize?")
        .contains("nobody logged in within 1s\n    the browser did not come back");
  }

  @Test
  void aLogoutForgetsTheLogin() {
    world.commands.typing();
    assertThat(world.mcp("login", "notes").code()).isZero();
    Result logout = world.mcp("logout", "notes", "--json");
    assertThat(logout.code()).isZero();
    assertThat(logout.err()).contains("Logged out of server notes.");
    assertThat(logout.json().path("revoked").asBoolean()).isTrue();
    assertThat(server.asked).last().isEqualTo("/revoke");
    assertThat(world.mcp("get", "notes").out()).doesNotContain("login:");
    assertThat(world.mcp("logout", "notes").err())
        .contains("Nobody was logged in at server notes.");
  }

  @Test
  void aLoginCanBeForgottenAfterItsEntryWasGivenAPassword() {
    world.commands.typing();
    assertThat(world.mcp("login", "notes").code()).isZero();
    world.mcp("remove", "notes");
    String own = server.url().replace("://", "://me:${X}@");
    world.mcp("add", "-s", "user", "notes", own, "-H", "Authorization: Bearer ${X}");
    world.commands.with("X", "secret-of-mine");
    Result logout = world.mcp("logout", "notes");
    assertThat(logout.err()).contains("Logged out of server notes.");
    assertThat(logout.code()).isZero();
  }

  @Test
  void nobodyLogsInWhereThereIsNothingToLogInAt() {
    world.mcp("add", "-s", "user", "local", "--", "sh");
    world.mcp("add", "-s", "user", "own", server.url(), "-H", "Authorization: Bearer ${X}");
    assertThat(world.mcp("login", "local").err())
        .contains("Nobody logs in at server local: it is a command, and takes what it needs");
    assertThat(world.mcp("login", "own").err())
        .contains(
            "Nobody logs in at server own: it is asked with the header Authorization of its"
                + " entry.");
    assertThat(world.mcp("logout", "local").code()).isEqualTo(ExitCode.USAGE);
    assertThat(world.mcp("login", "notes", "--wait", "soon").err())
        .contains("--wait: expected a duration such as 5m, found soon.");
  }

  @Test
  void whoIsRefusedForWantOfAScopeLogsInAnewThoughAllThatWasNamedIsGranted() {
    world.commands.typing();
    assertThat(world.mcp("login", "notes").code()).isZero();
    server.wantingMore();
    Result call = world.commands.run("tools", "call", "notes/peek");
    assertThat(call.err())
        .contains("server 'notes' wants a login that allows more")
        .contains("it asks for: notes:read")
        .contains("log in, in a terminal: workflow mcp login notes");
    assertThat(world.mcp("list").out()).contains("login needs more");
    assertThat(world.mcp("get", "notes").out()).contains("; too little");
    Result login = world.mcp("login", "notes");
    assertThat(login.err())
        .contains("Log in at " + server.origin() + ", for server notes. Asked for: notes:read")
        .doesNotContain("already");
    assertThat(world.mcp("list").out()).contains("ready, logged in");
  }

  @Test
  void bothDoctorsTellOfALogin() {
    assertThat(world.mcp("test", "notes").code()).isEqualTo(ExitCode.MISSING);
    assertThat(world.commands.run("doctor").out())
        .contains("○ MCP server notes: ready, login needed", "○   login: the server wants one\n");
    world.commands.typing();
    assertThat(world.mcp("login", "notes").code()).isZero();
    String login = "  login: at " + server.origin() + " since ";
    assertThat(world.commands.run("doctor").out())
        .contains("● MCP server notes: ready, logged in", "○ " + login);
    assertThat(world.mcp("doctor").out()).contains("  " + login);
  }

  @Test
  void whereNoClientCanRegisterTheLineIsPrintedThatNamesOne() {
    server.registeringNobody();
    world.commands.typing();
    Result login = world.mcp("login", "notes");
    assertThat(login.code()).isEqualTo(ExitCode.MISSING);
    assertThat(login.err())
        .contains(
            "    register one there, for the redirect http://localhost:PORT/callback, and name it"
                + " and the port in the entry of the server\n"
                + "    workflow mcp edit notes --client-id ID --callback-port PORT -s user\n");
  }

  @Test
  void aServerOfAWorkspaceIsApprovedBeforeAnybodyLogsInThere() {
    world.mcp("add", "-s", "project", "shared", server.url());
    Result login = world.mcp("login", "shared");
    assertThat(login.code()).isEqualTo(ExitCode.UNTRUSTED);
    assertThat(server.asked).isEmpty();
  }

  @Test
  void theClientOfAnEntryIsWrittenByOptions() {
    Result added =
        world.mcp(
            "add",
            "-s",
            "user",
            "team",
            "--client-id",
            "abc",
            "--client-secret-ref",
            "TEAM_SECRET",
            "--callback-port",
            "8123",
            server.url());
    assertThat(added.code()).as(added.err()).isZero();
    assertThat(world.mcp("get", "team", "--json").json().path("entry").path("oauth").toString())
        .isEqualTo(
            "{\"clientId\":\"abc\",\"clientSecret\":\"${TEAM_SECRET}\",\"callbackPort\":8123}");
    assertThat(world.mcp("edit", "team", "--unset", "oauth.callbackPort").code()).isZero();
    assertThat(world.own()).doesNotContain("8123").contains("abc");
    assertThat(world.mcp("edit", "team", "--client-secret-ref", "s3cr-t").err())
        .contains("--client-secret-ref: expected the name of a variable, found another text.");
  }

  @Test
  void aRunStopsBeforeItsFirstStepAndSaysHowToLogIn() {
    String file =
        world.commands.file(
            "project/w.yaml",
            """
            name: notes
            steps:
              look: {tool: notes/peek}
            """);
    Result run = world.commands.run("run", file);
    assertThat(run.code()).isEqualTo(ExitCode.MISSING);
    assertThat(run.err())
        .contains("Server `notes` cannot be used: server 'notes' wants a login")
        .contains("workflow mcp login notes");

    world.commands.typing();
    assertThat(world.mcp("login", "notes").code()).isZero();
    Result after = world.commands.run("run", file, "--yes", "-o", "json");
    assertThat(after.code()).as(after.err()).isZero();
    assertThat(after.out() + after.err()).contains("[secret]").doesNotContain("the-access-token");
  }
}
