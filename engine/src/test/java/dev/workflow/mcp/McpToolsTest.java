package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Elicitor;
import dev.workflow.engine.Sampler;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.Answer;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The port of the engine over real servers: what is shared, what is refused, what is in doubt. */
@Isolated("How soon and how well a failure is told depends on what else runs.")
class McpToolsTest {
  private final Path home;
  private final Path workspace;
  private final McpHost host;

  McpToolsTest(@TempDir Path folder) throws IOException {
    this.home = folder.resolve("home");
    this.workspace = Files.createDirectories(folder.resolve("workspace"));
    this.host = host(McpSettings.DEFAULT);
  }

  private McpHost host(McpSettings settings) {
    return new McpHost(
        home, Map.of("PATH", System.getenv("PATH"), "CANARY", "canary-987654"), settings);
  }

  @AfterEach
  void endServers() {
    host.close();
  }

  private McpTools tools(Layer layer, Map<String, String> entries, String... approved) {
    ServerList list = Entries.list(layer, workspace, entries);
    assertThat(list.problems()).isEmpty();
    return host.tools(list, Set.of(approved), (tool, digest) -> false);
  }

  private McpTools one(String more, String... habits) {
    return tools(Layer.USER, Map.of("s", Entries.fake(more, habits)));
  }

  private static Tools.Call request(String server, String tool, JsonNode arguments, String digest) {
    return new Tools.Call("", server, tool, arguments, "key", digest, null, ignored -> {});
  }

  private static Mono<Answer> call(McpTools tools, String server, String tool, JsonNode arguments) {
    return tools.call(request(server, tool, arguments, ""));
  }

  private static String said(McpTools tools, String tool, JsonNode arguments) {
    return Fakes.get(call(tools, "s", tool, arguments)).value().asString();
  }

  private static String identity(String entry, Map<String, String> environment, Path folder) {
    Map<String, String> all = new HashMap<>(environment);
    try (McpHost host = new McpHost(folder.resolve("home"), all, McpSettings.DEFAULT);
        McpTools tools =
            host.tools(
                Entries.list(Layer.USER, folder, Map.of("s", entry)),
                Set.of(),
                (tool, digest) -> false)) {
      return tools.identity("s");
    }
  }

  @Test
  void whoeverIsStartedOtherwiseIsAnother() {
    String local = "{'command':'x','args':['a'],'env':{'KEY':'${KEY}'}}";
    String remote = "{'url':'https://h.example/mcp','headers':{'Authorization':'Bearer ${KEY}'}}";
    Map<String, String> first = Map.of("KEY", "k1", "HOME", "/home/a", "OTHER", "1");
    for (String entry : List.of(local, remote)) {
      assertThat(identity(entry, first, workspace))
          .isEqualTo(identity(entry, first, workspace))
          .isEqualTo(identity(entry, Map.of("KEY", "k1", "HOME", "/home/a"), workspace))
          .isNotEqualTo(identity(entry, Map.of("KEY", "k2", "HOME", "/home/a"), workspace))
          .isNotEqualTo(identity(entry.replace("x", "y"), first, workspace))
          .doesNotContain("k1");
    }
    assertThat(identity(local, first, workspace))
        .as("a program finds the user's own keys by it")
        .isNotEqualTo(identity(local, Map.of("KEY", "k1", "HOME", "/home/b"), workspace));
    assertThat(
            Fakes.failure(Mono.fromCallable(() -> identity(local, Map.of(), workspace)))
                .error()
                .message())
        .contains("the variable KEY is not set");
  }

  private static ToolSpec spec(McpTools tools, String tool) {
    return Fakes.get(tools.list("s")).stream()
        .filter(spec -> spec.name().equals(tool))
        .findFirst()
        .orElseThrow();
  }

  private long started() throws IOException {
    Path children = home.resolve("children");
    if (!Files.isDirectory(children)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(children)) {
      return files.filter(file -> file.toString().endsWith(".json")).count();
    }
  }

  @Test
  void nothingStartsBeforeItIsUsed() throws IOException {
    McpTools tools = one("");
    assertThat(tools.servers()).containsExactly("s");
    assertThat(tools.known("s")).isEmpty();
    assertThat(started()).isZero();
    assertThat(said(tools, "echo", Fakes.text("hi"))).isEqualTo("hi");
    assertThat(started()).isEqualTo(1);
  }

  @Test
  void manyCallersShareOneStart() throws IOException {
    McpTools tools = one("");
    Set<String> pids =
        Set.copyOf(
            Fakes.get(
                Flux.range(0, 40)
                    .flatMap(i -> call(tools, "s", "pid", Fakes.arguments()), 40)
                    .map(answer -> answer.value().asString())
                    .collectList()));
    assertThat(pids).hasSize(1);
    assertThat(started()).isEqualTo(1);
  }

  @Test
  void entriesWithTheSameLaunchShareOneClientAcrossAliasesAndRuns() throws IOException {
    McpTools first = tools(Layer.USER, Map.of("s", Entries.fake(""), "t", Entries.fake("")));
    McpTools second = one(",'timeout':5000");
    String pid = said(first, "pid", Fakes.arguments());
    assertThat(Fakes.get(call(first, "t", "pid", Fakes.arguments())).value().asString())
        .isEqualTo(pid);
    assertThat(said(second, "pid", Fakes.arguments())).isEqualTo(pid);

    first.close();
    assertThat(said(second, "pid", Fakes.arguments())).isEqualTo(pid);
    second.close();
    assertThat(said(one(""), "pid", Fakes.arguments())).as("it still rests").isEqualTo(pid);
    host.close();
    assertThat(started()).isZero();
    assertThat(Fakes.runs(Long.parseLong(pid))).isFalse();
  }

  @Test
  void aFailureOfASharedServerNamesTheAliasThatWasCalled() {
    String entry = Entries.fake("");
    McpTools both = tools(Layer.USER, Map.of("s", entry, "t", entry));
    assertThat(said(both, "echo", Fakes.text("s started it"))).isEqualTo("s started it");

    assertThat(Fakes.failure(call(both, "t", "exits", Fakes.number(3))).getMessage())
        .startsWith("server 't' ended with exit code 3");
    assertThat(Fakes.failure(call(both, "s", "exits", Fakes.number(3))).getMessage())
        .startsWith("server 's' ended with exit code 3");

    String missing = "{'command':'no-such-command'}";
    McpTools gone = tools(Layer.USER, Map.of("u", missing, "v", missing));
    assertThat(Fakes.failure(gone.list("u")).getMessage()).startsWith("server 'u' did not start");
    assertThat(Fakes.failure(gone.list("v")).getMessage()).startsWith("server 'v' did not start");
  }

  @Test
  void anIdleServerIsEndedAndStartsAgainWhenNeeded() throws IOException {
    try (McpHost impatient = host(Bounds.idle(Duration.ofMillis(100)))) {
      McpTools tools =
          impatient.tools(
              Entries.list(Layer.USER, workspace, Map.of("s", Entries.fake(""))),
              Set.of(),
              (tool, digest) -> false);
      long first = Long.parseLong(said(tools, "pid", Fakes.arguments()));
      Fakes.await("the server ended", () -> !Fakes.runs(first));
      assertThat(Long.parseLong(said(tools, "pid", Fakes.arguments()))).isNotEqualTo(first);
    }
  }

  @Test
  void afterADeathOneNewStartServesAllCallers() throws IOException {
    McpTools tools = one("");
    ToolException e = Fakes.failure(call(tools, "s", "exits", Fakes.number(9)));
    assertThat(e.possiblyExecuted()).isTrue();
    Set<String> pids =
        Set.copyOf(
            Fakes.get(
                Flux.range(0, 20)
                    .flatMap(i -> call(tools, "s", "pid", Fakes.arguments()), 20)
                    .map(answer -> answer.value().asString())
                    .collectList()));
    assertThat(pids).hasSize(1);
  }

  @Test
  void noMoreCallsThanTheServersLimitAreUnderWay() {
    try (McpHost slow = host(Bounds.calls(2))) {
      McpTools tools =
          slow.tools(
              Entries.list(Layer.USER, workspace, Map.of("s", Entries.fake(""))),
              Set.of(),
              (tool, digest) -> false);
      said(tools, "echo", Fakes.text("warm"));
      long start = System.nanoTime();
      Fakes.get(
          Flux.range(0, 6)
              .flatMap(i -> call(tools, "s", "sleep", Fakes.number(100)), 6)
              .collectList());
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(290), Duration.ofSeconds(2));
    }
  }

  @Test
  void structuredContentComesBeforeText() {
    McpTools tools = one("");
    Answer answer = Fakes.get(call(tools, "s", "structured", Fakes.text("x")));
    assertThat(answer.structured()).isTrue();
    assertThat(answer.value().toString()).isEqualTo("{\"said\":\"x\"}");
  }

  @Test
  void textThatLooksLikeJsonStaysText() {
    Answer answer = Fakes.get(call(one(""), "s", "echo", Fakes.text("[1, 2]")));
    assertThat(answer.structured()).isFalse();
    assertThat(answer.value().stringValue()).isEqualTo("[1, 2]");
  }

  @Test
  void aResultWithAPictureIsKeptWhole() {
    Answer answer = Fakes.get(call(one(""), "s", "picture", Fakes.arguments()));
    assertThat(answer.value().path(1).path("mimeType").asString()).isEqualTo("image/png");
  }

  @Test
  void aToolThatReportsAnErrorFailsTheCallWithEverythingItSaid() {
    ToolException e = Fakes.failure(call(one(""), "s", "fails", Fakes.text("Atlantis")));
    assertThat(e).hasMessage("tool s/fails failed: no such place: Atlantis");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.TOOL_ERROR);
    assertThat(e.error().details()).containsExactly("no such place: Atlantis", "try another");
    assertThat(e.possiblyExecuted()).isTrue();
  }

  @Test
  void anUnknownToolOrServerIsToldWithTheNearestName() {
    McpTools tools = one("");
    ToolException tool = Fakes.failure(call(tools, "s", "ehco", Fakes.arguments()));
    assertThat(tool).hasMessage("server 's' offers no tool 'ehco'");
    assertThat(tool.error().details()).containsExactly("Did you mean `echo`?");
    assertThat(tool.possiblyExecuted()).isFalse();
    ToolException server = Fakes.failure(call(tools, "t", "echo", Fakes.arguments()));
    assertThat(server).hasMessage("there is no server 't'");
  }

  @Test
  void aServerThatIsSwitchedOffIsNotOffered() {
    McpTools tools = one(",'enabled':false");
    assertThat(tools.servers()).isEmpty();
    assertThat(Fakes.failure(tools.list("s")))
        .hasMessage("server 's' is switched off in " + workspace.resolve(".mcp.json"));
  }

  @Test
  void includeAndExcludeDecideWhatIsOffered() {
    McpTools tools = one(",'includeTools':['echo','pid'],'excludeTools':['pid']");
    assertThat(Fakes.get(tools.list("s"))).extracting(ToolSpec::name).containsExactly("echo");
    assertThat(Fakes.failure(call(tools, "s", "pid", Fakes.arguments())).possiblyExecuted())
        .isFalse();
  }

  @Test
  void annotationsOfTheUsersOwnServerDecideTheEffectClass() {
    McpTools tools = one(",'effects':{'hangs':'read'}");
    assertThat(spec(tools, "ledger_read").effect()).isEqualTo(Effect.READ);
    assertThat(spec(tools, "ledger_append").effect()).isEqualTo(Effect.WRITE);
    assertThat(spec(tools, "ledger_put").effect()).isEqualTo(Effect.IDEMPOTENT);
    assertThat(spec(tools, "ledger_burn").effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(spec(tools, "exits").effect()).isEqualTo(Effect.DESTRUCTIVE);
    assertThat(spec(tools, "hangs").effect()).isEqualTo(Effect.READ);
  }

  @Test
  void aToolWhoseDefinitionChangedIsNotCalled() {
    McpTools tools = one("");
    String digest = spec(tools, "echo").digest();
    assertThat(
            Fakes.get(tools.call(request("s", "echo", Fakes.text("same"), digest)))
                .value()
                .stringValue())
        .isEqualTo("same");
    ToolException e =
        Fakes.failure(tools.call(request("s", "echo", Fakes.text("x"), "0".repeat(64))));
    assertThat(e)
        .hasMessage("the definition of tool s/echo changed since this run was checked; not called");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.TOOL_CHANGED);
    assertThat(e.possiblyExecuted()).isFalse();
  }

  @Test
  void aChangedListIsAskedForAgain() {
    McpTools tools = one("");
    assertThat(Fakes.get(tools.list("s"))).extracting(ToolSpec::name).doesNotContain("grown");
    said(tools, "grows", Fakes.arguments());
    Fakes.await(
        "the new tool is offered",
        () -> Fakes.get(tools.list("s")).stream().anyMatch(s -> s.name().equals("grown")));
  }

  @Test
  void aCatalogueIsKnownToALaterProcessThatStartsNothing() throws IOException {
    McpTools tools = one("");
    List<ToolSpec> listed = Fakes.get(tools.list("s"));
    host.close();
    try (McpHost later = host(McpSettings.DEFAULT)) {
      McpTools again =
          later.tools(
              Entries.list(Layer.USER, workspace, Map.of("s", Entries.fake(""))),
              Set.of(),
              (tool, digest) -> false);
      assertThat(again.known("s")).contains(listed);
      assertThat(started()).isZero();
    }
  }

  @Test
  void aForeignServerIsRefusedUntilItIsApproved() throws IOException {
    Map<String, String> entries = Map.of("s", Entries.fake(""));
    McpTools tools = tools(Layer.WORKSPACE, entries);
    ToolException e = Fakes.failure(call(tools, "s", "echo", Fakes.text("x")));
    assertThat(e).hasMessage("server 's' is not approved");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.FORBIDDEN);
    assertThat(e.error().details()).contains("command: \"" + Fakes.java() + "\"");
    assertThat(started()).isZero();

    ServerEntry entry = tools.entries().iterator().next();
    Trust trust = new Trust(home, Map.of("PATH", System.getenv("PATH")));
    assertThat(Fakes.get(tools(Layer.WORKSPACE, entries, trust.key(entry)).list("s"))).isNotEmpty();
    assertThat(Fakes.failure(tools.list("s"))).hasMessage("server 's' is not approved");
    trust.decide(List.of(entry), Set.of()).forEach(trust::approve);
    assertThat(said(tools, "echo", Fakes.text("x"))).isEqualTo("x");
  }

  @Test
  void aClaimThatAnApprovedServerMakesLaterDoesNotCount() {
    Map<String, String> entries = Map.of("s", Entries.fake(""));
    McpTools tools = tools(Layer.WORKSPACE, entries);
    ServerEntry entry = tools.entries().iterator().next();
    Trust trust = new Trust(home, Map.of());
    trust.decide(List.of(entry), Set.of()).forEach(trust::approve);
    trust.bindClaims(trust.key(entry), Map.of("echo", Effect.WRITE, "ledger_append", Effect.READ));
    assertThat(spec(tools, "echo").effect()).isEqualTo(Effect.WRITE);
    assertThat(spec(tools, "ledger_append").effect()).isEqualTo(Effect.WRITE);
    assertThat(spec(tools, "pid").effect()).isEqualTo(Effect.DESTRUCTIVE);
  }

  @Test
  void theClaimsOfAnApprovedServerAreBoundWhenItIsFirstSeen() {
    McpTools tools = tools(Layer.WORKSPACE, Map.of("s", Entries.fake("")));
    ServerEntry entry = tools.entries().iterator().next();
    Trust trust = new Trust(home, Map.of());
    trust.decide(List.of(entry), Set.of()).forEach(trust::approve);
    assertThat(spec(tools, "echo").effect()).isEqualTo(Effect.READ);
    assertThat(trust.claims(trust.key(entry)).orElseThrow())
        .containsEntry("echo", Effect.READ)
        .containsEntry("ledger_burn", Effect.DESTRUCTIVE);
  }

  @Test
  void anUnsetVariableNamesServerFieldAndVariable() {
    assertThat(Fakes.failure(one(",'env':{'K':'${NOT_SET}'}").list("s")))
        .hasMessage(
            "server 's' cannot start: field env.K: the variable NOT_SET is not set; set it or write"
                + " ${NOT_SET:-default}");
  }

  @Test
  void secretsGrowAsServersStartAndNoChildSeesWhatItWasNotGiven() {
    McpTools tools = one(",'env':{'A':'x1-${CANARY}'}");
    McpTools other = one("");
    assertThat(said(other, "env", Fakes.arguments())).doesNotContain("canary");
    assertThat(tools.secrets()).doesNotContain("canary-987654");
    assertThat(said(tools, "env", Fakes.arguments()))
        .startsWith("[A, PATH, WORKFLOW_CHILD] [[secret],")
        .doesNotContain("canary");
    assertThat(tools.secrets()).contains("canary-987654", "x1-canary-987654");
  }

  @Test
  void theServersOwnTimeoutHoldsUnlessTheCallHasOne() {
    McpTools tools = one(",'timeout':150");
    assertThat(Fakes.failure(call(tools, "s", "hangs", Fakes.arguments())))
        .hasMessageContaining("within 150 ms");
    assertThat(
            Fakes.failure(
                tools.call(
                    new Tools.Call(
                        "",
                        "s",
                        "hangs",
                        Fakes.arguments(),
                        "k",
                        "",
                        Duration.ofMillis(60),
                        p -> {}))))
        .hasMessageContaining("within 60 ms");
  }

  @Test
  void progressExtendsTheServersOwnTimeoutAndNotThatOfACall() {
    McpTools tools = one(",'timeout':1500");
    assertThat(said(tools, "works", Fakes.number(20))).isEqualTo("worked");
    Tools.Call limited =
        new Tools.Call(
            "", "s", "works", Fakes.number(1_000), "k", "", Duration.ofSeconds(1), p -> {});
    assertThat(Fakes.failure(tools.call(limited))).hasMessageContaining("within 1 s");
  }

  @Test
  void whoeverTakesItsTimeWithAnAnswerKeepsNoOtherCallWaiting() throws InterruptedException {
    McpTools tools = one("");
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    call(tools, "s", "pid", Fakes.arguments())
        .doOnNext(answer -> held.countDown())
        .doOnNext(answer -> await(other))
        .subscribe(answer -> done.countDown());
    await(held);
    Fakes.get(call(tools, "s", "pid", Fakes.arguments()));
    other.countDown();
    await(done);
  }

  @Test
  void whoeverTakesItsTimeWithAListOfToolsKeepsNoCallWaiting() throws InterruptedException {
    McpTools tools = one("");
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch other = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    tools
        .list("s")
        .doOnNext(all -> held.countDown())
        .doOnNext(all -> await(other))
        .subscribe(all -> done.countDown());
    await(held);
    Fakes.get(call(tools, "s", "pid", Fakes.arguments()));
    other.countDown();
    await(done);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theTraceContextTravelsWithTheCall() {
    McpTools tools = one("");
    Tools.Call traced =
        new Tools.Call(
            "a#1",
            "s",
            "request",
            Fakes.arguments(),
            "k",
            "",
            null,
            p -> {},
            "00-1-2-01",
            Elicitor.NOBODY,
            Sampler.NONE);
    assertThat(Fakes.get(tools.call(traced)).value().asString())
        .contains("\"traceparent\":\"00-1-2-01\"");
    assertThat(said(tools, "request", Fakes.arguments())).doesNotContain("traceparent");
  }

  @Test
  void aServerWithoutResourcesIsNotAskedForOne() {
    ToolException e =
        Fakes.failure(call(one(""), "s", "resources/read", Entries.json("{'uri':'x:y'}")));
    assertThat(e).hasMessage("server 's' has no resources: not asked");
    assertThat(e.possiblyExecuted()).isFalse();
    ToolException other =
        Fakes.failure(call(one(""), "s", "prompts/get", Entries.json("{'name':'p'}")));
    assertThat(other).hasMessage("server 's' has no prompts: not asked");
  }

  @Test
  void closingEndsEverythingWithinFiveSeconds() throws IOException {
    McpTools tools =
        tools(
            Layer.USER,
            Map.of(
                "s", Entries.fake("", "ignores-term"),
                "t", Entries.fake("", "ignores-end-of-input"),
                "u", Entries.fake("", "pages")));
    for (String server : tools.servers()) {
      Fakes.get(tools.list(server));
    }
    long start = System.nanoTime();
    tools.close();
    host.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    assertThat(started()).isZero();
  }
}
