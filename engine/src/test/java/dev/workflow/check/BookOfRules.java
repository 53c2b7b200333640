package dev.workflow.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of the graph once more, the slow way. */
final class BookOfRules {
  private BookOfRules() {}

  /** Whether a graph may run. */
  static boolean isSound(RandomGraph graph) {
    List<Set<Integer>> waits = new ArrayList<>();
    graph.sources().forEach(each -> waits.add(new HashSet<>(each)));
    boolean[][] reach = Closure.of(waits);
    if (waitsForItself(reach)) {
      return false;
    }
    List<Set<Integer>> regions = new ArrayList<>();
    for (int judge = 0; judge < waits.size(); judge++) {
      int target = graph.judges().get(judge);
      if (target < 0) {
        continue;
      }
      if (!reach[judge][target]) {
        return false;
      }
      Set<Integer> region = region(reach, target, judge);
      regions.add(region);
      for (int reader = 0; reader < waits.size(); reader++) {
        Set<Integer> read = new HashSet<>(graph.sources().get(reader));
        read.retainAll(region);
        if (!region.contains(reader) && !read.isEmpty()) {
          waits.get(reader).add(judge);
        }
      }
    }
    return !cross(regions) && !waitsForItself(Closure.of(waits));
  }

  private static Set<Integer> region(boolean[][] reach, int target, int judge) {
    Set<Integer> region = new HashSet<>(Set.of(target, judge));
    for (int node = 0; node < reach.length; node++) {
      if (reach[node][target] && reach[judge][node]) {
        region.add(node);
      }
    }
    return region;
  }

  private static boolean cross(List<Set<Integer>> regions) {
    for (Set<Integer> one : regions) {
      for (Set<Integer> other : regions) {
        Set<Integer> common = new HashSet<>(one);
        common.retainAll(other);
        if (!common.isEmpty() && !common.equals(one) && !common.equals(other)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean waitsForItself(boolean[][] reach) {
    for (int node = 0; node < reach.length; node++) {
      if (reach[node][node]) {
        return true;
      }
    }
    return false;
  }
}
