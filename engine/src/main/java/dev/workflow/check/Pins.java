package dev.workflow.check;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.SkillGraph;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Holds the tools and skills that a plan finds against those that it was made with. */
final class Pins {
  private static final String PINS = "/" + PlanHeader.KEY + "/pins";
  private static final String HINT =
      "Look at what changed; then take the pin out of the plan, or make the plan anew.";

  private Pins() {}

  /** Tells what is another thing now; what a workflow does not pin may be anything. */
  static void check(Resolved resolved, Report report) {
    PlanHeader.of(resolved.workflow().document())
        .ifPresent(
            header -> {
              header.tools().forEach((server, tools) -> tools(server, tools, resolved, report));
              header.skills().forEach((name, digest) -> skill(name, digest, resolved, report));
            });
  }

  /** The digests of all that a definition refers to, for its plan. */
  static Map<String, Map<String, String>> tools(Resolved resolved) {
    Map<String, Map<String, String>> pins = new LinkedHashMap<>();
    all(resolved)
        .flatMap(part -> part.tools().values().stream())
        .forEach(
            tool ->
                pins.computeIfAbsent(tool.server(), server -> new LinkedHashMap<>())
                    .put(tool.name(), tool.digest()));
    return pins;
  }

  /** The same of its skills. */
  static Map<String, String> skills(Resolved resolved) {
    Map<String, String> pins = new LinkedHashMap<>();
    all(resolved)
        .flatMap(part -> part.skills().values().stream())
        .forEach(skill -> pins.put(skill.name(), digest(skill, resolved)));
    return pins;
  }

  /** Of a skill with a workflow also that workflow, and those that it runs in its folder. */
  private static String digest(Skill skill, Resolved resolved) {
    Map<String, String> files = new TreeMap<>();
    resolved
        .workflows()
        .forEach(
            (name, part) ->
                SkillGraph.of(name)
                    .filter(graph -> graph.skill().equals(skill.name()))
                    .ifPresent(
                        graph ->
                            files.put(graph.file(), Canonical.json(part.workflow().document()))));
    String digest = ResolvedJson.digest(skill);
    return skill.workflow() == null ? digest : Canonical.hash(digest + files);
  }

  private static Stream<Resolved> all(Resolved root) {
    return Stream.concat(Stream.of(root), root.workflows().values().stream());
  }

  private static void tools(
      String server, Map<String, String> pins, Resolved resolved, Report report) {
    pins.forEach(
        (name, digest) -> {
          String tool = server + "/" + name;
          boolean changed =
              all(resolved)
                  .map(part -> part.tools().get(tool))
                  .anyMatch(found -> found != null && !found.digest().equals(digest));
          if (changed) {
            tell(
                "tool `" + tool + "`",
                Pointers.child(Pointers.child(PINS + "/servers", server), name),
                report);
          }
        });
  }

  private static void skill(String name, String digest, Resolved resolved, Report report) {
    boolean changed =
        all(resolved)
            .map(part -> part.skills().get(name))
            .anyMatch(found -> found != null && !digest(found, resolved).equals(digest));
    if (changed) {
      tell("skill `" + name + "`", Pointers.child(PINS + "/skills", name), report);
    }
  }

  private static void tell(String what, String pointer, Report report) {
    report.untrusted(
        Rule.PIN_MISMATCH,
        report.place(pointer),
        "Expected the %s that the plan was made with, found another definition.".formatted(what),
        HINT);
  }
}
