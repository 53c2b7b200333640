package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.run.Event.PlanChanged;
import dev.workflow.run.KernelWorld.Faults;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The laws of a plan that changes in mid-run, on random plans in random worlds. */
class PlanChangeLawsTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final Limits LIMITS = new Limits(3, Duration.ofMinutes(30), 2, 2, Allowance.NONE);
  private static final Faults CRASHING = new Faults(0.25, 0.4, 0.1, 0.1, 0, 0.2);

  /** A run that was taken up somewhere in its middle, before it does anything. */
  private record Middle(KernelWorld world, Plan plan, Random random) {

    static Middle of(long plan, long seed) {
      Plan drawn = Plans.random(plan);
      Random random = new Random(seed);
      KernelWorld whole = new KernelWorld(drawn, LIMITS, seed, CRASHING);
      whole.run();
      KernelWorld world = new KernelWorld(drawn, LIMITS, seed + 1, CRASHING);
      world.copy(whole.journal.subList(0, 1 + random.nextInt(whole.journal.size() - 1)));
      world.takeUp(LIMITS);
      return new Middle(world, world.state().plan(), random);
    }

    RunState state() {
      return world.state();
    }

    /** Changes some steps, if none of them is busy. */
    boolean change(Plan next, Set<String> again) {
      if (!state().impact(next, again).lost().isEmpty()) {
        assertThatThrownBy(() -> state().apply(recorded(next, again)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("taken back");
        return false;
      }
      if (!state().impact(next, again).busy().isEmpty()) {
        assertThatThrownBy(() -> state().apply(recorded(next, again)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("under way or in doubt");
        return false;
      }
      world.hear(changed(next, again));
      return true;
    }

    private Recorded recorded(Plan next, Set<String> again) {
      return new Recorded(state().lastSeq() + 1, state().lastEventAt(), 1, changed(next, again));
    }
  }

  @Property(tries = 1500)
  void aChangeToTheSamePlanChangesNothing(@ForAll long plan, @ForAll long seed) {
    Middle middle = Middle.of(plan, seed);
    List<StepInfo> before = middle.state().all();
    List<Phase> phases = phases(middle.state());
    assertThat(middle.state().impact(middle.plan, Set.of()))
        .isEqualTo(new Impact(Set.of(), List.of(), List.of(), List.of(), List.of()));
    assertThat(middle.change(middle.plan, Set.of())).isTrue();
    assertThat(middle.state().all()).isEqualTo(before);
    assertThat(phases(middle.state())).isEqualTo(phases);
    assertThat(middle.world.run().status()).isNotEqualTo(RunStatus.RUNNING);
    assertThat(middle.world.violations).isEmpty();
  }

  @Property(tries = 3000)
  void afterAnyChangeTheRunGoesOnToItsEndAndEveryCrashIsSurvived(
      @ForAll long plan, @ForAll long seed) {
    Middle middle = Middle.of(plan, seed);
    Plan next = another(middle.plan, middle.random);
    Set<String> again = some(names(next), middle.random);
    if (middle.change(next, again)) {
      middle.world.run();
      assertThat(middle.world.violations).isEmpty();
      assertThat(middle.state().status().ended()).isTrue();
      assertThat(middle.world.fold(middle.world.journal.size()).all())
          .isEqualTo(middle.state().all());
    }
  }

  @Property(tries = 500)
  void everyPrefixWithAChangeInItFoldsToTheSameState(@ForAll long plan, @ForAll long seed) {
    Middle middle = Middle.of(plan, seed);
    Plan next = another(middle.plan, middle.random);
    if (!middle.change(next, some(names(next), middle.random))) {
      return;
    }
    int length = middle.world.journal.size();
    middle.world.run();
    for (int prefix = length; prefix < middle.world.journal.size(); prefix += 5) {
      KernelWorld again = new KernelWorld(middle.plan, LIMITS, seed + prefix, CRASHING);
      again.copy(middle.world.journal.subList(0, prefix));
      assertThat(again.goOn().violations).as("prefix of %d events", prefix).isEmpty();
      assertThat(again.state().planChanges()).extracting(PlanChanged::plan).contains(next);
    }
  }

  @Property(tries = 3000)
  void aFinishedStepThatReadsOnlyWhatIsEqualNeverRunsAgain(@ForAll long plan, @ForAll long seed) {
    Middle middle = Middle.of(plan, seed);
    Plan next = another(middle.plan, middle.random);
    Set<String> again = some(names(next), middle.random);
    Set<String> equal = equalAndEnded(middle, next, again);
    if (!middle.change(next, again)) {
      return;
    }
    int length = middle.world.journal.size();
    middle.world.run();
    assertThat(middle.world.journal.subList(length, middle.world.journal.size()))
        .extracting(Recorded::event)
        .filteredOn(Event.OfStep.class::isInstance)
        .filteredOn(event -> !(event instanceof Event.UndoStarted) && !undoes(event))
        .noneMatch(
            event -> equal.contains(((Event.OfStep) event).step().segments().getFirst().id()));
  }

  private static boolean undoes(Event event) {
    return event instanceof Event.OfStep inside
        && inside.step().segments().stream().anyMatch(StepPath.Segment::undoes);
  }

  /** By the plainest reading of the two plans: without the kernel's own comparison. */
  private static Set<String> equalAndEnded(Middle middle, Plan next, Set<String> again) {
    Set<String> equal = new HashSet<>();
    Set<Integer> revised = new HashSet<>();
    next.nodes().stream()
        .filter(node -> node.revise() != null)
        .forEach(node -> revised.addAll(node.revise().region()));
    for (int i = 0; i < next.nodes().size(); i++) {
      Node node = next.nodes().get(i);
      boolean was =
          middle.plan.nodes().stream()
              .anyMatch(
                  old ->
                      old.id().equals(node.id())
                          && old.kind() == node.kind()
                          && (old.each() == null) == (node.each() == null)
                          && (old.body() == null || middle.plan.bodies().equals(next.bodies())));
      boolean asked =
          again.stream()
              .anyMatch(name -> name.equals(node.id()) || name.startsWith(node.id() + "/"));
      boolean reads =
          node.edges().stream()
              .allMatch(edge -> equal.contains(next.nodes().get(edge.source()).id()));
      if (was && !asked && reads && !revised.contains(i) && hasEnded(middle, node.id())) {
        equal.add(node.id());
      }
    }
    return equal;
  }

  @Property(tries = 3000)
  void anEffectThatWasDoneIsRepeatedOnlyWhereTheChangeSaysSo(@ForAll long plan, @ForAll long seed) {
    Middle middle = Middle.of(plan, seed);
    Plan next = another(middle.plan, middle.random);
    Set<String> again = some(names(next), middle.random);
    Set<StepPath> done = new HashSet<>();
    for (Recorded recorded : middle.world.journal) {
      if (recorded.event() instanceof Event.ToolReturned returned) {
        done.add(returned.step());
      }
    }
    Map<StepPath, StepPath> newest = new HashMap<>();
    middle.state().all().forEach(step -> newest.put(first(step.path()), step.path()));
    Set<StepPath> existing = new HashSet<>(newest.values());
    Impact impact = middle.state().impact(next, again);
    if (!middle.change(next, again)) {
      return;
    }
    Set<StepPath> made = new HashSet<>();
    middle.state().all().forEach(step -> made.add(step.path()));
    made.removeAll(existing);
    int length = middle.world.journal.size();
    middle.world.run();
    for (Recorded recorded : middle.world.journal.subList(length, middle.world.journal.size())) {
      if (recorded.event() instanceof Event.ToolCalled called
          && isIn(made, called.step())
          && !undoes(called)) {
        StepPath before = newest.get(first(called.step()));
        boolean silent =
            before != null
                && done.contains(before)
                && isOfNow(newest, before)
                && !impact.repeats(before);
        assertThat(silent).as("%s repeats %s", called, before).isFalse();
      }
    }
  }

  /** Whether what the step stands in has not begun once more since. */
  private static boolean isOfNow(Map<StepPath, StepPath> newest, StepPath path) {
    for (StepPath at = path; at != null; at = at.parent()) {
      if (!at.equals(newest.get(first(at)))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isIn(Set<StepPath> some, StepPath path) {
    for (StepPath at = path; at != null; at = at.parent()) {
      if (some.contains(at)) {
        return true;
      }
    }
    return false;
  }

  /** The first revision of each of its segments. */
  private static StepPath first(StepPath path) {
    StepPath parent = path.parent();
    StepPath here = parent == null ? StepPath.of(path.id()) : first(parent).child(path.id());
    String key = path.last().key();
    return key == null ? here : here.element(key);
  }

  @Test
  void aStepThatIsGoneComesBackUnderANewPath() {
    Plan both = chain("a", "b");
    KernelWorld world = new KernelWorld(both, LIMITS, 1, new Faults(0, 0, 0, 0, 0, 0));
    world.run();
    world.journal.removeLast();
    world.takeUp(LIMITS);
    world.hear(changed(chain("a"), Set.of()));
    assertThat(world.state().step(StepPath.of("b"))).isNotNull();
    assertThat(world.state().plan()).isEqualTo(chain("a"));
    world.hear(changed(both, Set.of()));
    assertThat(world.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(world.state().step("b").path()).hasToString("b~1");
    assertThat(world.state().step("a").path()).hasToString("a");
  }

  @Test
  void insideAContainerOnlyWhatIsNotEqualRunsAgain() {
    Plan plan =
        new Plan(
            List.of(group("g"), Plans.plain("after", Kind.TOOL, needs(0), Duration.ZERO)),
            Map.of("g", chain("a", "b").nodes()),
            Map.of());
    KernelWorld world = new KernelWorld(plan, LIMITS, 1, new Faults(0, 0, 0, 0, 0, 0));
    world.run();
    world.journal.removeLast();
    world.takeUp(LIMITS);
    Impact impact = world.state().impact(plan, Set.of("g/b"));
    assertThat(impact.again()).containsExactlyInAnyOrder(path("g/b"), path("after"));
    assertThat(impact.reopened()).containsExactly(path("g"));
    assertThat(impact.repeats(path("g/a"))).isFalse();
    world.hear(changed(plan, Set.of("g/b")));
    assertThat(world.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(world.state().all())
        .extracting(step -> step.path() + " " + step.status().word())
        .containsExactlyInAnyOrder(
            "g succeeded",
            "after succeeded",
            "g/a succeeded",
            "g/b succeeded",
            "g/b~1 succeeded",
            "after~1 succeeded");
  }

  private static StepPath path(String text) {
    return StepPath.parse(text);
  }

  private static Node group(String id) {
    Node node = Plans.plain(id, Kind.GROUP, List.of(), Duration.ZERO);
    return new Node(
        id,
        node.kind(),
        node.edges(),
        null,
        null,
        null,
        node.retry(),
        null,
        node.onError(),
        0,
        node.estimate(),
        id,
        false,
        null,
        Allowance.NONE);
  }

  private static Plan chain(String... ids) {
    List<Node> nodes = new ArrayList<>();
    for (String id : ids) {
      List<Edge> edges = nodes.isEmpty() ? List.of() : needs(nodes.size() - 1);
      nodes.add(Plans.plain(id, Kind.TOOL, edges, Duration.ZERO));
    }
    return new Plan(nodes, Map.of(), Map.of());
  }

  private static List<Edge> needs(int source) {
    return List.of(new Edge(source, EdgeKind.NEED));
  }

  static PlanChanged changed(Plan next, Set<String> again) {
    return new PlanChanged(
        Event.Reason.ADOPTED,
        next,
        NOTHING,
        NOTHING,
        again.stream().sorted().toList(),
        List.of(),
        null,
        null);
  }

  private static List<Phase> phases(RunState state) {
    return state.steps.all().stream().map(step -> step.phase).toList();
  }

  /** Some steps are gone, some are new, in whichever graph; graphs of other containers stay. */
  static Plan another(Plan plan, Random random) {
    Map<String, List<Node>> bodies = new LinkedHashMap<>();
    plan.bodies()
        .forEach(
            (name, nodes) ->
                bodies.put(name, name.startsWith("undo") ? nodes : another(nodes, random)));
    return new Plan(another(plan.nodes(), random), bodies, plan.agents());
  }

  private static List<Node> another(List<Node> nodes, Random random) {
    if (random.nextBoolean()) {
      return nodes;
    }
    List<Node> other = new ArrayList<>(nodes);
    Node last = other.getLast();
    boolean read =
        nodes.stream().anyMatch(node -> node.revise() != null)
            || nodes.size() == 1
            || last.edges().size() > 4;
    if (!read && random.nextBoolean()) {
      other.removeLast();
    }
    Set<Integer> judged = new HashSet<>();
    nodes.stream()
        .filter(node -> node.revise() != null)
        .forEach(node -> judged.addAll(node.revise().region()));
    int source = random.nextInt(other.size());
    if (judged.contains(source)) {
      return nodes; // It would have to wait for the last verdict, too.
    }
    other.add(
        Plans.plain("new" + random.nextInt(3), Kind.TOOL, needs(source), Duration.ofSeconds(1)));
    return other;
  }

  /** Of all steps, however deep, ids joined by a slash. */
  static List<String> names(Plan plan) {
    List<String> names = new ArrayList<>();
    addNames("", plan.nodes(), plan, names);
    return names;
  }

  private static boolean hasEnded(Middle middle, String id) {
    StepRun step = middle.state().steps.outermost().current(id);
    return step != null && step.ended();
  }

  private static void addNames(String around, List<Node> nodes, Plan plan, List<String> names) {
    for (Node node : nodes) {
      names.add(around + node.id());
      if (node.body() != null) {
        List<Node> inside = plan.bodies().getOrDefault(node.body(), List.of());
        addNames(around + node.id() + "/", inside, plan, names);
      }
    }
  }

  static Set<String> some(List<String> names, Random random) {
    Set<String> some = new HashSet<>();
    Stream.generate(() -> names.get(random.nextInt(names.size())))
        .limit(random.nextInt(3))
        .forEach(some::add);
    return some;
  }
}
