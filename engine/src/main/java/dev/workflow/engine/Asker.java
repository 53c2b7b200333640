package dev.workflow.engine;

import dev.workflow.engine.People.Answer;
import dev.workflow.engine.People.Question;
import dev.workflow.engine.RunDriver.News;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.Event.Resolution;
import dev.workflow.run.Event.WayOut;
import dev.workflow.run.RunState;
import dev.workflow.run.RunState.Wanted;
import dev.workflow.run.StepPath;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** Puts questions to people, validates what they answer, and asks again when it does not fit. */
final class Asker implements AutoCloseable {
  private final People people;
  private final Validator validator;
  private final Consumer<News> tell;
  private final Map<String, StepPath> open = new ConcurrentHashMap<>();
  private final Map<String, Question> doubts = new ConcurrentHashMap<>();
  private final Map<StepPath, Question> failures = new ConcurrentHashMap<>();
  private final Map<String, Wanted> wanted = new ConcurrentHashMap<>();
  private final GivingUp givingUp;
  private final Map<String, Disposable> asked = new ConcurrentHashMap<>();

  /** Gives a call up in which a server wants something that nobody is there to give. */
  interface GivingUp {
    @Nullable Event giveUp(RunState run, Wanted wanted);
  }

  /** Makes an event of an answer; of one that came too late, none. */
  private interface Taking {
    @Nullable Event take(RunState run, Answer answer);
  }

  Asker(People people, Validator validator, Consumer<News> tell, GivingUp givingUp) {
    this.people = people;
    this.validator = validator;
    this.tell = tell;
    this.givingUp = givingUp;
  }

  /** Whether somebody may still answer while the run is driven. */
  boolean waits() {
    return !open.isEmpty();
  }

  /** Somebody will be asked as soon as the question is on disk. */
  void expect(RunState run, Command command) {
    if (command instanceof Command.AskPerson ask) {
      open.put(ask.step().toString(), ask.step());
    } else if (command instanceof Command.AskAboutDoubt ask) {
      open.put(ask.call(), ask.step());
      doubts.put(ask.call(), Question.about(run, ask.step(), ask.call(), ask.reason()));
    } else if (command instanceof Command.AskAboutFailure ask) {
      open.put(ask.step().toString(), ask.step());
      failures.put(ask.step(), Question.about(run, ask.step(), ask.error()));
    } else if (command instanceof Command.AskForServer ask) {
      run.wanted().stream()
          .filter(each -> isFor(each, ask))
          .forEach(
              each -> {
                open.put(name(ask.call()), ask.step());
                wanted.put(name(ask.call()), each);
              });
    }
  }

  private static boolean isFor(Wanted wanted, Command.AskForServer ask) {
    return wanted.asked().call().equals(ask.call()) && wanted.asked().number() == ask.number();
  }

  /** The name of what a server wants in a call; that of the call itself is that of its doubt. */
  private static String name(String call) {
    return call + "?";
  }

  /** Nobody is to answer any more what a server wants in a call. */
  void withdrawWanted(String call) {
    withdraw(name(call));
  }

  /** Nobody is to answer any more what was asked, or was going to be, about a step. */
  void withdraw(StepPath step) {
    open.entrySet().stream()
        .filter(each -> each.getValue().equals(step))
        .map(Map.Entry::getKey)
        .forEach(this::withdraw);
  }

  private void withdraw(String name) {
    open.remove(name);
    wanted.remove(name);
    Disposable question = asked.remove(name);
    if (question != null) {
      question.dispose();
    }
  }

  void ask(Command.AskPerson ask) {
    put(ask.step().toString(), Question.of(ask.step(), ask.text(), ask.form()));
  }

  void ask(Command.AskAboutDoubt ask) {
    put(ask.call(), Objects.requireNonNull(doubts.get(ask.call()), "expected before it is asked"));
  }

  void ask(Command.AskAboutFailure ask) {
    put(
        ask.step().toString(),
        Objects.requireNonNull(failures.get(ask.step()), "expected before it is asked"));
  }

  void ask(Command.AskForServer ask) {
    Wanted each = wanted.get(name(ask.call()));
    if (each != null && isFor(each, ask)) {
      put(
          name(ask.call()),
          ServerQuestion.of(each),
          (state, answer) -> answered(state, each, answer));
    }
  }

  private void put(String name, Question question) {
    put(name, question, (state, answer) -> answered(state, question.step(), answer));
  }

  /** A question that was withdrawn before it could be put is not put. */
  private void put(String name, Question question, Taking taking) {
    if (!open.containsKey(name)) {
      return;
    }
    Disposable put =
        people
            .ask(question)
            .map(Optional::of)
            .defaultIfEmpty(Optional.empty())
            .subscribe(
                answer ->
                    answer.ifPresentOrElse(
                        given -> answered(name, question, given, taking), () -> nobody(name)),
                failure -> nobody(name));
    if (put.isDisposed()) {
      return;
    }
    asked.put(name, put);
    if (!open.containsKey(name)) {
      withdraw(name);
    }
  }

  /** The run may have to pause now: it is looked at again. */
  private void nobody(String name) {
    Wanted left = wanted.get(name);
    if (left == null) {
      open.remove(name);
      tell.accept(state -> null);
      return;
    }
    tell.accept(
        state -> {
          open.remove(name);
          return givingUp.giveUp(state, left);
        });
  }

  private void answered(String name, Question question, Answer answer, Taking taking) {
    String complaint = question.complaint(validator, answer.value());
    if (complaint != null) {
      put(name, question.again(complaint), taking);
      return;
    }
    tell.accept(
        state -> {
          open.remove(name);
          return taking.take(state, answer);
        });
  }

  /** What a server wants is the same in a call that was given up meanwhile. */
  private static @Nullable Event answered(RunState run, Wanted given, Answer answer) {
    return run.wanted().stream().anyMatch(each -> each.asked().equals(given.asked()))
        ? ServerQuestion.answered(given, answer)
        : null;
  }

  /** The event that an answer makes; null when nothing was asked, or it does not fit. */
  @Nullable Event answered(RunState run, StepPath step, Answer answer) {
    for (Question question : People.pending(run)) {
      if (question.step().equals(step) && question.complaint(validator, answer.value()) == null) {
        return switch (question.kind()) {
          case IN_DOUBT -> resolved(doubt(run, step), answer.value());
          case FAILURE, TOOL_CHANGED ->
              new Event.FailureAnswered(
                  step,
                  WayOut.valueOf(decision(answer.value())),
                  answer.value().get("output"),
                  answer.by());
          case ELICITATION -> wantedBy(run, question, answer);
          case APPROVAL, FORM -> new Event.QuestionAnswered(step, answer.value(), answer.by());
        };
      }
    }
    return null;
  }

  private static @Nullable Event wantedBy(RunState run, Question question, Answer answer) {
    return run.wanted().stream()
        .filter(each -> ServerQuestion.of(each).equals(question))
        .findFirst()
        .map(each -> ServerQuestion.answered(each, answer))
        .orElse(null);
  }

  private static Event.StepInDoubt doubt(RunState run, StepPath step) {
    return run.doubts().stream().filter(each -> each.step().equals(step)).findFirst().orElseThrow();
  }

  private static Event resolved(Event.StepInDoubt doubt, JsonNode answer) {
    Resolution resolution = Resolution.valueOf(decision(answer));
    return new Event.DoubtResolved(doubt.step(), doubt.call(), resolution, answer.get("output"));
  }

  private static String decision(JsonNode answer) {
    return answer.path("decision").asString("").toUpperCase(Locale.ROOT);
  }

  @Override
  public void close() {
    open.clear();
    asked.values().forEach(Disposable::dispose);
  }
}
