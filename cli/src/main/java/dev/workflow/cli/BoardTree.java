package dev.workflow.cli;

import dev.workflow.run.StepPath;
import dev.workflow.trace.Words;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what of a run has a row and puts it in the order of its graph. What a person has to look
 * at comes first, then what failed last, then what is at work the longest; the rest is counted.
 */
final class BoardTree {
  /** Part of the rows that failures may take while there is work. */
  private static final int FAILED_PART = 3;

  private final Occupied occupied;
  private final UnaryOperator<StepPath> fanOut;
  private final int most;

  /** Everything with a row, the containers of the chosen among them; below each what is in it. */
  private final Map<StepPath, Set<StepPath>> below = new LinkedHashMap<>();

  private final Set<StepPath> roots = new LinkedHashSet<>();

  /** Rows so far. */
  private int taken;

  /**
   * A tree to be drawn once.
   *
   * @param fanOut the each that an element is of
   * @param most rows
   */
  BoardTree(Occupied occupied, UnaryOperator<StepPath> fanOut, int most) {
    this.occupied = occupied;
    this.fanOut = fanOut;
    this.most = most;
  }

  List<String> rows(Instant now) {
    int asking = choose(occupied.asking().keySet(), most);
    int failures = choose(occupied.failed().reversed().keySet(), Math.max(1, most / FAILED_PART));
    int atWork = choose(occupied.atWork().keySet(), most);
    choose(occupied.open().keySet(), most);
    List<String> rows = new ArrayList<>();
    roots.forEach(path -> add(path, null, "", now, rows));
    String rest = rest(asking, atWork, failures);
    if (!rest.isEmpty()) {
      rows.add("  and " + rest);
    }
    return rows;
  }

  /** Gives rows to some while there are any left; gives the number of those without. */
  private int choose(Set<StepPath> paths, int atMost) {
    int chosen = 0;
    int end = Math.min(most, taken + atMost);
    for (StepPath path : paths) {
      List<StepPath> way = way(path);
      int more = cost(way);
      if (taken + more > end && taken > 0) {
        break;
      }
      place(way);
      taken += more;
      chosen++;
    }
    return paths.size() - chosen;
  }

  /** The rows that a way takes beyond those that are taken; a container has one from two on. */
  private int cost(List<StepPath> way) {
    int cost = 0;
    for (int i = 0; i < way.size(); i++) {
      Set<StepPath> inside = below.get(way.get(i));
      Work open = occupied.open().get(way.get(i));
      boolean last = i == way.size() - 1;
      if (inside == null) {
        cost += last || (open != null && open.fansOut) ? 1 : 0;
      } else if (!last && open != null && !open.fansOut && inside.size() == 1) {
        cost += inside.contains(way.get(i + 1)) ? 0 : 1;
      }
    }
    return cost;
  }

  /** The containers that are open around a path, the outermost first, and the path. */
  private List<StepPath> way(StepPath path) {
    List<StepPath> way = new ArrayList<>();
    way.add(path);
    for (StepPath at = around(path); at != null; at = around(at)) {
      if (occupied.open().containsKey(at)) {
        way.addFirst(at);
      }
    }
    return way;
  }

  private @Nullable StepPath around(StepPath path) {
    return path.last().key() == null ? path.parent() : fanOut.apply(path);
  }

  private void place(List<StepPath> way) {
    StepPath above = null;
    for (StepPath at : way) {
      below.computeIfAbsent(at, path -> new LinkedHashSet<>());
      (above == null ? roots : below.getOrDefault(above, roots)).add(at);
      above = at;
    }
  }

  /** A container with one row inside shares it, unless it fans out. */
  private void add(
      StepPath path, @Nullable StepPath above, String indent, Instant now, List<String> rows) {
    Set<StepPath> inside = below.getOrDefault(path, Set.of());
    Work open = occupied.open().get(path);
    if (open != null && !open.fansOut && inside.size() == 1) {
      add(inside.iterator().next(), above, indent, now, rows);
      return;
    }
    rows.add(indent + row(path, above == null ? path.toString() : label(path, above), now));
    inside.forEach(at -> add(at, path, indent + "  ", now, rows));
  }

  private String row(StepPath path, String label, Instant now) {
    Work work = occupied.asking().get(path);
    work = work == null ? occupied.at(path) : work;
    return work == null
        ? "✗ " + label + "  " + occupied.failed().getOrDefault(path, "")
        : work.row(label, now);
  }

  /** How a path is called below a container: without what the container's own row says. */
  private static String label(StepPath path, StepPath container) {
    List<StepPath.Segment> segments = path.segments();
    int known = container.segments().size();
    StringBuilder label = new StringBuilder();
    StepPath.Segment shared = segments.get(known - 1);
    if (container.last().key() == null && shared.key() != null) {
      label.append(shared.toString().substring(shared.id().length()));
    }
    for (StepPath.Segment segment : segments.subList(known, segments.size())) {
      label.append(label.isEmpty() || segment.attached() ? "" : "/").append(segment);
    }
    return label.toString();
  }

  private static String rest(int asking, int atWork, int failures) {
    List<String> rest = new ArrayList<>();
    if (asking > 0) {
      rest.add(Words.counted(asking, "more question"));
    }
    if (atWork > 0) {
      rest.add(atWork + " more at work");
    }
    if (failures > 0) {
      rest.add(failures + " more failed");
    }
    return String.join(", ", rest);
  }
}
