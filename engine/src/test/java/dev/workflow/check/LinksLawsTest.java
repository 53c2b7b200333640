package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class LinksLawsTest {

  @Property
  void whatIsToldIsACircleAndWhereNoneIsToldThereIsAnOrder(
      @ForAll("links") List<Set<Integer>> sources) {
    List<List<Integer>> circles = new Links(sources).circles();

    for (List<Integer> circle : circles) {
      for (int i = 0; i < circle.size(); i++) {
        assertThat(sources.get(circle.get(i))).contains(circle.get((i + 1) % circle.size()));
      }
    }
    assertThat(circles.isEmpty()).isEqualTo(hasOrder(sources));
  }

  @Property
  void everyKnotIsToldOnce(@ForAll("links") List<Set<Integer>> sources) {
    boolean[][] reach = Closure.of(sources);
    List<Integer> firsts =
        new Links(sources).circles().stream().map(circle -> circle.get(0)).toList();
    Set<Integer> told = new HashSet<>();
    for (int node = 0; node < sources.size(); node++) {
      if (reach[node][node]) {
        for (int first : firsts) {
          if (reach[node][first] && reach[first][node]) {
            told.add(node);
          }
        }
        assertThat(told).contains(node);
      }
    }
    for (int first : firsts) {
      assertThat(firsts.stream().filter(other -> reach[first][other] && reach[other][first]))
          .hasSize(1);
    }
  }

  @Property
  void upstreamAndDownstreamAreTheClosureOfTheLinks(@ForAll("links") List<Set<Integer>> sources) {
    boolean[][] reach = Closure.of(sources);
    Links links = new Links(sources);
    for (int node = 0; node < sources.size(); node++) {
      BitSet up = links.upstream(node);
      BitSet down = links.downstream(node);
      for (int other = 0; other < sources.size(); other++) {
        assertThat(up.get(other)).isEqualTo(other == node || reach[node][other]);
        assertThat(down.get(other)).isEqualTo(other == node || reach[other][node]);
      }
    }
  }

  @Provide
  Arbitrary<List<Set<Integer>>> links() {
    return Arbitraries.integers()
        .between(1, 9)
        .flatMap(
            size ->
                Arbitraries.integers().between(0, size - 1).set().ofMaxSize(3).list().ofSize(size));
  }

  /** Takes away what waits for nothing until nothing is left, or nothing can be taken. */
  static boolean hasOrder(List<? extends Set<Integer>> sources) {
    Set<Integer> done = new HashSet<>();
    List<Integer> left = new ArrayList<>();
    for (int node = 0; node < sources.size(); node++) {
      left.add(node);
    }
    while (left.removeIf(node -> done.containsAll(sources.get(node)) && done.add(node))) {
      assertThat(done).isNotEmpty();
    }
    return left.isEmpty();
  }
}
