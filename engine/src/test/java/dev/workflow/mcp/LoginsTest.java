package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import dev.workflow.mcp.oauth.FakeOAuth;
import dev.workflow.mcp.oauth.LoginRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What logins mean for runs. */
class LoginsTest {
  private final FakeOAuth server = new FakeOAuth();
  @TempDir private Path home;

  LoginsTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
  }

  private McpHost host() {
    return new McpHost(home, Map.of(), McpSettings.DEFAULT);
  }

  private ServerList list(String more) {
    return Entries.list(
        Layer.USER, home, Map.of("guarded", "{'url':'" + server.url() + "'" + more + "}"));
  }

  private static McpTools tools(McpHost host, ServerList list) {
    return host.tools(list, Set.of(), (tool, digest) -> false);
  }

  private void login(McpHost host) {
    host.logins()
        .login(
            Objects.requireNonNull(list("").entries().get("guarded")),
            new LoginRequest(List.of(), Duration.ofSeconds(20), FakeOAuth::visit));
  }

  private static Mono<Tools.Answer> call(McpTools tools, String tool) {
    return tools.call(
        new Tools.Call(
            "", "guarded", tool, Fakes.arguments(), "key", "", Duration.ofSeconds(20), told -> {}));
  }

  @Test
  void aServerThatWantsALoginFailsAtOnceAndSaysHowToLogIn() {
    try (McpHost host = host();
        McpTools tools = tools(host, list(""))) {
      ToolException e = Fakes.failure(tools.list("guarded"));
      assertThat(e.error().kind()).isEqualTo(ErrorKind.LOGIN_NEEDED);
      assertThat(e.error().message()).isEqualTo("server 'guarded' wants a login");
      assertThat(e.error().details())
          .containsExactly("log in, in a terminal: workflow mcp login guarded");
      assertThat(e.possiblyExecuted()).isFalse();
      assertThat(server.authorizations).containsExactly("null");
    }
  }

  @Test
  void aRunSendsTheTokenOfTheLoginWithEveryRequest() {
    try (McpHost host = host()) {
      login(host);
    }
    try (McpHost host = host();
        McpTools tools = tools(host, list(""))) {
      assertThat(Fakes.get(tools.list("guarded"))).hasSize(2);
      assertThat(Fakes.get(call(tools, "read")).value().asString()).isEqualTo("done");
      String token = server.tokens().iterator().next();
      assertThat(server.authorizations).isNotEmpty().containsOnly("Bearer " + token);
    }
  }

  @Test
  void aTokenThatEndsInTheMiddleOfARunIsRenewedOnceForAllCalls() {
    try (McpHost host = host()) {
      login(host);
      try (McpTools tools = tools(host, list(""))) {
        Fakes.get(tools.list("guarded"));
        server.forgetTokens();
        List<Mono<Tools.Answer>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
          calls.add(call(tools, "read"));
        }
        assertThat(Fakes.get(Flux.mergeSequential(calls).collectList())).hasSize(12);
        assertThat(server.grants("refresh_token")).isEqualTo(1);
      }
    }
  }

  @Test
  void aLoginWhoseRenewedTokenIsNotTakenIsOverAndRenewedNoMore() {
    try (McpHost host = host()) {
      login(host);
      server.begin(FakeOAuth.Habit.TAKES_NO_TOKEN);
      try (McpTools tools = tools(host, list(""))) {
        for (int i = 0; i < 2; i++) {
          ToolException e = Fakes.failure(tools.list("guarded"));
          assertThat(e.error().kind()).isEqualTo(ErrorKind.LOGIN_NEEDED);
          assertThat(server.grants("refresh_token")).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void aCallThatNeedsMoreThanTheLoginAllowsIsNotExecutedAndSaysWhatItNeeds() {
    try (McpHost host = host()) {
      login(host);
      try (McpTools tools = tools(host, list(""))) {
        ToolException e = Fakes.failure(call(tools, "write"));
        assertThat(e.error().kind()).isEqualTo(ErrorKind.LOGIN_NEEDED);
        assertThat(e.error().message())
            .isEqualTo("server 'guarded' wants a login that allows more");
        assertThat(e.error().details())
            .containsExactly(
                "it asks for: write", "log in, in a terminal: workflow mcp login guarded");
        assertThat(e.possiblyExecuted()).isFalse();
        login(host);
        assertThat(Fakes.get(call(tools, "write")).value().asString()).isEqualTo("done");
      }
    }
  }

  @Test
  void whatAServerSaysOfOurTokensIsMasked() {
    server.begin(FakeOAuth.Habit.ECHOES_TOKENS);
    try (McpHost host = host()) {
      login(host);
    }
    try (McpHost host = host();
        McpTools tools = tools(host, list(""))) {
      assertThat(Fakes.get(call(tools, "read")).value().asString()).isEqualTo("Bearer [secret]");
      assertThat(host.secrets()).containsAll(server.tokens());
    }
  }

  @Test
  void anotherLoginIsAnotherPrincipalAndARenewedTokenIsNot() {
    try (McpHost host = host();
        McpTools tools = tools(host, list(""))) {
      String nobody = tools.identity("guarded");
      login(host);
      String somebody = tools.identity("guarded");
      server.forgetTokens();
      Fakes.get(tools.list("guarded"));
      assertThat(server.grants("refresh_token")).isEqualTo(1);
      assertThat(tools.identity("guarded")).isEqualTo(somebody).isNotEqualTo(nobody);
      login(host);
      assertThat(tools.identity("guarded")).isNotEqualTo(somebody).isNotEqualTo(nobody);
    }
  }

  @Test
  void anEntryWithItsOwnTokenHasNoLogin() {
    String own = ",'headers':{'authorization':'Bearer mine'}";
    try (McpHost host = host()) {
      login(host);
      try (McpTools tools = tools(host, list(own))) {
        ToolException e = Fakes.failure(tools.list("guarded"));
        assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(e.error().message())
            .endsWith("HTTP status 401; it does not take the header Authorization of its entry");
        assertThat(server.authorizations).containsOnly("Bearer mine");
      }
    }
  }

  @Test
  void whoseUserAndPasswordAreNotTakenIsNotToldToLogIn() {
    String url = server.url().replace("localhost", "me:wrong@localhost");
    ServerList list = Entries.list(Layer.USER, home, Map.of("guarded", "{'url':'" + url + "'}"));
    assertThat(Logins.isPossible(Objects.requireNonNull(list.entries().get("guarded")))).isFalse();
    try (McpHost host = host();
        McpTools tools = tools(host, list)) {
      ToolException e = Fakes.failure(tools.list("guarded"));
      assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
      assertThat(e.error().message())
          .endsWith("it does not take the user and password in the address of its entry");
    }
  }

  @Test
  void anAddressInAQueryIsNoUserOfTheServer() {
    for (String url : List.of("https://mcp.example.com?mail=me@example.com", "https://h#me@h")) {
      ServerEntry entry = Entries.entry(Layer.USER, home, "guarded", "{'url':'" + url + "'}");
      assertThat(Logins.isPossible(entry)).as(url).isTrue();
    }
  }

  @Test
  void aServerThatWantsNoTokenIsNotToldToBeLoggedInAt() {
    server.begin(FakeOAuth.Habit.WANTS_BASIC);
    try (McpHost host = host();
        McpTools tools = tools(host, list(""))) {
      ToolException e = Fakes.failure(tools.list("guarded"));
      assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
      assertThat(e.error().message()).endsWith("HTTP status 401; check the headers of its entry");
    }
  }

  @Test
  void theCommandThatLogsInFindsTheEntryWhereverItStands() {
    String text = "{'url':'" + server.url() + "'}";
    Map<Layer, String> places =
        Map.of(
            Layer.USER, "",
            Layer.COMMAND_LINE, " --mcp-config " + home.resolve(".mcp.json"),
            Layer.WORKFLOW, " --from " + home.resolve(".mcp.json"),
            Layer.WORKSPACE, " --workspace " + home);
    places.forEach(
        (layer, place) -> {
          ServerList list = Entries.list(layer, home, Map.of("my notes", text));
          ServerEntry entry = Objects.requireNonNull(list.entries().get("my notes"));
          try (McpHost host = host();
              McpTools tools =
                  host.tools(list, Set.of(host.trust().key(entry)), (tool, digest) -> false)) {
            assertThat(Fakes.failure(tools.list("my notes")).error().details())
                .containsExactly("log in, in a terminal: workflow mcp login 'my notes'" + place);
          }
        });
  }

  @Test
  void aLogoutNeedsNothingOfAnEntryButItsAddressAndItsClient() {
    try (McpHost host = host()) {
      login(host);
      String unset = ",'headers':{'X-Key':'${UNSET}'},'oauth':{'clientSecret':'${UNSET}'}";
      ServerEntry entry = Objects.requireNonNull(list(unset).entries().get("guarded"));
      assertThat(host.logins().logout(entry).forgotten()).isTrue();
      ServerEntry nowhere =
          Entries.entry(Layer.USER, home, "guarded", "{'url':'https://${UNSET}/mcp'}");
      assertThat(Fakes.failure(Mono.fromCallable(() -> host.logins().logout(nowhere))))
          .hasMessage(
              "server 'guarded' cannot start: field url: the variable UNSET is not set; set it or"
                  + " write ${UNSET:-default}; field url: expected an http or https address");
    }
  }

  @Test
  void everyFieldOfALoginIsReadInOurFormAndInThatOfOthers() {
    OAuthEntry ours =
        new OAuthEntry(
            Map.of("clientId", "me", "clientSecret", "${S}"), List.of("a", "b"), 8_080, false);
    assertThat(
            oauth(
                ",'oauth':{'clientId':'me','clientSecret':'${S}','scopes':'a b',"
                    + "'callbackPort':8080}"))
        .isEqualTo(ours);
    assertThat(
            oauth(
                ",'auth':{'CLIENT_ID':'me','CLIENT_SECRET':'${S}','scopes':['a','b'],"
                    + "'callbackPort':8080}"))
        .isEqualTo(ours);
  }

  private OAuthEntry oauth(String more) {
    ServerEntry entry = Objects.requireNonNull(list(more).entries().get("guarded"));
    return ((ServerEntry.Target.Url) entry.target()).oauth();
  }

  @Test
  void eachMistakeInTheFieldsOfALoginIsToldWithItsPlace() {
    for (Map.Entry<String, String> mistake :
        Map.of(
                "'yes'", "oauth: expected a map, found text",
                "{'clientId':7}", "oauth.clientId: expected text, found the number 7",
                "{'clientID':'x'}", "oauth.clientID: unknown key Did you mean `clientId`?",
                "{'callbackPort':70000}",
                    "oauth.callbackPort: expected a number from 1 to 65535, found the number 70000",
                "{'grantType':'password'}",
                    "oauth.grantType: expected authorization_code or client_credentials, found"
                        + " password",
                "{'scopes':[1]}", "oauth.scopes.0: expected text, found the number 1 Write \"1\".")
            .entrySet()) {
      assertThat(list(",'oauth':" + mistake.getKey()).problems().stream().map(Entries::text))
          .singleElement()
          .asString()
          .endsWith("server 'guarded', field " + mistake.getValue());
    }
    assertThat(Entries.list(Layer.USER, home, Map.of("x", "{'command':'x','oauth':{}}")).problems())
        .extracting(Entries::text)
        .singleElement()
        .asString()
        .endsWith("server 'x': oauth does not go with command");
  }
}
