package dev.workflow.run;

import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One graph in arrays: who follows whom, and how long the way to the end is from each node. */
final class Graph {
  private final List<Node> nodes;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final int[][] successors;
  private final long[] remainingMillis;

  Graph(List<Node> nodes) {
    this.nodes = nodes;
    for (int i = 0; i < nodes.size(); i++) {
      indexes.put(nodes.get(i).id(), i);
    }
    int[] counts = new int[nodes.size()];
    nodes.forEach(node -> node.edges().forEach(edge -> counts[edge.source()]++));
    successors = new int[nodes.size()][];
    for (int i = 0; i < counts.length; i++) {
      successors[i] = new int[counts[i]];
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (Edge edge : nodes.get(i).edges()) {
        successors[edge.source()][--counts[edge.source()]] = i;
      }
    }
    remainingMillis = longestWays(nodes);
  }

  List<Node> nodes() {
    return nodes;
  }

  /** The index of a step; null: there is none of the id. */
  @Nullable Integer indexOf(String id) {
    return indexes.get(id);
  }

  /** The indexes of all nodes, each after those it waits for. */
  int[] inOrder() {
    int[] behind = new int[nodes.size()];
    int[] order = new int[behind.length];
    int filled = 0;
    for (int i = 0; i < behind.length; i++) {
      behind[i] = nodes.get(i).edges().size();
      if (behind[i] == 0) {
        order[filled++] = i;
      }
    }
    for (int head = 0; head < filled; head++) {
      for (int follower : successors[order[head]]) {
        if (--behind[follower] == 0) {
          order[filled++] = follower;
        }
      }
    }
    return order;
  }

  /** Node indexes that wait for the node, one for each edge. */
  int[] successors(int node) {
    return successors[node];
  }

  /** Expected time from the start of the node to the end of the last that depends on it. */
  long remainingMillis(int node) {
    return remainingMillis[node];
  }

  /** Kahn's order backwards: a node is final when all its successors are. */
  private long[] longestWays(List<Node> nodes) {
    int[] open = new int[nodes.size()];
    int[] queue = new int[nodes.size()];
    int filled = 0;
    for (int i = 0; i < open.length; i++) {
      open[i] = successors[i].length;
      if (open[i] == 0) {
        queue[filled++] = i;
      }
    }
    long[] ways = new long[nodes.size()];
    for (int head = 0; head < filled; head++) {
      int node = queue[head];
      ways[node] += nodes.get(node).estimate().toMillis();
      for (Edge edge : nodes.get(node).edges()) {
        ways[edge.source()] = Math.max(ways[edge.source()], ways[node]);
        if (--open[edge.source()] == 0) {
          queue[filled++] = edge.source();
        }
      }
    }
    return ways;
  }
}
