package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Money;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.ModelException;
import dev.workflow.engine.Sampler.Sampling;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a server has a model asked in the middle of a call. */
class SamplingTest {
  private static final ModelRef FIRST = ModelRef.of("p", "first");
  private static final ModelRef SECOND = ModelRef.of("p", "second");
  private static final Price CENT =
      Price.of(json("{'input_cost_per_token':0.01,'output_cost_per_token':0.01}")).orElseThrow();

  /** A model that answers as a test says, and takes three tokens in and two out. */
  private static final class Model implements Models {
    private final List<Request> asked = new ArrayList<>();
    private final Function<Request, Mono<String>> answers;

    Model(Function<Request, Mono<String>> answers) {
      this.answers = answers;
    }

    @Override
    public Optional<String> unusable(ModelRef model) {
      return Optional.empty();
    }

    @Override
    public Bound bound(Request request) {
      return new Bound(10, 10);
    }

    @Override
    public String identity(ModelRef model) {
      return "one";
    }

    @Override
    public Mono<Reply> ask(Request request, Consumer<String> progress) {
      asked.add(request);
      Usage usage = new Usage(3, 2, 0, 0, 0);
      return answers
          .apply(request)
          .map(text -> new Reply(text, null, List.of(), null, false, usage));
    }
  }

  private static Model saying(String text) {
    return new Model(request -> Mono.just(text));
  }

  private static DriverWorld world(Models model) {
    return new DriverWorld("hunter2secret")
        .prompt()
        .asking(
            model,
            Map.of("default", List.of(FIRST, SECOND), "small", List.of(SECOND)),
            Map.of("p/first", CENT, "p/second", CENT));
  }

  private static Sampling wish(@Nullable String alias, String text) {
    return new Sampling(
        alias,
        json(
            "{'system':'Be brief.','messages':[{'role':'user','text':'"
                + text
                + "'},{'role':'assistant','text':'Well'},{'role':'user','text':'go on'}],"
                + "'max_tokens':50,'stop':['END']}"));
  }

  /** A server that has a model asked, and gives what it was told. */
  private static Function<Tools.Call, Mono<Tools.Answer>> sampling(Sampling... wishes) {
    return call -> {
      Mono<String> told = Mono.just("");
      for (Sampling wish : wishes) {
        told =
            told.flatMap(
                before ->
                    call.sampler()
                        .sample(wish)
                        .map(result -> result.at("/content/text").asString(""))
                        .onErrorResume(e -> Mono.just("(" + e.getMessage() + ")"))
                        .map(text -> before + text));
      }
      return told.map(text -> new Tools.Answer(JsonNodeFactory.instance.stringNode(text), false));
    };
  }

  @Test
  void theModelOfTheWorkflowIsAskedWhenThatIsOnDiskAndTheServerToldWhenTheReplyIs() {
    Model model = saying("fine END not this");
    List<JsonNode> told = new ArrayList<>();
    DriverWorld world =
        new DriverWorld()
            .asking(model, Map.of("default", List.of(FIRST)), Map.of("p/first", CENT))
            .serving(
                call -> {
                  call.sampler().sample(wish(null, "How?")).subscribe(told::add);
                  return Mono.never();
                });
    world.drive(Effect.WRITE, "pay");
    world.sync();
    assertThat(world.kinds()).endsWith("ToolCalled", "SamplingAsked", "ModelCalled");
    assertThat(model.asked).isEmpty();
    world.sync();
    assertThat(world.kinds()).endsWith("ModelReplied", "SamplingAnswered");
    assertThat(told).isEmpty();
    world.sync();
    assertThat(told)
        .containsExactly(
            json(
                "{'role':'assistant','content':{'type':'text','text':'fine '},'model':'p/first',"
                    + "'stopReason':'stopSequence'}"));
    Models.Request request = model.asked.getFirst();
    assertThat(request.agent()).isEqualTo("s/pay");
    assertThat(request.system()).isEqualTo("Be brief.");
    assertThat(request.messages())
        .containsExactly(
            new Message.User("How?"),
            new Message.Assistant("Well", null, List.of()),
            new Message.User("go on"));
    assertThat(request.tools()).isEmpty();
    assertThat(request.model().maxTokens()).isEqualTo(50);
    RunState run = fold(world.appended);
    assertThat(run.modelCalls()).isEqualTo(1);
    assertThat(run.usage()).isEqualTo(new Usage(3, 2, 0, 0, 0));
    assertThat(run.cost()).isEqualTo(Money.parse("0.05 USD"));
  }

  @Test
  void theEntryOfTheServerMayNameTheModelAndTheNextOfAnAliasAnswersWhereOneFails() {
    Model failing =
        new Model(
            request ->
                request.model().name().equals("p/first")
                    ? Mono.error(
                        new ModelException(
                            StepError.of(ErrorKind.RATE_LIMITED, "too often"), false))
                    : Mono.just("second"));
    assertThat(output(world(failing), wish(null, "How?"))).isEqualTo("second");
    assertThat(failing.asked).hasSize(2);
    Model small = saying("small");
    assertThat(output(world(small), wish("small", "How?"))).isEqualTo("small");
    assertThat(small.asked.getFirst().model().name()).isEqualTo("p/second");
  }

  @Test
  void whereNoModelAnswersTheServerIsToldWhy() {
    Model failing =
        new Model(
            request ->
                Mono.error(
                    new ModelException(StepError.of(ErrorKind.RATE_LIMITED, "too often"), false)));
    assertThat(output(world(failing), wish(null, "How?")))
        .isEqualTo("(no model has answered: too often)");
    assertThat(output(world(saying("x")), wish("big", "How?")))
        .isEqualTo(
            "(no model is asked: the entry of the server names the model `big`, and this run has"
                + " none of that name that is usable; define it under `models`, set the key of its provider, or name one in the server's entry (sampling.model))");
    assertThat(output(new DriverWorld().prompt(), wish(null, "How?"), wish(null, "And?")))
        .contains(
            "(no model is asked: the call is made by a step without an agent, which has the model"
                + " `default`, and this run has none of that name that is usable; define it under `models`, set the key of its provider, or name one in the server's entry (sampling.model))");
  }

  @Test
  void atALimitOfTheStepTheServerIsRefusedAndTheStepGoesOn() {
    Allowance one = new Allowance(null, null, 1, null, null, null);
    DriverWorld world = world(saying("yes ")).with(one);
    assertThat(output(world, wish(null, "How?"), wish(null, "And?")))
        .isEqualTo(
            "yes (no model has answered: Step pay has made the 1 model calls that"
                + " limits.model_calls allows)");
    assertThat(fold(world.appended).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void atALimitOfTheRunTheServerIsRefusedAndTheRunGoesOn() {
    Model model = saying("yes");
    Limits limits =
        new Limits(
            2,
            Limits.DEFAULT.time(),
            2,
            2,
            new Allowance(null, Money.parse("0.10 USD"), null, null, null, null));
    DriverWorld world =
        world(model).allowing(limits).serving(sampling(wish(null, "How?"), wish(null, "And?")));
    world.drive(Effect.WRITE, "pay", "then");
    assertThat(model.asked).isEmpty();
    assertThat(fold(world.appended).limitReached()).isNull();
    assertThat(fold(world.appended).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(fold(world.appended).output("then")).asString().contains("no model has answered: ");
  }

  @Test
  void whatIsSecretReachesNeitherTheModelNorTheJournal() {
    Model model = saying("It is hunter2secret");
    DriverWorld world = world(model);
    assertThat(output(world, wish(null, "hunter2secret?"))).isEqualTo("It is [secret]");
    assertThat(model.asked.getFirst().messages().getFirst())
        .isEqualTo(new Message.User("[secret]?"));
    assertThat(world.appended.toString()).doesNotContain("hunter2");
  }

  @Test
  void aModelThatIsAskedForACallThatHasEndedIsGivenUp() {
    AtomicBoolean givenUp = new AtomicBoolean();
    Sinks.One<Tools.Answer> answer = Sinks.one();
    Model silent = new Model(request -> Mono.<String>never().doOnCancel(() -> givenUp.set(true)));
    DriverWorld world =
        world(silent)
            .serving(
                call -> {
                  call.sampler().sample(wish(null, "How?")).subscribe();
                  return answer.asMono();
                });
    world.drive(Effect.WRITE, "pay");
    assertThat(silent.asked).hasSize(1);
    assertThat(givenUp).isFalse();
    answer.tryEmitValue(new Tools.Answer(JsonNodeFactory.instance.stringNode("done"), false));
    assertThat(givenUp).isTrue();
    assertThat(fold(world.appended).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(world.kinds()).containsSubsequence("ToolReturned", "ModelFailed", "StepSucceeded");
  }

  @Test
  void aReplyThatComesWhenItsCallHasFailedIsNotPaidForAgainWhenThatIsMadeAgain() {
    List<Sinks.One<String>> replies = new ArrayList<>();
    Model model =
        new Model(
            request -> {
              replies.add(Sinks.one());
              return replies.getLast().asMono();
            });
    Sinks.One<Tools.Answer> first = Sinks.one();
    AtomicInteger calls = new AtomicInteger();
    List<JsonNode> told = new ArrayList<>();
    DriverWorld world =
        new DriverWorld()
            .asking(model, Map.of("default", List.of(FIRST)), Map.of("p/first", CENT))
            .serving(
                call -> {
                  call.sampler().sample(wish(null, "How?")).subscribe(told::add, e -> {});
                  return calls.incrementAndGet() == 1 ? first.asMono() : Mono.never();
                });
    world.drive(Effect.READ, "look");
    for (int i = 0; i < 4; i++) {
      world.sync();
    }
    assertThat(model.asked).hasSize(1);
    StepError gone = StepError.of(ErrorKind.UNAVAILABLE, "gone");
    first.tryEmitError(new Tools.ToolException(gone, true));
    replies.getFirst().tryEmitValue("fine");
    for (int i = 0; i < 8; i++) {
      world.sync();
    }
    assertThat(world.called).hasSize(2);
    assertThat(told).hasSize(1);
    assertThat(model.asked).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"READ", "DESTRUCTIVE"})
  void cutOffAfterEachEventNoReplyThatIsOnDiskIsPaidForAgain(Effect effect) {
    Sampling[] wishes = {wish(null, "one"), wish(null, "two"), wish(null, "one")};
    DriverWorld whole = world(numbered(0)).serving(sampling(wishes));
    whole.drive(effect, "pay");
    assertThat(fold(whole.appended).output("pay")).hasToString("\"r1r2r3\"");
    for (int events = 1; events < whole.appended.size(); events++) {
      List<Recorded> before = whole.appended.subList(0, events);
      long replies = count(before, Event.ModelReplied.class);
      Model model = numbered((int) replies);
      DriverWorld next =
          world(model)
              .serving(sampling(wishes))
              .asking(
                  (People.Question question) ->
                      Mono.just(new People.Answer(json("{'decision':'retry'}"), "Ann")));
      next.resume(whole.cut(events));
      String where = effect + " cut after " + before.getLast().event();
      RunState run = fold(next.appended);
      assertThat(run.status()).as(where).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(run.output("pay")).as(where).hasToString("\"r1r2r3\"");
      boolean returned = count(before, Event.ToolReturned.class) > 0;
      long cutOff = count(before, Event.ModelCalled.class) - replies;
      assertThat(model.asked).as(where).hasSize(returned ? 0 : (int) (3 - replies));
      assertThat(run.modelCalls()).as(where).isEqualTo(3 + (int) cutOff);
      Money cost = Money.parse(cutOff == 0 ? "0.15 USD" : "0.35 USD");
      assertThat(run.cost()).as(where).isEqualTo(cost);
    }
  }

  /** Says r1, r2 and so on, as if it had been asked before. */
  private static Model numbered(int before) {
    List<String> said = new ArrayList<>();
    return new Model(
        request -> {
          said.add("");
          return Mono.just("r" + (before + said.size()));
        });
  }

  private static String output(DriverWorld world, Sampling... wishes) {
    world.serving(sampling(wishes)).drive(Effect.WRITE, "pay");
    JsonNode output = fold(world.appended).output("pay");
    return output == null ? "none: " + world.kinds() : output.stringValue();
  }

  private static RunState fold(List<Recorded> events) {
    RunState run = RunState.begin(events.getFirst());
    events.stream().skip(1).forEach(run::apply);
    return run;
  }

  private static long count(List<Recorded> events, Class<? extends Event> kind) {
    return events.stream().filter(each -> kind.isInstance(each.event())).count();
  }

  private static JsonNode json(String text) {
    return ConversationWorld.json(text);
  }
}
