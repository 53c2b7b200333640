package dev.workflow.check;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Validator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds what each step gives and is given against the schemas on both sides. */
final class StepCheck {
  private final Resolved root;
  private final String name;
  private final Resolved resolved;
  private final CompiledWorkflow compiled;
  private final ValueCheck values;
  private final Report report;

  /**
   * A check of one of the workflows.
   *
   * @param name of the workflow among those of the root
   */
  StepCheck(
      Resolved root, String name, CompiledWorkflow compiled, Validator validator, Report report) {
    this.root = root;
    this.name = name;
    this.resolved = root.part(name);
    this.compiled = compiled;
    this.values = new ValueCheck(validator, report);
    this.report = report;
  }

  void check() {
    compiled.steps().values().forEach(this::step);
  }

  private void step(CompiledStep compiledStep) {
    Step step = compiledStep.step();
    Expression body = compiledStep.body();
    switch (step.verb()) {
      case Verb.Tool tool ->
          call(step, resolved.tools().get(tool.server() + "/" + tool.tool()), tool.with(), body);
      case Verb.Capability capability -> {
        String name = resolved.bindings().get(capability.name());
        call(step, name == null ? null : resolved.tools().get(name), capability.with(), body);
      }
      case Verb.Skill skill -> skill(step, skill, body);
      case Verb.SetValue set -> output(compiledStep, set.value(), body, step.pointer() + "/set");
      case Verb.Agent other -> {}
      case Verb.Ask other -> {}
      case Verb.Wait other -> {}
      case Verb.Fail other -> {}
      case Verb.Group group -> outputs(compiledStep, group);
      case Verb.Subworkflow sub -> subworkflow(step, sub, body);
      case Verb.Plan plan -> plan(step);
      case Verb.Planned planned -> planned(step, planned);
    }
    if (step.verify() != null && compiledStep.probe() != null) {
      probe(compiledStep, step.verify(), compiledStep.probe());
    }
    Expression recovery = compiledStep.recovery();
    if (recovery != null && step.onError() instanceof OnError.Output recovered) {
      output(compiledStep, recovered.value(), recovery, step.pointer() + "/on_error/output");
    }
  }

  private void call(Step step, @Nullable ToolSpec tool, JsonNode with, Expression body) {
    if (tool == null) {
      return;
    }
    String what = "tool `" + tool.fullName() + "`";
    values.arguments(what, tool.inputSchema(), with, body.type(), step.pointer());
    Effect effect = step.effect() == null ? tool.effect() : step.effect();
    if (step.verify() == null
        && step.retry().max() > 0
        && step.retry().on().contains(ErrorKind.TIMEOUT)
        && !effect.repeatable()) {
      report.invalid(
          Rule.RETRY_IN_DOUBT,
          step.pointer() + "/retry",
          "Step `%s` retries a time-out of %s, whose effect is %s: the call that timed out may"
                  .formatted(step.id(), what, effect.word())
              + " have taken effect.",
          "Retry only what certainly failed, `on: [unavailable, rate_limited]`, say with `verify`"
              + " how to find out, or `effects: idempotent` where a second call with the same key"
              + " changes nothing.");
    }
  }

  /** What is asked, and what a call counts as that turns out to be done. */
  private void probe(CompiledStep compiledStep, Step.Verify verify, CompiledWorkflow.Probe probe) {
    Step step = compiledStep.step();
    String pointer = step.pointer() + "/verify";
    ToolSpec tool = resolved.tools().get(verify.fullName());
    if (tool == null) {
      return;
    }
    values.arguments(
        "tool `" + tool.fullName() + "`",
        tool.inputSchema(),
        verify.with(),
        probe.with().type(),
        pointer);
    JsonNode contract = compiledStep.outputSchema();
    Expression output = probe.output();
    JsonNode said = verify.output();
    if (output != null && said != null) {
      output(compiledStep, said, output, pointer + "/output");
    } else if (contract != null && tool.outputSchema() != null) {
      Shapes.conflict(Shapes.resolve(contract, contract), tool.outputSchema())
          .ifPresent(
              conflict ->
                  report.invalid(
                      Rule.VERIFY_OUTPUT,
                      pointer + "/tool",
                      "Expected %s as the output of step `%s` where its call is done, found %s of tool `%s`."
                          .formatted(
                              conflict.expected(), step.id(), conflict.found(), tool.fullName()),
                      "Say what the call gave: `output: VALUE` in its `verify`, where `"
                          + step.id()
                          + "` is what the tool gives."));
    }
  }

  private void skill(Step step, Verb.Skill verb, Expression body) {
    Skill skill = resolved.skills().get(verb.name());
    if (skill != null) {
      values.arguments(
          "skill `" + skill.name() + "`",
          skill.inputSchema(),
          verb.with(),
          body.type(),
          step.pointer());
    }
  }

  private void subworkflow(Step step, Verb.Subworkflow verb, Expression body) {
    Resolved part = root.workflows().get(Resolved.nameOf(name, verb.file()));
    if (part != null) {
      values.arguments(
          "workflow `" + verb.file() + "`",
          part.workflow().inputSchema(),
          verb.with(),
          body.type(),
          step.pointer());
    }
  }

  private void plan(Step step) {
    if (step.output() != null) {
      report.invalidKey(
          Rule.PLAN_OUTPUT,
          step.pointer() + "/output",
          "The output of step `" + step.id() + "` is a plan, whose shape is given.",
          "Remove `output`; what the plan gives is the output of the step that runs it.");
    }
  }

  /** Only what was checked when it was written may run: the output of a step with {@code plan}. */
  private void planned(Step step, Verb.Planned verb) {
    CompiledStep source = compiled.seenFrom(step, verb.step());
    if (source == null) {
      return;
    }
    String found =
        source.step().each() != null
            ? "which gives several"
            : "a step with `" + source.step().verb().word() + "`";
    if (!(source.step().verb() instanceof Verb.Plan) || source.step().each() != null) {
      report.invalid(
          Rule.NO_PLAN,
          step.pointer() + "/workflow",
          "Expected a file or one plan for `workflow` of step `%s`, found `%s`, %s."
              .formatted(step.id(), verb.step(), found),
          "Name the file, or in ${...} the id of a step with `plan`; for several plans put both"
              + " steps into one with `each` and `steps`.");
    }
  }

  /** What a group gives, against the {@code output} it promises. */
  private void outputs(CompiledStep compiledStep, Verb.Group group) {
    JsonNode contract = compiledStep.outputSchema();
    if (contract == null || group.outputs().isEmpty()) {
      return;
    }
    String what = "the output of step `" + compiledStep.step().id() + "`";
    String pointer = compiledStep.step().pointer() + "/outputs";
    JsonNode expected = Shapes.resolve(contract, contract);
    for (JsonNode name : expected.path("required")) {
      if (!group.outputs().containsKey(name.asString(""))) {
        report.invalidKey(
            Rule.MISSING_OUTPUT,
            pointer,
            "Field `" + name.asString("") + "` of " + what + " is missing.",
            "Add it to `outputs`, or leave it out of `output`.");
      }
    }
    compiledStep
        .outputs()
        .forEach(
            (name, expression) -> {
              JsonNode field = expected.path("properties").get(name);
              JsonNode value = group.outputs().get(name);
              if (field != null && value != null) {
                values.fits(
                    what,
                    Shapes.rooted(contract, field),
                    value,
                    expression.type(),
                    Pointers.child(pointer, name));
              }
            });
  }

  private void output(
      CompiledStep compiledStep, JsonNode value, Expression expression, String pointer) {
    JsonNode contract = compiledStep.outputSchema();
    if (contract != null) {
      values.fits(
          "the output of step `" + compiledStep.step().id() + "`",
          contract,
          value,
          expression.type(),
          pointer);
    }
  }
}
