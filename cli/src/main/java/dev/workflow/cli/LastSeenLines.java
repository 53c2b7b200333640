package dev.workflow.cli;

import dev.workflow.mcp.LastSeen;
import dev.workflow.mcp.McpTools;
import dev.workflow.mcp.ServerList;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** How servers were seen before they were looked at now. */
final class LastSeenLines {
  private static final int WIDTH = 200;

  private final Instant now;
  private final Map<String, LastSeen> seen = new LinkedHashMap<>();

  LastSeenLines(Instant now, McpTools tools, ServerList servers) {
    this.now = now;
    servers.entries().keySet().forEach(alias -> seen.put(alias, tools.lastSeen(alias)));
  }

  /** The last failure and what was said then, as lines; none: there was none. */
  List<String> lines(String alias) {
    LastSeen last = seen.get(alias);
    List<String> lines = new ArrayList<>();
    if (last != null && last.failed() != null && last.error() != null) {
      lines.add(Printable.line("last failure, " + ago(last.failed()) + ": " + last.error(), WIDTH));
      last.details().forEach(detail -> lines.add("  " + Printable.line(detail, WIDTH)));
    }
    return lines;
  }

  /** When it last started and how fast; empty: it never did. */
  String start(String alias) {
    LastSeen last = seen.get(alias);
    return last == null || last.started() == null || last.startup() == null
        ? ""
        : "started %s in %d ms".formatted(ago(last.started()), last.startup().toMillis());
  }

  /** Whether nothing has gone well since it failed. */
  boolean isFailing(String alias) {
    LastSeen last = seen.get(alias);
    return last != null
        && last.failed() != null
        && (last.started() == null || last.started().isBefore(last.failed()));
  }

  private String ago(Instant time) {
    Duration past = Duration.between(time, now);
    if (past.compareTo(Duration.ofMinutes(2)) < 0) {
      return Math.max(0, past.toSeconds()) + " s ago";
    }
    if (past.compareTo(Duration.ofHours(2)) < 0) {
      return past.toMinutes() + " min ago";
    }
    return past.compareTo(Duration.ofDays(2)) < 0
        ? past.toHours() + " h ago"
        : past.toDays() + " d ago";
  }

  /** The same for scripts. */
  void add(String alias, ObjectNode json) {
    LastSeen last = seen.get(alias);
    if (last != null && last.started() != null && last.startup() != null) {
      json.put("last_started", last.started().toString())
          .put("last_startup_ms", last.startup().toMillis());
    }
    if (last != null && last.failed() != null && last.error() != null) {
      ObjectNode failure = json.putObject("last_failure");
      failure.put("time", last.failed().toString()).put("error", last.error());
      last.details().forEach(failure.putArray("details")::add);
    }
  }
}
