package dev.workflow.yaml;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.ReservedNames;
import dev.workflow.definition.Rule;
import dev.workflow.yaml.Mentions.Mention;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The inputs of a short form that declares none: each {@code {name}} that is no step is a required
 * text, unless it is nearly the name of a step, which is an error.
 */
final class ImplicitInputs {

  private static final List<String> TEXTS = List.of("prompt", "ask", "fail");
  private static final List<String> PATTERN_TEXTS = List.of("prompt", "criteria");
  private final ObjectNode steps;
  private final Origins origins;
  private final Findings findings;
  private final ObjectNode inputs = JsonNodeFactory.instance.objectNode();

  ImplicitInputs(ObjectNode steps, Origins origins, Findings findings) {
    this.steps = steps;
    this.origins = origins;
    this.findings = findings;
  }

  ObjectNode find() {
    for (Map.Entry<String, JsonNode> step : steps.properties()) {
      List<String> known = new ArrayList<>(steps.propertyNames());
      EachText each = EachText.of(Values.text(step.getValue(), "each", ""));
      if (each != null) {
        known.add(each.variable());
      }
      String at = Pointers.child("/steps", step.getKey());
      TEXTS.forEach(key -> addAll(step.getValue().path(key), at + "/" + key, known));
      for (String word : Patterns.WORDS) {
        JsonNode pattern = step.getValue().path(word);
        String place = at + "/" + word;
        PATTERN_TEXTS.forEach(key -> addAll(pattern.path(key), place + "/" + key, known));
        pattern
            .path("agents")
            .properties()
            .forEach(
                agent ->
                    addAll(
                        agent.getValue(),
                        Pointers.child(place + "/agents", agent.getKey()),
                        known));
      }
    }
    return inputs;
  }

  private void addAll(JsonNode text, String pointer, List<String> known) {
    for (Mention mention : Mentions.in(text.asString(""))) {
      boolean unknown = !known.contains(mention.name()) && !ReservedNames.contains(mention.name());
      if (unknown && mention.path().isEmpty() && !inputs.has(mention.name())) {
        add(mention, pointer, known);
      }
    }
  }

  private void add(Mention mention, String pointer, List<String> known) {
    String name = mention.name();
    Nearest.to(name, known).ifPresent(near -> reportNear(name, near, pointer, mention.offset()));
    inputs.put(name, "string");
    origins.inside(Pointers.child("/inputs", name), pointer, mention.offset());
  }

  private void reportNear(String name, String near, String pointer, int offset) {
    Place place = origins.over(findings.source()).inside(pointer, offset);
    findings.add(
        Problem.invalid(
            Rule.UNKNOWN_NAME,
            place,
            "Expected the name of an item or an input, found `%s`, which is nearly `%s`."
                .formatted(name, near),
            "Did you mean `{%s}`? If it is an input, declare it: `inputs: {%s: string}`."
                .formatted(near, name)),
        pointer);
  }
}
