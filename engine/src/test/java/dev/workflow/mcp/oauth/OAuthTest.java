package dev.workflow.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.workflow.mcp.oauth.FakeOAuth.Habit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OAuthTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final List<String> BEARER = List.of("Bearer");

  private static final ClientSettings ROBOT =
      new ClientSettings("robot", "its-secret", List.of(), 0, null, null, true, null);

  @TempDir private Path home;
  private Instant now = Instant.parse("2026-11-22T08:00:00Z");

  private OAuth oauth() {
    return new OAuth(home, () -> now);
  }

  private static void login(OAuth oauth, Resource resource) {
    oauth.login(resource, new LoginRequest(List.of(), LONG, FakeOAuth::visit));
  }

  private static String sent(Access access, FakeOAuth server) {
    return access.authorization(URI.create(server.url())).orElse("none");
  }

  private static OAuthException failure(Callable<?> work) {
    return Objects.requireNonNull(
        catchThrowableOfType(OAuthException.class, work::call), "there was no failure");
  }

  @Test
  void aLoginAsksForOneServerAndItsScopesAndProvesItselfByPkce() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      OAuth oauth = oauth();
      Resource resource = server.resource(ClientSettings.NONE);
      List<LoginRequest.Invitation> invitations = new ArrayList<>();
      oauth.login(
          resource,
          new LoginRequest(
              List.of(),
              LONG,
              invitation -> {
                invitations.add(invitation);
                FakeOAuth.visit(invitation);
              }));

      assertThat(invitations.getFirst().issuer()).isEqualTo(server.origin());
      assertThat(invitations.getFirst().scopes()).containsExactly("read");
      Map<String, String> register = server.asked.get(0);
      Map<String, String> authorize = server.asked.get(1);
      Map<String, String> token = server.asked.get(2);
      assertThat(register.get("body"))
          .contains("\"token_endpoint_auth_method\":\"none\"", authorize.get("redirect_uri"));
      assertThat(authorize)
          .containsEntry("resource", server.url())
          .containsEntry("code_challenge_method", "S256")
          .containsEntry("scope", "read")
          .containsEntry("response_type", "code");
      assertThat(authorize.get("redirect_uri")).matches("http://localhost:\\d+/callback");
      assertThat(token)
          .containsEntry("resource", server.url())
          .containsEntry("client_id", authorize.get("client_id"))
          .containsEntry("redirect_uri", authorize.get("redirect_uri"));
      assertThat(server.tokens())
          .containsExactly(sent(oauth.access(resource), server).substring(7));
      assertThat(oauth.secrets())
          .contains(token.get("code"), token.get("code_verifier"))
          .containsAll(server.tokens());
    }
  }

  @Test
  void eachLoginDrawsItsSecretsAnew() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      OAuth oauth = oauth();
      login(oauth, server.resource(ClientSettings.NONE));
      assertThat(oauth.secrets()).containsAll(server.tokens());
      login(oauth, server.resource(ClientSettings.NONE));
      List<String> drawn = new ArrayList<>();
      for (Map<String, String> form : server.asked) {
        for (String name : List.of("state", "code_verifier")) {
          if (form.containsKey(name)) {
            drawn.add(form.get(name));
          }
        }
      }
      assertThat(drawn).hasSize(4).doesNotHaveDuplicates();
      assertThat(drawn).allMatch(text -> text.matches("[A-Za-z0-9_-]{43,}"));
    }
  }

  @Test
  void onlyItsOwnerCanReadTheFileOfALogin() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      login(oauth(), server.resource(ClientSettings.NONE));
      Path folder = home.resolve("oauth");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files)
            .hasSize(2)
            .allSatisfy(
                file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
      }
    }
  }

  private String kept() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(home.resolve("oauth"))) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file));
      }
    }
    return text.toString();
  }

  @Test
  void theSecretOfAnEntryIsTakenFromThereAndNeverKept() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      ClientSettings client =
          new ClientSettings("mine", "entry-secret", List.of(), 0, null, null, false, null);
      login(oauth(), server.resource(client));
      assertThat(kept()).contains("client_secret_basic").doesNotContain("entry-secret");
      now = now.plus(Duration.ofHours(1));
      assertThat(sent(oauth().access(server.resource(client)), server)).startsWith("Bearer ");
      assertThat(server.asked.getLast())
          .containsEntry("grant_type", "refresh_token")
          .containsEntry(
              "authorization",
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString("mine:entry-secret".getBytes(StandardCharsets.UTF_8)));
      assertThat(kept()).doesNotContain("entry-secret");
    }
  }

  @Test
  void aTokenGoesOnlyToTheServerThatItWasIssuedFor() throws IOException {
    try (FakeOAuth server = new FakeOAuth();
        FakeOAuth other = new FakeOAuth()) {
      OAuth oauth = oauth();
      login(oauth, server.resource(ClientSettings.NONE));
      Access access = oauth.access(server.resource(ClientSettings.NONE));
      assertThat(access.authorization(URI.create(server.url() + "/below"))).isPresent();
      for (String elsewhere :
          List.of(
              other.url(),
              server.origin() + "/mcp-evil",
              server.origin() + "/mcp/../other",
              server.origin() + "/",
              server.url().replace("localhost", "127.0.0.1"),
              server.url().replace("http:", "https:"),
              "http://localhost/mcp")) {
        assertThat(access.authorization(URI.create(elsewhere))).as(elsewhere).isEmpty();
      }
    }
  }

  @Test
  void anEntryThatNamesAnotherAddressOrAnotherClientHasNoLogin() throws IOException {
    try (FakeOAuth server = new FakeOAuth();
        FakeOAuth other = new FakeOAuth()) {
      OAuth oauth = oauth();
      login(oauth, server.resource(ClientSettings.NONE));
      ClientSettings client =
          new ClientSettings("mine", null, List.of(), 0, null, null, false, null);
      for (Resource changed :
          List.of(other.resource(ClientSettings.NONE), server.resource(client))) {
        assertThat(oauth.access(changed).authorization(changed.url())).isEmpty();
        assertThat(oauth.standing(changed)).isEqualTo(new Standing.Unknown());
      }
    }
  }

  @Test
  void aTokenIsRenewedBeforeItEndsByOneOfManyThreads() throws Exception {
    try (FakeOAuth server = new FakeOAuth();
        ExecutorService threads = Executors.newFixedThreadPool(32)) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      String first = sent(oauth().access(resource), server);
      now = now.plus(Duration.ofMinutes(59)).plusSeconds(1);

      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        Access access = oauth().access(resource);
        calls.add(() -> sent(access, server));
      }
      for (Future<String> call : threads.invokeAll(calls)) {
        assertThat(call.get()).isNotEqualTo(first);
      }
      assertThat(server.grants("refresh_token")).isEqualTo(1);
    }
  }

  @Test
  void aTokenThatIsRefusedIsRenewedByOneOfManyThreads() throws Exception {
    try (FakeOAuth server = new FakeOAuth();
        ExecutorService threads = Executors.newFixedThreadPool(32)) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      Access access = oauth().access(resource);
      String first = sent(access, server);
      server.forgetTokens();

      List<Callable<Boolean>> refusals = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        refusals.add(() -> access.refused(401, BEARER, first));
      }
      for (Future<Boolean> refusal : threads.invokeAll(refusals)) {
        assertThat(refusal.get()).isTrue();
      }
      assertThat(server.grants("refresh_token")).isEqualTo(1);
      assertThat(server.tokens()).containsExactly(sent(access, server).substring(7));
    }
  }

  @Test
  void manyProcessesRenewATokenOnce() throws Exception {
    try (FakeOAuth server = new FakeOAuth()) {
      now = Instant.now().minus(Duration.ofHours(2));
      login(oauth(), server.resource(ClientSettings.NONE));
      Files.delete(only(".lock"));
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        processes.add(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    RenewingProgram.class.getName(),
                    home.toString(),
                    server.url())
                .redirectErrorStream(true)
                .start());
      }
      List<String> told = new ArrayList<>();
      for (Process process : processes) {
        told.add(
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        assertThat(process.waitFor()).as(told.getLast()).isZero();
      }
      assertThat(told).hasSize(4).allMatch(line -> line.startsWith("Bearer access-token-"));
      assertThat(told.stream().distinct()).hasSize(1);
      assertThat(server.grants("refresh_token")).isEqualTo(1);
    }
  }

  private Path only(String ending) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("oauth"))) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  @Test
  void whoWaitedForARenewalThatCameToNothingDoesNotTryAgain() throws Exception {
    try (FakeOAuth server = new FakeOAuth();
        ExecutorService threads = Executors.newFixedThreadPool(16)) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      now = now.plus(Duration.ofHours(2));
      server.begin(Habit.REFRESH_IS_DOWN);
      server.renewing(() -> LockSupport.parkNanos(300_000_000));
      Access access = oauth().access(resource);
      List<Callable<OAuthException>> calls =
          Collections.nCopies(16, () -> failure(() -> sent(access, server)));
      for (Future<OAuthException> call : threads.invokeAll(calls)) {
        assertThat(call.get()).hasMessageEndingWith(" gives no new one: HTTP status 503");
      }
      assertThat(server.grants("refresh_token")).isLessThan(8);
      assertThat(failure(() -> sent(access, server))).hasMessageEndingWith("HTTP status 503");
    }
  }

  @Test
  void aClientThatActsForItselfDoesNotTryAgainEitherWhatFailedMeanwhile() throws Exception {
    try (FakeOAuth server = new FakeOAuth();
        ExecutorService threads = Executors.newFixedThreadPool(16)) {
      Access access = oauth().access(server.resource(ROBOT));
      assertThat(access.refused(401, BEARER, null)).isTrue();
      String token = sent(access, server);
      server.begin(Habit.MACHINES_ARE_DOWN);
      server.renewing(() -> LockSupport.parkNanos(300_000_000));
      now = now.plus(Duration.ofHours(2));
      for (Callable<?> work :
          List.<Callable<?>>of(
              () -> sent(access, server), () -> access.refused(401, BEARER, token))) {
        long before = server.grants("client_credentials");
        List<Callable<OAuthException>> calls = Collections.nCopies(16, () -> failure(work));
        for (Future<OAuthException> call : threads.invokeAll(calls)) {
          assertThat(call.get()).hasMessageEndingWith(" gives no token: HTTP status 503");
        }
        assertThat(server.grants("client_credentials") - before).isLessThan(8);
      }
      server.end(Habit.MACHINES_ARE_DOWN);
      assertThat(sent(access, server)).startsWith("Bearer ");
    }
  }

  @Test
  void whileNoNewTokenIsToBeHadThatOfAClientThatActsForItselfServesToItsEnd() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Access access = oauth().access(server.resource(ROBOT));
      access.refused(401, BEARER, null);
      String token = sent(access, server);
      server.begin(Habit.MACHINES_ARE_DOWN);
      now = now.plus(Duration.ofMinutes(59)).plusSeconds(30);
      assertThat(sent(access, server)).isEqualTo(token);
    }
  }

  @Test
  void aTokenThatIsRefusedWhileNoneIsToBeHadIsRenewedLater() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      Access access = oauth().access(resource);
      String token = sent(access, server);
      server.forgetTokens();
      server.begin(Habit.REFRESH_IS_DOWN);
      OAuthException e = failure(() -> access.refused(401, BEARER, token));
      assertThat(e.isLoginNeeded()).isFalse();
      assertThat(e)
          .hasMessage(
              "server 'guarded': its token was refused, and "
                  + server.origin()
                  + " gives no new one: HTTP status 503");
      server.end(Habit.REFRESH_IS_DOWN);
      assertThat(access.refused(401, BEARER, token)).isTrue();
      assertThat(server.tokens()).containsExactly(sent(access, server).substring(7));
    }
  }

  @Test
  void whereAllThatWasNamedIsGrantedAndNotEnoughTheNextLoginAsksForMore() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      server.lists("read", "write");
      Access access = oauth().access(resource);
      for (String named : List.of(", scope=\"read\"", "")) {
        List<String> challenge = List.of("Bearer error=\"insufficient_scope\"" + named);
        failure(() -> access.refused(403, challenge, sent(access, server)));
        assertThat(oauth().standing(resource))
            .isInstanceOfSatisfying(
                Standing.LoggedIn.class,
                in -> {
                  assertThat(in.refused()).isTrue();
                  assertThat(in.missing()).isEmpty();
                });
      }
      login(oauth(), resource);
      assertThat(server.asked.get(4)).containsEntry("scope", "read write");
      assertThat(((Standing.LoggedIn) oauth().standing(resource)).refused()).isFalse();
    }
  }

  @Test
  void aRenewedTokenAllowsNoMoreThanTheOldOneDid() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      Access access = oauth().access(resource);
      List<String> challenge = List.of("Bearer error=\"insufficient_scope\", scope=\"write\"");
      failure(() -> access.refused(403, challenge, sent(access, server)));
      now = now.plus(Duration.ofHours(2));
      sent(access, server);
      assertThat(server.grants("refresh_token")).isEqualTo(1);
      assertThat(((Standing.LoggedIn) oauth().standing(resource)).missing())
          .containsExactly("write");
    }
  }

  @Test
  void aLoginThatIsNotRenewedIsOverForAllAndAskedForNoMore() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      server.forgetRefreshTokens();
      now = now.plus(Duration.ofHours(2));
      for (int i = 0; i < 3; i++) {
        OAuthException e = failure(() -> sent(oauth().access(resource), server));
        assertThat(e.isLoginNeeded()).isTrue();
        assertThat(e)
            .hasMessage(
                "server 'guarded' wants a new login: "
                    + server.origin()
                    + " does not renew it: invalid_grant: the refresh token is not known, or came"
                    + " twice");
      }
      assertThat(server.grants("refresh_token")).isEqualTo(1);
      login(oauth(), resource);
      assertThat(sent(oauth().access(resource), server)).startsWith("Bearer ");
    }
  }

  @Test
  void whereRenewalIsDownATokenServesToItsEndAndTheLoginIsKept() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      server.begin(Habit.REFRESH_IS_DOWN);
      now = now.plus(Duration.ofMinutes(59)).plusSeconds(30);
      assertThat(sent(oauth().access(resource), server)).startsWith("Bearer ");
      now = now.plusSeconds(31);
      OAuthException e = failure(() -> sent(oauth().access(resource), server));
      assertThat(e.isLoginNeeded()).isFalse();
      assertThat(e)
          .hasMessage(
              "server 'guarded': its token has ended, and "
                  + server.origin()
                  + " gives no new one: HTTP status 503");
      assertThat(oauth().standing(resource)).isInstanceOf(Standing.LoggedIn.class);
    }
  }

  @Test
  void aLoginWithoutRenewalEnds() throws IOException {
    try (FakeOAuth server = new FakeOAuth(Habit.NO_REFRESH_TOKENS)) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      assertThat(oauth().standing(resource))
          .isEqualTo(
              new Standing.LoggedIn(
                  server.origin(), now, List.of("read"), now.plusSeconds(3_600), false, List.of()));
      now = now.plus(Duration.ofHours(1));
      assertThat(failure(() -> sent(oauth().access(resource), server)))
          .hasMessage("server 'guarded' wants a new login: that of 2026-11-22T08:00:00Z has ended");
    }
  }

  @Test
  void whoIsRefusedForWantOfAScopeIsAskedToLogInForAllThatIsNeeded() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      Access access = oauth().access(resource);
      String token = sent(access, server);
      List<String> challenge = List.of("Bearer error=\"insufficient_scope\", scope=\"write\"");

      assertThat(access.refused(403, BEARER, token)).isFalse();
      OAuthException e = failure(() -> access.refused(403, challenge, token));

      assertThat(e).hasMessage("server 'guarded' wants a login that allows more");
      assertThat(e.details()).containsExactly("it asks for: write");
      login(oauth(), resource);
      assertThat(server.asked.get(4)).containsEntry("scope", "read write");
      assertThat(access.refused(403, challenge, token)).isTrue();
      assertThat(sent(access, server)).isNotEqualTo(token);
    }
  }

  @Test
  void noTokenIsKeptInWhatAServerSaysWhenItRefuses() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      Access access = oauth().access(resource);
      String sent = sent(access, server);
      String token = sent.substring(7);
      List<String> challenge =
          List.of("Bearer error=\"insufficient_scope\", scope=\"" + token + " write\"");
      OAuthException e = failure(() -> access.refused(403, challenge, sent));
      assertThat(e.details()).first().isEqualTo("it asks for: [secret] write");
      assertThat(((Standing.LoggedIn) oauth().standing(resource)).missing())
          .containsExactly("[secret]", "write");

      server.refusal(form -> "what is " + form.get("refresh_token"));
      now = now.plus(Duration.ofHours(1));
      OAuthException over = failure(() -> sent(oauth().access(resource), server));
      assertThat(over).hasMessageEndingWith("does not renew it: invalid_grant: what is [secret]");
      assertThat(((Standing.Over) oauth().standing(resource)).why())
          .endsWith("invalid_grant: what is [secret]");
    }
  }

  @Test
  void aTokenThatCannotBeWrittenServesAndIsRenewedAllTheSame() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Resource resource = server.resource(ClientSettings.NONE);
      login(oauth(), resource);
      Access access = oauth().access(resource);
      String first = sent(access, server);
      Path file = home.resolve("oauth").resolve(resource.key() + ".json");
      String kept = Files.readString(file);
      server.renewing(() -> replaceByFolder(file));
      now = now.plus(Duration.ofHours(1));

      OAuthException e = failure(() -> sent(access, server));
      assertThat(e.isLoginNeeded()).isFalse();
      assertThat(e).hasMessageStartingWith("server 'guarded': its login cannot be kept in " + file);

      server.renewing(() -> {});
      Files.delete(file.resolve("x"));
      Files.delete(file);
      Files.writeString(file, kept);
      String second = sent(access, server);
      assertThat(second).isNotEqualTo(first);
      now = now.plus(Duration.ofHours(1));
      assertThat(sent(access, server)).isNotEqualTo(second);
      assertThat(server.grants("refresh_token")).isEqualTo(2);
    }
  }

  private static void replaceByFolder(Path file) {
    try {
      Files.delete(file);
      Files.createDirectory(file);
      Files.createFile(file.resolve("x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aHomeThatCannotBeWrittenIsToldBeforeAnythingIsAsked() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      Files.createFile(home.resolve("oauth"));
      Access access = oauth().access(server.resource(ClientSettings.NONE));
      OAuthException e = failure(() -> access.refused(401, BEARER, null));
      assertThat(e.isLoginNeeded()).isFalse();
    }
  }

  @Test
  void aLogoutForgetsAndGivesTheTokensBack() throws IOException {
    FakeOAuth server = new FakeOAuth();
    Resource resource = server.resource(ClientSettings.NONE);
    try (server) {
      login(oauth(), resource);
      OAuth.LoggedOut done = oauth().logout(resource);
      assertThat(done).isEqualTo(new OAuth.LoggedOut(true, true, java.util.Optional.empty()));
      assertThat(server.asked.getLast())
          .containsEntry("path", "/revoke")
          .containsEntry("token_type_hint", "refresh_token");
      assertThat(oauth().access(resource).authorization(resource.url())).isEmpty();
      assertThat(oauth().logout(resource).forgotten()).isFalse();
      login(oauth(), resource);
    }
    OAuth.LoggedOut done = oauth().logout(resource);
    assertThat(done.forgotten()).isTrue();
    assertThat(done.problem()).isPresent();
    assertThat(oauth().standing(resource)).isEqualTo(new Standing.Unknown());
  }

  @Test
  void aClientThatActsForItselfLogsInAloneAndAgainWhereMoreIsWanted() throws IOException {
    try (FakeOAuth server = new FakeOAuth()) {
      ClientSettings machine =
          new ClientSettings("robot:1", "it's secret", List.of(), 0, null, null, true, null);
      Access access = oauth().access(server.resource(machine));
      assertThat(sent(access, server)).isEqualTo("none");
      assertThat(access.refused(401, BEARER, null)).isTrue();
      String token = sent(access, server);
      assertThat(server.asked.getLast())
          .containsEntry("grant_type", "client_credentials")
          .containsEntry("scope", "read")
          .containsEntry(
              "authorization",
              "Basic "
                  + Base64.getEncoder()
                      .encodeToString("robot%3A1:it%27s+secret".getBytes(StandardCharsets.UTF_8)));
      List<String> challenge = List.of("Bearer error=\"insufficient_scope\", scope=\"write\"");
      assertThat(access.refused(403, challenge, token)).isTrue();
      assertThat(server.asked.getLast()).containsEntry("scope", "read write");
      assertThat(access.refused(403, challenge, sent(access, server))).isFalse();
      now = now.plus(Duration.ofHours(1));
      assertThat(sent(access, server)).startsWith("Bearer ").isNotEqualTo(token);
      assertThat(server.grants("client_credentials")).isEqualTo(3);
    }
  }

  @Test
  void aClientMayProveItselfByAKey() throws IOException, GeneralSecurityException {
    for (String kind : List.of("EC", "RSA")) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      generator.initialize(kind.equals("EC") ? 256 : 2_048);
      KeyPair pair = generator.generateKeyPair();
      String pem =
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
              + "\n-----END PRIVATE KEY-----\n";
      try (FakeOAuth server = new FakeOAuth()) {
        ClientSettings machine =
            new ClientSettings("robot", null, List.of(), 0, null, null, true, pem);
        oauth().access(server.resource(machine)).refused(401, BEARER, null);
        String assertion = Objects.requireNonNull(server.asked.getLast().get("client_assertion"));
        String[] parts = assertion.split("\\.", -1);
        Signature signature =
            Signature.getInstance(
                kind.equals("EC") ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
        signature.initVerify(pair.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
        assertThat(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8))
            .contains("\"iss\":\"robot\"", "\"aud\":\"" + server.origin() + "\"");
      }
    }
    ClientSettings none = new ClientSettings("robot", null, List.of(), 0, null, null, true, "x");
    try (FakeOAuth server = new FakeOAuth()) {
      Access access = oauth().access(server.resource(none));
      assertThat(failure(() -> access.refused(401, BEARER, null)))
          .hasMessage(
              "the privateKey of its entry is none: expected PEM of PKCS #8 (BEGIN PRIVATE KEY)"
                  + " with an RSA key or one of the curve P-256");
    }
  }
}
