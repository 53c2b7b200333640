package dev.workflow.engine;

import dev.workflow.definition.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the expressions of a resolved workflow and types its steps. The check uses it before a
 * run, the driver at its start and at a resume, so that both mean the same by every name.
 *
 * <p>Names in scope: inputs and steps everywhere, and {@code run {id, started}}. Inside an {@code
 * each} its variable, in {@code when}, {@code key}, the verb's own texts and {@code
 * on_error.output}; {@code call {key}} in the arguments of {@code tool} and {@code capability};
 * {@code error {kind, message, details}} in {@code on_error.output}. The variable of an {@code
 * each} over a map stands for the values.
 */
public final class WorkflowCompiler {
  private final Expressions expressions;

  /** Compiles with the given language. */
  public WorkflowCompiler(Expressions expressions) {
    this.expressions = expressions;
  }

  /** Compiles everything and collects every mistake, one for each text at most. */
  public Compilation compile(Resolved resolved) {
    return new Compiling(expressions, resolved).run();
  }

  /**
   * What came out.
   *
   * @param workflow whole when there are no mistakes; else mistaken expressions are replaced by
   *     ones that fail when evaluated, so that the rest can still be looked at
   */
  public record Compilation(CompiledWorkflow workflow, List<Mistake> mistakes) {
    public Compilation {
      mistakes = List.copyOf(mistakes);
    }

    /**
     * The workflow, for callers whose definition was checked before.
     *
     * @throws IllegalStateException when there is a mistake all the same
     */
    public CompiledWorkflow sound() {
      if (!mistakes.isEmpty()) {
        Mistake first = mistakes.get(0);
        throw new IllegalStateException(
            "The journaled definition no longer compiles: "
                + first.pointer()
                + ": "
                + first.message());
      }
      return workflow;
    }
  }

  /**
   * A mistake in an expression.
   *
   * @param rule stable id
   * @param pointer JSON pointer of the text in the long form, see {@link Workflow#document}
   * @param offset in that text, in UTF-16 units from 0
   */
  public record Mistake(
      String rule, String pointer, int offset, String message, @Nullable String hint) {}
}
