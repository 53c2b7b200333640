package dev.workflow.yaml;

import static dev.workflow.engine.Pointers.within;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one document. A value that was spoken of is not spoken of again. */
final class Findings {

  /** More problems than this help nobody. */
  static final int PROBLEMS_MAX = 500;

  private final TextSource source;
  private final List<Problem> problems = new ArrayList<>();
  private final Set<String> spoken = new HashSet<>();

  Findings(TextSource source) {
    this.source = source;
  }

  /** The same findings, where the pointers of what follows are those of another source. */
  Findings from(TextSource other) {
    Findings next = new Findings(other);
    next.problems.addAll(problems);
    return next;
  }

  /** The same findings over a source that also knows values which were made since. */
  Findings over(TextSource other) {
    Findings next = from(other);
    next.spoken.addAll(spoken);
    return next;
  }

  TextSource source() {
    return source;
  }

  /** At the value of a pointer. */
  void value(Rule rule, String pointer, String message, @Nullable String hint) {
    at(source.place(pointer), rule, pointer, message, hint);
  }

  /** At the key of the value of a pointer. */
  void key(Rule rule, String pointer, String message, @Nullable String hint) {
    at(source.key(pointer), rule, pointer, message, hint);
  }

  /** At a character of the text at a pointer. */
  void inside(Rule rule, String pointer, int offset, String message, @Nullable String hint) {
    at(source.inside(pointer, offset), rule, pointer, message, hint);
  }

  private void at(Place place, Rule rule, String pointer, String message, @Nullable String hint) {
    if (!spokenOf(pointer) && problems.size() < PROBLEMS_MAX) {
      spoken.add(pointer);
      problems.add(Problem.invalid(rule, place, message, hint));
    }
  }

  void warning(Rule rule, Place place, String message, @Nullable String hint) {
    problems.add(
        new Problem(Problem.Severity.WARNING, Problem.Kind.INVALID, rule, place, message, hint));
  }

  /** Takes a problem as it is; nothing more is said of the value at the pointer. */
  void add(Problem problem, String pointer) {
    spoken.add(pointer);
    problems.add(problem);
  }

  void addAll(List<Problem> more) {
    problems.addAll(more);
  }

  /** Says nothing more of the value at a pointer, nor of what is below it. */
  void silence(String pointer) {
    spoken.add(pointer);
  }

  /** Whether the value, or one it is part of, was spoken of. */
  boolean spokenOf(String pointer) {
    String at = pointer;
    while (!spoken.contains(at)) {
      if (at.isEmpty()) {
        return false;
      }
      at = Pointers.parent(at);
    }
    return true;
  }

  /** Whether the value, one it is part of, or a part of it was spoken of. */
  boolean spokenAround(String pointer) {
    return spokenOf(pointer) || spoken.stream().anyMatch(at -> within(at, pointer));
  }

  boolean none() {
    return problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  List<Problem> sorted() {
    return problems.stream().distinct().sorted(Problem.ORDER).toList();
  }
}
