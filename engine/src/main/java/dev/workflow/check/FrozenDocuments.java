package dev.workflow.check;

import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The workflows of a run as they were kept with it; no file is read.
 *
 * @param root the name of the one that runs the others
 * @param texts long forms by path relative to the root
 */
record FrozenDocuments(Documents documents, String root, Map<String, JsonNode> texts)
    implements Documents {

  private String name(Path file) {
    Path folder = Path.of(root).toAbsolutePath().resolveSibling("").normalize();
    return folder.relativize(file.toAbsolutePath().normalize()).toString().replace('\\', '/');
  }

  @Override
  public boolean has(Path file) {
    return texts.containsKey(name(file));
  }

  @Override
  public Reading workflow(Path file) {
    return documents.workflow(file.toString(), String.valueOf(texts.get(name(file))));
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
