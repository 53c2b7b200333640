package dev.workflow.skills;

import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a skill may do and wants to use, as far as its files say: what a person looks at before it
 * is installed, and what an update must not change unseen.
 *
 * @param scripts files that other programs could run, with their hashes
 * @param servers that its workflow starts or asks, with what they are started with; empty: that is
 *     said elsewhere
 * @param tools that its workflow may call
 * @param allowed tools that its {@code SKILL.md} asks other clients to allow
 */
record SkillWishes(
    Policy policy,
    Set<String> required,
    Set<String> optional,
    Map<String, String> scripts,
    Map<String, String> servers,
    Set<String> tools,
    Set<String> allowed) {
  private static final Pattern SCRIPT =
      Pattern.compile(
          "(.*/)?scripts/.*|.*\\.(sh|bash|zsh|fish|py|js|mjs|cjs|ts|rb|pl|php|lua|ps1|bat|cmd|exe|dll|so|dylib|jar|wasm)");

  /**
   * Of one version of a skill.
   *
   * @param workflows that it brings and may run
   * @param allowed tools that its {@code SKILL.md} asks other clients to allow
   */
  static SkillWishes of(
      Skill skill, PackageTree tree, Collection<JsonNode> workflows, Collection<String> allowed) {
    Map<String, String> scripts = new TreeMap<>();
    tree.hashes()
        .forEach(
            (path, hash) -> {
              if (isScript(path, tree)) {
                scripts.put(path, hash);
              }
            });
    Map<String, String> servers = new TreeMap<>();
    Set<String> tools = new TreeSet<>();
    for (JsonNode workflow : workflows) {
      workflow
          .path("mcp")
          .forEachEntry(
              (alias, entry) -> servers.merge(alias, entry.toString(), SkillWishes::both));
      tools(workflow, servers, tools);
    }
    return new SkillWishes(
        skill.policy(),
        new TreeSet<>(skill.required()),
        new TreeSet<>(skill.optional()),
        scripts,
        servers,
        tools,
        new TreeSet<>(allowed));
  }

  private static boolean isScript(String path, PackageTree tree) {
    byte[] bytes = tree.files().getOrDefault(path, new byte[0]);
    return SCRIPT.matcher(path.toLowerCase(Locale.ROOT)).matches()
        || (bytes.length > 1 && bytes[0] == '#' && bytes[1] == '!');
  }

  /** Two workflows may mean different servers by one name. */
  private static String both(String one, String other) {
    return one.equals(other) ? one : one + other;
  }

  /** The tools that a step or a probe calls, an agent has, or a plan or a capability may use. */
  private static void tools(JsonNode node, Map<String, String> servers, Set<String> tools) {
    if (node.path("tool").isString()) {
      tools.add(node.get("tool").stringValue());
    }
    for (String key : List.of("tools", "bindings")) {
      texts(node.path(key)).stream().filter(tool -> tool.contains("/")).forEach(tools::add);
    }
    texts(node.path("servers")).forEach(server -> servers.putIfAbsent(server, ""));
    node.forEach(child -> tools(child, servers, tools));
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().filter(JsonNode::isString).map(JsonNode::stringValue).toList();
  }

  /** All of it, a line each. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(policy.allowWeb() ? "may use the network" : "does not use the network");
    lines.add(policy.allowCodeExec() ? "may run code" : "does not run code");
    add(lines, "requires", required);
    add(lines, "uses where it is there", optional);
    add(lines, "asks other clients to allow", allowed);
    add(lines, "brings scripts, which are not run", scripts.keySet());
    add(lines, "its workflow uses servers", servers.keySet());
    add(lines, "its workflow may call", tools);
    return lines;
  }

  /** What a later version wants that this one did not, and the reverse, a line each. */
  List<String> changesTo(SkillWishes later) {
    List<String> lines = new ArrayList<>();
    flag(lines, policy.allowWeb(), later.policy.allowWeb(), "wants the network (allow_web)");
    flag(
        lines,
        policy.allowCodeExec(),
        later.policy.allowCodeExec(),
        "wants to run code (allow_code_exec)");
    flag(
        lines,
        policy.deterministic(),
        later.policy.deterministic(),
        "asks for deterministic answers (deterministic)");
    calls(lines, policy.maxToolCalls(), later.policy.maxToolCalls());
    sets(lines, "requires the capability", required, later.required);
    sets(lines, "uses, where it is there, the capability", optional, later.optional);
    sets(lines, "asks other clients to allow", allowed, later.allowed);
    maps(lines, "brings the script", scripts, later.scripts);
    maps(lines, "uses, in its workflow, the server", servers, later.servers);
    sets(lines, "may call, in its workflow, the tool", tools, later.tools);
    return lines;
  }

  private static void add(List<String> lines, String what, Collection<String> names) {
    if (!names.isEmpty()) {
      lines.add(what + ": " + String.join(", ", names));
    }
  }

  private static void flag(List<String> lines, boolean before, boolean after, String what) {
    if (before != after) {
      lines.add((after ? "now " : "no longer ") + what);
    }
  }

  private static void calls(List<String> lines, @Nullable Integer before, @Nullable Integer after) {
    if (!Objects.equals(before, after)) {
      lines.add(
          "now may call tools %s instead of %s (max_tool_calls)"
              .formatted(times(after), times(before)));
    }
  }

  private static String times(@Nullable Integer calls) {
    return calls == null ? "without a bound of its own" : "%,d times".formatted(calls);
  }

  private static void sets(List<String> lines, String what, Set<String> before, Set<String> after) {
    after.stream()
        .filter(name -> !before.contains(name))
        .forEach(name -> lines.add("now " + what + " `" + name + "`"));
    before.stream()
        .filter(name -> !after.contains(name))
        .forEach(name -> lines.add("no longer " + what + " `" + name + "`"));
  }

  private static void maps(
      List<String> lines, String what, Map<String, String> before, Map<String, String> after) {
    sets(lines, what, before.keySet(), after.keySet());
    after.forEach(
        (name, value) -> {
          String old = before.get(name);
          if (old != null && !old.equals(value)) {
            lines.add("now " + what + " `" + name + "` differently");
          }
        });
  }
}
