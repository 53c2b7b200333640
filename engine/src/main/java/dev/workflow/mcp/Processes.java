package dev.workflow.mcp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the operating system knows of processes, zombies and re-parented ones included. */
final class Processes {
  /** A variable that every child carries and its descendants inherit. */
  static final String MARK = "WORKFLOW_CHILD";

  private static final Path PROC = Path.of("/proc");

  /** The kernel's clock and the wall clock drift apart by less than this. */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private Processes() {}

  /** Whether a process still runs; one that ended and was not yet collected does not. */
  static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && !isZombie(process.pid());
  }

  /** The running process with this id, if it started then: ids are used again. */
  static Optional<ProcessHandle> find(long pid, Instant started) {
    return ProcessHandle.of(pid)
        .filter(Processes::isRunning)
        .filter(
            handle ->
                handle
                    .info()
                    .startInstant()
                    .map(at -> Duration.between(at, started).abs().compareTo(START_TOLERANCE) <= 0)
                    .orElse(false));
  }

  /** All processes that carry {@code mark}, also those whose parents are gone; Linux only. */
  static Set<ProcessHandle> carriers(String mark) {
    Set<ProcessHandle> found = new HashSet<>();
    if (!Files.isDirectory(PROC)) {
      return found;
    }
    String wanted = MARK + "=" + mark;
    long self = ProcessHandle.current().pid();
    try (Stream<Path> entries = Files.list(PROC)) {
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .filter(pid -> pid != self && environmentOf(pid).contains(wanted))
          .forEach(pid -> ProcessHandle.of(pid).ifPresent(found::add));
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  private static Set<String> environmentOf(long pid) {
    try {
      byte[] bytes = Files.readAllBytes(PROC.resolve(pid + "/environ"));
      return Set.copyOf(
          new HashSet<>(Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\0", -1))));
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
      int afterName = stat.lastIndexOf(')');
      return afterName > 0 && stat.startsWith(" Z", afterName + 1);
    } catch (IOException e) {
      return false;
    }
  }
}
