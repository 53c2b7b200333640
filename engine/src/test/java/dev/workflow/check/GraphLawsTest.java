package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.check.RandomGraph.Mention;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class GraphLawsTest {

  @Property
  void aPlanHasAnOrderAndWithoutAPlanThereIsAReason(@ForAll("any") RandomGraph graph) {
    Report report = graph.report();
    Plan plan = graph.plan(report);

    Statistics.label("planned").collect(plan != null);
    assertThat(plan == null).isEqualTo(!report.sorted().isEmpty());
    if (plan != null) {
      assertThat(LinksLawsTest.hasOrder(sources(plan))).isTrue();
    }
  }

  @Property
  void aGraphThatIsSoundByTheBookHasAPlan(@ForAll("any") RandomGraph graph) {
    Plan plan = graph.plan(graph.report());

    assertThat(plan != null).isEqualTo(BookOfRules.isSound(graph));
  }

  @Property
  void everyReferenceHasAnEdgeThatIsAtLeastAsStrong(@ForAll("acyclic") RandomGraph graph) {
    Plan plan = planned(graph);
    for (int from = 0; from < plan.nodes().size(); from++) {
      for (Mention mention : graph.mentions().get(from)) {
        Edge edge = edge(plan, from, mention.step());
        assertThat(edge.kind()).isLessThanOrEqualTo(mention.kind());
      }
    }
  }

  @Property
  void withoutJudgesThereAreNoOtherEdgesAndNoneTwice(@ForAll("acyclic") RandomGraph graph) {
    Plan plan = planned(graph.withoutJudges());
    for (int from = 0; from < plan.nodes().size(); from++) {
      Set<Integer> mentioned =
          graph.mentions().get(from).stream().map(Mention::step).collect(Collectors.toSet());
      assertThat(plan.nodes().get(from).edges())
          .extracting(Edge::source)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(mentioned);
    }
  }

  @Property
  void aRegionIsEverythingBetweenItsStepAndItsJudge(@ForAll("any") RandomGraph graph) {
    Plan plan = graph.plan(graph.report());
    if (plan == null) {
      return;
    }
    boolean[][] reach = Closure.of(graph.sources());
    for (int judge = 0; judge < plan.nodes().size(); judge++) {
      Plan.Revise revise = plan.nodes().get(judge).revise();
      if (revise == null) {
        continue;
      }
      int target = revise.target();
      Set<Integer> expected = new HashSet<>(Set.of(target, judge));
      for (int node = 0; node < reach.length; node++) {
        if (reach[node][target] && reach[judge][node]) {
          expected.add(node);
        }
      }
      assertThat(revise.region())
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(revise.region().getLast()).isEqualTo(judge);
    }
  }

  @Property
  void whoeverReadsARevisedStepFromOutsideWaitsForTheVerdict(@ForAll("any") RandomGraph graph) {
    Plan plan = graph.plan(graph.report());
    if (plan == null) {
      return;
    }
    for (int judge = 0; judge < plan.nodes().size(); judge++) {
      Plan.Revise revise = plan.nodes().get(judge).revise();
      for (int node = 0; revise != null && node < plan.nodes().size(); node++) {
        Set<Integer> read = new HashSet<>(graph.sources().get(node));
        read.retainAll(revise.region());
        if (!read.isEmpty() && !revise.region().contains(node)) {
          edge(plan, node, judge);
        }
      }
    }
  }

  @Property
  void regionsNestOrAreDisjoint(@ForAll("any") RandomGraph graph) {
    Plan plan = graph.plan(graph.report());
    if (plan == null) {
      return;
    }
    List<BitSet> regions = new ArrayList<>();
    for (Plan.Node node : plan.nodes()) {
      if (node.revise() != null) {
        BitSet region = new BitSet();
        node.revise().region().forEach(region::set);
        regions.add(region);
      }
    }
    Statistics.label("regions").collect(regions.size());
    for (BitSet one : regions) {
      for (BitSet other : regions) {
        BitSet common = (BitSet) one.clone();
        common.and(other);
        assertThat(common.isEmpty() || common.equals(one) || common.equals(other)).isTrue();
      }
    }
  }

  @Property
  void edgesOnAVerdictOnlyOrder(@ForAll("any") RandomGraph graph) {
    Plan plan = graph.plan(graph.report());
    for (int from = 0; plan != null && from < plan.nodes().size(); from++) {
      for (Edge edge : plan.nodes().get(from).edges()) {
        if (!graph.sources().get(from).contains(edge.source())) {
          assertThat(edge.kind()).isEqualTo(EdgeKind.ENDED);
          assertThat(plan.nodes().get(edge.source()).revise()).isNotNull();
        }
      }
    }
  }

  @Provide
  Arbitrary<RandomGraph> any() {
    return RandomGraph.any();
  }

  @Provide
  Arbitrary<RandomGraph> acyclic() {
    return RandomGraph.acyclic();
  }

  private static Plan planned(RandomGraph graph) {
    return Objects.requireNonNull(graph.withoutJudges().plan(graph.report()));
  }

  private static Edge edge(Plan plan, int from, int source) {
    return plan.nodes().get(from).edges().stream()
        .filter(edge -> edge.source() == source)
        .findFirst()
        .orElseThrow(() -> new AssertionError(from + " does not wait for " + source));
  }

  private static List<Set<Integer>> sources(Plan plan) {
    return plan.nodes().stream()
        .map(node -> node.edges().stream().map(Edge::source).collect(Collectors.toSet()))
        .toList();
  }
}
