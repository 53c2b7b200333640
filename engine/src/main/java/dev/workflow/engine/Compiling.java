package dev.workflow.engine;

import dev.workflow.definition.OnError;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.engine.WorkflowCompiler.Compilation;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One compilation. Steps whose type is written down get it at once; those whose type comes from an
 * expression are compiled first, each after the ones it mentions; on a cycle, which the graph check
 * reports, the type is any.
 */
final class Compiling {
  private final Workflow workflow;
  private final StepOutputs outputs;
  private final Texts texts;
  private final Map<String, JsonNode> inputs;
  private final Map<String, JsonNode> stepTypes = new HashMap<>();
  private final Map<String, CompiledStep> compiled = new HashMap<>();

  Compiling(Expressions expressions, Resolved resolved) {
    this.workflow = resolved.workflow();
    this.outputs = new StepOutputs(resolved);
    this.texts = new Texts(expressions, workflow.document());
    this.inputs = inputTypes(workflow.inputSchema());
  }

  Compilation run() {
    Map<String, Step> untyped = new LinkedHashMap<>();
    for (Step step : workflow.steps()) {
      if (typedByExpression(step)) {
        untyped.put(step.id(), step);
        stepTypes.put(step.id(), Schemas.ANY);
      } else {
        stepTypes.put(step.id(), StepOutputs.whole(step, declared(step)));
      }
    }
    for (Step step : MentionOrder.of(untyped)) {
      CompiledStep done = step(step);
      compiled.put(step.id(), done);
      stepTypes.put(step.id(), done.resultType());
    }
    Map<String, CompiledStep> steps = new LinkedHashMap<>();
    for (Step step : workflow.steps()) {
      CompiledStep done = compiled.get(step.id());
      steps.put(step.id(), done == null ? step(step) : done);
    }
    return new Compilation(new CompiledWorkflow(steps, workflowOutputs()), texts.mistakes());
  }

  private Map<String, Expression> workflowOutputs() {
    Map<String, Expression> compiledOutputs = new LinkedHashMap<>();
    workflow
        .outputs()
        .forEach(
            (name, value) ->
                compiledOutputs.put(
                    name,
                    texts.template(value, "/outputs/" + Pointers.escape(name), types(Map.of()))));
    return compiledOutputs;
  }

  private CompiledStep step(Step step) {
    String at = step.pointer();
    Map<String, JsonNode> locals = new LinkedHashMap<>();
    Step.Each each = step.each();
    Expression items = null;
    if (each != null) {
      items = texts.bare(each.in(), at + "/each", types(locals), Wanted.COLLECTION);
      locals.put(each.variable(), Schemas.elementOf(items.type()));
    }
    Types types = types(locals);
    Expression body = body(step, locals);
    JsonNode contract = outputs.contract(step);
    JsonNode one = typedByExpression(step) ? body.type() : declared(step);
    return new CompiledStep(
        step,
        bare(step.when(), at + "/when", types, Wanted.BOOLEAN),
        items,
        each == null ? null : bare(each.key(), at + "/key", types, Wanted.KEY),
        body,
        agent(step, types),
        step.revise() == null
            ? null
            : bare(step.revise().when(), at + "/revise/when", types(Map.of()), Wanted.BOOLEAN),
        recovery(step, locals),
        contract,
        StepOutputs.whole(step, one));
  }

  private Expression body(Step step, Map<String, JsonNode> locals) {
    String at = step.pointer();
    Types types = types(locals);
    return switch (step.verb()) {
      case Verb.Agent agent -> texts.text(agent.prompt(), at + "/prompt", types);
      case Verb.Skill skill -> texts.template(skill.with(), at + "/with", types);
      case Verb.Capability capability ->
          texts.template(capability.with(), at + "/with", types(Locals.withCall(locals)));
      case Verb.Tool tool ->
          texts.template(tool.with(), at + "/with", types(Locals.withCall(locals)));
      case Verb.Ask ask -> texts.text(ask.text(), at + "/ask", types);
      case Verb.SetValue set -> texts.template(set.value(), at + "/set", types);
      case Verb.Wait wait -> texts.time(wait.until(), at + "/wait", types);
      case Verb.Fail fail -> texts.text(fail.text(), at + "/fail", types);
    };
  }

  private @Nullable Expression agent(Step step, Types types) {
    return step.verb() instanceof Verb.Agent agent && agent.agent().contains("${")
        ? texts.template(
            JsonNodeFactory.instance.stringNode(agent.agent()), step.pointer() + "/agent", types)
        : null;
  }

  private @Nullable Expression recovery(Step step, Map<String, JsonNode> locals) {
    return step.onError() instanceof OnError.Output recovered
        ? texts.template(
            recovered.value(), step.pointer() + "/on_error/output", types(Locals.withError(locals)))
        : null;
  }

  private @Nullable Expression bare(
      @Nullable String source, String pointer, Types types, Wanted wanted) {
    return source == null ? null : texts.bare(source, pointer, types, wanted);
  }

  private static boolean typedByExpression(Step step) {
    return step.output() == null && step.verb() instanceof Verb.SetValue;
  }

  private JsonNode declared(Step step) {
    JsonNode contract = outputs.contract(step);
    return contract == null ? outputs.otherwise(step) : contract;
  }

  /** A live view: types of steps that come later are seen by those compiled later. */
  private Types types(Map<String, JsonNode> locals) {
    return new Types(inputs, Collections.unmodifiableMap(stepTypes), Locals.withRun(locals));
  }

  private static Map<String, JsonNode> inputTypes(JsonNode inputSchema) {
    Map<String, JsonNode> types = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : inputSchema.path("properties").properties()) {
      types.put(entry.getKey(), Schemas.part(inputSchema, entry.getValue()));
    }
    return Collections.unmodifiableMap(types);
  }
}
