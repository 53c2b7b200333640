package dev.workflow.check;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Tools;
import dev.workflow.run.Plan;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the check found.
 *
 * @param definition absent where the definition is invalid; something may still be missing
 * @param problems all of them, in reading order
 * @param tools the servers of the workflow, which the caller closes; absent where it could not be
 *     read
 */
public record Checked(
    @Nullable Definition definition, List<Problem> problems, @Nullable Tools tools) {

  public Checked {
    problems = List.copyOf(problems);
  }

  /** Whether there is no error; something may still be unverified. */
  public boolean isOk() {
    return problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR);
  }

  /** The kind of error that counts most, as the exit code says it; absent: there is none. */
  public Problem.@Nullable Kind worst() {
    return problems.stream()
        .filter(problem -> problem.severity() == Severity.ERROR)
        .map(Problem::kind)
        .min(Enum::compareTo)
        .orElse(null);
  }

  /**
   * A definition that is valid in itself.
   *
   * @param bindings why each capability is served by its tool
   * @param lock what a lock file can pin of it
   */
  public record Definition(
      Resolved resolved,
      CompiledWorkflow compiled,
      Plan plan,
      List<BoundCapability> bindings,
      LockEntry lock) {
    public Definition {
      bindings = List.copyOf(bindings);
    }

    /** Whether scripted answers stand in for models. */
    public boolean simulated() {
      return resolved.answers() != null;
    }

    /**
     * The definition as a plan: its long form under a header that pins the tools and skills it was
     * checked with.
     *
     * @param header whose own pins do not count
     */
    public JsonNode asPlan(PlanHeader header) {
      PlanHeader pinned =
          new PlanHeader(
              header.id(),
              header.goal(),
              header.created(),
              header.reasons(),
              header.run(),
              header.folder(),
              Pins.tools(resolved),
              Pins.skills(resolved));
      return pinned.over(resolved.workflow().document());
    }

    /** The models whose price nobody knows, sorted; none where answers are scripted. */
    public Set<String> unpriced() {
      return PriceCheck.unpriced(resolved);
    }
  }
}
