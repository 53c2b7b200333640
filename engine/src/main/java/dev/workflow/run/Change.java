package dev.workflow.run;

import java.util.List;

/**
 * One difference between two definitions of a run.
 *
 * @param part what it is about, such as {@code step}, {@code input}, {@code agent} or {@code model}
 * @param name which one; of a step its ids joined by {@code /}
 * @param keys of a changed one: what in it is different
 */
public record Change(String part, String name, How how, List<String> keys) {
  public Change {
    keys = List.copyOf(keys);
  }

  /** What became of it. */
  public enum How {
    ADDED,
    REMOVED,
    CHANGED
  }

  /** One line for people, such as {@code step book: changed prompt, with}. */
  public String text() {
    String what =
        switch (how) {
          case ADDED -> "added";
          case REMOVED -> "removed";
          case CHANGED -> keys.isEmpty() ? "changed" : "changed " + String.join(", ", keys);
        };
    return part + (name.isEmpty() ? "" : " " + name) + ": " + what;
  }
}
