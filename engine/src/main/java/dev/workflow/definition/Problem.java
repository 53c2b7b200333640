package dev.workflow.definition;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a definition.
 *
 * @param rule stable id such as {@code unknown-step}
 * @param message what is wrong: what was expected and what was found
 * @param hint what to do next, such as the nearest valid name; absent where the message says it all
 */
public record Problem(
    Severity severity, Kind kind, Rule rule, Place place, String message, @Nullable String hint) {

  /** How bad it is. */
  public enum Severity {
    ERROR,
    WARNING,
    /** What only a live server could tell; {@code --strict} fails on it. */
    UNVERIFIED
  }

  /** Which exit code an error asks for. */
  public enum Kind {
    /** The definition is wrong: exit code 3. */
    INVALID,
    /** Something it needs is not there: exit code 4. */
    MISSING,
    /** A server or a lock is not trusted: exit code 9. */
    UNTRUSTED
  }

  /** Reading order: file, line, column, message. */
  public static final Comparator<Problem> ORDER = Problem::compare;

  private static int compare(Problem one, Problem other) {
    int order = one.place.file().compareTo(other.place.file());
    order = order != 0 ? order : Integer.compare(one.place.line(), other.place.line());
    order = order != 0 ? order : Integer.compare(one.place.column(), other.place.column());
    return order != 0 ? order : one.message.compareTo(other.message);
  }

  /**
   * Of the message alone, which hardly two problems share: the hash that a record gets by itself is
   * linked when it is first asked for, and every check would wait for that.
   */
  @Override
  public int hashCode() {
    return message.hashCode();
  }

  /** An invalid definition. */
  public static Problem invalid(Rule rule, Place place, String message, @Nullable String hint) {
    return new Problem(Severity.ERROR, Kind.INVALID, rule, place, message, hint);
  }

  /** Something needed that is not there. */
  public static Problem missing(Rule rule, Place place, String message, @Nullable String hint) {
    return new Problem(Severity.ERROR, Kind.MISSING, rule, place, message, hint);
  }
}
