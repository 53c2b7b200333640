package dev.workflow.check.flow;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
   * @param whole whether all of it is there
   */
  record Part(int node, List<String> path, boolean whole) {
    public Part {
      path = List.copyOf(path);
    }

    /** What is below this part, as a part of what this part is made of. */
    Part of(Part maker) {
      return new Part(
          maker.node,
          Stream.concat(maker.path.stream(), path.stream()).toList(),
          whole && maker.whole);
    }

    Part cut() {
      return new Part(node, path, false);
    }

    /** Written out, as {@link #hashCode()} is: every start of a check would pay for making them. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Part(int place, List<String> way, boolean all)
          && node == place
          && path.equals(way)
          && whole == all;
    }

    @Override
    public int hashCode() {
      return (node * 31 + path.hashCode()) * 31 + Boolean.hashCode(whole);
    }

    /** Whether who sees this part whole sees the other one. */
    boolean shows(Part other) {
      return whole
          && node == other.node
          && path.size() <= other.path.size()
          && path.equals(other.path.subList(0, path.size()));
    }
  }

  /** The parts that a path names; where a field is not known, all of them. */
  default Stream<Part> at(List<String> path, boolean whole) {
    return switch (this) {
      case Node one -> Stream.of(new Part(one.node(), path, whole));
      case Fields object -> {
        Given field = path.isEmpty() ? null : object.fields().get(path.getFirst());
        yield field != null
            ? field.at(path.subList(1, path.size()), whole)
            : object.fields().values().stream().flatMap(each -> each.at(List.of(), whole));
      }
    };
  }
}
