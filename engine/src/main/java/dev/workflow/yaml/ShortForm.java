package dev.workflow.yaml;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.yaml.FlowItem.Piece;
import dev.workflow.yaml.FlowItem.Verdict;
import dev.workflow.yaml.FlowItem.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a {@code flow} out as the long form.
 *
 * <p>Each item needs the one before it, which may have been skipped, and has all earlier items as
 * context. A person sees what the item before made; after a judge also what was judged.
 */
final class ShortForm {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private final ObjectNode written;
  private final Findings findings;
  private final Origins origins = new Origins();
  private final FlowSteps steps;

  ShortForm(ObjectNode written, Findings findings) {
    this.written = written;
    this.findings = findings;
    this.steps = new FlowSteps(origins, findings);
  }

  /** A long form, and findings whose pointers are those of the long form. */
  record Expanded(ObjectNode document, Findings findings) {}

  Expanded expand() {
    List<FlowItem> items = new FlowReader(findings).read(written.path("flow"));
    origins.copied("/steps", "/flow");
    Map<String, List<String>> ids = steps.name(items);
    List<String> previous = List.of();
    List<String> earlier = new ArrayList<>();
    List<String> judged = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      switch (items.get(i)) {
        case Work work -> {
          List<String> own = ids.getOrDefault(work.pointer(), List.of());
          List<String> shown = new ArrayList<>(judged);
          previous.stream().filter(id -> !shown.contains(id)).forEach(shown::add);
          for (int p = 0; p < own.size(); p++) {
            steps.add(own.get(p), work.pieces().get(p), previous, earlier, shown);
          }
          previous = own;
          earlier.addAll(own);
          judged.clear();
        }
        case Verdict verdict -> {
          List<String> before = earlier.subList(0, earlier.size() - previous.size());
          boolean asked = personFollows(items, i);
          if (attach(verdict, previous, before, asked)) {
            judged.add(verdict.target());
          }
        }
      }
    }
    return new Expanded(document(items, ids), findings.from(origins.over(findings.source())));
  }

  private static boolean personFollows(List<FlowItem> items, int from) {
    for (FlowItem item : items.subList(from + 1, items.size())) {
      if (item instanceof Work work) {
        return work.pieces().stream().anyMatch(Piece::asksPerson);
      }
    }
    return false;
  }

  /** Makes the item before a verdict its judge. */
  private boolean attach(Verdict verdict, List<String> judges, List<String> before, boolean asked) {
    if (judges.size() != 1) {
      findings.value(
          Rule.FLOW_VERDICT,
          verdict.pointer(),
          "Expected one item before the verdict, its judge; found %s."
              .formatted(judges.isEmpty() ? "none" : judges.size() + " at the same time"),
          "Put an agent that judges before it: `verifier: \"is it safe?\"`.");
      return false;
    }
    if (!before.contains(verdict.target())) {
      findings.inside(
          Rule.UNKNOWN_STEP,
          verdict.pointer(),
          verdict.targetAt(),
          "Expected an item before `%s` to revise, found `%s`."
              .formatted(judges.getFirst(), verdict.target()),
          before.isEmpty()
              ? "Only an item before the judge can be revised."
              : Nearest.hint(verdict.target(), before));
      return false;
    }
    if (!steps.revise(judges.getFirst(), verdict, asked)) {
      findings.value(
          Rule.FLOW_VERDICT,
          verdict.pointer(),
          "Expected one verdict on `%s`, found a second one.".formatted(judges.getFirst()),
          "Join the conditions with `or`, or add a judge.");
      return false;
    }
    steps.deriveOutput(judges.getFirst(), verdict, written.path("agents"));
    return true;
  }

  private ObjectNode document(List<FlowItem> items, Map<String, List<String>> ids) {
    ObjectNode document = NODES.objectNode();
    for (Map.Entry<String, JsonNode> entry : written.properties()) {
      if (!entry.getKey().equals("flow")) {
        document.set(entry.getKey(), entry.getValue());
        continue;
      }
      if (!written.has("inputs")) {
        ObjectNode inputs = new ImplicitInputs(steps.made(), origins, findings).find();
        if (!inputs.isEmpty()) {
          document.set("inputs", inputs);
        }
      }
      document.set("steps", steps.made());
      if (!written.has("outputs")) {
        document.set("outputs", outputs(items, ids));
      }
    }
    return document;
  }

  /** The last item that is neither a judge nor a person is what the flow makes. */
  private ObjectNode outputs(List<FlowItem> items, Map<String, List<String>> ids) {
    ObjectNode outputs = NODES.objectNode();
    for (int i = items.size() - 1; i >= 0 && outputs.isEmpty(); i--) {
      if (items.get(i) instanceof Work work) {
        List<String> own = ids.getOrDefault(work.pointer(), List.of());
        for (int p = 0; p < own.size(); p++) {
          JsonNode step = steps.made().path(own.get(p));
          if (!step.has("ask") && !step.has("revise")) {
            outputs.put(own.get(p), "${" + own.get(p) + "}");
          }
        }
      }
    }
    origins.value("/outputs", "/flow", 0);
    return outputs;
  }

  static ArrayNode list(List<String> texts) {
    ArrayNode list = NODES.arrayNode();
    texts.forEach(list::add);
    return list;
  }
}
