package dev.workflow.cli;

import dev.workflow.assembly.Forecast;
import dev.workflow.assembly.Forecast.Planned;
import dev.workflow.assembly.RunDigest;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.Checked;
import dev.workflow.definition.Durations;
import dev.workflow.definition.Limits;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ToolSpec;
import dev.workflow.trace.StepWords;
import dev.workflow.trace.Words;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows what a run would do, as far as it can be known.
 *
 * @param shown all of it as JSON
 * @param digest of all of it; absent: it cannot be known before servers are looked at
 */
record DryRun(
    Checked.Definition definition,
    Forecast forecast,
    Limits limits,
    ObjectNode shown,
    @Nullable RunDigest digest) {
  private static final int WIDTH = 160;

  /**
   * What a run of a definition would do.
   *
   * @param open whether something could not be verified, so that it may still turn out otherwise
   */
  static DryRun of(
      WorkflowEngine engine,
      Checked.Definition definition,
      JsonNode inputs,
      Limits limits,
      boolean open) {
    Forecast forecast = engine.forecast(definition, inputs);
    ObjectNode shown = json(definition, forecast, inputs);
    RunDigest digest = open ? null : engine.digest(definition, inputs, limits, shown);
    return new DryRun(definition, forecast, limits, shown, digest);
  }

  void print(Terminal terminal, OutputFormat format) {
    if (format != OutputFormat.text) {
      ObjectNode answer = shown.deepCopy();
      if (digest != null) {
        answer.put("digest", digest.text());
      }
      terminal.json(answer);
      return;
    }
    terminal.data(
        "Dry run of " + definition.resolved().workflow().name() + ": nothing is started.");
    terminal.data("Inputs: " + Printable.line(shown.get("inputs").toString(), WIDTH));
    for (Planned step : forecast.steps()) {
      terminal.data(Printable.line(line(step), WIDTH));
      if (!step.work().isEmpty() || step.work().isString()) {
        String work = step.work().isString() ? step.work().stringValue() : step.work().toString();
        terminal.data("    " + Printable.line(work, WIDTH));
      }
    }
    terminal.data(estimate(forecast));
    shown
        .path("tools")
        .properties()
        .forEach(
            tool ->
                terminal.data(
                    Printable.line(
                        "Tool: "
                            + tool.getKey()
                            + " ("
                            + tool.getValue().path("effect").asString("")
                            + ")",
                        WIDTH)));
    terminal.data(
        digest == null
            ? "No digest: what is not verified may turn out otherwise. --probe starts the servers"
                + " and looks."
            : "Digest: " + digest.text());
  }

  private static String line(Planned step) {
    StringBuilder line = new StringBuilder("○ " + step.id() + "  " + step.verb());
    line.append(step.target().isEmpty() ? "" : " " + step.target());
    if (step.each() != null) {
      line.append("  each ").append(step.each());
      line.append(
          step.elements() == null ? "" : " (" + Words.counted(step.elements(), "element") + ")");
      line.append(step.enough() == null ? "" : "  enough when " + step.enough());
    }
    if (step.condition() != null) {
      line.append(step.condition().equals("false") ? "  will be skipped" : "");
      line.append(
          step.condition().equals("false") || step.condition().equals("true")
              ? ""
              : "  when " + step.condition());
    }
    if (step.repeat() != null) {
      line.append("  ").append(StepWords.repeats(step.repeat()));
    }
    if (step.cache() != null) {
      line.append("  ").append(StepWords.caches(step.cache()));
    }
    return line.append(step.after().isEmpty() ? "" : "  after " + String.join(", ", step.after()))
        .toString();
  }

  private String estimate(Forecast forecast) {
    return "%s %s and %s. Limits: %d tool calls, %s, %d steps at a time."
        .formatted(
            forecast.open() ? "At least" : "Exactly",
            Words.counted(forecast.toolCalls(), "tool call"),
            Words.counted(forecast.modelCalls(), "model call"),
            limits.budget().toolCalls(),
            Durations.text(limits.time()),
            limits.concurrency());
  }

  private static ObjectNode json(
      Checked.Definition definition, Forecast forecast, JsonNode inputs) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("workflow", definition.resolved().workflow().name());
    answer.put("dry_run", true).set("inputs", inputs);
    ArrayNode steps = answer.putArray("steps");
    for (Planned step : forecast.steps()) {
      ObjectNode node = steps.addObject();
      node.put("id", step.id()).put("verb", step.verb()).put("target", step.target());
      ArrayNode after = node.putArray("after");
      step.after().forEach(after::add);
      if (step.each() != null) {
        node.put("each", step.each());
      }
      if (step.elements() != null) {
        node.put("elements", step.elements());
      }
      if (step.enough() != null) {
        node.put("enough", step.enough());
      }
      if (step.condition() != null) {
        node.put("when", step.condition());
      }
      if (step.repeat() != null) {
        node.putObject("repeat")
            .put("until", step.repeat().until())
            .put("max", step.repeat().max());
      }
      if (step.cache() != null) {
        node.putObject("cache")
            .put("for", Durations.text(step.cache().time()))
            .put("force", step.cache().forced());
      }
      node.set("work", step.work());
    }
    ObjectNode calls = answer.putObject("calls");
    calls.put("tool_calls", forecast.toolCalls()).put("model_calls", forecast.modelCalls());
    calls.put("at_least", forecast.open());
    tools(definition.resolved(), answer.putObject("tools"));
    return answer;
  }

  /** The tools that some step or agent may call. */
  private static void tools(Resolved resolved, ObjectNode tools) {
    for (ToolSpec tool : resolved.tools().values()) {
      tools
          .putObject(tool.fullName())
          .put("effect", tool.effect().word())
          .put("digest", tool.digest());
    }
    resolved.workflows().values().forEach(other -> tools(other, tools));
  }
}
