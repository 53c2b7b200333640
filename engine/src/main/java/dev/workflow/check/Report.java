package dev.workflow.check;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents.Source;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one check; pointers are those of the long form. */
final class Report {
  private final Source source;
  private final Set<Problem> problems;
  private final boolean misread;

  /** A report that begins with what was found in reading. */
  Report(Source source, Collection<Problem> read) {
    this.source = source;
    this.problems = new LinkedHashSet<>(read);
    this.misread = hasInvalid();
  }

  /** Whether the definition was not read whole: what seems to be missing may be misspelt. */
  boolean isMisread() {
    return misread;
  }

  /** The value at the pointer is wrong. */
  void invalid(Rule rule, String pointer, String message, @Nullable String hint) {
    problems.add(Problem.invalid(rule, source.place(pointer), message, hint));
  }

  /** The key of the value at the pointer is wrong, or the value as a whole. */
  void invalidKey(Rule rule, String pointer, String message, @Nullable String hint) {
    problems.add(Problem.invalid(rule, source.key(pointer), message, hint));
  }

  /** A character of the text at the pointer is wrong. */
  void invalidInside(Rule rule, String pointer, int offset, String message, @Nullable String hint) {
    problems.add(Problem.invalid(rule, source.inside(pointer, offset), message, hint));
  }

  /** What the value at the pointer asks for is not there. */
  void missing(Rule rule, String pointer, String message, @Nullable String hint) {
    problems.add(Problem.missing(rule, source.place(pointer), message, hint));
  }

  /** What stands at the place is not trusted, or asks for what is not. */
  void untrusted(Rule rule, Place place, String message, @Nullable String hint) {
    problems.add(new Problem(Severity.ERROR, Kind.UNTRUSTED, rule, place, message, hint));
  }

  /** Only a live server, or another machine, could tell. */
  void unverified(Rule rule, String pointer, String message, @Nullable String hint) {
    problems.add(
        new Problem(Severity.UNVERIFIED, Kind.MISSING, rule, source.place(pointer), message, hint));
  }

  /** Works, but hardly as it was meant. */
  void warning(Rule rule, String pointer, String message, @Nullable String hint) {
    problems.add(
        new Problem(Severity.WARNING, Kind.INVALID, rule, source.key(pointer), message, hint));
  }

  /** A problem that somebody else found. */
  void add(Problem problem) {
    problems.add(problem);
  }

  /** Where the value at the pointer stands. */
  Place place(String pointer) {
    return source.place(pointer);
  }

  /** Problems that somebody else found. */
  void addAll(Collection<Problem> others) {
    problems.addAll(others);
  }

  /** Whether the definition is known to be wrong. */
  boolean hasInvalid() {
    return problems.stream()
        .anyMatch(p -> p.severity() == Severity.ERROR && p.kind() == Kind.INVALID);
  }

  /** All problems in reading order. */
  List<Problem> sorted() {
    return problems.stream().sorted(Problem.ORDER).toList();
  }
}
