package dev.workflow.assembly;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Documents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The user's own model aliases: a file of the same form as {@code models:} in a workflow. */
record SharedModels(Documents documents) {

  /**
   * The aliases of a file; none where there is no file.
   *
   * @throws IllegalArgumentException when the file is not of that form; its message is for people
   */
  Map<String, List<ModelRef>> read(Path file) {
    if (!Files.exists(file)) {
      return Map.of();
    }
    Documents.Tree tree = documents.tree(file, "");
    JsonNode value = tree.value();
    if (value == null || !value.isObject()) {
      throw new IllegalArgumentException(
          file + ": expected a map of aliases such as {default: [openai/gpt-5]}");
    }
    Map<String, List<ModelRef>> aliases = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> alias : value.properties()) {
      List<ModelRef> models = new ArrayList<>();
      if (alias.getValue().isArray()) {
        alias.getValue().forEach(entry -> models.add(read(file, alias.getKey(), entry)));
      } else {
        models.add(read(file, alias.getKey(), alias.getValue()));
      }
      aliases.put(alias.getKey(), models);
    }
    return aliases;
  }

  private static ModelRef read(Path file, String alias, JsonNode entry) {
    try {
      return ModelRef.read(entry);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + alias + ": " + e.getMessage(), e);
    }
  }
}
