package dev.workflow.cli;

import dev.workflow.run.StepPath;
import dev.workflow.trace.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A step, element or container that is under way. */
final class Work {
  final StepPath path;
  private final String glyph;
  private final String what;

  /** What it waits for; absent: it works. */
  private final @Nullable Instant due;

  private final Instant since;

  /** What it is at within its work. */
  String now = "";

  /** Of text that has streamed in. */
  int characters;

  boolean fansOut;

  /** Keys of the elements that have ended. */
  final Set<String> elementsEnded = new HashSet<>(0);

  Work(StepPath path, String glyph, String what, @Nullable Instant due, Instant since) {
    this.path = path;
    this.glyph = glyph;
    this.what = what.strip();
    this.due = due;
    this.since = since;
  }

  Work(StepPath path, String what, Instant since) {
    this(path, "◉", what, null, since);
  }

  /** It goes on at a time, before which its text stands. */
  static Work waits(StepPath path, String what, Instant due, Instant since) {
    return new Work(path, "◉", what, due, since);
  }

  static Work asks(StepPath path, Instant since) {
    return new Work(path, "◎", "waits for a person", null, since);
  }

  boolean isOfAPerson() {
    return !glyph.equals("◉");
  }

  /** Its row, under the label that it has there. */
  String row(String label, Instant time) {
    StringBuilder row = new StringBuilder(glyph + " " + label);
    row.append(what.isEmpty() ? "" : "  " + what);
    if (due == null) {
      row.append("  ").append(Words.seconds(Duration.between(since, time)));
    } else {
      row.append(' ').append(Words.seconds(Duration.between(time, due)));
    }
    if (fansOut) {
      row.append("  ").append(elementsEnded.size()).append(" done");
    }
    if (!now.isEmpty() && !what.endsWith(now)) {
      row.append("  ").append(now);
    }
    if (characters > 0) {
      row.append("  ").append(characters).append(" characters");
    }
    return row.toString();
  }
}
