package dev.workflow.check.flow;

import dev.workflow.check.flow.Calls.WayOut;
import dev.workflow.check.flow.Given.Part;
import dev.workflow.definition.Label;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Tools;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the steps through which private data can leave together with untrusted content, without a
 * person who sees it and could stop it. It is a reading of the definition: what tools say of
 * themselves is believed.
 */
public final class InformationFlow {
  private final Resolved root;
  private final CompiledWorkflow compiled;
  private final World world;
  private final Labelling labelling;

  /** What the check knows besides the definition. */
  public interface World {
    /** The agents that a step may turn out to run. */
    Set<String> agents(String part, Step step, Verb.Agent verb);

    /**
     * The tools that an agent may use of servers that were never asked: {@code server/tool}, or
     * {@code server/} where it may use all.
     */
    Set<String> unknownTools(String part, String agent);

    /** The servers among whose tools, never asked for, one may be for the capability of a step. */
    Set<String> unknownServers(String part, String capability);

    /** Whether a server was never asked for its tools. */
    boolean isUnknown(String server);
  }

  /**
   * A look at a sound definition.
   *
   * @param skills whose vocabulary knows what tools of a name do
   * @param tools whose entries may say what theirs do
   */
  public InformationFlow(
      Resolved root, CompiledWorkflow compiled, World world, Skills skills, Tools tools) {
    this.root = root;
    this.compiled = compiled;
    this.world = world;
    this.labelling = new Labelling(skills, tools);
  }

  /** The leaks, in the order of the steps; one for each step at most. */
  public List<Leak> leaks() {
    List<Leak> certain = leaks(false);
    Set<String> told =
        certain.stream().map(InformationFlow::place).collect(Collectors.toCollection(HashSet::new));
    List<Leak> all = new ArrayList<>(certain);
    leaks(true).stream()
        .filter(leak -> !leak.unknown().isEmpty() && told.add(place(leak)))
        .forEach(all::add);
    return all;
  }

  private static String place(Leak leak) {
    return leak.part() + "#" + leak.pointer();
  }

  private List<Leak> leaks(boolean assumeWorst) {
    Flows flows = new Flows(root, compiled, world, labelling, assumeWorst).draw();
    if (assumeWorst && flows.calls().assumed().isEmpty()) {
      return List.of();
    }
    Approvals approvals = new Approvals(flows.values());
    List<Leak> leaks = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (WayOut out : flows.calls().waysOut()) {
      Leak leak = leak(out, flows, approvals);
      if (leak != null && told.add(place(leak))) {
        leaks.add(leak);
      }
    }
    return leaks;
  }

  private static @Nullable Leak leak(WayOut out, Flows flows, Approvals approvals) {
    FlowGraph graph = flows.graph();
    if (!graph.has(out.node(), Label.UNTRUSTED) || !graph.has(out.node(), Label.PRIVATE)) {
      return null;
    }
    Set<StepAt> asks = approvals.before(out.step());
    Set<Part> sent = flows.calls().sent(out);
    Set<Part> unseen =
        asks.isEmpty()
            ? sent
            : flows.values().behind(sent, part -> approvals.show(asks, part)).ends();
    unseen.removeIf(
        part -> !graph.has(part.node(), Label.UNTRUSTED) && !graph.has(part.node(), Label.PRIVATE));
    if (isShown(out, unseen, asks, flows, approvals)) {
      return null;
    }
    return new Leak(
        out.step().workflow().part(),
        out.pointer(),
        message(out, graph),
        hint(out, unseen, asks, graph),
        flows.calls().assumed());
  }

  /** Whether a person sees what is sent, or, of a plan, which calls send what. */
  private static boolean isShown(
      WayOut out, Set<Part> unseen, Set<StepAt> asks, Flows flows, Approvals approvals) {
    StepAt plan = out.plan();
    boolean seesPlan =
        plan != null
            && flows.values().whole(plan).stream().allMatch(part -> approvals.show(asks, part));
    return seesPlan || (unseen.isEmpty() && !out.seesMore());
  }

  private static String message(WayOut out, FlowGraph graph) {
    Map.Entry<String, ToolLabels> tool = out.tools().entrySet().iterator().next();
    int more = out.tools().size() - 1;
    return "Private data can leave by step `%s` together with untrusted content, and no person sees it before: "
            .formatted(out.step().display())
        + "untrusted: %s; private: %s; external: %s (%s: %s)%s."
            .formatted(
                graph.way(out.node(), Label.UNTRUSTED),
                graph.way(out.node(), Label.PRIVATE),
                out.step().display(),
                tool.getKey(),
                tool.getValue().reason(Label.EXTERNAL),
                more == 0 ? "" : ", and by " + more + (more == 1 ? " more tool" : " more tools"));
  }

  private static String hint(WayOut out, Set<Part> unseen, Set<StepAt> asks, FlowGraph graph) {
    String tool = out.tools().keySet().iterator().next();
    int slash = tool.indexOf('/');
    String wrong =
        slash < 0
            ? ""
            : " Where the tool is no way out, say so in the entry of `%s`: `labels: {%s: []}`."
                .formatted(tool.substring(0, slash), tool.substring(slash + 1));
    if (out.seesMore()) {
      return "Let it answer without such tools (`tools`, `excludeTools`, `allow_web: false`), and a step"
          + " behind an `ask` that shows the answer make the call."
          + wrong;
    }
    String shown = few(unseen.stream().map(part -> "`" + graph.name(part.node()) + "`"));
    return asks.isEmpty()
        ? "Put an `ask` before it that shows all of %s, and name it in `needs`.".formatted(shown)
            + wrong
        : "%s %s not show all of %s."
                .formatted(
                    few(asks.stream().map(ask -> "`" + ask.display() + "`")),
                    asks.size() == 1 ? "does" : "do",
                    shown)
            + wrong;
  }

  /** The first names, and how many more there are. */
  private static String few(Stream<String> names) {
    List<String> all = names.distinct().sorted().toList();
    int left = all.size() - FlowGraph.SHOWN_MAX;
    return left <= 0
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, FlowGraph.SHOWN_MAX)) + " and " + left + " more";
  }
}
