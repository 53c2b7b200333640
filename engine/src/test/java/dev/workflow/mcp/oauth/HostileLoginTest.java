package dev.workflow.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.workflow.mcp.oauth.FakeOAuth.Habit;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way an authorization server can misbehave at a login; nothing comes of any. */
class HostileLoginTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir private Path home;

  private OAuthException failure(Resource resource, Duration patience) {
    OAuth oauth = new OAuth(home, InstantSource.system());
    OAuthException e =
        Objects.requireNonNull(
            catchThrowableOfType(
                OAuthException.class,
                () ->
                    oauth.login(resource, new LoginRequest(List.of(), patience, FakeOAuth::visit))),
            "there was no failure");
    assertThat(oauth.standing(resource)).isEqualTo(new Standing.Unknown());
    assertThat(e.toString().length()).isLessThan(800);
    return e;
  }

  private String message(Habit... habits) throws IOException {
    try (FakeOAuth server = new FakeOAuth(habits)) {
      return Objects.requireNonNull(
              failure(server.resource(ClientSettings.NONE), LONG).getMessage())
          .replace(server.origin(), "ORIGIN");
    }
  }

  @Test
  void eachIsToldForWhatItIs() throws IOException {
    String about = "server 'guarded': the authorization server ORIGIN ";
    assertThat(message(Habit.OTHER_RESOURCE))
        .isEqualTo(
            "server 'guarded' asks for a login at another server: expected the resource ORIGIN/mcp"
                + " in its metadata, found https://bank.example/mcp");
    assertThat(message(Habit.OTHER_ISSUER))
        .isEqualTo(
            about
                + "cannot be believed: expected its issuer to be that address, found"
                + " https://accounts.example");
    assertThat(message(Habit.NO_PKCE))
        .isEqualTo(
            about
                + "does not protect a login by PKCE: expected S256 in its"
                + " code_challenge_methods_supported, found none");
    assertThat(message(Habit.NO_REGISTRATION))
        .startsWith("server 'guarded': ORIGIN registers no client: invalid_client_metadata: no");
    assertThat(message(Habit.OTHER_NAME))
        .isEqualTo(
            about
                + "did not answer itself: expected its name in the answer, found"
                + " https://evil.example");
    assertThat(message(Habit.NO_NAME))
        .isEqualTo(about + "did not answer itself: expected its name in the answer, found none");
    assertThat(message(Habit.DENIES))
        .startsWith(about + "refused the login: access_denied: she said no");
    assertThat(message(Habit.HUGE_METADATA))
        .isEqualTo(about + "cannot be read: exceeds the maximum allowed size of 1048576 bytes");
    assertThat(message(Habit.METADATA_IN_A_CIRCLE))
        .isEqualTo(
            about
                + "cannot be read: it redirects in a circle:"
                + " ORIGIN/.well-known/oauth-authorization-server -> ORIGIN/circle ->"
                + " ORIGIN/circle");
    assertThat(message(Habit.TOKEN_SAYS_ESCAPES))
        .startsWith(about + "gives no token for the login: server_error: ")
        .endsWith(" [...]");
    assertThat(message(Habit.TOKEN_OF_ANOTHER_TYPE))
        .isEqualTo(
            about + "gives no token for the login: expected a token of type Bearer, found mac");
  }

  @Test
  void nobodyIsBelievedWhoDescribesAnother() throws IOException {
    assertThat(message(Habit.OF_2025_03_26, Habit.OTHER_ISSUER))
        .isEqualTo(
            "server 'guarded': its authorization server at ORIGIN cannot be believed: its issuer is"
                + " https://accounts.example");
    try (FakeOAuth server = new FakeOAuth(Habit.OTHER_ISSUER)) {
      URI place = URI.create(server.origin() + "/.well-known/oauth-authorization-server");
      ClientSettings client =
          new ClientSettings(null, null, List.of(), 0, null, place, false, null);
      assertThat(failure(server.resource(client), LONG))
          .hasMessage(
              "server 'guarded': the authServerMetadataUrl "
                  + place
                  + " cannot be believed: its issuer is https://accounts.example");
    }
  }

  @Test
  void anAnswerWithAnotherStateIsNoAnswer() throws IOException {
    try (FakeOAuth server = new FakeOAuth(Habit.WRONG_STATE)) {
      OAuthException e = failure(server.resource(ClientSettings.NONE), Duration.ofSeconds(1));
      assertThat(e).hasMessageEndingWith(": nobody logged in within 1s");
      assertThat(e.details())
          .containsExactly("the browser came back with a state that is not ours (1 times)");
      assertThat(server.grants("authorization_code")).isZero();
    }
  }

  @Test
  void metadataThatCannotBeReadNowAreNotNone() throws IOException {
    try (FakeOAuth server = new FakeOAuth(Habit.RESOURCE_IS_DOWN)) {
      assertThat(failure(server.resource(ClientSettings.NONE), LONG))
          .hasMessage(
              "server 'guarded': its metadata at "
                  + server.origin()
                  + "/.well-known/oauth-protected-resource/mcp cannot be read: HTTP status 503");
      assertThat(server.asked).isEmpty();
    }
    try (FakeOAuth server = new FakeOAuth(Habit.RESOURCE_HANGS)) {
      Resource resource = server.resource(ClientSettings.NONE);
      Discovery discovery = new Discovery(new Http(resource.network(), Duration.ofMillis(300)));
      assertThat(
              catchThrowableOfType(
                  OAuthException.class, () -> discovery.find(resource, Challenge.NONE)))
          .hasMessageEndingWith(" cannot be read: there was no answer in time");
    }
  }

  @Test
  void metadataAreTakenFromTheNextPlaceWhereOneIsOutOfOrder() throws IOException {
    try (FakeOAuth server = new FakeOAuth(Habit.HAS_OPENID_METADATA)) {
      Resource resource = server.resource(ClientSettings.NONE);
      Discovery discovery = new Discovery(new Http(resource.network()));
      assertThat(discovery.find(resource, Challenge.NONE).server().issuer())
          .isEqualTo(server.origin());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RESOURCE_IS_HUGE", "RESOURCE_IN_A_CIRCLE"})
  void whatIsNoDescriptionOfAServerIsNoneAndTheNextPlaceIsLookedAt(Habit habit) throws IOException {
    try (FakeOAuth server = new FakeOAuth(habit)) {
      Resource resource = server.resource(ClientSettings.NONE);
      Discovery discovery = new Discovery(new Http(resource.network()));
      assertThat(discovery.find(resource, Challenge.NONE).scopes()).containsExactly("read");
    }
  }

  @Test
  void aTokenEndpointThatHangsIsLeft() throws IOException {
    try (FakeOAuth server = new FakeOAuth(Habit.TOKEN_HANGS)) {
      Http http = new Http(server.resource(ClientSettings.NONE).network(), Duration.ofMillis(300));
      TokenEndpoint tokens = new TokenEndpoint(http, InstantSource.system(), new Spoken());
      TokenEndpoint.Asked asked =
          new TokenEndpoint.Asked(
              URI.create(server.origin() + "/token"),
              server.origin(),
              URI.create(server.url()),
              new Identity("me", null, Method.NONE),
              null);
      assertThat(catchThrowableOfType(IOException.class, () -> tokens.byClient(asked, List.of())))
          .hasMessage("there was no answer in time");
    }
  }

  @Test
  void noEndpointIsVisitedThatIsNotEncryptedOrIsNoAddress() throws IOException {
    for (String endpoint :
        List.of(
            "http://auth.example/token",
            "ftp://localhost/token",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://user:password@auth.example/token",
            "/token")) {
      try (FakeOAuth server = new FakeOAuth()) {
        server.metadata(json -> json.put("authorization_endpoint", endpoint));
        assertThat(failure(server.resource(ClientSettings.NONE), LONG))
            .hasMessageEndingWith(
                "cannot be read: authorization_endpoint: expected an https address, found "
                    + endpoint);
      }
    }
  }

  @Test
  void nobodyIsLedWhereTheRulesOfTheEntryDoNotAllowIt() throws IOException {
    for (String inside :
        List.of("https://10.0.0.1/", "https://169.254.169.254/", "https://[fd00:ec2::254]/")) {
      try (FakeOAuth server = new FakeOAuth()) {
        server.metadata(json -> json.put("registration_endpoint", inside));
        assertThat(failure(server.resource(ClientSettings.NONE), LONG))
            .hasMessageContaining(": " + server.origin() + " registers no client: ")
            .hasMessageContaining(" address (");
      }
    }
  }

  @Test
  void whatIsPostedFollowsNoRedirect() throws IOException {
    try (FakeOAuth server = new FakeOAuth();
        FakeOAuth other = new FakeOAuth()) {
      server.metadata(
          json -> json.put("token_endpoint", server.origin() + "/redirect?to=" + other.origin()));
      assertThat(failure(server.resource(ClientSettings.NONE), LONG))
          .hasMessageEndingWith("gives no token for the login: HTTP status 307");
      assertThat(other.asked).isEmpty();
    }
  }
}
