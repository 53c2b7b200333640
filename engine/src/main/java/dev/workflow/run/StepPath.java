package dev.workflow.run;

import dev.workflow.definition.Step;
import java.util.ArrayList;
import java.util.List;
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

  static final List<String> ATTACHED = List.of(UNDO, REPLAN, APPROVE, PLAN);

  private final List<Segment> segments;
  private final String text;

  private StepPath(List<Segment> segments) {
    this.segments = List.copyOf(segments);
    StringBuilder joined = new StringBuilder();
    for (Segment segment : this.segments) {
      joined.append(joined.isEmpty() || segment.attached() ? "" : "/").append(segment);
    }
    this.text = joined.toString();
  }

  /** A step of the outermost graph, the first time. */
  public static StepPath of(String id) {
    return new StepPath(List.of(new Segment(id, null, 0)));
  }

  /**
   * The path that a text such as {@code days[2]~1} writes.
   *
   * @throws IllegalArgumentException when the text is no path
   */
  public static StepPath parse(String text) {
    return new StepPath(new PathText(text).segments());
  }

  /** A step inside this one. */
  public StepPath child(String id) {
    List<Segment> longer = new ArrayList<>(segments);
    longer.add(new Segment(id, null, 0));
    return new StepPath(longer);
  }

  /** The element of this {@code each} with the key. */
  public StepPath element(String key) {
    Segment last = last();
    return withLast(new Segment(last.id(), key, last.revision()));
  }

  /** The {@code each} that this is an element of, at the same revision. */
  public StepPath each() {
    Segment last = last();
    return withLast(new Segment(last.id(), null, last.revision()));
  }

  /** The same step at another revision. */
  public StepPath revision(int revision) {
    Segment last = last();
    return withLast(new Segment(last.id(), last.key(), revision));
  }

  /** The element or container that this step stands in; null: it stands in the outermost graph. */
  public @Nullable StepPath parent() {
    return segments.size() == 1 ? null : new StepPath(segments.subList(0, segments.size() - 1));
  }

  /** The ids alone, joined as in the text: which step of the definition this is. */
  public String name() {
    if (segments.size() == 1) {
      return id();
    }
    StringBuilder joined = new StringBuilder();
    for (Segment segment : segments) {
      joined.append(joined.isEmpty() || segment.attached() ? "" : "/").append(segment.id());
    }
    return joined.toString();
  }

  /** All segments, outermost first. */
  public List<Segment> segments() {
    return segments;
  }

  /** The innermost segment. */
  public Segment last() {
    return segments.get(segments.size() - 1);
  }

  /** The id of the step in its own graph. */
  public String id() {
    return last().id();
  }

  private StepPath withLast(Segment last) {
    List<Segment> changed = new ArrayList<>(segments.subList(0, segments.size() - 1));
    changed.add(last);
    return new StepPath(changed);
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
    return other instanceof StepPath path && text.equals(path.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
