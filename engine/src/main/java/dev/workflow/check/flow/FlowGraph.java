package dev.workflow.check.flow;

import dev.workflow.definition.Label;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Values and what they are made of. Labels spread along it, each from its sources outwards, so that
 * every labelled node knows one shortest way on which the label came.
 */
final class FlowGraph {
  private final List<String> names = new ArrayList<>();
  private final List<List<Integer>> followers = new ArrayList<>();
  private final Map<Label, List<Source>> sources = new EnumMap<>(Label.class);
  private final Map<Label, int[]> cameFrom = new EnumMap<>(Label.class);
  private final Map<Label, Map<Integer, String>> origins = new EnumMap<>(Label.class);

  /** How many steps are named at the beginning and at the end of a way, and of a list. */
  static final int SHOWN_MAX = 5;

  private static final int NOT_LABELLED = -1;
  private static final int FROM_SOURCE = -2;

  private record Source(int node, String reason) {}

  /** A new node; the name is what a person knows it by. */
  int node(String name) {
    names.add(name);
    followers.add(new ArrayList<>());
    return names.size() - 1;
  }

  int size() {
    return names.size();
  }

  String name(int node) {
    return names.get(node);
  }

  /** What one node holds comes into another. */
  void flow(int from, int to) {
    if (from != to) {
      followers.get(from).add(to);
    }
  }

  /**
   * A label begins at a node.
   *
   * @param reason which tool brings it and why, for people
   */
  void source(int node, Label label, String reason) {
    sources.computeIfAbsent(label, each -> new ArrayList<>()).add(new Source(node, reason));
  }

  /** Spreads a label; linear in nodes and links. */
  void spread(Label label) {
    int[] from = new int[size()];
    Arrays.fill(from, NOT_LABELLED);
    Map<Integer, String> reasons = new HashMap<>();
    Deque<Integer> queue = new ArrayDeque<>();
    for (Source source : sources.getOrDefault(label, List.of())) {
      if (from[source.node()] == NOT_LABELLED) {
        from[source.node()] = FROM_SOURCE;
        reasons.put(source.node(), source.reason());
        queue.add(source.node());
      }
    }
    while (!queue.isEmpty()) {
      int node = queue.remove();
      for (int next : followers.get(node)) {
        if (from[next] == NOT_LABELLED) {
          from[next] = node;
          queue.add(next);
        }
      }
    }
    cameFrom.put(label, from);
    origins.put(label, reasons);
  }

  /** Whether a label has come to a node. */
  boolean has(int node, Label label) {
    int[] from = cameFrom.get(label);
    return from != null && from[node] != NOT_LABELLED;
  }

  /** The way on which a label came to a node, its source first, as people read it. */
  String way(int node, Label label) {
    int[] from = cameFrom.get(label);
    if (from == null || from[node] == NOT_LABELLED) {
      throw new IllegalArgumentException(name(node) + " is not " + label.word());
    }
    List<String> way = new ArrayList<>();
    int at = node;
    while (from[at] >= 0) {
      add(name(at), way);
      at = from[at];
    }
    String reason = origins.getOrDefault(label, Map.of()).getOrDefault(at, "");
    if (!way.isEmpty() && way.getLast().equals(name(at))) {
      way.removeLast();
    }
    way.add(name(at) + " (" + reason + ")");
    Collections.reverse(way);
    int left = way.size() - 2 * SHOWN_MAX;
    if (left > 0) {
      way.subList(SHOWN_MAX, way.size() - SHOWN_MAX).clear();
      way.add(SHOWN_MAX, "(" + left + " more)");
    }
    return String.join(" -> ", way);
  }

  private static void add(String name, List<String> way) {
    if (way.isEmpty() || !way.getLast().equals(name)) {
      way.add(name);
    }
  }
}
