package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Reading;
import dev.workflow.engine.Validator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a workflow from text: the tree, the traps of YAML, the short form made long, the structure,
 * the patterns and the resources written out, the rules that no schema can say, and last the
 * records.
 */
final class WorkflowReader {

  private final Validator validator;

  WorkflowReader(Validator validator) {
    this.validator = validator;
  }

  Reading read(SourceText text) {
    YamlTree tree = YamlTree.read(text);
    if (tree.value() == null) {
      return new Reading(null, tree.source(), tree.problems());
    }
    TreeTraps traps = new TreeTraps(tree);
    JsonNode repaired = traps.repair();
    if (!(repaired instanceof ObjectNode written)) {
      Findings findings = traps.findings();
      findings.value(
          Rule.WRONG_TYPE,
          "",
          "Expected a map with `steps` or `flow`, found %s.".formatted(Described.value(repaired)),
          null);
      return new Reading(null, tree.source(), findings.sorted());
    }
    return read(written, traps.findings(), text);
  }

  private Reading read(ObjectNode written, Findings traps, SourceText text) {
    ObjectNode document = named(written, text.file());
    document.remove("$schema");
    Findings findings = traps;
    if (document.has("flow") && document.has("steps")) {
      traps.key(
          Rule.STEPS_AND_FLOW,
          "/flow",
          "Expected either `steps` or `flow`, found both.",
          "Make the items of `flow` steps, or the steps items of `flow`.");
      document.remove("flow");
    }
    if (document.has("flow")) {
      ShortForm.Expanded expanded = new ShortForm(document, traps).expand();
      document = expanded.document();
      findings = expanded.findings();
      if (document.path("steps").isEmpty() && !findings.none()) {
        findings.silence("/steps");
      }
    }
    return longForm(document, findings);
  }

  private Reading longForm(ObjectNode document, Findings findings) {
    MisplacedLimits.removeFrom(document, findings);
    Structure structure = new Structure(Shipped.schema(Shipped.WORKFLOW), validator);
    boolean noSteps = !document.has("steps");
    List<String> broken = structure.check(document, findings, StepRules::covers);
    if (noSteps) {
      findings.key(
          Rule.MISSING_KEY,
          "",
          "Expected the key `steps` or `flow`, found neither.",
          "Write `steps:` with one entry for each step.");
      return reading(null, findings);
    }
    broken.forEach(pointer -> Prune.remove(document, pointer));
    Findings written =
        new Patterns(document, findings, new FieldMaps(findings, validator)).writeOut();
    Findings plain = new Resources(document, written).writeOut();
    return reading(new LongForm(document, plain, validator).read(), plain);
  }

  private static Reading reading(@Nullable Workflow workflow, Findings findings) {
    return new Reading(workflow, findings.source(), findings.sorted());
  }

  /** The document with a name: that of the file where the author gave none. */
  private static ObjectNode named(ObjectNode written, String file) {
    if (written.has("name")) {
      return written;
    }
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("name", stem(file));
    for (Map.Entry<String, JsonNode> entry : written.properties()) {
      document.set(entry.getKey(), entry.getValue());
    }
    return document;
  }

  private static String stem(String file) {
    String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    int dot = name.indexOf('.');
    String stem = (dot > 0 ? name.substring(0, dot) : name).strip();
    return stem.isEmpty() || stem.equals("-") ? "workflow" : stem;
  }
}
