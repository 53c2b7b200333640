package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Elicitor;
import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.Elicitor.Elicited;
import dev.workflow.engine.Sampler;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import dev.workflow.run.Event.Reaction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ElicitationTest {
  private static final JsonNode ANN = JsonMapper.shared().readTree("{\"name\":\"Ann\"}");

  private final McpHost host;
  private final McpTools tools;

  ElicitationTest(@TempDir Path folder) {
    List<String> command = Fakes.command(AskingServer.class);
    String args =
        command.stream().skip(1).map(arg -> "'" + arg + "'").collect(Collectors.joining(","));
    ServerEntry entry =
        Entries.entry(
            Layer.USER,
            folder,
            "asking",
            "{'command':'" + command.getFirst() + "','args':[" + args + "]}");
    this.host = new McpHost(folder.resolve("home"), System.getenv(), McpSettings.DEFAULT);
    this.tools =
        host.tools(
            new ServerList(Map.of("asking", entry), List.of(), Set.of(), List.of()),
            Set.of(),
            (name, digest) -> false);
  }

  @AfterEach
  void end() {
    tools.close();
    host.close();
  }

  /** A person whom a test answers for. */
  private static final class Person implements Elicitor {
    final Queue<Elicitation> asked = new ConcurrentLinkedQueue<>();
    final AtomicReference<@Nullable MonoSink<Elicited>> waiting = new AtomicReference<>();

    @Override
    public Mono<Elicited> elicit(Elicitation wanted) {
      return Mono.create(
          sink -> {
            asked.add(wanted);
            waiting.set(sink);
          });
    }

    void isAsked(int times) {
      Fakes.await("a person is asked", () -> asked.size() == times && waiting.get() != null);
    }

    void says(Reaction reaction, @Nullable JsonNode content) {
      MonoSink<Elicited> sink = waiting.getAndSet(null);
      assertThat(sink).as("somebody asks").isNotNull();
      if (sink != null) {
        sink.success(new Elicited(reaction, content));
      }
    }
  }

  private Mono<String> call(
      String tool, String ask, @Nullable Duration timeout, Elicitor elicitor) {
    JsonNode arguments = Fakes.arguments().put("ask", ask);
    return tools
        .call(
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
                elicitor,
                Sampler.NONE))
        .map(answer -> answer.value().stringValue());
  }

  private static Elicitor always(Reaction reaction, @Nullable JsonNode content) {
    return wanted -> Mono.just(new Elicited(reaction, content));
  }

  private static List<String> begin(Mono<String> call) {
    List<String> told = new ArrayList<>();
    call.subscribe(told::add, failure -> told.add("failed: " + failure.getMessage()));
    return told;
  }

  @Test
  void everyServerIsToldThatFormsAreAnsweredAndNothingElse() {
    assertThat(Fakes.get(call("declared", "", null, Elicitor.NOBODY)))
        .isEqualTo("{\"elicitation\":{\"form\":{}}}");
  }

  @Test
  void aServerIsToldWhatAPersonAnswers() {
    assertThat(Fakes.get(call("person", "Who?", null, always(Reaction.ACCEPT, ANN))))
        .contains("\"result\":{\"action\":\"accept\",\"content\":{\"name\":\"Ann\"}}");
    assertThat(Fakes.get(call("person", "Who?", null, always(Reaction.DECLINE, null))))
        .contains("\"result\":{\"action\":\"decline\"}");
    assertThat(Fakes.get(call("person", "Who?", null, Elicitor.NOBODY)))
        .contains("\"result\":{\"action\":\"cancel\"}");
  }

  @Test
  void ofTheSchemaOnlyWhatIsKnownIsAsked() {
    Person person = new Person();
    List<String> told = begin(call("person", "Who are you?", null, person));
    person.isAsked(1);
    Elicitation wanted = person.asked.element();
    assertThat(wanted.message()).isEqualTo("Who are you?");
    assertThat(wanted.form())
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"type":"object","properties":{
                      "name":{"type":"string","description":"Your name"},
                      "seats":{"type":"integer","minimum":1,"default":2}},
                     "required":["name"],"additionalProperties":false}
                    """));
    person.says(Reaction.ACCEPT, ANN);
    Fakes.await("the call ends", () -> told.size() == 1);
  }

  @Test
  void nobodyIsAskedForWhatAFormMayNotAskFor() {
    Person person = new Person();
    assertThat(Fakes.get(call("secret", "Password?", null, person)))
        .contains("-32602", "the field password asks for a secret, which no form may");
    assertThat(Fakes.get(call("nested", "Deep?", null, person)))
        .contains(
            "-32602", "the field deep must be a string, number, integer, boolean or a choice");
    assertThat(Fakes.get(call("person", "", null, person)))
        .contains("-32602", "expected a message of 1 to 10000 characters");
    assertThat(person.asked).isEmpty();
  }

  @Test
  void aCallMayAskTenTimes() {
    List<Elicitation> asked = new ArrayList<>();
    String told =
        Fakes.get(
            call(
                "endless",
                "Who",
                null,
                wanted -> {
                  asked.add(wanted);
                  return Mono.just(new Elicited(Reaction.ACCEPT, ANN));
                }));
    assertThat(told).contains("a call may ask at most 10 times");
    assertThat(asked).hasSize(10);
  }

  @Test
  void theTimeOfACallStandsStillWhileAPersonThinks() {
    Fakes.get(call("quick", "", null, Elicitor.NOBODY));
    Duration time = Duration.ofMillis(300);
    Elicitor slow =
        wanted -> Mono.delay(time.multipliedBy(3)).map(tick -> new Elicited(Reaction.ACCEPT, ANN));
    assertThat(Fakes.get(call("person", "Who?", time, slow))).contains("Ann");
  }

  @Test
  void itRunsAgainAfterTheAnswer() {
    Fakes.get(call("quick", "", null, Elicitor.NOBODY));
    Elicitor person =
        wanted ->
            wanted.message().equals("stall")
                ? Mono.just(new Elicited(Reaction.DECLINE, null))
                : Mono.never();
    ToolException late = Fakes.failure(call("stalls", "stall", Duration.ofMillis(300), person));
    assertThat(late.error().kind()).isEqualTo(ErrorKind.TIMEOUT);
  }

  @Test
  void aQuestionWaitsUntilItIsClearWhichCallItBelongsTo() {
    Fakes.get(call("quick", "", null, Elicitor.NOBODY));
    Person first = new Person();
    Person other = new Person();
    List<String> slow = begin(call("slow", "", null, other));
    List<String> asking = begin(call("person", "Who?", null, first));
    Fakes.await("the slow call has ended", () -> slow.size() == 1);
    first.isAsked(1);
    first.says(Reaction.ACCEPT, ANN);
    Fakes.await("the call ends", () -> asking.size() == 1);
    assertThat(asking.getFirst()).contains("Ann");
    assertThat(other.asked).isEmpty();
  }

  @Test
  void questionsThatNobodyCanTellApartAreRefusedAndCallsAreMadeOneAtATimeThen() {
    Fakes.get(call("quick", "", null, Elicitor.NOBODY));
    Person person = new Person();
    List<String> one = begin(call("both", "one", null, person));
    List<String> two = begin(call("both", "two", null, person));
    Fakes.await("both have ended", () -> one.size() + two.size() == 2);
    assertThat(one.getFirst()).contains("it cannot be told which of them asks");
    assertThat(two.getFirst()).contains("it cannot be told which of them asks");
    assertThat(person.asked).isEmpty();

    List<String> three = begin(call("person", "three", null, person));
    List<String> four = begin(call("person", "four", null, person));
    person.isAsked(1);
    person.says(Reaction.ACCEPT, ANN);
    person.isAsked(2);
    person.says(Reaction.DECLINE, null);
    Fakes.await("both have ended", () -> three.size() + four.size() == 2);
    assertThat(three.getFirst()).contains("Ann");
    assertThat(four.getFirst()).contains("decline");
  }

  @Test
  void aQuestionOfACallThatEndsWithoutItsAnswerIsDismissed() {
    Person person = new Person();
    assertThat(Fakes.get(call("impatient", "Who?", null, person))).isEqualTo("ended");
    assertThat(person.asked).hasSize(1);
    Fakes.await(
        "the server is told",
        () ->
            Fakes.get(call("model_told", "", null, person))
                .contains("\"result\":{\"action\":\"cancel\"}"));
  }

  @Test
  void aCallThatIsGivenUpWhileAPersonIsAskedIsCancelledAtTheServer() {
    Person person = new Person();
    Disposable call = call("person", "Who?", null, person).subscribe();
    person.isAsked(1);
    call.dispose();
    Fakes.await(
        "the server has heard of it",
        () -> !Fakes.get(call("cancelled", "", null, Elicitor.NOBODY)).equals("0"));
  }
}
