package dev.workflow.engine;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Plan;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The check of what a model proposes while a run is under way. It is the check of every workflow,
 * against what the run was started with: nothing outside is asked or read, so that the same draft
 * gets the same verdict wherever the run is resumed.
 */
public interface Planner {

  /** Holds a draft against the check. */
  Verdict check(Draft draft);

  /** Holds a definition that a run could go over to against the check. */
  Redrafted check(Redraft redraft);

  /** Reads the document of a plan that was found sound before. */
  Workflow read(JsonNode document);

  /**
   * What a model proposes.
   *
   * @param around the workflow in which it is to run; a plan can use what it has, and no more
   * @param bounds what of that it may use
   * @param name of the workflow where the proposal gives it none
   * @param proposal as {@link PlanProposal} describes it
   */
  record Draft(Resolved around, Bounds bounds, String name, String goal, JsonNode proposal) {

    /** The draft of a plan that was found sound before: it can be held against the check again. */
    public static Draft of(Resolved around, Bounds bounds, JsonNode document) {
      ObjectNode proposal = JsonNodeFactory.instance.objectNode();
      PlanProposal.KEYS.stream()
          .filter(document::has)
          .forEach(key -> proposal.set(key, document.get(key)));
      PlanHeader header =
          PlanHeader.of(document)
              .orElseThrow(() -> new IllegalArgumentException("Expected a plan: " + document));
      if (header.reasons() != null) {
        proposal.put(PlanProposal.REASONS, header.reasons());
      }
      return new Draft(around, bounds, document.path("name").asString(""), header.goal(), proposal);
    }
  }

  /** What a plan may use: names of agents, and of tools as {@code server/tool}. */
  record Bounds(Set<String> agents, Set<String> tools) {
    public Bounds {
      agents = Set.copyOf(agents);
      tools = Set.copyOf(tools);
    }

    /** The bounds that a step with {@code plan} sets. */
    static Bounds of(Verb.Plan verb, Resolved around) {
      List<String> tools = verb.tools();
      return new Bounds(
          new LinkedHashSet<>(verb.agents()),
          new LinkedHashSet<>(
              tools == null ? around.agentTools().getOrDefault(verb.agent(), List.of()) : tools));
    }
  }

  /**
   * A definition that a run could go over to.
   *
   * @param around the definition as it is, with the workflows that its steps run
   * @param part the name of the one that would be another; empty: the root
   * @param document its long form then
   * @param written names of the steps that a planner has written, with all that is inside them
   * @param bounds what these may use
   */
  record Redraft(
      Resolved around, String part, JsonNode document, Set<String> written, Bounds bounds) {
    public Redraft {
      written = Set.copyOf(written);
    }
  }

  /** What the check says of a definition that a run could go over to. */
  sealed interface Redrafted {

    /** The run can go over to it. */
    record Sound(Resolved resolved, Plan plan) implements Redrafted {}

    /** It cannot; why, for the model. */
    record Unsound(List<String> problems) implements Redrafted {
      public Unsound {
        problems = List.copyOf(problems);
      }
    }
  }

  /** What the check says. */
  sealed interface Verdict {

    /**
     * It can run.
     *
     * @param workflow whose document is the plan
     * @param plan its graphs
     */
    record Sound(Workflow workflow, Plan plan) implements Verdict {}

    /** It cannot; why, for the model. */
    record Unsound(List<String> problems) implements Verdict {
      public Unsound {
        problems = List.copyOf(problems);
      }
    }
  }
}
