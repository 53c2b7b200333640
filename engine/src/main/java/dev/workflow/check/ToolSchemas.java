package dev.workflow.check;

import dev.workflow.definition.Rule;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Whether a tool can be used at all: against a schema that is none, no argument and no output ever
 * fits. Its server alone can mend that.
 */
record ToolSchemas(Validator validator, Report report) {

  /** Whether a tool that is named can be used; that it cannot is an error. */
  boolean accept(ToolSpec tool, String owner, String pointer) {
    Optional<String> wrong = wrong(tool);
    wrong.ifPresent(
        what ->
            report.missing(
                Rule.BROKEN_TOOL,
                pointer,
                "Tool `%s`, which %s uses, cannot be used: %s."
                    .formatted(tool.fullName(), owner, what),
                "Its server has to mend that; until then use another tool."));
    return wrong.isEmpty();
  }

  /** Whether a tool that nobody names can be used. */
  boolean isSound(ToolSpec tool) {
    return wrong(tool).isEmpty();
  }

  /** The tools that can be used, of all that servers happen to offer; others are left out. */
  List<ToolSpec> sound(List<ToolSpec> offered, String owner, String pointer) {
    List<ToolSpec> sound = new ArrayList<>();
    for (ToolSpec tool : offered) {
      wrong(tool)
          .ifPresentOrElse(
              what ->
                  report.warning(
                      Rule.BROKEN_TOOL,
                      pointer,
                      "Tool `%s` is left out for %s: %s.".formatted(tool.fullName(), owner, what),
                      "Its server has to mend that."),
              () -> sound.add(tool));
    }
    return sound;
  }

  private Optional<String> wrong(ToolSpec tool) {
    Optional<String> input = wrong("input", tool.inputSchema());
    JsonNode output = tool.outputSchema();
    return input.isPresent() || output == null ? input : wrong("output", output);
  }

  private Optional<String> wrong(String which, JsonNode schema) {
    return validator.checkSchema(schema).stream()
        .findFirst()
        .map(violation -> "its " + which + " schema is no JSON Schema: " + violation.text());
  }
}
