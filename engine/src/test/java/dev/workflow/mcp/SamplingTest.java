package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Elicitor;
import dev.workflow.engine.Sampler;
import dev.workflow.engine.Sampler.RefusedException;
import dev.workflow.engine.Sampler.Sampling;
import dev.workflow.engine.Tools;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SamplingTest {
  private static final JsonNode REPLY =
      JsonMapper.shared()
          .readTree(
              "{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"fine\"},"
                  + "\"model\":\"p/m\",\"stopReason\":\"endTurn\"}");

  private final Path folder;
  private final McpHost host;
  private final List<McpTools> opened = new ArrayList<>();

  /** What a model was asked. */
  private final Queue<Sampling> asked = new ConcurrentLinkedQueue<>();

  SamplingTest(@TempDir Path folder) {
    this.folder = folder;
    this.host = new McpHost(folder.resolve("home"), System.getenv(), McpSettings.DEFAULT);
  }

  @AfterEach
  void end() {
    opened.forEach(McpTools::close);
    host.close();
  }

  private McpTools tools(String more) {
    List<String> command = Fakes.command(AskingServer.class);
    String args =
        command.stream().skip(1).map(arg -> "'" + arg + "'").collect(Collectors.joining(","));
    String written = "{'command':'" + command.getFirst() + "','args':[" + args + "]" + more + "}";
    ServerEntry entry = Entries.entry(Layer.USER, folder, "asking", written);
    McpTools tools =
        host.tools(
            new ServerList(Map.of("asking", entry), List.of(), Set.of(), List.of()),
            Set.of(),
            (name, digest) -> false);
    opened.add(tools);
    return tools;
  }

  private Mono<JsonNode> fine(Sampling wanted) {
    asked.add(wanted);
    return Mono.just(REPLY);
  }

  private static String call(
      McpTools tools, String tool, String ask, @Nullable Duration timeout, Sampler sampler) {
    JsonNode arguments = Fakes.arguments().put("ask", ask);
    return Fakes.get(
            tools.call(
                new Tools.Call(
                    "",
                    "asking",
                    tool,
                    arguments,
                    "key",
                    "",
                    timeout,
                    ignored -> {},
                    "",
                    Elicitor.NOBODY,
                    sampler)))
        .value()
        .stringValue();
  }

  @Test
  void aServerWhoseEntryDoesNotSayItMayAskNoModel() {
    McpTools tools = tools("");
    assertThat(call(tools, "declared", "", null, this::fine)).doesNotContain("sampling");
    assertThat(call(tools, "model", "How?", null, this::fine)).contains("-32601");
    assertThat(asked).isEmpty();
    assertThat(tools.sampling("asking")).isEmpty();
  }

  @Test
  void aServerThatMayIsToldWhatAModelReplies() {
    McpTools tools = tools(",'sampling':true");
    assertThat(call(tools, "declared", "", null, this::fine)).contains("\"sampling\":{}");
    assertThat(call(tools, "model", "How?", null, this::fine)).contains("\"result\":" + REPLY);
    assertThat(asked)
        .containsExactly(
            new Sampling(
                null,
                JsonMapper.shared()
                    .readTree(
                        "{\"messages\":[{\"role\":\"user\",\"text\":\"How?\"}],\"max_tokens\":4096}")));
    assertThat(tools.sampling("asking")).contains("");
  }

  @Test
  void itsEntrySaysOfWhichModelHowMuchAndHowOften() {
    McpTools tools = tools(",'sampling':{'model':'small','maxTokens':7,'maxRequests':2}");
    assertThat(tools.sampling("asking")).contains("small");
    assertThat(call(tools, "model_flood", "", null, this::fine))
        .startsWith("998 refused: ")
        .contains(
            "-32600",
            "a call may have a model asked at most 2 times, as the entry of the server says"
                + " (sampling.maxRequests)");
    assertThat(asked).hasSize(2);
    assertThat(asked.element().alias()).isEqualTo("small");
    assertThat(asked.element().request().path("max_tokens").asInt()).isEqualTo(7);
    assertThat(call(tools, "quick", "", null, this::fine)).isEqualTo("{}");
  }

  @Test
  void whatIsNoTextOrTooLongOrOffersToolsAsksNoModel() {
    McpTools tools = tools(",'sampling':true");
    assertThat(call(tools, "model_huge", "", null, this::fine))
        .contains("-32602", "expected at most 100000 characters, found 10000000");
    assertThat(call(tools, "model_image", "", null, this::fine))
        .contains("-32602", "expected messages of type text, found image");
    assertThat(call(tools, "model_tools", "How?", null, this::fine))
        .contains("-32602", "this client declared sampling without tools");
    assertThat(asked).isEmpty();
  }

  @Test
  void whatCostsIsOnlyAskedForACallThatIsAloneUnderWay() {
    McpTools tools = tools(",'sampling':true");
    call(tools, "quick", "", null, this::fine);
    Sinks.One<JsonNode> first = Sinks.one();
    AtomicBoolean begun = new AtomicBoolean();
    Sampler waiting =
        wanted -> {
          begun.set(true);
          return first.asMono();
        };
    CompletableFuture<String> one =
        CompletableFuture.supplyAsync(() -> call(tools, "model", "One?", null, waiting));
    Fakes.await("the first asks", begun::get);
    CompletableFuture<String> two =
        CompletableFuture.supplyAsync(() -> call(tools, "model", "Two?", null, this::fine));
    Fakes.get(Mono.delay(Duration.ofMillis(300)));
    assertThat(asked).isEmpty();
    first.tryEmitValue(REPLY);
    assertThat(one.join()).contains("fine");
    assertThat(two.join()).contains("fine");
    assertThat(asked).hasSize(1);
  }

  @Test
  void whoMakesACallByHandHasNoModelAsked() {
    assertThat(call(tools(",'sampling':true"), "model", "How?", null, Sampler.NONE))
        .contains("\"code\":-1", "no run makes the call, so no model is asked");
    Sampler refusing = wanted -> Mono.error(new RefusedException("not today"));
    assertThat(call(tools(",'sampling':true"), "model", "How?", null, refusing))
        .contains("\"code\":-1", "not today");
  }

  @Test
  void theTimeOfACallStandsStillWhileAModelAnswers() {
    McpTools tools = tools(",'sampling':true");
    call(tools, "quick", "", null, this::fine);
    Duration time = Duration.ofMillis(300);
    Sampler slow = wanted -> Mono.delay(time.multipliedBy(3)).map(tick -> REPLY);
    assertThat(call(tools, "model", "How?", time, slow)).contains("fine");
  }

  @Test
  void whatIsAskedAfterTheCallHasEndedIsRefused() {
    McpTools tools = tools(",'sampling':true");
    assertThat(call(tools, "model_late", "100", null, this::fine)).isEqualTo("ended");
    Fakes.await(
        "the server is told",
        () -> {
          Fakes.get(Mono.delay(Duration.ofMillis(400)));
          return !call(tools, "model_told", "", null, this::fine).isEmpty();
        });
    assertThat(call(tools, "model_told", "", null, this::fine))
        .contains("no call is under way that it could belong to");
    assertThat(asked).isEmpty();
  }

  @Test
  void aServerThatAsksWhileItIsStoppedHoldsNothingUp() {
    McpTools tools = tools(",'sampling':true");
    assertThat(call(tools, "model_late", "50", null, this::fine)).isEqualTo("ended");
    tools.close();
    host.close();
    assertThat(asked).isEmpty();
  }

  @Test
  void theQuestionOfAnApprovalSaysWhatItMayCost() {
    Trust trust = new Trust(folder.resolve("home"), Map.of());
    assertThat(trust.explanation(entry(",'sampling':true")))
        .contains(
            "sampling: at most 10 requests in a call and 4096 tokens in a reply, of the model of"
                + " the agent that calls it",
            "risk: it may ask your model, at your cost");
    assertThat(trust.explanation(entry(",'sampling':{'model':'m\\n','maxRequests':1}")))
        .contains(
            "sampling: at most 1 request in a call and 4096 tokens in a reply, of the model"
                + " \"m\\u{a}\"");
    assertThat(trust.explanation(entry(",'sampling':false")))
        .noneMatch(line -> line.contains("model"));
  }

  private ServerEntry entry(String more) {
    return Entries.entry(Layer.WORKSPACE, folder, "s", "{'command':'x'" + more + "}");
  }

  @Test
  void whatAnEntrySaysWronglyIsToldWithWhatIsExpected() {
    assertThat(problems("'yes'"))
        .isEqualTo(
            "server 's', field sampling: expected true or false without quotes, or a map with"
                + " model, maxTokens and maxRequests, found text");
    assertThat(problems("{'maxTokens':0}"))
        .isEqualTo(
            "server 's', field sampling.maxTokens: expected a whole number from 1 to 1000000,"
                + " found the number 0");
    assertThat(problems("{'maxRequests':'5'}"))
        .isEqualTo(
            "server 's', field sampling.maxRequests: expected a whole number from 1 to 1000,"
                + " found text");
    assertThat(problems("{'model':1}"))
        .isEqualTo(
            "server 's', field sampling.model: expected the alias of a model, found the number 1");
    assertThat(problems("{'modell':'m'}"))
        .isEqualTo(
            "server 's', field sampling.modell: expected model, maxTokens or maxRequests, found"
                + " modell");
  }

  private String problems(String sampling) {
    return Entries.list(
            Layer.USER, folder, Map.of("s", "{'command':'x','sampling':" + sampling + "}"))
        .problems()
        .getFirst()
        .message();
  }

  @Test
  void noSecretOfAServerIsTakenToAModel() {
    McpTools tools = tools(",'sampling':true,'env':{'API_TOKEN':'sk-hunter2-hunter2'}");
    assertThat(call(tools, "model", "sk-hunter2-hunter2", null, this::fine)).contains("fine");
    assertThat(asked.element().request().toString()).contains("[secret]").doesNotContain("hunter2");
  }
}
