package dev.workflow.mcp;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A vice of {@link HostileServer} or {@link HostileSite}, and how long to wait for who has it.
 *
 * @param site its address; empty: it is a program
 */
record Hostile(String vice, Duration startupTimeout, Duration timeout, String site) {
  Hostile(String vice, Duration startupTimeout, Duration timeout) {
    this(vice, startupTimeout, timeout, "");
  }

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** A Java virtual machine must have started by then, on a busy machine, too. */
  private static final Duration SHORT_START = Duration.ofSeconds(4);

  /** Their vices show at once: waiting would be a mistake. */
  private static final List<String> QUICK =
      List.of(
          "banner",
          "junk",
          "half-a-line",
          "half-a-line-early",
          "dies-at-start",
          "dies-at-list",
          "dies-in-mid-call",
          "duplicates",
          "floods-stderr",
          "floods-stderr-in-one-line",
          "100-megabytes",
          "a-gigabyte",
          "ten-thousand-deep",
          "many-values",
          "invalid-utf-8",
          "half-a-character",
          "byte-order-marks",
          "carriage-returns",
          "nan",
          "huge-number",
          "duplicate-keys",
          "no-result",
          "no-content",
          "says-much-in-an-error",
          "fails-at-length",
          "list-changed-storm",
          "progress-storm",
          "ignores-term",
          "leaves-grandchildren",
          "closes-stdout",
          "closes-stderr",
          "changes-its-tool",
          "paints",
          "echoes-its-environment",
          "mirrors",
          "logs-requests",
          "from-the-future",
          "lists-for-ever",
          "lists-too-many",
          "floods-stdout",
          "floods-stdout-in-one-line",
          "closes-stdin");

  /** Nobody can tell them from a slow server before the time given is over. */
  private static final List<String> SLOW =
      List.of("hangs", "freezes", "drips", "wrong-id", "answers-another");

  private static final List<String> SLOW_TO_START =
      List.of("hangs-at-start", "drips-at-start", "hangs-at-list", "floods-unread-requests");

  /** Whoever waits for these sites waits in vain. */
  static final Set<String> SLOW_SITES = Set.of("hangs", "drips", "drips-headers");

  static List<Hostile> all() {
    return Stream.of(
            SLOW_TO_START.stream().map(vice -> new Hostile(vice, SHORT_START, LONG)),
            SLOW.stream().map(vice -> new Hostile(vice, LONG, SHORT)),
            QUICK.stream().map(vice -> new Hostile(vice, LONG, LONG)))
        .flatMap(all -> all)
        .toList();
  }

  /** Those behind HTTP. */
  static List<Hostile> sites(String address, Collection<String> vices) {
    return vices.stream()
        .map(
            vice ->
                new Hostile(
                    HostileSite.NOTED + vice,
                    vice.equals("hangs-at-start") ? SHORT : LONG,
                    SLOW_SITES.contains(vice) ? SHORT : LONG,
                    address + vice))
        .toList();
  }

  /** The entry of such a server, which lives in that folder. */
  String entry(Path cage) {
    if (!site.isEmpty()) {
      return "{'type':'http','url':'%s','timeout':%d,'startupTimeout':%d}"
          .formatted(site, timeout.toMillis(), startupTimeout.toMillis());
    }
    List<String> command = Fakes.command(HostileServer.class, vice);
    String args = String.join("','", command.subList(1, command.size()));
    return "{'command':'%s','args':['%s'],'cwd':'%s','env':{'DECLARED':'yes'},'timeout':%d,'startupTimeout':%d}"
        .formatted(command.getFirst(), args, cage, timeout.toMillis(), startupTimeout.toMillis());
  }
}
