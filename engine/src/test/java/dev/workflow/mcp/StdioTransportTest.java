package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Each way a child can misbehave, with a real child. */
@Isolated("How soon and how well a failure is told depends on what else runs.")
class StdioTransportTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration FAULT = Duration.ofSeconds(1);
  private static final int MAX_BYTES = 1_000_000;

  private final Path home;
  private final Supervisor supervisor;

  StdioTransportTest(@TempDir Path home) {
    this.home = home;
    this.supervisor = supervisor(Map.of("PATH", System.getenv("PATH")));
  }

  private Supervisor supervisor(Map<String, String> environment) {
    return new Supervisor(new ChildRegistry(home), environment, ProcessTree.Patience.DEFAULT);
  }

  private Connection connect(String... habits) {
    return Fakes.get(open(supervisor, Fakes.launch(habits), LONG));
  }

  private static Mono<Connection> open(
      Supervisor supervisor, Launch.Stdio launch, Duration startup) {
    return Mono.defer(
        () ->
            Connection.open(
                "fake",
                new StdioTransport(supervisor.start("fake", launch), MAX_BYTES),
                Permitted.NOTHING,
                startup));
  }

  private ToolException notConnected(Launch.Stdio launch, Duration startup) {
    return Fakes.failure(open(supervisor, launch, startup));
  }

  @AfterEach
  void endChildren() {
    supervisor.close();
  }

  private static JsonNode call(Connection connection, String tool, JsonNode arguments) {
    return Fakes.get(later(connection, tool, arguments, LONG));
  }

  private static Mono<JsonNode> later(
      Connection connection, String tool, JsonNode arguments, Duration timeout) {
    return connection.call(tool, arguments, "key-1", CallTime.exactly(timeout), ignored -> {});
  }

  private static String said(JsonNode result) {
    return result.path("content").path(0).path("text").asString("");
  }

  private static ToolException failure(Connection connection, String tool, JsonNode arguments) {
    return Fakes.failure(later(connection, tool, arguments, LONG));
  }

  @Test
  void aCallReachesTheServerAndItsAnswerComesBack() {
    Connection connection = connect();
    assertThat(said(call(connection, "echo", Fakes.text("Māori café")))).isEqualTo("Māori café");
  }

  @Test
  void theEndOfACallsTimeIsToldOnAThreadThatMayWait() {
    Connection connection = connect();
    List<Boolean> mayWait = new CopyOnWriteArrayList<>();
    Fakes.failure(
        later(connection, "hangs", Fakes.arguments(), Duration.ofMillis(50))
            .doOnError(e -> mayWait.add(!Schedulers.isInNonBlockingThread())));
    assertThat(mayWait).containsExactly(true);
  }

  @Test
  void linesThatAreNoMessagesAreSkipped() {
    Connection connection = connect("banner");
    assertThat(said(call(connection, "junk", Fakes.arguments()))).isEqualTo("after junk");
  }

  @Test
  void aServerThatDiesInMidCallFailsTheCallAtOnceWithItsExitCodeAndLastWords() {
    Connection connection = connect();
    call(connection, "echo", Fakes.text("warm"));
    long start = System.nanoTime();
    ToolException e = failure(connection, "exits", Fakes.number(3));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(FAULT);
    assertThat(e)
        .hasMessage(
            "server 'fake' ended with exit code 3 before it answered tools/call exits;"
                + " the call may have taken effect");
    assertThat(e.error().details()).containsExactly("stderr: about to die");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(e.possiblyExecuted()).isTrue();
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void aKilledServerIsNoticedWithinMilliseconds() {
    Connection connection = connect();
    long pid = Long.parseLong(said(call(connection, "pid", Fakes.arguments())));
    AtomicLong killed = new AtomicLong();
    ToolException e =
        Fakes.failure(
            Mono.firstWithSignal(
                later(connection, "hangs", Fakes.arguments(), LONG),
                Mono.delay(Duration.ofMillis(100))
                    .doOnNext(
                        tick -> {
                          killed.set(System.nanoTime());
                          ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                        })
                    .then(Mono.never())));
    assertThat(Duration.ofNanos(System.nanoTime() - killed.get()))
        .isLessThan(Duration.ofMillis(500));
    assertThat(e)
        .hasMessage(
            "server 'fake' was ended by signal 9 before it answered tools/call hangs;"
                + " the call may have taken effect");
  }

  @Test
  void everyCallInFlightLearnsOfTheDeath() {
    Connection connection = connect();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 5; i++) {
      later(connection, "hangs", Fakes.arguments(), LONG).subscribe(r -> {}, failures::add);
    }
    failure(connection, "exits", Fakes.number(1));
    Fakes.await("all five failed", () -> failures.size() == 5);
    assertThat(failures).allMatch(e -> ((ToolException) e).possiblyExecuted());
  }

  @Test
  void aCallToAServerThatIsGoneIsNotSentAndSaysSo() {
    Connection connection = connect();
    failure(connection, "exits", Fakes.number(1));
    ToolException e = failure(connection, "echo", Fakes.text("too late"));
    assertThat(e.possiblyExecuted()).isFalse();
    assertThat(e)
        .hasMessage(
            "server 'fake' ended with exit code 1 before it answered tools/call echo,"
                + " which was not sent");
  }

  @Test
  void aServerThatClosesItsOutputIsGone() {
    Connection connection = connect();
    ToolException e = failure(connection, "mute", Fakes.arguments());
    assertThat(e.possiblyExecuted()).isTrue();
    assertThat(e)
        .hasMessage(
            "server 'fake' closed its output before it answered tools/call mute;"
                + " the call may have taken effect");
  }

  @Test
  void closingTheConnectionEndsWhatIsUnderWay() {
    Connection connection = connect();
    Mono<JsonNode> call = later(connection, "hangs", Fakes.arguments(), LONG).cache();
    call.subscribe(result -> {}, failure -> {});
    call(connection, "echo", Fakes.text("the call before is sent"));
    connection.close().block(LONG);
    assertThat(Fakes.failure(call))
        .hasMessage(
            "server 'fake' was closed before it answered tools/call hangs;"
                + " the call may have taken effect");
  }

  @Test
  void aByteOrderMarkBeforeTheFirstMessageIsSkipped() {
    assertThat(said(call(connect("byte-order-mark"), "echo", Fakes.text("hi")))).isEqualTo("hi");
  }

  @Test
  void aCommandThatIsNotThereIsAnImmediateErrorThatNamesItAndThePath() {
    Launch.Stdio launch =
        new Launch.Stdio(
            List.of("no-such-command", "-x"), Map.of("PATH", "/bin:/nowhere"), Path.of("/"));
    ToolException e = notConnected(launch, LONG);
    assertThat(e)
        .hasMessage(
            "server 'fake' did not start: the command 'no-such-command' was not found in"
                + " PATH=/bin:/nowhere; install it or write its full path");
    assertThat(e.possiblyExecuted()).isFalse();
  }

  @Test
  void aServerThatDiesBeforeItIsReadyShowsItsLastWords() {
    ToolException e = notConnected(Fakes.launch("dies-at-once"), LONG);
    assertThat(e)
        .hasMessageStartingWith(
            "server 'fake' ended with exit code 7 before it answered initialize");
    assertThat(e.error().details()).containsExactly("stderr: fatal: no configuration found");
    assertThat(e.possiblyExecuted()).isFalse();
  }

  @Test
  void aServerThatNeverGreetsIsEndedAfterItsStartupTimeout() {
    ToolException e = notConnected(Fakes.launch("silent"), Duration.ofMillis(300));
    assertThat(e).hasMessage("server 'fake' was not ready within its startupTimeout of 300 ms");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(e.possiblyExecuted()).isFalse();
  }

  @Test
  void aProtocolFromTheFutureIsRefusedAndAnOldOneIsSpoken() {
    ToolException e = notConnected(Fakes.launch("from-the-future"), LONG);
    assertThat(e)
        .hasMessage(
            "server 'fake' speaks MCP 2099-01-01; this client speaks 2024-11-05, 2025-03-26,"
                + " 2025-06-18, 2025-11-25");
    assertThat(said(call(connect("old"), "echo", Fakes.text("hello")))).isEqualTo("hello");
  }

  @Test
  void thirtyTwoThreadsMayCallAtOnceAndNoneFails() {
    Connection connection = connect();
    AtomicInteger good = new AtomicInteger();
    try (ExecutorService callers = Executors.newFixedThreadPool(32)) {
      for (int i = 0; i < 9_600; i++) {
        String text = "n" + i;
        callers.execute(
            () -> {
              if (said(call(connection, "echo", Fakes.text(text))).equals(text)) {
                good.incrementAndGet();
              }
            });
      }
    }
    assertThat(good).hasValue(9_600);
  }

  @Test
  void anAnswerOverTheLimitFailsItsCallAndNoOther() {
    Connection connection = connect();
    ToolException e = failure(connection, "huge", Fakes.number(MAX_BYTES + 1));
    assertThat(e)
        .hasMessage(
            "server 'fake''s answer to tools/call huge is larger than the limit of 1000000 bytes");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.INVALID_OUTPUT);
    assertThat(e.possiblyExecuted()).isTrue();
    assertThat(said(call(connection, "echo", Fakes.text("still here")))).isEqualTo("still here");
  }

  @Test
  void aNearlyTooLargeAnswerArrivesWhole() {
    assertThat(said(call(connect(), "huge", Fakes.number(MAX_BYTES - 200))))
        .hasSize(MAX_BYTES - 200);
  }

  @Test
  void anAnswerTenThousandLevelsDeepFailsItsCallAndNoOther() {
    Connection connection = connect();
    ToolException e = failure(connection, "deep", Fakes.number(10_000));
    assertThat(e.getMessage())
        .startsWith("server 'fake''s answer to tools/call deep is outside the limits:");
    assertThat(said(call(connection, "echo", Fakes.text("still here")))).isEqualTo("still here");
  }

  @Test
  void aTornAnswerFailsItsCallAtOnce() {
    ToolException e = failure(connect(), "torn", Fakes.arguments());
    assertThat(e.getMessage()).startsWith("server 'fake''s answer to tools/call torn is no JSON:");
  }

  @Test
  void numbersKeepEveryDigit() {
    JsonNode structured = call(connect(), "numbers", Fakes.arguments()).path("structuredContent");
    assertThat(structured.toString())
        .isEqualTo(
            "{\"exact\":12345678901234567890.123456789,\"long\":9007199254740993,\"none\":null}");
  }

  @Test
  void aTimeoutSaysThatTheCallMayHaveTakenEffectAndTellsTheServer() {
    Connection connection = connect();
    ToolException e =
        Fakes.failure(later(connection, "hangs", Fakes.arguments(), Duration.ofMillis(200)));
    assertThat(e)
        .hasMessage(
            "server 'fake' did not answer tools/call hangs within 200 ms;"
                + " the call may have taken effect");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(e.possiblyExecuted()).isTrue();
    Fakes.await(
        "the server knows",
        () -> said(call(connection, "cancelled", Fakes.arguments())).equals("1"));
  }

  @Test
  void cancellingACallTellsTheServer() {
    Connection connection = connect();
    Disposable call = later(connection, "hangs", Fakes.arguments(), LONG).subscribe();
    call(connection, "echo", Fakes.text("the call before is sent"));
    call.dispose();
    Fakes.await(
        "the server knows",
        () -> said(call(connection, "cancelled", Fakes.arguments())).equals("1"));
  }

  @Test
  void anAnswerAfterTheTimeoutDisturbsNobody() {
    Connection connection = connect();
    assertThat(Fakes.failure(later(connection, "late", Fakes.number(150), Duration.ofMillis(50))))
        .hasMessageContaining("within 50 ms");
    call(connection, "sleep", Fakes.number(200));
    assertThat(said(call(connection, "echo", Fakes.text("fine")))).isEqualTo("fine");
  }

  @Test
  void aHangingCallDoesNotHoldUpOthers() {
    Connection connection = connect();
    later(connection, "hangs", Fakes.arguments(), LONG).subscribe();
    assertThat(said(call(connection, "echo", Fakes.text("quick")))).isEqualTo("quick");
  }

  @Test
  void megabytesOnTheErrorStreamWithoutANewlineCostNothing() {
    Connection connection = connect();
    assertThat(said(call(connection, "chatters", Fakes.number(50_000_000)))).isEqualTo("chattered");
  }

  @Test
  void progressIsToldWhileTheCallRuns() {
    List<String> told = new CopyOnWriteArrayList<>();
    Fakes.get(
        connect().call("progress", Fakes.arguments(), "key", CallTime.exactly(LONG), told::add));
    assertThat(told).containsExactly("1/2 part 1", "2/2 part 2");
  }

  @Test
  void aCallThatTellsOfItsProgressMayTakeLongerThanASilentOne() {
    CallTime time = new CallTime(Duration.ofMillis(1_500), LONG);
    Connection connection = connect();
    Mono<JsonNode> work = connection.call("works", Fakes.number(20), "key", time, ignored -> {});
    assertThat(said(Fakes.get(work))).isEqualTo("worked");
    assertThat(Fakes.failure(connection.call("hangs", Fakes.arguments(), "k", time, told -> {})))
        .hasMessageContaining("within 1500 ms");
  }

  @Test
  void progressExtendsTheTimeOfACallOnlySoFar() {
    CallTime time = new CallTime(Duration.ofMillis(1_500), Duration.ofSeconds(2));
    Connection connection = connect();
    ToolException e =
        Fakes.failure(connection.call("works", Fakes.number(1_000), "key", time, told -> {}));
    assertThat(e)
        .hasMessage(
            "server 'fake' did not answer tools/call works within 2 s;"
                + " the call may have taken effect");
    Fakes.await(
        "the server knows",
        () -> said(call(connection, "cancelled", Fakes.arguments())).equals("1"));
  }

  @Test
  void theIdempotencyKeyTravelsWithTheCall() {
    assertThat(said(call(connect(), "request", Fakes.arguments())))
        .contains("\"dev.workflow/idempotencyKey\":\"key-1\"");
  }

  @Test
  void aJsonRpcErrorIsToldWithItsCode() {
    ToolException e = failure(connect(), "refuses", Fakes.arguments());
    assertThat(e)
        .hasMessage("server 'fake' answered tools/call refuses with error -32603: broken inside");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.TOOL_ERROR);
    assertThat(e.possiblyExecuted()).isTrue();
  }

  @Test
  void aListOfToolsInPagesIsReadWhole() {
    assertThat(Fakes.get(connect("pages").tools(LONG))).hasSize(29);
  }

  @Test
  void aServerWithoutToolsHasNone() {
    assertThat(Fakes.get(connect("no-tools").tools(LONG))).isEmpty();
  }

  @Test
  void aChildSeesTheAllowListAndWhatItsEntryDeclaresAndNothingElse() {
    Map<String, String> ours =
        Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8", "API_TOKEN", "canary-0123456");
    Launch.Stdio launch =
        new Launch.Stdio(Fakes.command(), Map.of("DECLARED", "yes"), Path.of("/"));
    try (Supervisor other = supervisor(ours)) {
      Connection connection = Fakes.get(open(other, launch, LONG));
      String env = said(call(connection, "env", Fakes.arguments()));
      assertThat(env).startsWith("[DECLARED, LC_ALL, PATH, WORKFLOW_CHILD]");
      assertThat(env).doesNotContain("canary");
    }
  }
}
