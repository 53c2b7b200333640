package dev.workflow.models;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A file of scripted answers that no run could follow, with everything that is wrong with it. */
public final class ScriptMistakes extends IllegalArgumentException {
  private static final long serialVersionUID = 1;
  private final transient List<Mistake> mistakes;

  ScriptMistakes(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::text).collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** In the order of the file. */
  public List<Mistake> mistakes() {
    return mistakes;
  }

  /**
   * One mistake.
   *
   * @param pointer JSON pointer of the text or value that is wrong
   * @param offset of the mistake in that text, in UTF-16 units from 0
   * @param hint what to do next; absent: the message says it all
   */
  public record Mistake(String pointer, int offset, String message, @Nullable String hint) {
    String text() {
      return "Scripted answers, " + pointer + ": " + message + (hint == null ? "" : " " + hint);
    }
  }
}
