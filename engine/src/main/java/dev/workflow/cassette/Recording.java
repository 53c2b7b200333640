package dev.workflow.cassette;

import dev.workflow.cassette.Cassette.Asked;
import dev.workflow.cassette.Cassette.Call;
import dev.workflow.cassette.Cassette.Kind;
import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.People;
import dev.workflow.engine.People.Question;
import dev.workflow.engine.Retelling;
import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes a cassette from the journal of a run. What a crash has cut off is told as if it had not
 * been: a call that was lost and simply made again is one call, a call of which nobody knew what
 * became of it is one that failed and may have taken effect, and the time without an engine did not
 * pass.
 */
public final class Recording {

  private final Function<RunState, Retelling> retelling;
  private final List<Taken> calls = new ArrayList<>();
  private final List<Question> questions = new ArrayList<>();
  private final List<@Nullable Asked> answers = new ArrayList<>();
  private final Map<String, Taken> open = new HashMap<>();
  private final Map<String, Taken> lost = new HashMap<>();

  /** Calls that were given up while their servers asked. */
  private final Map<String, Taken> left = new HashMap<>();

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, String> doubts = new HashMap<>();
  private Duration away = Duration.ZERO;

  private Recording(Function<RunState, Retelling> retelling) {
    this.retelling = retelling;
  }

  /** Why there can be no cassette of a run. */
  public static final class NoCassetteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoCassetteException(String message) {
      super(message);
    }
  }

  /** A call while it is read. */
  private static final class Taken {
    private final String id;
    private final Kind kind;
    private final ObjectNode request;

    /** What stands for its repetition: the key of a tool call, the step of a model's. */
    private final String again;

    /** Whether it may simply be made again. */
    private final boolean repeatable;

    private final String named;
    private ObjectNode answer = RecordedAnswers.silence();
    private Duration after = Duration.ZERO;

    /** Whether its server waits for a person. */
    private boolean asks;

    private Taken(
        String id, Kind kind, ObjectNode request, String again, boolean repeatable, String named) {
      this.id = id;
      this.kind = kind;
      this.request = request;
      this.again = again;
      this.repeatable = repeatable;
      this.named = named;
    }

    private Call call() {
      return new Call(id, kind, request, answer, after);
    }
  }

  /**
   * The cassette of a run.
   *
   * @param events all of its journal
   * @param retelling of a state
   * @throws NoCassetteException where a replay could not be what the run was
   */
  public static Cassette of(List<Recorded> events, Function<RunState, Retelling> retelling) {
    return new Recording(retelling).read(events);
  }

  private Cassette read(List<Recorded> events) {
    RunState run = RunState.begin(events.getFirst());
    Retelling retold = retelling.apply(run);
    Instant before = run.startedAt();
    for (Recorded recorded : events.subList(1, events.size())) {
      run.apply(recorded);
      retold.see(recorded.event());
      if (recorded.event() instanceof Event.RunResumed) {
        away = away.plus(Duration.between(before, recorded.time()));
      }
      before = recorded.time();
      refuse(recorded.event());
      take(recorded.event(), run, retold, elapsed(run.startedAt(), before));
    }
    if (!run.wanted().isEmpty()) {
      throw new NoCassetteException(
          "Expected a run whose calls are answered, found one in which a server waits for a person."
              + " Answer it first: workflow runs show "
              + run.start().run());
    }
    if (run.status() == RunStatus.RUNNING) {
      throw new NoCassetteException(
          "Expected a run that has ended or waits, found one that was cut off. Go on with it first:"
              + " workflow resume "
              + run.start().run());
    }
    return Contents.of(run, calls.stream().map(Taken::call).toList(), asked());
  }

  /** Clocks may step back; an answer never comes before the start. */
  private Duration elapsed(Instant start, Instant now) {
    Duration elapsed = Duration.between(start, now).minus(away);
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }

  private static void refuse(Event event) {
    String why =
        switch (event) {
          case Event.CancelRequested cancelled ->
              "it was cancelled from outside, which no replay does";
          case Event.PlanChanged change ->
              switch (change.reason()) {
                case ADOPTED -> "it went over to another definition half way (--adopt)";
                case FORKED -> "it is a fork, which took over what another run did";
                case REPLANNED -> null;
              };
          case Event.StepPrepared step when step.prepared() instanceof Prepared.Cached cached ->
              "step "
                  + step.step()
                  + " was answered by what run "
                  + cached.run()
                  + " kept (cache), without a call";
          default -> null;
        };
    if (why != null) {
      throw new NoCassetteException(
          "Expected a run that does again what it did, found one that does not: "
              + why
              + ". Record a new run: workflow run FILE --record CASSETTE");
    }
  }

  private void take(Event event, RunState run, Retelling retold, Duration now) {
    switch (event) {
      case Event.ToolCalled e -> called(e);
      case Event.ModelCalled e when e.samples() != null -> {
        // Like what a server asks a person, it is part of how the call came to its answer.
      }
      case Event.ModelCalled e -> {
        ObjectNode request = Requests.model(retold.request(e));
        begin(e.call(), Kind.MODEL, e.step().toString(), request, e.step() + "", true, "");
      }
      case Event.ToolReturned e ->
          answered(
              e.call(),
              RecordedAnswers.returned(e.output(), e.output().isObject(), e.content()),
              now);
      case Event.ToolFailed e -> failed(e.call(), e.error(), e.possiblyExecuted(), now);
      case Event.ModelReplied e ->
          answered(e.call(), RecordedAnswers.replied(retold.reply(e)), now);
      case Event.ModelFailed e -> failed(e.call(), e.error(), e.possiblyBilled(), now);
      case Event.RunResumed e -> cutOff(now);
      case Event.ElicitationAsked e -> asking(e.call(), true);
      case Event.ElicitationAnswered e -> told(e, now);
      case Event.ElicitationPostponed e -> postponed(e.call());
      case Event.QuestionAsked e -> asked(Question.of(e.step(), e.text(), e.form()));
      case Event.QuestionAnswered e -> answered(e.step() + "", e.answer(), now);
      case Event.FailureAsked e -> asked(Question.about(run, e.step(), e.error()));
      case Event.FailureAnswered e ->
          answered(e.step() + "", decision(e.decision(), e.output()), now);
      case Event.StepInDoubt e -> {
        doubts.put(e.call(), e.reason());
        asked(new Question(e.step(), People.Kind.IN_DOUBT, e.reason(), null, null, null));
      }
      case Event.DoubtResolved e -> resolved(e, now);
      case Event.TimerFired e -> expired(e.step() + "", now);
      default -> {}
    }
  }

  private void called(Event.ToolCalled e) {
    begin(
        e.call(),
        Kind.TOOL,
        e.step().toString(),
        Requests.tool(e.server(), e.tool(), e.digest(), e.arguments()),
        e.key(),
        e.effect().repeatable(),
        e.server() + "/" + e.tool());
  }

  private void begin(
      String call,
      Kind kind,
      String step,
      ObjectNode request,
      String again,
      boolean repeatable,
      String named) {
    Taken earlier = lost.remove(kind + again);
    if (earlier != null) {
      open.put(call, earlier);
      return;
    }
    String id = step + "#" + numbers.merge(step, 1, Integer::sum);
    Taken taken = new Taken(id, kind, request, again, repeatable, named);
    calls.add(taken);
    open.put(call, taken);
  }

  private void failed(String call, StepError error, boolean unsure, Duration now) {
    boolean givenUp = error.kind() == ErrorKind.CANCELLED;
    answered(
        call, givenUp ? RecordedAnswers.silence() : RecordedAnswers.failed(error, unsure), now);
  }

  private void answered(String call, ObjectNode answer, Duration now) {
    Taken taken = open.remove(call);
    if (taken != null) {
      taken.answer = answer;
      taken.after = now;
    }
  }

  /** What a server asked is part of how it came to its answer: a replay gives that at once. */
  private void asking(String call, boolean asks) {
    Taken taken = open.get(call);
    if (taken != null) {
      taken.asks = asks;
    }
  }

  private void postponed(String call) {
    Taken taken = open.remove(call);
    if (taken != null) {
      lost.put(taken.kind + taken.again, taken);
      left.put(call, taken);
    }
  }

  private void told(Event.ElicitationAnswered e, Duration now) {
    asking(e.call(), false);
    Taken given = left.remove(e.call());
    if (given != null) {
      given.asks = false;
    }
    if (given != null && e.reaction() == Event.Reaction.CANCEL) {
      lost.remove(given.kind + given.again);
      String message = "The question of " + given.named + " was dismissed; it is not called again";
      given.answer = RecordedAnswers.failed(StepError.of(ErrorKind.REJECTED, message), false);
      given.after = now;
    }
  }

  /** The answers that were under way are lost. */
  private void cutOff(Duration now) {
    open.forEach(
        (call, taken) -> {
          if (taken.asks) {
            left.put(call, taken);
          }
        });
    for (Taken taken : open.values()) {
      if (taken.repeatable || taken.asks) {
        lost.put(taken.kind + taken.again, taken);
      } else {
        taken.answer =
            RecordedAnswers.failed(
                StepError.of(
                    ErrorKind.UNAVAILABLE,
                    "The engine ended before the answer of " + taken.named + " was recorded"),
                true);
        taken.after = now;
      }
    }
    open.clear();
  }

  private void asked(Question question) {
    questions.add(question);
    answers.add(null);
  }

  private void answered(String step, JsonNode answer, Duration now) {
    settle(step, null, answer, now);
  }

  private void expired(String step, Duration now) {
    settle(step, null, null, now);
  }

  private void resolved(Event.DoubtResolved e, Duration now) {
    JsonNode answer = decision(e.resolution(), e.output());
    settle(e.step() + "", Objects.requireNonNull(doubts.get(e.call())), answer, now);
  }

  private static ObjectNode decision(Enum<?> decision, @Nullable JsonNode output) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("decision", decision.name().toLowerCase(Locale.ROOT));
    if (output != null) {
      answer.set("output", output);
    }
    return answer;
  }

  /** The open question of the step has come to its end. */
  private void settle(String step, @Nullable String text, @Nullable JsonNode answer, Duration now) {
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      if (answers.get(i) == null
          && question.step().toString().equals(step)
          && (text == null || text.equals(question.text()))) {
        answers.set(i, asked(question, answer, answer == null, now));
        return;
      }
    }
  }

  private static Asked asked(
      Question question, @Nullable JsonNode answer, boolean expired, Duration after) {
    return new Asked(
        question.step().toString(),
        kind(question),
        question.text(),
        question.form(),
        answer,
        expired,
        after);
  }

  static String kind(Question question) {
    return question.kind().name().toLowerCase(Locale.ROOT);
  }

  private List<Asked> asked() {
    List<Asked> all = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      Asked settled = answers.get(i);
      all.add(settled == null ? asked(questions.get(i), null, false, Duration.ZERO) : settled);
    }
    return all;
  }
}
