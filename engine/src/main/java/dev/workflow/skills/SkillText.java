package dev.workflow.skills;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Tree;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A text with fields before it, as clients of many kinds keep skills, agents and prompts.
 *
 * @param fields by name; none where the text begins at once
 * @param body the rest, as it was written
 */
record SkillText(ObjectNode fields, String body) {

  /**
   * Reads one.
   *
   * @throws SkillPackageException when the fields cannot be read
   */
  static SkillText read(Path file, String text, Documents documents) {
    SkillMarkdown markdown = SkillMarkdown.read(text);
    Optional<String> written = markdown.fields();
    if (written.isEmpty() || written.get().lines().skip(1).allMatch(String::isBlank)) {
      return new SkillText(JsonNodeFactory.instance.objectNode(), markdown.body());
    }
    Tree tree = documents.part(file, written.get());
    JsonNode value = tree.value();
    if (value != null && value.isObject()) {
      return new SkillText(value.deepCopy().asObject(), markdown.body());
    }
    List<Problem> problems = tree.problems();
    if (!problems.isEmpty()) {
      throw new SkillPackageException(problems);
    }
    throw SkillPackageException.refused(
        Rule.CONVERSION_FIELDS,
        file.toString(),
        "Expected fields such as `name: x` between the lines of `---`, found something else.",
        null);
  }

  /** A field that is a text; empty: it is none, or blank. */
  Optional<String> text(String field) {
    JsonNode value = fields.path(field);
    return value.isValueNode() && !value.isNull() && !value.asString("").isBlank()
        ? Optional.of(value.asString("").strip())
        : Optional.empty();
  }

  /** The one file of it. */
  PackageTree tree(String name) {
    TreeMap<String, byte[]> files = new TreeMap<>();
    files.put(name, SkillMarkdown.of(fields, body).text().getBytes(UTF_8));
    return new PackageTree(files);
  }
}
