package dev.workflow.yaml;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the patterns of a document out: a step such as {@code answer: {router: {...}}} becomes one
 * that holds {@code steps}. Everything after this knows only the plain verbs; what is wrong with
 * the steps made is reported where the author wrote the part that they were made of.
 *
 * <p>The structure of the document was checked, and what does not fit it was taken out.
 */
final class Patterns {

  /** The keys of a step that name a pattern. */
  static final List<String> WORDS =
      List.of("router", "orchestrator", "optimizer", "vote", "handoff", "debate");

  private final ObjectNode document;
  private final Findings findings;
  private final FieldMaps fields;
  private final Origins origins = new Origins();
  private final Set<String> taken;

  Patterns(ObjectNode document, Findings findings, FieldMaps fields) {
    this.document = document;
    this.findings = findings;
    this.fields = fields;
    this.taken = Names.takenIn(document);
  }

  /**
   * Writes them out in the document.
   *
   * @return the findings so far, whose pointers are those of the document as it is now
   */
  Findings writeOut() {
    writeOut(document.path("steps"), "/steps");
    return findings.over(origins.over(findings.source()));
  }

  private void writeOut(JsonNode steps, String pointer) {
    for (Map.Entry<String, JsonNode> entry : steps.properties()) {
      String at = Pointers.child(pointer, entry.getKey());
      if (entry.getValue() instanceof ObjectNode step) {
        writeOut(step.path("steps"), at + "/steps");
        WORDS.stream().filter(step::has).findFirst().ifPresent(word -> replace(step, at, word));
      }
    }
  }

  private void replace(ObjectNode step, String pointer, String word) {
    List<String> misplaced = new StepRules(step, pointer, findings).checkPattern();
    JsonNode pattern = step.path(word);
    WORDS.forEach(step::remove);
    step.remove(misplaced);
    if (StepRules.VERBS.stream().noneMatch(step::has)
        && pattern instanceof ObjectNode map
        && isWhole(map, word)) {
      PatternGraph graph = new PatternGraph(map, pointer, word, origins, taken);
      new PatternForms(graph, findings, fields).write(word);
      step.set("steps", graph.steps());
      step.set("outputs", graph.outputs());
    } else {
      findings.silence(pointer);
    }
  }

  /** Whether all that the pattern needs is left of it. */
  private static boolean isWhole(ObjectNode pattern, String word) {
    for (JsonNode key : Shipped.schema(Shipped.WORKFLOW).at("/$defs/" + word + "/required")) {
      JsonNode value = pattern.path(key.asString(""));
      if (value.isMissingNode() || (value.isContainer() && value.isEmpty())) {
        return false;
      }
    }
    return true;
  }
}
