package dev.workflow.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a lock file pins of one workflow, with all that its steps run.
 *
 * @param servers SHA-256 of the entry of each server that offers a tool of it, by alias; secrets
 *     and the values of variables are no part of that
 * @param tools by {@code server/tool}; their title is their name
 * @param bindings capability to {@code server/tool}, by where it is needed, such as {@code
 *     agents/planner}; empty: it is optional and bound to nothing
 * @param skills SHA-256 of the files of each skill, by name
 */
public record LockEntry(
    SortedMap<String, String> servers,
    SortedMap<String, ToolSpec> tools,
    SortedMap<String, SortedMap<String, String>> bindings,
    SortedMap<String, String> skills) {

  /** Pins nothing. */
  public static final LockEntry NOTHING =
      new LockEntry(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

  public LockEntry {
    servers = sorted(servers);
    tools = sorted(tools);
    SortedMap<String, SortedMap<String, String>> copy = new TreeMap<>();
    bindings.forEach((owner, bound) -> copy.put(owner, sorted(bound)));
    bindings = Collections.unmodifiableSortedMap(copy);
    skills = sorted(skills);
  }

  private static <V> SortedMap<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** Of which kind a drift is. */
  public enum Kind {
    /** The entry of a server is another one. */
    SERVER,
    /** A tool is used that was not. */
    TOOL_ADDED,
    /** A tool is not used any more, or not offered. */
    TOOL_GONE,
    /** The definition of a tool is another one. */
    TOOL_CHANGED,
    /** A capability is bound to something else. */
    BINDING,
    /** The files of a skill are others. */
    SKILL;

    /** For scripts, such as {@code tool_changed}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One difference.
   *
   * @param subject the name of the server, tool, capability or skill
   * @param what such as {@code tool `maps/route`}
   * @param how what was locked and what was found, on one line
   */
  public record Drift(Kind kind, String subject, String what, String how) {

    /** As a sentence without its full stop. */
    public String text() {
      return what + ": " + how;
    }
  }

  /**
   * What is another thing than was locked.
   *
   * @param unknown the servers of which nothing can be told, because they were not asked
   */
  public List<Drift> driftTo(LockEntry found, Predicate<String> unknown) {
    List<Drift> drifts = new ArrayList<>();
    skills(found.skills, drifts);
    servers(found.servers, unknown, drifts);
    tools(found.tools, unknown, drifts);
    SortedSet<String> owners = new TreeSet<>(bindings.keySet());
    owners.addAll(found.bindings.keySet());
    for (String owner : owners) {
      each(
          bindings.getOrDefault(owner, Collections.emptySortedMap()),
          found.bindings.getOrDefault(owner, Collections.emptySortedMap()),
          (capability, both) -> {
            boolean open =
                both.now() == null && both.before() != null && unknown.test(server(both.before()));
            if (!open) {
              drifts.add(
                  new Drift(
                      Kind.BINDING,
                      capability,
                      "capability `%s` of %s".formatted(capability, owner),
                      "locked to %s, found %s".formatted(bound(both.before()), bound(both.now()))));
            }
          });
    }
    return drifts;
  }

  private void skills(SortedMap<String, String> found, List<Drift> drifts) {
    each(
        skills,
        found,
        (name, both) ->
            drifts.add(
                new Drift(
                    Kind.SKILL,
                    name,
                    "skill `" + name + "`",
                    "locked %s, found %s".formatted(hash(both.before()), hash(both.now())))));
  }

  private void servers(
      SortedMap<String, String> found, Predicate<String> unknown, List<Drift> drifts) {
    each(
        servers,
        found,
        (alias, both) -> {
          if (both.now() != null || !unknown.test(alias)) {
            drifts.add(
                new Drift(
                    Kind.SERVER,
                    alias,
                    "the entry of server `" + alias + "`",
                    "locked %s, found %s".formatted(hash(both.before()), hash(both.now()))));
          }
        });
  }

  private void tools(
      SortedMap<String, ToolSpec> found, Predicate<String> unknown, List<Drift> drifts) {
    SortedSet<String> names = new TreeSet<>(tools.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      ToolSpec before = tools.get(name);
      ToolSpec now = found.get(name);
      String what = "tool `" + name + "`";
      if (before == null) {
        drifts.add(new Drift(Kind.TOOL_ADDED, name, what, "not locked, found in use"));
      } else if (now == null && !unknown.test(before.server())) {
        drifts.add(
            new Drift(Kind.TOOL_GONE, name, what, "locked, found not in use or not offered"));
      } else if (now != null && !before.digest().equals(now.digest())) {
        drifts.add(
            new Drift(
                Kind.TOOL_CHANGED, name, what, String.join("; ", ToolDifference.of(before, now))));
      }
    }
  }

  private record Both(@Nullable String before, @Nullable String now) {}

  private static void each(
      SortedMap<String, String> before,
      SortedMap<String, String> now,
      BiConsumer<String, Both> differs) {
    SortedSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    for (String key : keys) {
      Both both = new Both(before.get(key), now.get(key));
      if (!Objects.equals(both.before(), both.now())) {
        differs.accept(key, both);
      }
    }
  }

  private static String server(String tool) {
    return tool.substring(0, Math.max(0, tool.indexOf('/')));
  }

  private static String bound(@Nullable String tool) {
    return tool == null ? "nothing that is locked" : tool.isEmpty() ? "no tool" : "`" + tool + "`";
  }

  private static String hash(@Nullable String hash) {
    return hash == null ? "none" : hash.substring(0, Math.min(19, hash.length()));
  }
}
