package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.KernelWorld.Faults;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Fan;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a fork keeps of a journal, on random plans in random worlds. */
class PrefixLawsTest {
  private static final Limits LIMITS = new Limits(3, Duration.ofMinutes(30), 2, 2, Allowance.NONE);
  private static final Instant NOW = Instant.EPOCH.plusSeconds(5);
  private static final Faults ROUGH = new Faults(0.25, 0.4, 0.1, 0.1, 0, 0.2);
  private static final Faults CANCELLING = new Faults(0.25, 0.4, 0.1, 0.1, 0.03, 0.2);
  private static final Faults CALM = new Faults(0, 0, 0, 0, 0, 0);

  @Property(tries = 3000)
  void whatIsKeptFoldsAndGoesOnToItsEnd(@ForAll long plan, @ForAll long seed) {
    KernelWorld whole = whole(plan, seed, seed % 2 == 0 ? ROUGH : CANCELLING);
    Random random = new Random(seed);
    List<StepPath> begun = begun(whole.journal);
    if (begun.isEmpty() || hasTakenBack(whole)) {
      return;
    }
    Set<StepPath> steps = new LinkedHashSet<>(unended(whole.state()));
    steps.add(begun.get(random.nextInt(begun.size())));
    List<Recorded> kept = Prefix.of(whole.journal, steps, "f", NOW).kept();
    assertThat(paths(kept)).doesNotContainAnyElementsOf(steps);
    KernelWorld fork = new KernelWorld(whole.state().plan(), LIMITS, seed + 1, ROUGH);
    List<Recorded> forked = new ArrayList<>(kept);
    forked.add(new Recorded(kept.size() + 1, NOW, 1, forked(whole.state().plan())));
    fork.copy(forked);
    fork.goOn();
    assertThat(fork.violations).isEmpty();
    assertThat(fork.state().status().ended()).isTrue();
    assertThat(fork.state().start().run()).isEqualTo("f");
  }

  @Property(tries = 2000)
  void whatDoesNotDependOnAStepIsKeptWhole(@ForAll long plan, @ForAll long seed) {
    KernelWorld whole = whole(plan, seed, ROUGH);
    List<StepPath> begun = begun(whole.journal);
    if (begun.isEmpty() || !whole.state().status().ended() || hasTakenBack(whole)) {
      return;
    }
    StepPath at = begun.get(new Random(seed).nextInt(begun.size()));
    List<Recorded> kept = Prefix.of(whole.journal, Set.of(at), "f", NOW).kept();
    Set<String> free = independent(whole.state(), at.segments().getFirst().id());
    assertThat(ofSteps(kept, free)).isEqualTo(ofSteps(whole.journal, free));
  }

  /** Of such a run nothing can be kept: nobody forks it. */
  private static boolean hasTakenBack(KernelWorld world) {
    return world.journal.stream()
        .anyMatch(recorded -> recorded.event() instanceof Event.UndoStarted);
  }

  /** Those that are independent in all of the run's plans. */
  private static Set<String> independent(RunState run, String id) {
    Set<String> free = independent(run.start().plan(), id);
    for (Event.PlanChanged change : run.planChanges()) {
      free.retainAll(independent(change.plan(), id));
    }
    return free;
  }

  /** Outermost steps that neither depend on the step nor stand in a feedback loop. */
  private static Set<String> independent(Plan plan, String id) {
    Set<String> dependent = new HashSet<>(Set.of(id));
    Set<String> free = new HashSet<>();
    Set<Integer> revised = new HashSet<>();
    plan.nodes().stream()
        .filter(node -> node.revise() != null)
        .forEach(node -> revised.addAll(node.revise().region()));
    for (int i = 0; i < plan.nodes().size(); i++) {
      Node node = plan.nodes().get(i);
      for (Edge edge : node.edges()) {
        if (dependent.contains(plan.nodes().get(edge.source()).id())) {
          dependent.add(node.id());
        }
      }
      if (!dependent.contains(node.id()) && !revised.contains(i)) {
        free.add(node.id());
      }
    }
    return free;
  }

  @Test
  void theElementsOfABoundedFanOutThatCameLaterAreKept() {
    Node each =
        new Node(
            "days",
            Kind.TOOL,
            List.of(),
            new Fan(1, false, false),
            null,
            null,
            Retry.NONE,
            null,
            new OnError.Fail(),
            0,
            Duration.ZERO,
            null,
            false,
            null,
            Allowance.NONE);
    Node after =
        Plans.plain("after", Kind.TOOL, List.of(new Edge(0, EdgeKind.NEED)), Duration.ZERO);
    KernelWorld whole = null;
    for (long seed = 0; whole == null || whole.state().all().size() < 5; seed++) {
      whole =
          new KernelWorld(new Plan(List.of(each, after), Map.of(), Map.of()), LIMITS, seed, CALM);
      whole.run();
    }
    List<Recorded> kept =
        Prefix.of(whole.journal, Set.of(StepPath.parse("days[1]")), "f", NOW).kept();
    RunState state = RunState.begin(kept.getFirst());
    kept.subList(1, kept.size()).forEach(state::apply);
    assertThat(state.all())
        .extracting(step -> step.path() + " " + step.status().word())
        .containsExactly(
            "days running",
            "after pending",
            "days[0] succeeded",
            "days[1] pending",
            "days[2] succeeded");
  }

  @Test
  void whatAContainerStoppedAsItsTimeWasUpGoesOnInAFork() {
    Node group =
        new Node(
            "g",
            Kind.GROUP,
            List.of(),
            null,
            null,
            null,
            Retry.NONE,
            Duration.ofSeconds(30),
            new OnError.Fail(),
            0,
            Duration.ZERO,
            "g",
            false,
            null,
            Allowance.NONE);
    List<Node> inside =
        List.of(
            Plans.plain("a", Kind.SET, List.of(), Duration.ZERO),
            Plans.plain("b", Kind.ASK, List.of(), Duration.ZERO));
    KernelWorld whole = null;
    for (long seed = 0; whole == null || whole.state().status() != RunStatus.FAILED; seed++) {
      whole =
          new KernelWorld(
              new Plan(List.of(group), Map.of("g", inside), Map.of()), LIMITS, seed, CALM);
      whole.run();
    }
    List<Recorded> kept = Prefix.of(whole.journal, Set.of(StepPath.parse("g/a")), "f", NOW).kept();
    RunState state = RunState.begin(kept.getFirst());
    kept.subList(1, kept.size()).forEach(state::apply);
    assertThat(state.all())
        .extracting(step -> step.path() + " " + step.status().word())
        .containsExactly("g running", "g/a pending", "g/b waiting");
  }

  private static Event forked(Plan plan) {
    JsonNode nothing = JsonNodeFactory.instance.objectNode();
    return new Event.PlanChanged(
        Event.Reason.FORKED,
        plan,
        nothing,
        nothing,
        List.of(),
        List.of(),
        new Event.Origin("r", StepPath.of("s0")),
        null);
  }

  private static KernelWorld whole(long plan, long seed, Faults faults) {
    KernelWorld world = new KernelWorld(Plans.random(plan), LIMITS, seed, faults);
    world.run();
    Random random = new Random(seed + 7);
    if (random.nextBoolean()) {
      KernelWorld cut = new KernelWorld(Plans.random(plan), LIMITS, seed, faults);
      cut.copy(world.journal.subList(0, 1 + random.nextInt(world.journal.size() - 1)));
      cut.takeUp(LIMITS);
      return cut;
    }
    return world;
  }

  private static List<StepPath> begun(List<Recorded> journal) {
    return paths(journal).stream()
        .filter(path -> path.segments().stream().allMatch(each -> !each.attached() || each.plans()))
        .distinct()
        .toList();
  }

  private static List<StepPath> paths(List<Recorded> journal) {
    List<StepPath> paths = new ArrayList<>();
    for (Recorded recorded : journal) {
      if (recorded.event() instanceof Event.OfStep event) {
        paths.add(event.step());
      }
    }
    return paths;
  }

  private static List<StepPath> unended(RunState state) {
    return state.openSteps().stream()
        .filter(step -> !step.node.kind().contains() && !step.fansOut())
        .map(step -> step.path)
        .toList();
  }

  private static List<Event> ofSteps(List<Recorded> journal, Set<String> ids) {
    List<Event> events = new ArrayList<>();
    for (Recorded recorded : journal) {
      if (recorded.event() instanceof Event.OfStep event
          && ids.contains(event.step().segments().getFirst().id())) {
        events.add(recorded.event());
      }
    }
    return events;
  }
}
