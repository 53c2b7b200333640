package dev.workflow.trace;

import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All steps of a run by where they stand. */
final class Instances {
  private final Map<String, Map<String, List<StepInfo>>> inside = new HashMap<>();
  private final Map<StepPath, Map<String, List<StepInfo>>> elements = new HashMap<>();
  private final Map<StepPath, StepInfo> byPath = new HashMap<>();

  Instances(RunState run) {
    Map<StepPath, StepPath> newestEach = new HashMap<>();
    for (StepInfo step : run.all()) {
      StepPath path = step.path();
      byPath.put(path, step);
      StepPath first = path.each().revision(0);
      if (path.last().key() == null) {
        newestEach.put(first, path);
        add(
            inside.computeIfAbsent(above(path.parent()), at -> new LinkedHashMap<>()),
            path.id(),
            step);
      } else {
        // A repetition of one element counts its revision up alone: it is of the newest each.
        StepPath each = newestEach.getOrDefault(first, path.each());
        add(elements.computeIfAbsent(each, at -> new LinkedHashMap<>()), path.last().key(), step);
      }
    }
  }

  private static void add(Map<String, List<StepInfo>> map, @Nullable String key, StepInfo step) {
    map.computeIfAbsent(String.valueOf(key), at -> new ArrayList<>()).add(step);
  }

  private static String above(@Nullable StepPath container) {
    return container == null ? "" : container.toString();
  }

  /**
   * The revisions of each step inside a container, by id, in the order of their appearance; what
   * undoes the container among them.
   *
   * @param container absent: the outermost graph
   */
  Map<String, List<StepInfo>> inside(@Nullable StepPath container) {
    return inside.getOrDefault(above(container), Map.of());
  }

  /** The revisions of each element of an each, by key. */
  Collection<List<StepInfo>> elements(StepPath each) {
    return elements.getOrDefault(each, Map.of()).values();
  }

  @Nullable StepInfo at(StepPath path) {
    return byPath.get(path);
  }
}
