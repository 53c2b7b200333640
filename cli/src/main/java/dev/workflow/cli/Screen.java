package dev.workflow.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What the standard streams of this process are connected to. Java itself tells only about standard
 * input and output together, so the operating system is asked.
 *
 * @param in whether a person can type
 * @param out whether standard output is shown to a person
 * @param err whether standard error is
 * @param color whether colors are wanted where there is a terminal
 */
record Screen(boolean in, boolean out, boolean err, boolean color) {
  /** No terminal at all. */
  static final Screen NONE = new Screen(false, false, false, false);

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int ANSWER_MILLIS = 500;

  /** Of this process. */
  static Screen of(Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Screen(
        isTerminal(0), isTerminal(1) && !dumb, isTerminal(2) && !dumb, !plain && !dumb);
  }

  /** Whether a live view can be drawn and people can be asked. */
  boolean isInteractive() {
    return in && err;
  }

  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(DESCRIPTORS.resolve("" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException noSuchFolder) {
      return Files.isDirectory(DESCRIPTORS) ? false : shell("test -t " + descriptor).code() == 0;
    }
  }

  /** Of a terminal, in characters. */
  record Size(int rows, int columns) {
    /** Where a terminal does not say. */
    static final Size UNKNOWN = new Size(24, 80);
  }

  /** The size of the terminal now. */
  static Size size() {
    String[] size = shell("stty size </dev/tty").text().strip().split(" ", -1);
    try {
      Size told =
          size.length == 2
              ? new Size(Integer.parseInt(size[0]), Integer.parseInt(size[1]))
              : Size.UNKNOWN;
      return told.rows() > 0 && told.columns() > 0 ? told : Size.UNKNOWN;
    } catch (NumberFormatException e) {
      return Size.UNKNOWN;
    }
  }

  private record Answer(int code, String text) {}

  /** Asks a shell that shares our streams, but for its output where it prints any. */
  private static Answer shell(String command) {
    boolean asksForText = command.startsWith("stty");
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", command)
              .redirectInput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(
                  asksForText ? ProcessBuilder.Redirect.DISCARD : ProcessBuilder.Redirect.INHERIT)
              .redirectOutput(
                  asksForText ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.INHERIT)
              .start();
      String text =
          asksForText
              ? new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
              : "";
      if (process.waitFor(ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
        return new Answer(process.exitValue(), text);
      }
      process.destroyForcibly();
    } catch (IOException e) {
      return new Answer(1, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Answer(1, "");
  }
}
