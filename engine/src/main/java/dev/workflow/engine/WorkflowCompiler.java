package dev.workflow.engine;

import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compiles the expressions of a resolved workflow and types its steps. The check uses it before a
 * run, the driver at its start and at a resume, so that both mean the same by every name.
 *
 * <p>Names in scope: inputs and steps everywhere, and {@code run {id, started}} and {@code previous
 * {outputs, started}}, which is empty in the first run. Inside an {@code each} its variable, in
 * {@code when}, {@code key}, the verb's own texts and {@code on_error.output}; {@code call {key}}
 * in the arguments of {@code tool} and {@code capability}; {@code error {kind, message, details}}
 * in {@code on_error.output}. The variable of an {@code each} over a map stands for the values.
 */
public final class WorkflowCompiler {
  private final Expressions expressions;

  /** Compiles with the given language. */
  public WorkflowCompiler(Expressions expressions) {
    this.expressions = expressions;
  }

  /** Compiles everything and collects every mistake, one for each text at most. */
  public Compilation compile(Resolved resolved) {
    return new Compiler(resolved).run();
  }

  /** Compiles a workflow and those that its steps run, each once. */
  private final class Compiler {
    private final Resolved root;
    private final Map<String, CompiledWorkflow> done = new LinkedHashMap<>();
    private final Set<String> begun = new HashSet<>();
    private final List<Mistake> mistakes = new ArrayList<>();

    Compiler(Resolved root) {
      this.root = root;
    }

    Compilation run() {
      compile("");
      root.workflows().keySet().forEach(this::compile);
      CompiledWorkflow whole = Objects.requireNonNull(done.remove(""));
      return new Compilation(new CompiledWorkflow(whole.steps(), whole.outputs(), done), mistakes);
    }

    private void compile(String name) {
      if (begun.add(name)) {
        Compiling compiling =
            new Compiling(expressions, root.part(name), name, step -> outputOf(name, step));
        done.put(name, compiling.run());
        mistakes.addAll(compiling.mistakes());
      }
    }

    /** What another workflow gives; anything while it is being compiled, or is not there. */
    private JsonNode outputOf(String from, Step step) {
      String name = String.valueOf(root.part(from).runBy(from, step));
      if (root.workflows().containsKey(name)) {
        compile(name);
      }
      CompiledWorkflow compiled = done.get(name);
      if (compiled == null || compiled.outputs().isEmpty()) {
        return Schemas.ANY;
      }
      Map<String, JsonNode> fields = new LinkedHashMap<>();
      compiled.outputs().forEach((field, output) -> fields.put(field, output.type()));
      return Schemas.objectOf(fields);
    }
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
   * @param workflow name of the workflow, see {@link Resolved#workflows}; empty: the root
   * @param rule stable id
   * @param pointer JSON pointer of the text in the long form, see {@link Workflow#document}
   * @param offset in that text, in UTF-16 units from 0
   */
  public record Mistake(
      String workflow,
      Rule rule,
      String pointer,
      int offset,
      String message,
      @Nullable String hint) {}
}
