package dev.workflow.cli.process;

import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;

/**
 * Reads the journal of a run that was killed, and holds the promise against it: what was recorded
 * is not done again, and a call is in doubt where it must be and nowhere else.
 */
final class Recovery {
  /** What was done for good, as one line each; the order in which parallel steps end is free. */
  private final List<String> facts = new ArrayList<>();

  /** What each kill that the journal shows was in the middle of. */
  private final List<Set<String>> hits = new ArrayList<>();

  private final Map<String, Work> made = new HashMap<>();
  private final Map<String, Work> open = new HashMap<>();
  private final Set<Work> answered = new HashSet<>();
  private final Set<String> once = new HashSet<>();
  private final Set<String> lost = new TreeSet<>();
  private final Set<String> doubted = new TreeSet<>();
  private final Set<String> verified = new TreeSet<>();

  /** Calls that only ask about others: they may be made as often as anybody likes. */
  private final Set<String> probes = new HashSet<>();

  private final SoftAssertions promise = new SoftAssertions();

  /** What a call is for, equal for all repetitions of it. */
  private record Work(StepPath step, String kind, boolean repeatable, String key) {}

  /** Reads the events of a run from its beginning. */
  static Recovery of(List<Recorded> events) {
    Recovery recovery = new Recovery();
    long epoch = 1;
    boolean paused = false;
    for (Recorded recorded : events) {
      if (recorded.epoch() != epoch && !paused) {
        recovery.hits.add(recovery.underWay());
      }
      epoch = recorded.epoch();
      paused = recorded.event() instanceof Event.RunPaused;
      recovery.look(recorded.event());
    }
    Set<String> settled = new TreeSet<>(recovery.doubted);
    settled.addAll(recovery.verified);
    recovery.promise.assertThat(settled).as("calls in doubt, or verified").isEqualTo(recovery.lost);
    return recovery;
  }

  List<String> facts() {
    return facts.stream().sorted().toList();
  }

  List<Set<String>> hits() {
    return hits;
  }

  int doubts() {
    return doubted.size();
  }

  /** How often the journal says that a call with this key was about to be made. */
  long calls(String key) {
    return made.values().stream().filter(work -> work.key().equals(key)).count();
  }

  /** Fails with everything that was done again or ought to have been asked about. */
  void assertNothingIsRepeated() {
    promise.assertAll();
  }

  private void look(Event event) {
    switch (event) {
      case Event.StepPrepared e -> once("prepares", e);
      case Event.StepStarted e -> notEnded(e);
      case Event.ToolCalled e when e.verifies() != null -> probes.add(e.call());
      case Event.ToolReturned e when probes.contains(e.call()) -> {}
      case Event.ToolFailed e when probes.contains(e.call()) -> {}
      case Event.ToolCalled e -> {
        String kind = e.effect().word() + " call";
        called(e, new Work(e.step(), kind, e.effect().repeatable(), e.key()));
      }
      case Event.ModelCalled e ->
          called(e, new Work(e.step(), "model call", true, e.attempt() + "." + e.turn()));
      case Event.ToolReturned e -> answered(e);
      case Event.ModelReplied e -> answered(e);
      case Event.ToolFailed e -> failed(e);
      case Event.ModelFailed e -> failed(e);
      case Event.StepInDoubt e -> doubted.add(e.call());
      case Event.CallVerified e -> verified(e);
      case Event.DoubtResolved e -> resolved(e);
      case Event.StepSucceeded e -> once("ends", e);
      case Event.StepFailed e -> once("ends", e);
      case Event.StepSkipped e -> once("ends", e);
      case Event.StepBlocked e -> once("ends", e);
      case Event.StepCancelled e -> cancelled(e);
      case Event.RunResumed e -> forget();
      case Event.QuestionAnswered e -> facts.add("answers " + e.step());
      case Event.OfStep e -> {}
      case Event.RunStarted e -> {}
      case Event.PlanChanged e -> {}
      case Event.CancelRequested e -> {}
      case Event.LimitReached e -> {}
      case Event.LimitNear e -> {}
      case Event.TimeMeasured e -> {}
      case Event.RunPaused e -> {}
      case Event.RunFinished e -> facts.add("finishes " + e.status());
    }
  }

  private void once(String what, Event.OfStep event) {
    String fact = what + " " + event.step();
    promise.assertThat(once.add(fact)).as("once only: %s", event).isTrue();
    facts.add(fact);
  }

  /** Whether what is given up had a call under way is no fact of the run, but of the moment. */
  private void cancelled(Event.StepCancelled event) {
    facts.remove(noAnswer(event));
    once("ends", event);
  }

  private static String noAnswer(Event.OfStep event) {
    return "has no answer for " + event.step();
  }

  private void notEnded(Event.OfStep event) {
    promise.assertThat(once).as("ended before: %s", event).doesNotContain("ends " + event.step());
  }

  /** A call is made while no other for the same work is under way, and not after its answer. */
  private void called(Event.OfCall event, Work work) {
    notEnded(event);
    promise.assertThat(answered).as("answered before: %s", event).doesNotContain(work);
    promise.assertThat(open.values()).as("under way already: %s", event).doesNotContain(work);
    made.put(event.call(), work);
    open.put(event.call(), work);
  }

  private void answered(Event.OfCall event) {
    Work work = made.get(event.call());
    open.remove(event.call());
    if (work == null || !answered.add(work)) {
      promise.fail("an answer too many: %s", event);
      return;
    }
    facts.add("answers the " + work.kind() + " of " + work.step());
  }

  private void failed(Event.OfCall event) {
    open.remove(event.call());
    facts.add(noAnswer(event));
  }

  private void verified(Event.CallVerified event) {
    verified.add(event.call());
    if (event.done()) {
      answered(event);
    }
    open.remove(event.call());
  }

  private void resolved(Event.DoubtResolved event) {
    if (event.resolution() == Event.Resolution.DONE) {
      answered(event);
    }
    open.remove(event.call());
  }

  /** A new process: what may run again is no longer under way, what may not is lost. */
  private void forget() {
    open.forEach(
        (call, work) -> {
          if (!work.repeatable()) {
            lost.add(call);
          }
        });
    open.values().removeIf(Work::repeatable);
  }

  private Set<String> underWay() {
    Set<String> kinds = new TreeSet<>();
    open.forEach(
        (call, work) -> {
          if (!doubted.contains(call)) {
            kinds.add(work.kind());
          }
        });
    return kinds;
  }
}
