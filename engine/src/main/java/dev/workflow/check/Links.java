package dev.workflow.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** Who waits for whom, by index alone. Every method is linear in the number of links. */
final class Links {
  private final int[][] sources;
  private final int[][] followers;

  /** Links from each node to the nodes it waits for. */
  Links(List<? extends Collection<Integer>> sources) {
    this.sources =
        sources.stream()
            .map(each -> each.stream().mapToInt(Integer::intValue).sorted().toArray())
            .toArray(int[][]::new);
    this.followers = turned(this.sources);
  }

  int size() {
    return sources.length;
  }

  /** The nodes that wait for the node, directly. */
  int[] followers(int node) {
    return followers[node].clone();
  }

  /** The node and all that wait for it, directly or not. */
  BitSet downstream(int node) {
    return reach(node, followers);
  }

  /** The node and all it waits for, directly or not. */
  BitSet upstream(int node) {
    return reach(node, sources);
  }

  /**
   * For each knot of nodes that wait for each other one shortest circle, from its first node on:
   * each waits for the next, the last for the first.
   */
  List<List<Integer>> circles() {
    List<List<Integer>> circles = new ArrayList<>();
    BitSet told = new BitSet();
    BitSet left = knotted();
    for (int node = left.nextSetBit(0); node >= 0; node = left.nextSetBit(node + 1)) {
      if (told.get(node)) {
        continue;
      }
      List<Integer> circle = circleThrough(node);
      if (!circle.isEmpty()) {
        circles.add(circle);
        BitSet knot = upstream(node);
        knot.and(downstream(node));
        told.or(knot);
      }
    }
    return circles;
  }

  /** What is left when nodes that wait for nothing are taken away again and again, both ways. */
  private BitSet knotted() {
    BitSet left = new BitSet();
    left.set(0, size());
    peel(left, sources, followers);
    peel(left, followers, sources);
    return left;
  }

  private static void peel(BitSet left, int[][] before, int[][] after) {
    int[] open = new int[before.length];
    Deque<Integer> free = new ArrayDeque<>();
    for (int node = left.nextSetBit(0); node >= 0; node = left.nextSetBit(node + 1)) {
      open[node] = (int) Arrays.stream(before[node]).filter(left::get).count();
      if (open[node] == 0) {
        free.add(node);
      }
    }
    while (!free.isEmpty()) {
      int node = free.remove();
      left.clear(node);
      for (int next : after[node]) {
        if (left.get(next) && --open[next] == 0) {
          free.add(next);
        }
      }
    }
  }

  private List<Integer> circleThrough(int start) {
    int[] cameFrom = new int[size()];
    Arrays.fill(cameFrom, -1);
    Deque<Integer> queue = new ArrayDeque<>();
    queue.add(start);
    while (!queue.isEmpty()) {
      int node = queue.remove();
      for (int source : sources[node]) {
        if (source == start) {
          return wayBack(start, node, cameFrom);
        }
        if (cameFrom[source] < 0) {
          cameFrom[source] = node;
          queue.add(source);
        }
      }
    }
    return List.of();
  }

  private static List<Integer> wayBack(int start, int last, int[] cameFrom) {
    List<Integer> circle = new ArrayList<>();
    for (int node = last; node != start; node = cameFrom[node]) {
      circle.add(node);
    }
    circle.add(start);
    Collections.reverse(circle);
    return circle;
  }

  private static BitSet reach(int start, int[][] next) {
    BitSet seen = new BitSet();
    Deque<Integer> queue = new ArrayDeque<>();
    seen.set(start);
    queue.add(start);
    while (!queue.isEmpty()) {
      for (int node : next[queue.remove()]) {
        if (!seen.get(node)) {
          seen.set(node);
          queue.add(node);
        }
      }
    }
    return seen;
  }

  private static int[][] turned(int[][] links) {
    int[] counts = new int[links.length];
    for (int[] from : links) {
      for (int to : from) {
        counts[to]++;
      }
    }
    int[][] turned = new int[links.length][];
    Arrays.setAll(turned, node -> new int[counts[node]]);
    for (int from = links.length - 1; from >= 0; from--) {
      for (int to : links[from]) {
        turned[to][--counts[to]] = from;
      }
    }
    return turned;
  }
}
