package dev.workflow.check;

import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The workflows of a run as they were kept with it; no file is read.
 *
 * @param texts long forms of those that others run, by name
 */
record FrozenDocuments(Documents documents, Map<String, JsonNode> texts) implements Documents {

  @Override
  public Optional<Reading> another(String name, Path file) {
    return Optional.ofNullable(texts.get(name))
        .map(text -> documents.workflow(file.toString(), text.toString()));
  }

  @Override
  public Reading workflow(Path file) {
    return documents.workflow(file);
  }

  @Override
  public Reading workflow(String name, String text) {
    return documents.workflow(name, text);
  }

  @Override
  public Workflow restore(JsonNode document) {
    return documents.restore(document);
  }

  @Override
  public Tree tree(Path file, String schema) {
    return documents.tree(file, schema);
  }

  @Override
  public Tree part(Path file, String text) {
    return documents.part(file, text);
  }
}
