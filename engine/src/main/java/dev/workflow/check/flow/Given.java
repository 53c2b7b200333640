package dev.workflow.check.flow;

import dev.workflow.engine.Expressions.Share;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A value of a run: one node, or fields that are known apart. */
sealed interface Given {

  /** What nobody looks into. */
  record Node(int node) implements Given {}

  /** An object whose fields have values of their own. */
  record Fields(Map<String, Given> fields) implements Given {
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }
  }

  /** A value of which nothing is labelled. */
  static Given nothing() {
    return new Fields(Map.of());
  }

  /**
   * A part of a value that another one is made of.
   *
   * @param path below the node
   * @param share how much of it is there
   */
  record Part(int node, List<String> path, Share share) {
    public Part {
      path = List.copyOf(path);
    }

    /** Of a node that is nothing else than another part, what this is of that part. */
    Part in(Part same) {
      return new Part(same.node, Stream.concat(same.path.stream(), path.stream()).toList(), share);
    }

    /** Whether all of it is there. */
    boolean whole() {
      return share != Share.SOME;
    }

    Part among() {
      return new Part(node, path, share.among());
    }

    Part cut() {
      return new Part(node, path, Share.SOME);
    }

    /** Written out, as {@link #hashCode()} is: every start of a check would pay for making them. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Part(int place, List<String> way, Share much)
          && node == place
          && path.equals(way)
          && share == much;
    }

    @Override
    public int hashCode() {
      return (node * 31 + path.hashCode()) * 31 + share.hashCode();
    }

    /** Whether who sees this part whole sees the other one. */
    boolean shows(Part other) {
      return whole()
          && node == other.node
          && path.size() <= other.path.size()
          && path.equals(other.path.subList(0, path.size()));
    }
  }

  /** The parts that a path names; where a field is not known, all of them. */
  default Stream<Part> at(List<String> path, Share share) {
    return switch (this) {
      case Node one -> Stream.of(new Part(one.node(), path, share));
      case Fields object -> {
        Given field = path.isEmpty() ? null : object.fields().get(path.getFirst());
        yield field != null
            ? field.at(path.subList(1, path.size()), share)
            : object.nodes().stream().map(node -> new Part(node, List.of(), share.among()));
      }
    };
  }

  /** All nodes of it. What it holds several times is looked into once. */
  default Set<Integer> nodes() {
    Set<Integer> nodes = new LinkedHashSet<>();
    Set<Given> looked = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Given> open = new ArrayDeque<>();
    open.push(this);
    while (!open.isEmpty()) {
      switch (open.pop()) {
        case Node one -> nodes.add(one.node());
        case Fields object -> {
          if (looked.add(object)) {
            List.copyOf(object.fields().values()).reversed().forEach(open::push);
          }
        }
      }
    }
    return nodes;
  }
}
