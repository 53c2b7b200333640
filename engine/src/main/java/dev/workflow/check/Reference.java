package dev.workflow.check;

import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Pointers;
import dev.workflow.run.Plan.EdgeKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One step named by another.
 *
 * @param pointer of the value that names it, in the long form
 */
record Reference(String id, EdgeKind kind, String pointer) {

  /** Every reference of a step, in the order in which they count as its first one. */
  static List<Reference> of(CompiledStep compiled) {
    Step step = compiled.step();
    List<Reference> references = new ArrayList<>();
    needs(step, references);
    context(step, references);
    String at = step.pointer();
    expression(compiled.items(), at + "/each", references);
    expression(compiled.when(), at + "/when", references);
    expression(compiled.key(), at + "/key", references);
    expression(compiled.agent(), at + "/agent", references);
    expression(compiled.body(), body(step), references);
    expression(compiled.recovery(), at + "/on_error", references);
    List<Reference> itself = new ArrayList<>();
    expression(compiled.enough(), at + "/enough", itself);
    expression(compiled.until(), at + "/repeat/until", itself);
    if (compiled.probe() != null) {
      expression(compiled.probe().with(), at + "/verify/with", references);
      expression(compiled.probe().done(), at + "/verify/done", itself);
      expression(compiled.probe().output(), at + "/verify/output", itself);
    }
    expression(compiled.reviseWhen(), at + "/revise/when", itself);
    itself.removeIf(reference -> reference.id().equals(step.id()));
    references.addAll(itself);
    return references;
  }

  /**
   * What the graph inside a step names outside of it. The step waits for all of that: what an
   * expression inside makes of a missing output is decided there, but what the steps inside need,
   * the step needs as a whole.
   */
  static List<Reference> fromInside(Step step, Map<String, CompiledStep> compiled) {
    List<Reference> references = new ArrayList<>();
    if (!(step.verb() instanceof Verb.Group group)) {
      return references;
    }
    Set<String> inside = new HashSet<>();
    for (Step inner : group.steps()) {
      inside.add(inner.id());
      CompiledStep known = compiled.get(inner.name());
      if (known != null) {
        references.addAll(of(known));
        references.addAll(fromInside(inner, compiled));
      }
    }
    CompiledStep whole = compiled.get(step.name());
    if (whole != null) {
      whole
          .outputs()
          .forEach(
              (name, expression) ->
                  expression(
                      expression, Pointers.child(step.pointer() + "/outputs", name), references));
    }
    references.removeIf(reference -> inside.contains(reference.id()));
    references.replaceAll(Reference::waitedFor);
    return references;
  }

  private static Reference waitedFor(Reference reference) {
    return reference.kind() == EdgeKind.VALUE
        ? new Reference(reference.id(), EdgeKind.ENDED, reference.pointer())
        : reference;
  }

  private static void needs(Step step, List<Reference> references) {
    for (int i = 0; i < step.needs().size(); i++) {
      Step.Need need = step.needs().get(i);
      references.add(
          new Reference(
              need.id(),
              need.optional() ? EdgeKind.OPTIONAL_NEED : EdgeKind.NEED,
              step.pointer() + "/needs/" + i));
    }
  }

  private static void context(Step step, List<Reference> references) {
    List<String> context = step.verb().context();
    for (int i = 0; i < context.size(); i++) {
      references.add(
          new Reference(context.get(i), EdgeKind.OPTIONAL_NEED, step.pointer() + "/context/" + i));
    }
    if (step.verb() instanceof Verb.Planned planned) {
      references.add(new Reference(planned.step(), EdgeKind.VALUE, step.pointer() + "/workflow"));
    }
  }

  private static void expression(
      @Nullable Expression expression, String pointer, List<Reference> references) {
    if (expression != null) {
      add(expression.outputs(), EdgeKind.VALUE, pointer, references);
      add(expression.endings(), EdgeKind.ENDED, pointer, references);
    }
  }

  private static void add(
      Set<String> ids, EdgeKind kind, String pointer, List<Reference> references) {
    new TreeSet<>(ids).forEach(id -> references.add(new Reference(id, kind, pointer)));
  }

  /** The pointer of the verb's own text or value. */
  static String body(Step step) {
    String key =
        switch (step.verb()) {
          case Verb.Agent agent -> "prompt";
          case Verb.Skill skill -> "with";
          case Verb.Capability capability -> "with";
          case Verb.Tool tool -> "with";
          case Verb.Ask ask -> "ask";
          case Verb.SetValue set -> "set";
          case Verb.Wait wait -> "wait";
          case Verb.Fail fail -> "fail";
          case Verb.Group group -> "steps";
          case Verb.Subworkflow sub -> "with";
          case Verb.Plan plan -> "prompt";
          case Verb.Planned planned -> "with";
        };
    return step.pointer() + "/" + key;
  }
}
