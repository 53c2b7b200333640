package dev.workflow.skills;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of each part of something that was converted; a part that is in none of the lists
 * does not exist.
 *
 * @param kept parts that mean the same there
 * @param mapped parts that are said in other words, and in which
 * @param lost parts that have no effect there; where their text remains, it is said
 */
public record ConversionReport(List<String> kept, List<String> mapped, List<String> lost) {

  public ConversionReport {
    kept = List.copyOf(kept);
    mapped = List.copyOf(mapped);
    lost = List.copyOf(lost);
  }

  /** A report that is being written. */
  static final class Draft {
    private final List<String> kept = new ArrayList<>();
    private final List<String> mapped = new ArrayList<>();
    private final List<String> lost = new ArrayList<>();

    Draft kept(String part) {
      if (!kept.contains(part)) {
        kept.add(part);
      }
      return this;
    }

    Draft mapped(String part, String into) {
      mapped.add(part + ": " + into);
      return this;
    }

    Draft lost(String part, String why) {
      lost.add(part + ": " + why);
      return this;
    }

    /** What becomes of tools of another client. */
    void tools(AllowedTools tools, String field) {
      if (!tools.capabilities().isEmpty()) {
        mapped(field, "optional capabilities " + String.join(", ", tools.capabilities()));
      }
      for (String strange : tools.strange()) {
        lost(field + " " + strange, "no capability stands for it; its text is kept");
      }
      for (String restricted : tools.restricted()) {
        lost(field + " " + restricted, "no tool can be held to that here; its text is kept");
      }
    }

    /** What another report has said, word for word. */
    void mappedBefore(String line) {
      mapped.add(line);
    }

    /** The same of what is lost. */
    void lostBefore(String line) {
      lost.add(line);
    }

    ConversionReport done() {
      return new ConversionReport(kept, mapped, lost);
    }
  }
}
