package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.SkillGraph;
import dev.workflow.engine.Validator;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Holds the workflow of a skill against what its skill.yaml says that it takes and gives. */
final class SkillContract {
  private final Part part;
  private final Skill skill;
  private final ValueCheck values;
  private final Report report;

  SkillContract(Part part, SkillUse use, Validator validator) {
    this.part = part;
    this.skill = use.skill();
    this.values = new ValueCheck(validator, part.report());
    this.report = part.report();
  }

  /** Checks the file that the skill names; those that it runs are its own matter. */
  void check(CompiledWorkflow compiled) {
    boolean named =
        SkillGraph.of(part.name())
            .filter(graph -> graph.file().equals(skill.workflow()))
            .isPresent();
    if (named) {
      inputs();
      outputs(compiled);
    }
  }

  private void inputs() {
    JsonNode taken = part.workflow().inputSchema();
    JsonNode given = skill.inputSchema();
    Collection<String> names = taken.path("properties").propertyNames();
    for (Map.Entry<String, JsonNode> input : given.path("properties").properties()) {
      JsonNode own = taken.path("properties").get(input.getKey());
      String pointer = Pointers.child("/inputs", input.getKey());
      if (own == null) {
        mismatch(
            "/inputs",
            "an input `%s`".formatted(input.getKey()),
            "none",
            Nearest.hint(input.getKey(), names));
      } else {
        Shapes.conflict(own, input.getValue())
            .ifPresent(
                conflict ->
                    mismatch(
                        pointer,
                        "%s for input `%s`".formatted(conflict.found(), input.getKey()),
                        conflict.expected(),
                        "Make the two agree."));
      }
    }
    for (JsonNode needed : taken.path("required")) {
      String name = needed.asString("");
      boolean sure =
          given.at("/properties/" + name).has("default")
              || given
                  .path("required")
                  .valueStream()
                  .anyMatch(each -> each.asString("").equals(name));
      if (!sure) {
        mismatch(
            Pointers.child("/inputs", name),
            "only inputs that skill.yaml requires",
            "`" + name + "`",
            "Add it to `inputs` of skill.yaml, or make it optional here: `" + name + "?`.");
      }
    }
  }

  private void mismatch(String pointer, String expected, String found, String hint) {
    report.invalid(
        Rule.SKILL_INPUTS,
        pointer,
        "Expected %s in the workflow of skill `%s`, as skill.yaml says, found %s."
            .formatted(expected, skill.name(), found),
        hint);
  }

  private void outputs(CompiledWorkflow compiled) {
    JsonNode contract = skill.outputSchema();
    if (contract == null) {
      return;
    }
    JsonNode expected = Shapes.resolve(contract, contract);
    Map<String, JsonNode> given = part.workflow().outputs();
    if (given.isEmpty() || !Shapes.admitsObject(expected)) {
      report.invalid(
          Rule.SKILL_OUTPUT,
          "/outputs",
          "Expected outputs that fit the contract of skill `%s` (%s), found %s."
              .formatted(
                  skill.name(),
                  Shapes.word(expected),
                  given.isEmpty() ? "none" : "an object of " + String.join(", ", given.keySet())),
          "A workflow gives an object: say its `outputs`, and let the schema of the skill ask for"
              + " them.");
      return;
    }
    for (JsonNode name : expected.path("required")) {
      if (!given.containsKey(name.asString(""))) {
        report.invalid(
            Rule.SKILL_OUTPUT,
            "/outputs",
            "Expected `%s` among the outputs, as the contract of skill `%s` asks, found %s."
                .formatted(
                    name.asString(""),
                    skill.name(),
                    String.join(", ", new TreeSet<>(given.keySet()))),
            "Add it to `outputs`.");
      }
    }
    compiled
        .outputs()
        .forEach(
            (name, expression) -> {
              JsonNode field = expected.path("properties").get(name);
              JsonNode value = given.get(name);
              if (field != null && value != null) {
                values.fits(
                    "the output of skill `" + skill.name() + "`",
                    Shapes.rooted(contract, field),
                    value,
                    expression.type(),
                    Pointers.child("/outputs", name));
              }
            });
    if (expected.path("additionalProperties").isBoolean()
        && !expected.path("additionalProperties").booleanValue()) {
      given.keySet().stream()
          .filter(name -> !expected.path("properties").has(name))
          .forEach(this::notInContract);
    }
  }

  private void notInContract(String name) {
    report.invalid(
        Rule.SKILL_OUTPUT,
        Pointers.child("/outputs", name),
        "Expected only outputs of the contract of skill `%s`, found `%s`."
            .formatted(skill.name(), name),
        "Leave it out, or add it to the schema of the skill.");
  }
}
