package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Money;
import dev.workflow.definition.Resource;
import dev.workflow.run.KernelWorld.Faults;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The laws of the kernel, on random plans in random worlds. */
class KernelLawsTest {
  private static final Faults CALM = new Faults(0, 0, 0.05, 0, 0, 0);
  private static final Faults ROUGH = new Faults(0.25, 0.4, 0.1, 0, 0, 0.3);
  private static final Faults CRASHING = new Faults(0.25, 0.4, 0.1, 0.15, 0, 0.3);
  private static final Faults CANCELLING = new Faults(0.2, 0.4, 0.1, 0.05, 0.03, 0.2);

  @Property(tries = 1500)
  void everyRunEndsAndNothingStartsBeforeItMay(
      @ForAll long plan, @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int slots) {
    assertThat(world(plan, seed, slots, ROUGH).violations).isEmpty();
  }

  @Property(tries = 1500)
  void aRunThatCrashesAnywhereGoesOnFromItsJournal(
      @ForAll long plan, @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int slots) {
    assertThat(world(plan, seed, slots, CRASHING).violations).isEmpty();
  }

  @Property(tries = 1500)
  void afterACancellationNothingStartsAndTheRunEnds(@ForAll long plan, @ForAll long seed) {
    KernelWorld world = world(plan, seed, 3, CANCELLING);
    assertThat(world.violations).isEmpty();
    if (world.state().cancelling) {
      assertThat(world.state().status()).isEqualTo(RunStatus.CANCELLED);
    }
  }

  @Property(tries = 500)
  void everyPrefixOfAJournalCanGoOn(@ForAll long plan, @ForAll long seed) {
    KernelWorld whole = world(plan, seed, 2, ROUGH);
    for (int length = 1; length < whole.journal.size(); length += 3) {
      KernelWorld again = new KernelWorld(Plans.random(plan), limits(2), seed + length, ROUGH);
      again.journal.clear();
      again.journal.addAll(whole.journal.subList(0, length));
      assertThat(again.goOn().violations).as("prefix of %d events", length).isEmpty();
    }
  }

  @Property(tries = 300)
  void oneSeedIsOneJournal(@ForAll long plan, @ForAll long seed) {
    assertThat(world(plan, seed, 3, CRASHING).journal)
        .isEqualTo(world(plan, seed, 3, CRASHING).journal);
  }

  @Property(tries = 1000)
  void anEffectIsNotRepeatedUnlessSomebodyDecidesSo(@ForAll long plan, @ForAll long seed) {
    Map<StepPath, Event.ToolCalled> unanswered = new HashMap<>();
    Set<String> allowed = new HashSet<>();
    Set<String> probes = new HashSet<>();
    Set<String> asked = new HashSet<>();
    Set<String> postponed = new HashSet<>();
    for (Recorded recorded : world(plan, seed, 3, CRASHING).journal) {
      switch (recorded.event()) {
        case Event.ToolCalled probe when probe.verifies() != null -> probes.add(probe.call());
        case Event.ToolCalled called -> {
          Event.ToolCalled before = unanswered.get(called.step());
          boolean repeats =
              before != null
                  && before.key().equals(called.key())
                  && !before.effect().repeatable()
                  && !allowed.remove(before.call());
          assertThat(repeats).as("%s repeats %s", called, before).isFalse();
          unanswered.put(called.step(), called);
        }
        case Event.ToolReturned e when !probes.contains(e.call()) -> unanswered.remove(e.step());
        case Event.ToolFailed e when !e.possiblyExecuted() && !probes.contains(e.call()) ->
            unanswered.remove(e.step());
        case Event.CallVerified e -> {
          assertThat(probes).as("nothing was asked before %s", e).isNotEmpty();
          if (e.done()) {
            unanswered.remove(e.step());
          } else {
            allowed.add(e.call());
          }
        }
        case Event.ElicitationPostponed e -> postponed.add(e.call());
        case Event.RunResumed e -> postponed.addAll(asked);
        case Event.ElicitationAsked e -> asked.add(e.call());
        case Event.ElicitationAnswered e -> {
          asked.remove(e.call());
          if (postponed.remove(e.call())) {
            allowed.add(e.call());
          }
        }
        case Event.DoubtResolved e -> {
          allowed.add(e.call());
          unanswered.remove(e.step());
        }
        default -> {}
      }
    }
  }

  @Property(tries = 1000)
  void noModelIsAskedForAServerWhatItHasRepliedToTheSameCallBefore(
      @ForAll long plan, @ForAll long seed) {
    Map<String, String> keys = new HashMap<>();
    Map<String, Event.SamplingAsked> wishes = new HashMap<>();
    Map<String, Event.ModelCalled> asked = new HashMap<>();
    Map<String, Integer> replied = new HashMap<>();
    Map<String, Integer> told = new HashMap<>();
    for (Recorded recorded : world(plan, seed, 3, CRASHING).journal) {
      switch (recorded.event()) {
        case Event.ToolCalled e -> keys.put(e.call(), e.step() + " " + e.attempt() + e.key());
        case Event.SamplingAsked e -> wishes.put(e.call(), e);
        case Event.ModelCalled e when e.samples() != null -> {
          Event.SamplingAsked wish = Objects.requireNonNull(wishes.get(e.samples()));
          asked.put(e.call(), e);
          assertThat(replied.getOrDefault(keys.get(wish.call()) + wish.request(), 0))
              .as("replies to the same before %s", e)
              .isEqualTo(told.getOrDefault(wish.call() + wish.request(), 0));
        }
        case Event.ModelReplied e when asked.containsKey(e.call()) -> {
          String call = String.valueOf(asked.get(e.call()).samples());
          Event.SamplingAsked wish = Objects.requireNonNull(wishes.get(call));
          replied.merge(keys.get(call) + wish.request(), 1, Integer::sum);
        }
        case Event.SamplingAnswered e when e.reply() != null -> {
          assertThat(asked).as("who replied what is told in %s", e).containsKey(e.reply());
          Event.SamplingAsked wish = Objects.requireNonNull(wishes.get(e.call()));
          told.merge(e.call() + wish.request(), 1, Integer::sum);
        }
        default -> {}
      }
    }
  }

  @Property(tries = 500)
  void withoutFaultsEveryStepSucceedsOrIsSkipped(@ForAll long plan, @ForAll long seed) {
    Plan drawn = Plans.random(plan);
    if (KernelWorld.has(drawn, Kind.FAIL)) {
      return;
    }
    KernelWorld world = new KernelWorld(drawn, limits(2), seed, CALM);
    assertThat(world.run().all())
        .filteredOn(step -> step.path().segments().size() == 1 && !mayBeGivenUp(step))
        .allSatisfy(
            step ->
                assertThat(step.status())
                    .isIn(
                        StepStatus.SUCCEEDED,
                        StepStatus.SKIPPED,
                        StepStatus.BLOCKED,
                        StepStatus.FAILED));
    assertThat(world.violations).isEmpty();
  }

  /** An element that its each can do without. */
  private static boolean mayBeGivenUp(StepInfo step) {
    Plan.Fan each = step.node().each();
    return step.status() == StepStatus.CANCELLED
        && step.path().last().key() != null
        && each != null
        && each.asksEnough();
  }

  @Test
  void theLongestWayGoesFirst() {
    Plan plan =
        new Plan(
            List.of(
                Plans.plain("short", Kind.TOOL, List.of(), Duration.ofSeconds(2)),
                Plans.plain("long", Kind.TOOL, List.of(), Duration.ofSeconds(1)),
                Plans.plain(
                    "after",
                    Kind.TOOL,
                    List.of(new Edge(1, EdgeKind.NEED)),
                    Duration.ofSeconds(5))),
            Map.of(),
            Map.of());
    KernelWorld world = new KernelWorld(plan, limits(1), 1, new Faults(0, 0, 0, 0, 0, 0));
    world.run();
    assertThat(
            world.journal.stream()
                .map(Recorded::event)
                .filter(Event.StepStarted.class::isInstance)
                .map(event -> ((Event.StepStarted) event).step().id()))
        .containsExactly("long", "after", "short");
  }

  @Test
  void aRunOfManyStepsNeedsNoDeepStack() {
    KernelWorld world =
        new KernelWorld(Plans.chain(5_000, Kind.SET), limits(2), 1, new Faults(0, 0, 0, 0, 0, 0));
    assertThat(world.run().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aGraphThatContainsItselfFailsAtTheBoundOnDepth() {
    KernelWorld world =
        new KernelWorld(Plans.endless(), limits(2), 1, new Faults(0, 0, 0, 0, 0, 0));
    assertThat(world.run().status()).isEqualTo(RunStatus.FAILED);
    assertThat(world.state().all()).hasSize(EventFold.MAX_DEPTH + 1);
    assertThat(world.state().step("again").error())
        .extracting(StepError::kind)
        .isEqualTo(ErrorKind.NESTED_TOO_DEEP);
    assertThat(world.violations).isEmpty();
  }

  @Property(tries = 3000)
  void whatIsUsedAndPromisedStaysWithinEveryLimitAndNothingWaitsForEver(
      @ForAll long plan, @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int slots) {
    Random random = new Random(seed);
    Plan drawn = Plans.bounded(Plans.random(plan), random);
    Limits limits = new Limits(slots, Duration.ofMinutes(30), 2, 2, Plans.allowance(random));
    KernelWorld world = new KernelWorld(drawn, limits, seed, CRASHING);
    world.run();
    for (int resumes = 0; resumes < 2 && !world.state().status().ended(); resumes++) {
      world.goOn();
    }
    assertThat(world.violations).isEmpty();
    assertThat(used(world.state())).isEqualTo(recount(world.journal));
    if (!world.state().status().ended()) {
      assertThat(world.state().status()).isEqualTo(RunStatus.STOPPED);
      assertThat(world.goOn(limits(slots)).state().status().ended()).isTrue();
      assertThat(world.violations).isEmpty();
    }
    assertThat(world.budgets())
        .as("at the end nobody is at work")
        .allSatisfy(budget -> assertThat(budget.time == null || !budget.time.runs()).isTrue());
    assertThat(world.budgets())
        .allSatisfy(
            budget ->
                assertThat(Stream.of(Resource.values()).mapToLong(budget::reserved).sum())
                    .isZero());
  }

  private static List<Long> used(RunState run) {
    Money cost = run.cost();
    Usage usage = run.usage();
    return List.of(
        usage.inputTokens() + usage.outputTokens(),
        cost == null ? -1 : cost.picos(),
        (long) run.modelCalls(),
        (long) run.toolCalls());
  }

  /** The same from the journal alone, by the plainest book-keeping there is. */
  private static List<Long> recount(List<Recorded> journal) {
    Map<StepPath, Money> bounds = new HashMap<>();
    Map<String, Event.SamplingAsked> wishes = new HashMap<>();
    Map<String, Money> open = new HashMap<>();
    long tokens = 0;
    long cost = 0;
    long models = 0;
    long tools = 0;
    boolean unknown = false;
    for (Recorded recorded : journal) {
      List<Optional<Money>> charged = new ArrayList<>();
      switch (recorded.event()) {
        case Event.TurnBounded e -> bounds.put(e.step(), e.cost());
        case Event.ToolCalled e -> tools++;
        case Event.SamplingAsked e -> wishes.put(e.call(), e);
        case Event.ModelCalled e -> {
          models++;
          Event.SamplingAsked wish = wishes.get(String.valueOf(e.samples()));
          open.put(
              e.call(),
              wish == null ? bounds.remove(e.step()) : wish.models().get(e.model()).cost());
        }
        case Event.ModelReplied e when open.containsKey(e.call()) -> {
          open.remove(e.call());
          tokens += e.reply().usage().inputTokens() + e.reply().usage().outputTokens();
          charged.add(Optional.ofNullable(e.reply().cost()));
        }
        case Event.ModelFailed e -> {
          Money bound = open.remove(e.call());
          if (e.possiblyBilled()) {
            charged.add(Optional.ofNullable(bound));
          }
        }
        case Event.AttemptFailed e -> bounds.remove(e.step());
        case Event.RunResumed e -> {
          open.values().forEach(bound -> charged.add(Optional.ofNullable(bound)));
          open.clear();
        }
        default -> {}
      }
      for (Optional<Money> one : charged) {
        unknown |= one.isEmpty();
        cost += one.map(Money::picos).orElse(0L);
      }
    }
    return List.of(tokens, unknown ? -1 : cost, models, tools);
  }

  private static KernelWorld world(long plan, long seed, int slots, Faults faults) {
    KernelWorld world = new KernelWorld(Plans.random(plan), limits(slots), seed, faults);
    world.run();
    return world;
  }

  private static Limits limits(int slots) {
    return new Limits(slots, Duration.ofMinutes(30), 2, 2, Allowance.NONE);
  }
}
