package dev.workflow.engine;

import dev.workflow.definition.Capability;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Skill;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Skill folders and the vocabulary of capabilities. */
public interface Skills {

  /** The capability to ask a person: the engine's own, as the question is one of the run. */
  String ASK_PERSON = "ask_person";

  /**
   * Finds a skill: {@code skills/} beside the workflow file and of its workspace, then of the user,
   * then the shipped ones.
   *
   * @param from folder of the workflow file
   */
  Found skill(String name, Path from);

  /** The names that {@link #skill} would find. */
  List<String> names(Path from);

  /** The capability of a name, custom ones included; empty: not in the vocabulary. */
  Optional<Capability> capability(String name);

  /** The capability that a tool of this name is known to offer, on whatever server. */
  Optional<Capability> offeredBy(String tool);

  /** The names of all capabilities of the vocabulary. */
  Set<String> vocabulary();

  /**
   * Binds a capability: first the explicit binding, then exact names, then the vocabulary.
   *
   * @param candidates the tools that may be bound
   * @param explicit {@code server/tool} from {@code bindings:}; absent: none
   */
  Binding bind(String capability, List<ToolSpec> candidates, Map<String, String> explicit);

  /**
   * Proposes tools for a capability that no binding and no name is found for; empty: it knows none.
   *
   * @param candidates the tools that may be bound
   */
  default Optional<Proposal> propose(Need need, List<ToolSpec> candidates) {
    return Optional.empty();
  }

  /**
   * What a tool is needed for.
   *
   * @param given the names of the arguments that it gets; absent: a model writes them
   */
  record Need(String capability, @Nullable Set<String> given) {
    public Need {
      given = given == null ? null : Set.copyOf(given);
    }
  }

  /**
   * Tools for what no name tells, the likeliest first.
   *
   * @param certain whether the first is by far the likeliest and no riskier than expected
   * @param reason how likely each is, and what speaks against certainty
   */
  record Proposal(List<ToolSpec> tools, boolean certain, String reason) {
    public Proposal {
      tools = List.copyOf(tools);
    }
  }

  /**
   * A skill that was found, or why not.
   *
   * @param looked the folders that were looked at
   */
  record Found(@Nullable Skill skill, List<String> looked, List<Problem> problems) {
    public Found {
      looked = List.copyOf(looked);
      problems = List.copyOf(problems);
    }
  }

  /** What a capability is bound to. */
  sealed interface Binding {
    /** One tool, and why it won. */
    record Bound(ToolSpec tool, String reason) implements Binding {}

    /** Several that fit equally well; never guessed. */
    record Ambiguous(List<ToolSpec> candidates) implements Binding {
      public Ambiguous {
        candidates = List.copyOf(candidates);
      }
    }

    /** The agent's own model, which needs no tool for it. */
    record Model() implements Binding {}

    /** The engine itself, which asks a person. */
    record Person() implements Binding {}

    /** None; {@code looked} says what was looked at. */
    record Absent(String looked) implements Binding {}
  }
}
