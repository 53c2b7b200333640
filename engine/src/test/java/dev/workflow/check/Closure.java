package dev.workflow.check;

import java.util.Collection;
import java.util.List;

/** Who waits for whom directly or not, found the slow and certain way. */
final class Closure {
  private Closure() {}

  static boolean[][] of(List<? extends Collection<Integer>> sources) {
    int size = sources.size();
    boolean[][] reach = new boolean[size][size];
    for (int node = 0; node < size; node++) {
      for (int source : sources.get(node)) {
        reach[node][source] = true;
      }
    }
    for (int via = 0; via < size; via++) {
      for (int from = 0; from < size; from++) {
        for (int to = 0; to < size; to++) {
          reach[from][to] |= reach[from][via] && reach[via][to];
        }
      }
    }
    return reach;
  }
}
