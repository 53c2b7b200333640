package dev.workflow.cli;

import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import dev.workflow.engine.Masking;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Standard output for data, standard error for everything that is said about it. The only place
 * that prints: what it is given is made safe here, and lines that are pinned stay below whatever is
 * said.
 */
final class Terminal {
  private static final String UP = "\u001b[%dA\r";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String CLEAR_LINE_END = "\u001b[K";
  private static final String WRAP_OFF = "\u001b[?7l";
  private static final String WRAP_ON = "\u001b[?7h";

  private final PrintStream out;
  private final PrintStream err;
  private final Screen screen;
  private final Paint paint;
  private final List<String> waiting = new ArrayList<>();
  private List<String> pinned = List.of();
  private boolean held;
  private volatile Supplier<Set<String>> secrets = Set::of;
  private boolean inLine;

  Terminal(PrintStream out, PrintStream err, Screen screen) {
    this.out = out;
    this.err = err;
    this.screen = screen;
    this.paint = new Paint(screen.color() && screen.err());
  }

  /** The streams of this process, in UTF-8. */
  static Terminal ofProcess(Map<String, String> environment) {
    return new Terminal(
        new PrintStream(System.out, false, StandardCharsets.UTF_8),
        new PrintStream(System.err, false, StandardCharsets.UTF_8),
        Screen.of(environment));
  }

  Screen screen() {
    return screen;
  }

  /** One or several lines of data. */
  void data(String text) {
    raw(Printable.text(text));
  }

  /** One JSON value in one line. */
  void json(JsonNode value) {
    raw(Printable.json(value.toString()));
  }

  /** One JSON value, indented for people. */
  void prettyJson(JsonNode value) {
    raw(Printable.json(value.toPrettyString()));
  }

  private synchronized void raw(String safe) {
    boolean inTheWay = screen.out() && !pinned.isEmpty();
    if (inTheWay) {
      write(err, erased());
    }
    write(out, safe + "\n");
    if (inTheWay) {
      write(err, drawn(pinned));
    }
  }

  /** Something for people: one or several lines. */
  void say(String text) {
    tell(paint.lines(Printable.text(text)));
  }

  /** Problems with an empty line between them. */
  void problems(Collection<Problem> problems) {
    if (!problems.isEmpty()) {
      say(ProblemText.of(problems));
    }
  }

  /** From now on what went wrong inside is told without these. */
  void hide(Supplier<Set<String>> more) {
    secrets = more;
  }

  /** A text of others, without the secrets that are known by now. */
  String masked(String text) {
    return new Masking(secrets).text(text);
  }

  /** The same of a value. */
  JsonNode masked(JsonNode value) {
    return new Masking(secrets).value(value);
  }

  /** What went wrong inside, for {@code --debug}. */
  void trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    say(masked(text.toString().stripTrailing()));
  }

  private synchronized void tell(String safe) {
    if (held) {
      waiting.add(safe);
      return;
    }
    write(err, erased() + safe + "\n" + drawn(pinned));
  }

  /** Shows lines below everything else, in place of those that were pinned before. */
  synchronized void pin(List<String> lines) {
    if (held) {
      return;
    }
    List<String> safe = lines.stream().map(line -> paint.lines(Printable.text(line))).toList();
    if (!safe.equals(pinned)) {
      StringBuilder frame = new StringBuilder();
      if (!pinned.isEmpty()) {
        frame.append(UP.formatted(pinned.size()));
      }
      frame.append(drawn(safe));
      if (safe.size() < pinned.size()) {
        frame.append(CLEAR_BELOW);
      }
      write(err, frame.toString());
      pinned = safe;
    }
  }

  /** Gives standard error to a conversation: all else that is said waits until {@link #release}. */
  synchronized void hold() {
    write(err, erased());
    pinned = List.of();
    held = true;
  }

  /** Part of the conversation that holds standard error. */
  synchronized void prompt(String text) {
    write(err, Printable.text(text));
    inLine = !text.endsWith("\n");
  }

  /** A line was typed after the prompt. */
  synchronized void answered() {
    inLine = false;
  }

  /** The conversation is over. */
  synchronized void release() {
    held = false;
    if (inLine) {
      write(err, "\n");
      inLine = false;
    }
    if (!waiting.isEmpty()) {
      write(err, String.join("\n", waiting) + "\n");
      waiting.clear();
    }
  }

  private String erased() {
    return pinned.isEmpty() ? "" : UP.formatted(pinned.size()) + CLEAR_BELOW;
  }

  /** Without wrapping each line takes one row, however narrow the terminal became. */
  private static String drawn(List<String> lines) {
    return lines.isEmpty()
        ? ""
        : WRAP_OFF + String.join(CLEAR_LINE_END + "\n", lines) + CLEAR_LINE_END + "\n" + WRAP_ON;
  }

  private static void write(PrintStream stream, String text) {
    stream.print(text);
    stream.flush();
  }
}
