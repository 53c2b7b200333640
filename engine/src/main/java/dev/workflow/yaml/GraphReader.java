package dev.workflow.yaml;

import dev.workflow.definition.OnError;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the steps of one graph of the long form, and of the graphs inside its steps. */
final class GraphReader {

  /** Most graphs inside each other, the outermost not counted. */
  static final int DEPTH_MAX = 16;

  private final Findings findings;
  private final FieldMaps fields;
  private final BiConsumer<JsonNode, String> inlineAgents;

  /** What the names around this graph are, such as {@code a step}, by name. */
  private final Map<String, String> around;

  private final OnError otherwise;

  private final int depth;

  /**
   * A reader.
   *
   * @param otherwise what a failure means of steps that do not say it
   * @param inlineAgents takes each agent that is written inside a step, with the step's pointer
   */
  GraphReader(
      Map<String, String> around,
      OnError otherwise,
      Findings findings,
      FieldMaps fields,
      BiConsumer<JsonNode, String> inlineAgents) {
    this(around, otherwise, findings, fields, inlineAgents, 0);
  }

  private GraphReader(
      Map<String, String> around,
      OnError otherwise,
      Findings findings,
      FieldMaps fields,
      BiConsumer<JsonNode, String> inlineAgents,
      int depth) {
    this.around = Map.copyOf(around);
    this.otherwise = otherwise;
    this.findings = findings;
    this.fields = fields;
    this.inlineAgents = inlineAgents;
    this.depth = depth;
  }

  /** The steps of a {@code steps:} map at a pointer, in the author's order. */
  List<Step> read(JsonNode steps, String pointer) {
    if (depth > DEPTH_MAX) {
      findings.key(
          Rule.NESTED_TOO_DEEP,
          pointer,
          "Expected at most %d graphs inside each other, found one more.".formatted(DEPTH_MAX),
          "Make a workflow file of the inner ones.");
      return List.of();
    }
    Map<String, String> names = new HashMap<>(around);
    for (String id : steps.propertyNames()) {
      checkName(id, Pointers.child(pointer, id));
      names.put(id, "a step");
    }
    List<Step> read = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : steps.properties()) {
      String at = Pointers.child(pointer, entry.getKey());
      JsonNode step = entry.getValue();
      if (step.path("agent").isObject()) {
        inlineAgents.accept(step.path("agent"), at);
      }
      if (step.path("undo").path("agent").isObject()) {
        inlineAgents.accept(step.path("undo").path("agent"), at + "/undo");
      }
      read.add(
          new StepReader(entry.getKey(), step, at, otherwise, findings, fields)
              .read(names, () -> inside(names, step)));
    }
    return read;
  }

  private void checkName(String id, String pointer) {
    Names.check("a step", id, pointer, findings);
    String taken = around.get(id);
    if (taken != null) {
      findings.key(
          Rule.NAME_CLASH,
          pointer,
          taken.equals("an input")
              ? "Expected different names for inputs and steps, found `%s` as both.".formatted(id)
              : "Expected a name of its own for the step, found `%s`, which is %s around it."
                  .formatted(id, taken),
          taken.equals("an input")
              ? "Rename one: in expressions both are just `" + id + "`."
              : "Rename it: the steps inside see the names around them.");
    }
  }

  /** A reader for the graph inside a step, which sees the element of its fan-out. */
  private GraphReader inside(Map<String, String> names, JsonNode step) {
    @Nullable EachText each = EachText.of(Values.text(step, "each", ""));
    Map<String, String> more = new HashMap<>(names);
    if (each != null) {
      more.put(each.variable(), "an element");
    }
    return new GraphReader(more, otherwise, findings, fields, inlineAgents, depth + 1);
  }
}
