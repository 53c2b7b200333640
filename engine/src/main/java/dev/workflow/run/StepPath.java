package dev.workflow.run;

import dev.workflow.definition.Step;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a step of a run: segments {@code id[key]~revision} joined by {@code /}, such as
 * {@code days[2]~1}; what undoes a step stands behind it as {@code days[2]~1.undo}, and what looks
 * for another way after its failure as {@code days[2]~1.replan}, and a plan that an agent has
 * written and runs as {@code days[2]~1.plan}. The key names an element of an {@code each}, the
 * revision a repetition; attempts are numbers beside it.
 */
public final class StepPath implements Comparable<StepPath> {

  /**
   * One segment.
   *
   * @param key index or name of the element; absent: not an element
   * @param revision 0: the first time
   */
  public record Segment(String id, @Nullable String key, int revision) {

    /** Whether it undoes the segment before it. */
    public boolean undoes() {
      return id.equals(UNDO);
    }

    /** Whether it is a plan that the segment before it, an agent, has written and runs. */
    public boolean plans() {
      return id.equals(PLAN);
    }

    /** Whether it is no step inside the segment before it, but attached to that. */
    public boolean attached() {
      return ATTACHED.contains(id);
    }

    /**
     * Elements that follow each other have hashes that do, so that a table of all the elements of a
     * large {@code each} is filled and looked up from one end to the other, as memory likes it.
     */
    private int hash() {
      int step = (id.hashCode() * 31 + revision) * SPREAD;
      return key == null
          ? step
          : step + 1 + (isIndex(key) ? Integer.parseInt(key) : key.hashCode());
    }

    private static boolean isIndex(String key) {
      return !key.isEmpty()
          && key.length() <= INDEX_DIGITS
          && key.chars().allMatch(c -> '0' <= c && c <= '9');
    }

    @Override
    public String toString() {
      return id
          + (key == null ? "" : "[" + escape(key) + "]")
          + (revision == 0 ? "" : "~" + revision);
    }
  }

  /** The segment of what undoes a step: {@code book.undo}; no author can write such an id. */
  public static final String UNDO = Step.UNDO;

  /** The segment of who looks for another plan after a failure: {@code book.replan}. */
  public static final String REPLAN = Step.REPLAN;

  /** The segment of the question about another plan: {@code book.approve}. */
  public static final String APPROVE = Step.APPROVE;

  /** The segment of a plan that an agent has written and runs: {@code research.plan}. */
  public static final String PLAN = Step.PLAN;

  /** Of {@code 2^32} and the golden ratio, which sets steps of similar ids far apart. */
  private static final int SPREAD = 0x9E3779B9;

  /** All numbers of so many digits are an {@code int}. */
  private static final int INDEX_DIGITS = 9;

  static final List<String> ATTACHED = List.of(UNDO, REPLAN, APPROVE, PLAN);

  private final @Nullable StepPath parent;
  private final Segment last;
  private final String text;
  private final int hash;

  private StepPath(@Nullable StepPath parent, Segment last) {
    this.parent = parent;
    this.last = last;
    this.text =
        parent == null ? last.toString() : parent.text + (last.attached() ? "" : "/") + last;
    this.hash = (parent == null ? 0 : parent.hash * 31) + last.hash();
  }

  /** A step of the outermost graph, the first time. */
  public static StepPath of(String id) {
    return new StepPath(null, new Segment(id, null, 0));
  }

  /**
   * The path that a text such as {@code days[2]~1} writes.
   *
   * @throws IllegalArgumentException when the text is no path
   */
  public static StepPath parse(String text) {
    StepPath path = null;
    for (Segment segment : new PathText(text).segments()) {
      path = new StepPath(path, segment);
    }
    return Objects.requireNonNull(path);
  }

  /** A step inside this one. */
  public StepPath child(String id) {
    return new StepPath(this, new Segment(id, null, 0));
  }

  /** The element of this {@code each} with the key. */
  public StepPath element(String key) {
    return new StepPath(parent, new Segment(last.id(), key, last.revision()));
  }

  /** The {@code each} that this is an element of, at the same revision. */
  public StepPath each() {
    return new StepPath(parent, new Segment(last.id(), null, last.revision()));
  }

  /** The same step at another revision. */
  public StepPath revision(int revision) {
    return new StepPath(parent, new Segment(last.id(), last.key(), revision));
  }

  /** The element or container that this step stands in; null: it stands in the outermost graph. */
  public @Nullable StepPath parent() {
    return parent;
  }

  /** The ids alone, joined as in the text: which step of the definition this is. */
  public String name() {
    return parent == null ? id() : parent.name() + (last.attached() ? "" : "/") + id();
  }

  /** All segments, outermost first. */
  public List<Segment> segments() {
    Deque<Segment> segments = new ArrayDeque<>();
    for (StepPath at = this; at != null; at = at.parent) {
      segments.addFirst(at.last);
    }
    return List.copyOf(segments);
  }

  /** The innermost segment. */
  public Segment last() {
    return last;
  }

  /** The id of the step in its own graph. */
  public String id() {
    return last.id();
  }

  /** Keys may hold any character; those that delimit a path are written with a backslash. */
  private static String escape(String key) {
    return key.replace("\\", "\\\\").replace("]", "\\]");
  }

  @Override
  public int compareTo(StepPath other) {
    return text.compareTo(other.text);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof StepPath path && hash == path.hash && text.equals(path.text));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return text;
  }
}
