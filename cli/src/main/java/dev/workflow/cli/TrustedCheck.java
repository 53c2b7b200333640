package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.definition.Problem;
import dev.workflow.mcp.Trust;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks, and asks for the approval of servers where that is all that is missing; where they are
 * approved already, what else is missing is told of them, too.
 *
 * @param trust {@code --trust}: they are approved, for this run alone
 */
record TrustedCheck(Context context, WorkflowEngine engine, boolean trust) {

  /**
   * What came of it.
   *
   * @param approved keys of the servers approved for this run alone
   * @param refused whether somebody did not approve of a server; then nothing is open
   */
  record Outcome(Checked checked, Set<String> approved, boolean refused) {
    void close() {
      TrustedCheck.close(checked);
    }
  }

  /**
   * Checks.
   *
   * @param before keys of servers that are approved already
   */
  Outcome check(CheckRequest request, Set<String> before) {
    Checked checked = engine.check(request, before);
    List<Trust.Question> questions = engine.untrusted(checked, before);
    boolean onlyTrust = checked.worst() == Problem.Kind.UNTRUSTED;
    boolean trusted = trust && checked.worst() == Problem.Kind.MISSING;
    if (questions.isEmpty() || !(onlyTrust || trusted)) {
      return new Outcome(checked, before, false);
    }
    close(checked);
    if (!new Trusting(context, engine.trust(), trust).approve(questions)) {
      return new Outcome(checked, before, true);
    }
    Set<String> approved = trust ? keys(questions, before) : before;
    return new Outcome(engine.check(request, approved), approved, false);
  }

  static Set<String> keys(List<Trust.Question> questions, Set<String> before) {
    Set<String> keys =
        questions.stream().map(Trust.Question::key).collect(Collectors.toCollection(HashSet::new));
    keys.addAll(before);
    return Set.copyOf(keys);
  }

  static void close(@Nullable Checked checked) {
    if (checked != null && checked.tools() != null) {
      checked.tools().close();
    }
  }
}
