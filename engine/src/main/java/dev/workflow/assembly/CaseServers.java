package dev.workflow.assembly;

import dev.workflow.cases.Case;
import dev.workflow.cases.MockTools;
import dev.workflow.cases.VirtualTime;
import dev.workflow.check.Servers;
import dev.workflow.definition.Agent;
import dev.workflow.definition.Capability;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Tools;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The servers of a case: every alias that the workflow names, with what is mocked of each. */
final class CaseServers implements Servers {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final Case tested;
  private final Skills skills;
  private final VirtualTime time;
  private final @Nullable Tools behind;
  private @Nullable MockTools tools;

  CaseServers(Case tested, Skills skills, VirtualTime time, @Nullable Tools behind) {
    this.behind = behind;
    this.tested = tested;
    this.skills = skills;
    this.time = time;
  }

  /** The tools of all of them; only after they were opened. */
  MockTools tools() {
    return Objects.requireNonNull(tools, "servers are opened before their tools are looked at");
  }

  @Override
  public Opened open(List<Written> workflows) {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    Set<String> named = new LinkedHashSet<>();
    for (Written written : workflows) {
      Workflow workflow = written.workflow();
      workflow.servers().forEach(entries::putIfAbsent);
      named.addAll(workflow.bindings().values());
      for (Agent agent : workflow.agents().values()) {
        agent.servers().forEach(alias -> entries.putIfAbsent(alias, JSON.objectNode()));
        named.addAll(agent.tools());
      }
      workflow.allSteps().forEach(step -> addTools(step, named));
    }
    tools = new MockTools(tested, entries, named, this::effect, time, behind);
    return new Opened(tools, JSON.objectNode(), Map.of(), Map.of(), List.of());
  }

  private static void addTools(Step step, Set<String> named) {
    if (step.verb() instanceof Verb.Tool tool) {
      named.add(tool.server() + "/" + tool.tool());
    }
    if (step.verb() instanceof Verb.Plan plan && plan.tools() != null) {
      named.addAll(plan.tools());
    }
    if (step.verify() != null) {
      named.add(step.verify().server() + "/" + step.verify().tool());
    }
  }

  private @Nullable Effect effect(String capability) {
    return skills.capability(capability).map(Capability::effect).orElse(null);
  }
}
