package dev.workflow.skills;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Rule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a skill was not found, installed, updated, packed, published or converted. Whatever was asked
 * for, nothing of it was done.
 */
public final class SkillPackageException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Problem> problems;

  SkillPackageException(List<Problem> problems) {
    super(ProblemText.of(problems), null, false, false);
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, for people; its kind asks for an exit code. */
  public List<Problem> problems() {
    return problems;
  }

  /** The package or the request is not what may be installed. */
  static SkillPackageException refused(
      Rule rule, String where, String message, @Nullable String hint) {
    return of(Problem.Kind.INVALID, rule, where, message, hint);
  }

  /** Something that is needed cannot be had. */
  static SkillPackageException missing(
      Rule rule, String where, String message, @Nullable String hint) {
    return of(Problem.Kind.MISSING, rule, where, message, hint);
  }

  /** Something is not what was pinned. */
  static SkillPackageException untrusted(
      Rule rule, String where, String message, @Nullable String hint) {
    return of(Problem.Kind.UNTRUSTED, rule, where, message, hint);
  }

  private static SkillPackageException of(
      Problem.Kind kind, Rule rule, String where, String message, @Nullable String hint) {
    return new SkillPackageException(
        List.of(new Problem(Problem.Severity.ERROR, kind, rule, Place.file(where), message, hint)));
  }
}
