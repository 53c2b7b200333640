package dev.workflow.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.run.Event;
import dev.workflow.run.RandomJournals;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import dev.workflow.trace.RunGraph.Detail;
import dev.workflow.trace.StepGraph.Drawn;
import dev.workflow.trace.StepGraph.Link;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for the drawing of any run, wherever its journal is cut. */
class RunGraphLawsTest {
  private static final Pattern FIRST_NUMBER = Pattern.compile("(?:^|, )(\\d+) (?:of|[a-z])");

  private static final Pattern MORE = Pattern.compile("^\\[(\\d+) more\\]$");

  @Property(tries = 1000)
  void everyStepThatHasBegunIsNamedOrCounted(
      @ForAll long plan, @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int most) {
    RunTrace trace = prefix(plan, seed);
    StepGraph graph = RunGraph.of(trace, Map.of(), Detail.STANDING, most);
    Map<String, Drawn> rows = new HashMap<>();
    collect(graph, rows);

    Map<String, Set<String>> counted = new HashMap<>();
    for (StepInfo step : trace.state().all()) {
      if (step.status() != StepStatus.PENDING && !rows.containsKey(step.path().toString())) {
        assertThat(isCounted(step.path(), rows))
            .as("%s is neither named nor counted in%n%s", step.path(), lines(graph))
            .isTrue();
        StepPath element = step.path().revision(0);
        boolean drawn = rows.keySet().stream().anyMatch(row -> row.startsWith("" + element));
        if (element.last().key() != null && !drawn) {
          counted
              .computeIfAbsent(element.each() + "[*]", each -> new HashSet<>())
              .add(element.last().key());
        }
      }
    }
    rows.forEach(
        (name, row) -> {
          if (name.endsWith("[*]") && !name.contains("~") && !beganAnew(name, trace.state())) {
            assertThat(counted.getOrDefault(name, Set.of()))
                .as(name)
                .hasSizeLessThanOrEqualTo(number(row));
          }
        });
  }

  @Property(tries = 500)
  void anyPrefixCanBeWrittenInEveryFormAndNamesAreUnique(
      @ForAll long plan, @ForAll long seed, @ForAll @IntRange(min = 2, max = 4) int most) {
    RunTrace trace = prefix(plan, seed);
    StepGraph graph = RunGraph.of(trace, Map.of(), Detail.EXECUTION, most);
    Set<String> names = new HashSet<>();
    inEachGraph(
        graph,
        steps -> {
          Set<String> here = new HashSet<>();
          for (Drawn step : steps) {
            assertThat(names.add(step.name())).as("%s is drawn once", step.name()).isTrue();
            here.add(step.name());
          }
          for (Drawn step : steps) {
            assertThat(step.after()).extracting(Link::source).allMatch(here::contains);
            assertThat(step.revises() == null || here.contains(step.revises())).isTrue();
          }
        });
    for (GraphText.Form form : GraphText.Form.values()) {
      assertThat(GraphText.of(graph, form)).isNotEmpty();
    }
  }

  /** Whether the elements may be of a later revision of the whole each. */
  private static boolean beganAnew(String row, RunState state) {
    StepPath each = StepPath.parse(row.substring(0, row.length() - "[*]".length()));
    return state.all().stream()
        .map(StepInfo::path)
        .filter(path -> path.last().key() == null && path.last().revision() > 0)
        .anyMatch(path -> path.revision(0).equals(each));
  }

  @Property(tries = 500)
  void everyChangeOfThePlanIsTold(@ForAll long plan, @ForAll long seed) {
    RunTrace trace = prefix(plan, seed);
    assertThat(trace.turns()).hasSize(trace.state().planChanges().size());
    String text = lines(RunGraph.of(trace, Map.of(), Detail.STANDING));
    for (PlanTurn turn : trace.turns()) {
      assertThat(text).contains(PlanTurn.why(turn.event()));
      turn.removed().stream().limit(20).forEach(step -> assertThat(text).contains(step));
    }
  }

  /** Of a random journal, up to a random event. */
  private static RunTrace prefix(long plan, long seed) {
    List<Recorded> journal = RandomJournals.of(plan, seed);
    RunTrace trace = RunTrace.begin(journal.getFirst());
    int length = 1 + new Random(seed).nextInt(journal.size());
    journal.subList(1, length).forEach(trace::apply);
    assertThat(journal.getFirst().event()).isInstanceOf(Event.RunStarted.class);
    return trace;
  }

  private static void collect(StepGraph graph, Map<String, Drawn> rows) {
    inEachGraph(graph, steps -> steps.forEach(step -> rows.put(step.name(), step)));
  }

  private static void inEachGraph(StepGraph graph, Consumer<List<Drawn>> look) {
    look.accept(graph.steps());
    graph.steps().forEach(step -> inEachGraph(step.inside(), look));
  }

  /** Whether a row stands for the step and others of its kind, or for what it stands in. */
  private static boolean isCounted(StepPath path, Map<String, Drawn> rows) {
    for (StepPath at = path; at != null; at = at.parent()) {
      StepPath each = at.each();
      for (int revision = 0; revision <= at.last().revision(); revision++) {
        if (rows.containsKey(each.revision(revision) + "[*]")) {
          return true;
        }
      }
      String element = at.revision(0).toString();
      String step = each.revision(0).toString();
      if (rows.keySet().stream()
          .filter(name -> name.endsWith(" and before"))
          .anyMatch(name -> name.startsWith(element) || name.startsWith(step))) {
        return true;
      }
    }
    return false;
  }

  /** How many a row stands for: as it says, or as its states add up. */
  private static int number(Drawn row) {
    int said = MORE.matcher(row.id()).results().mapToInt(it -> Integer.parseInt(it.group(1))).sum();
    int states =
        FIRST_NUMBER
            .matcher(row.now())
            .results()
            .mapToInt(found -> Integer.parseInt(found.group(1)))
            .sum();
    return Math.max(said, states);
  }

  private static String lines(StepGraph graph) {
    return String.join("\n", GraphText.lines(graph));
  }
}
