package dev.workflow.trace;

import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The order in which the nodes of one graph are drawn: by the length of the longest way to them,
 * else as the author wrote them. Looks at each edge once, however long the graph is.
 */
final class Layers {
  private final int[] depths;
  private final int[] beside;

  Layers(List<Node> nodes) {
    depths = new int[nodes.size()];
    int[] behind = new int[depths.length];
    List<List<Integer>> followers = new ArrayList<>();
    nodes.forEach(node -> followers.add(new ArrayList<>()));
    Deque<Integer> free = new ArrayDeque<>();
    for (int i = 0; i < depths.length; i++) {
      for (Edge edge : nodes.get(i).edges()) {
        followers.get(edge.source()).add(i);
        behind[i]++;
      }
      if (behind[i] == 0) {
        free.add(i);
      }
    }
    beside = new int[depths.length + 1];
    for (Integer at = free.poll(); at != null; at = free.poll()) {
      beside[depths[at]]++;
      for (int follower : followers.get(at)) {
        depths[follower] = Math.max(depths[follower], depths[at] + 1);
        if (--behind[follower] == 0) {
          free.add(follower);
        }
      }
    }
  }

  /** Indexes of the nodes, in order. */
  List<Integer> inOrder() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < depths.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingInt(index -> depths[index]));
    return Collections.unmodifiableList(order);
  }

  /** Whether another node has the same longest way to it. */
  boolean isParallel(int index) {
    return beside[depths[index]] > 1;
  }

  /** Whether a node can do without the output of its source. */
  static boolean isSoft(EdgeKind kind) {
    return switch (kind) {
      case NEED, VALUE -> false;
      case OPTIONAL_NEED, ENDED -> true;
    };
  }
}
